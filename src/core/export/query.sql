-- The place keeps the order of the list through the joins; {query} is ObaCustomerQuery's.
select q.customer_id, row_number () over () as place from ({query}) q
