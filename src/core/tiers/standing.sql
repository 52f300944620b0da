-- Where the customer $1 stands, in language $2, and the last changes of their tier.
with names as materialized (
  select t.tier_id, case $2::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end as name from oba.tiers t
)
select json_build_object (
  'standing', s.standing,
  'override_reason', (select o.reason from oba.tier_overrides o where o.customer_id = $1::bigint and o.override_id = (s.standing -> 'override' ->> 'override_id')::bigint),
  'names', (select json_object_agg (n.tier_id, n.name) from names n),
  'tiers', (select json_agg (t.tier_id order by t.threshold) from oba.tiers t where t.threshold is not null),
  'changes', (select coalesce (json_agg (x), '[]')
              from (select c.at, f.name as from_name, t.name as to_name, c.why, c.spend, c.spend_day, c.receipt_id, c.reason, coalesce (s.basis, 'spend') as basis, c.scheme_version,
                           coalesce (k.display_name, c.by_whom) as who,
                           (select p.threshold from oba.tier_scheme_steps p where p.version = coalesce (c.scheme_version, 1) and p.tier_id = case when c.why = 'downgrade' then c.from_tier else c.to_tier end) as threshold
                    from oba.tier_changes c join names f on f.tier_id = c.from_tier join names t on t.tier_id = c.to_tier
                    left join oba.tier_schemes s on s.version = c.scheme_version left join oba.staff k on k.login = c.by_whom
                    where c.customer_id = $1::bigint order by c.change_id desc limit 20) x))
from (select oba.tier_standing ($1::bigint) as standing) s
