select to_jsonb (o) - '{leased_until,leased_by,repeatable,priority}'::text[] from oba.outbox o where o.customer_id = any ($1) order by o.created_at, o.message_id
