-- A broadcast's text in the customer's language: $1 the customer, $2 the payload of the outbox. No row: it was cancelled.
select c.language, coalesce (nullif (case c.language when 'ru' then b.text_ru when 'en' then b.text_en end, ''), b.text_az),
       coalesce (nullif (b.button ->> c.language, ''), b.button ->> 'az'), b.button ->> 'url', c.given_name
from oba.customers c join oba.broadcasts b on b.broadcast_id = ($2::jsonb ->> 'broadcast_id')::bigint and (b.state <> 'cancelled' or $2::jsonb ? 'test')
where c.customer_id = $1 and c.status = 'active'
