-- Without a key: it is not sent again.
select oba.try_broadcast ($1::jsonb)
