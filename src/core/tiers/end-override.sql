-- Ends what customer $1 was given by hand, for the reason $2. Without a key: it is not sent again.
select oba.end_tier_override (jsonb_build_object ('customer_id', $1::bigint, 'reason', $2::text,
  'override_id', (select o.override_id from oba.tier_overrides o where o.customer_id = $1::bigint and o.ended_at is null)))
