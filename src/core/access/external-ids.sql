select to_jsonb (x) from oba.customer_external_ids x where x.customer_id = any ($1) order by x.external_id
