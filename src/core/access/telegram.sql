select to_jsonb (l) from oba.telegram_links l where l.customer_id = any ($1) order by l.linked_at
