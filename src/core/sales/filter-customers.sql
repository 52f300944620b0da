-- What the customers $1 of a condition are called. Who is erased, or nobody's, is not.
select c.customer_id, concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, '')) from oba.customers c where c.customer_id = any ($1::bigint[]) and c.kind = 'person'
