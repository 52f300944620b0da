-- Sets the limits of corrections. Without a key: it is not sent again.
select oba.set_correction_limits ($1::jsonb)
