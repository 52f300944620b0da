-- The spend that a tier stands on is the sum of the receipts of the twelve months up to its day, of all who were merged into the customer, too.
with roots as materialized (
  select m.customer_id, oba.customer_root (m.customer_id) as root from oba.customers m where m.merged_into is not null
)
select format ('customer %s: %s qəpik up to %s, receipts make %s', a.customer_id, a.tier_spend, a.tier_day, coalesce (r.total, 0))
from oba.points_accounts a
left join (select b.customer_id, sum (r.total) filter (where r.business_day > b.tier_day - interval '1 year') as total, max (r.business_day) as day
           from oba.receipts r left join roots u on u.customer_id = r.customer_id
           join oba.points_accounts b on b.customer_id = coalesce (u.root, r.customer_id)
           where r.business_day <= b.tier_day or b.tier_day is null
           group by b.customer_id) r on r.customer_id = a.customer_id
where a.tier_spend <> coalesce (r.total, 0)
   or (a.tier_day is null and r.day is not null)
union all
select format ('customer %s: %s points up to %s, the ledger makes %s', a.customer_id, a.tier_points, a.tier_day, coalesce (x.points, 0))
from oba.points_accounts a
left join (select b.customer_id, sum (l.points)::bigint as points
           from oba.points_ledger l left join roots u on u.customer_id = l.customer_id
           join oba.points_accounts b on b.customer_id = coalesce (u.root, l.customer_id)
           where b.tier_points is not null and l.kind in ('earn', 'bonus', 'clawback')
             and l.occurred_at >= oba.day_start (oba.tier_window_start (b.tier_day)) and l.occurred_at < oba.day_start (b.tier_day + 1)
           group by b.customer_id) x on x.customer_id = a.customer_id
where a.tier_points <> coalesce (x.points, 0)
