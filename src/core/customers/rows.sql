-- The rows of the list for the customers $1, in no order, in the language $2; the names of their segments when $3.
select r.*, g.names
  from oba.customer_rows ($1, $2) r
  left join oba.customer_segments (case when $3::boolean then $1::bigint[] else '{}' end) g on g.customer_id = r.customer_id
