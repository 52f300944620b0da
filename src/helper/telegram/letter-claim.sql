-- What became of a receipt that a customer had sent and that staff had to look at: $1 the customer, $2 the payload of the outbox.
select c.language, ($2::jsonb ->> 'counted')::boolean, ($2::jsonb ->> 'total')::bigint, ($2::jsonb ->> 'day')::date
from oba.customers c where c.customer_id = $1 and c.status <> 'erased'
