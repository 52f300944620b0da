-- A link for one use that links whoever opens it in Telegram to the customer $1.
select m.link ->> 'url', (m.link ->> 'expires_at')::timestamptz from (select oba.make_staff_link ($1) as link offset 0) m
