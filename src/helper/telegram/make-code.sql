-- A spend code for the customer $1, its life in seconds, until when (Baku time), and their language.
select m.a ->> 'code', (m.a ->> 'seconds')::bigint, to_char ((m.a ->> 'expires_at')::timestamptz at time zone 'Asia/Baku', 'HH24:MI:SS'), (select c.language from oba.customers c where c.customer_id = $1)
from (select oba.make_spend_code ($1) as a offset 0) m
