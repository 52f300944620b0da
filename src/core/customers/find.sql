-- The words in braces come from the tables of constants in oba-customer-query.c, never from outside.
select {id} from {from} where {where}{hidden} order by {order}
