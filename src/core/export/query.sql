-- The list's own statement; the place keeps its order through the joins.
select q.customer_id, row_number () over () as place from ({query}) q
