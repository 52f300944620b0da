-- Closes the month of the request $1, or counts its totals. Without a key: it is not sent again.
select oba.close_month ($1::jsonb)
