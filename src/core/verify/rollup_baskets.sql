-- Patterns of stores and of the chain: hours and basket sizes are those of the folded sales that stand; a sale is taken out once, by a folded void.
with folded as materialized (
  select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.store_id, r.business_day as day, extract (hour from r.sold_at at time zone 'Asia/Baku')::smallint as hour,
         r.total, r.line_count, r.original_customer_id, r.original_sold_at, r.original_receipt_id
  from oba.receipts r
  where r.xid < (select folded_below from oba.rollup_state)
     or (r.receipt_id <= (select rebuilt_through from oba.rollup_state) and r.posted_at <= (select rebuilt_at from oba.rollup_state))
), baskets as materialized (
  select store_id, day, hour, total, line_count, 1 as n from folded where kind = 'sale'
  union all
  select o.store_id, o.business_day, extract (hour from o.sold_at at time zone 'Asia/Baku')::smallint, o.total, o.line_count, -1
  from (select distinct original_customer_id as customer_id, original_sold_at as sold_at, original_receipt_id as receipt_id from folded where kind = 'void') v
  join oba.receipts o using (customer_id, sold_at, receipt_id) where o.kind = 'sale'
), hours as (
  select coalesce (store_id, 0) as store_id, day, hour, sum (n) as receipts, sum (revenue) as revenue
  from (select store_id, day, hour, n, 0 as revenue from baskets union all select store_id, day, hour, 0, total from folded) x
  group by grouping sets ((store_id, day, hour), (day, hour))
), sizes as (
  select coalesce (store_id, 0) as store_id, day, measure, bucket, sum (n) as receipts
  from (select store_id, day, 'amount' as measure, width_bucket (total, oba.amount_bounds ()) as bucket, n from baskets
        union all select store_id, day, 'lines', width_bucket (line_count, oba.line_bounds ()), n from baskets) x
  group by grouping sets ((store_id, day, measure, bucket), (day, measure, bucket))
)
select format ('%s, store %s, hour %s: rollup %s, receipts %s', day, store_id, hour, row (t.receipts, t.revenue), row (r.receipts, r.revenue))
from oba.rollup_store_hours t full join hours r using (store_id, day, hour)
where coalesce (t.receipts, 0) <> coalesce (r.receipts, 0) or coalesce (t.revenue, 0) <> coalesce (r.revenue, 0)
union all
select format ('%s, store %s, %s bucket %s: rollup %s, receipts %s', day, store_id, measure, bucket, t.receipts, r.receipts)
from oba.rollup_store_baskets t full join sizes r using (store_id, day, measure, bucket)
where coalesce (t.receipts, 0) <> coalesce (r.receipts, 0)
