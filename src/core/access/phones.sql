select to_jsonb (p) from oba.customer_phones p where p.customer_id = any ($1) order by p.phone
