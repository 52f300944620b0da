-- Puts the scheme of the request $1 live. Without a key: it is not sent again.
select (oba.save_tier_scheme ($1::jsonb)) ->> 'version'
