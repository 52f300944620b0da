-- A page of receipts: $1 the filter, $2 the order, $3 descending, $4 to $6 the last of the page before, $7 how many.
select customer_id, at, receipt_id, key from oba.receipt_page ($1::jsonb, $2::text, $3::boolean, $4::bigint, $5::bigint, $6::text, $7::integer)
