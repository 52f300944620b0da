-- What rules besides the base gave: by a version that counted when the receipt was sold, once a receipt (and a registration), as many points as its terms say, and never less than nothing.
with given as (
  select l.*, e.kind as rule_kind, e.parameters as p, e.live_at, e.valid_from, e.valid_to,
         coalesce ((select c.happened_at from oba.corrections c where c.replacement_receipt_id = l.receipt_id and c.replacement_sold_at = l.occurred_at), l.occurred_at) as sold_at,
         coalesce ((l.inputs ->> 'uncapped')::bigint, l.points) as full_points
  from oba.points_ledger l left join oba.earning_rules e on e.rule_id = l.rule_id and e.version = l.rule_version
  where l.kind = 'bonus' and l.rule_id is not null
)
select format ('customer %s, bonus %s of %s points: rule %s version %s did not hold at %s', g.customer_id, g.entry_id, g.points, g.rule_id, g.rule_version, g.sold_at)
from given g
where g.rule_kind is null or g.rule_kind not in ('multiplier', 'bonus') or g.live_at is null or g.sold_at < g.valid_from or g.sold_at >= g.valid_to
union all
select format ('customer %s, receipt %s: rule %s gave %s times', g.customer_id, coalesce (g.receipt_id::text, 'none'), g.rule_id, count (*))
from given g group by g.customer_id, g.receipt_id, g.rule_id having count (*) > 1
union all
select format ('customer %s, bonus %s: rule %s version %s says %s points, not %s', g.customer_id, g.entry_id, g.rule_id, g.rule_version, x.points, g.full_points)
from given g cross join lateral (
  select case when g.rule_kind = 'multiplier' and g.inputs ? 'base_points' then least (1000000000, (g.inputs ->> 'base_points')::bigint * ((g.p ->> 'factor')::bigint - 1000) / 1000)
              when g.p ->> 'per' = 'receipt' or g.p ? 'event' then (g.p ->> 'points')::bigint end as points) x
where x.points <> g.full_points or g.points > g.full_points
