-- Without a key: it is not sent again.
select oba.save_broadcast ($1::jsonb)
