-- Patterns of tiers: together they are the folded baskets that stand, and lines, of persons; each stays in the tier in which it was folded.
with state as materialized (select * from oba.rollup_sales_state), folded as materialized (
  select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.business_day as day, r.total, r.line_count, r.original_customer_id, r.original_sold_at, r.original_receipt_id
  from oba.receipts r join oba.points_accounts a using (customer_id)
  where r.xid < (select folded_below from state) or (r.receipt_id <= (select rebuilt_through from state) and r.posted_at <= (select rebuilt_at from state))
), baskets as (
  select day, total, line_count, 1 as n from folded where kind = 'sale'
  union all
  select o.business_day, o.total, o.line_count, -1
  from (select distinct original_customer_id as customer_id, original_sold_at as sold_at, original_receipt_id as receipt_id from folded where kind = 'void') v
  join oba.receipts o using (customer_id, sold_at, receipt_id) where o.kind = 'sale'
)
select format ('%s, %s bucket %s: baskets less rollup: %s', day, measure, bucket, sum (n))
from (select day, 'amount' as measure, width_bucket (total, oba.amount_bounds ()) as bucket, n from baskets
      union all select day, 'lines', width_bucket (line_count, oba.line_bounds ()), n from baskets
      union all select t.day, t.measure, t.bucket, - t.receipts from oba.rollup_tier_baskets t) x
group by day, measure, bucket having sum (n) <> 0
union all
select format ('%s: lines less rollup: %s lines, %s qəpik, discount %s, discounted %s', day, sum (lines), sum (revenue), sum (discount), sum (discounted))
from (select f.day, (f.kind = 'sale')::integer as lines, l.total as revenue, l.discount, case when l.discount <> 0 then l.total else 0 end as discounted
      from folded f join oba.receipt_lines l using (customer_id, sold_at, receipt_id)
      union all select t.day, - t.lines, - t.revenue, - t.discount, - t.discounted from oba.rollup_tier_categories t) x
group by day having sum (lines) <> 0 or sum (revenue) <> 0 or sum (discount) <> 0 or sum (discounted) <> 0
