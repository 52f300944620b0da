-- What the scheme of the request $1 would do today.
select oba.tier_what_if ($1::jsonb)
