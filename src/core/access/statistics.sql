select to_jsonb (s) from oba.customer_stats s where s.customer_id = any ($1) order by s.customer_id <> $2, s.customer_id
