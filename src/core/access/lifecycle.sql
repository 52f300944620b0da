select to_jsonb (h) from oba.lifecycle_history h where h.customer_id = any ($1) order by h.at, h.change_id
