-- Without a key: it is not sent again.
select oba.move_broadcast ($1::jsonb)
