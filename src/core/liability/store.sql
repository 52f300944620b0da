-- Points by month that receipts and redemptions of the store with the code $3 gave and took, from the day $1 (null: 24 months) to the day $2 (null: today). What a customer holds
-- is the chain's, so there is no opening and no closing.
with s as materialized (
  select x.store_id from oba.stores x where x.code = $3
), span as materialized (
  select coalesce ($1::date, (date_trunc ('month', oba.business_day (now ())::timestamp) - interval '23 months')::date) as a, coalesce ($2::date, oba.business_day (now ())) as z
), e as (
  select l.occurred_at, l.kind, l.points
  from span cross join s join oba.receipts r on r.store_id = s.store_id and r.sold_at >= oba.day_start (span.a) and r.sold_at < oba.day_start (span.z + 1)
  join oba.points_ledger l on l.customer_id = r.customer_id and l.occurred_at = r.sold_at and l.receipt_id = r.receipt_id
  union all
  select l.occurred_at, l.kind, l.points
  from span cross join s join oba.redemptions d on d.store_id = s.store_id
  join oba.points_ledger l on l.customer_id = d.customer_id and l.redemption_id = d.redemption_id
       and ((l.occurred_at = d.entry_at and l.entry_id = d.entry_id) or (l.occurred_at = d.restore_at and l.entry_id = d.restore_id))
  where l.occurred_at >= oba.day_start (span.a) and l.occurred_at < oba.day_start (span.z + 1)
)
select g::date as month, coalesce (sum (e.points) filter (where e.kind in ('earn', 'bonus')), 0)::bigint as issued,
       coalesce (- sum (e.points) filter (where e.kind in ('redeem', 'restore')), 0)::bigint as redeemed,
       coalesce (- sum (e.points) filter (where e.kind = 'clawback'), 0)::bigint as clawed_back
from s cross join span cross join generate_series (oba.month_of (span.a), oba.month_of (span.z), interval '1 month') g
left join e on e.occurred_at >= oba.day_start (g::date) and e.occurred_at < oba.day_start ((g + interval '1 month')::date)
group by 1 order by 1
