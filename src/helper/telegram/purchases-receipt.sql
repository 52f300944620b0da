-- Whose receipt of this person's family ($1) was sold then ($2, microseconds since 1970) under this number ($3): a button can be made up.
select r.customer_id from oba.receipts r
where r.customer_id = any (array (select oba.customer_family ($1))) and r.sold_at = 'epoch'::timestamptz + $2::bigint * interval '1 microsecond' and r.receipt_id = $3
