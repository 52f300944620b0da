-- What the products $1 of a condition are called.
select p.product_id, p.name from oba.products p where p.product_id = any ($1::bigint[])
