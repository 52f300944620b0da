-- The stores that sold most in the last 7 days. $1: the moment, null for now; $2: how many.
with clock as (
  select oba.business_day (coalesce ($1::timestamptz, now())) as today
),
sums as (
  select store_id, sum (revenue)::bigint as revenue, sum (receipts)::bigint as receipts
  from oba.rollup_store_days, clock
  where day between today - 6 and today
  group by store_id
  order by revenue desc, store_id
  limit $2::integer
)
select s.name, sums.revenue, sums.receipts, store_id
from sums
join oba.stores s using (store_id)
where sums.revenue > 0
order by sums.revenue desc, store_id
