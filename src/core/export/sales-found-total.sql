select count (*), 0, coalesce (sum (l.total), 0)::bigint
  from oba.receipt_set ($1::jsonb) k
  join oba.receipt_lines l on l.customer_id = k.customer_id and l.sold_at = k.sold_at and l.receipt_id = k.receipt_id
