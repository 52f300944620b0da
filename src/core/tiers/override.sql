-- Gives customer $1 the tier $2 until $3 for the reason $4, over what runs. Without a key: it is not sent again.
select oba.override_tier (jsonb_build_object ('customer_id', $1::bigint, 'tier_id', $2::bigint, 'until', $3::text, 'reason', $4::text,
  'seen', (select o.override_id from oba.tier_overrides o where o.customer_id = $1::bigint and o.ended_at is null)))
