-- Products and buyers of stores: pieces and days together are the folded lines and the folded baskets of persons that stand.
with state as materialized (select * from oba.rollup_sales_state), folded as materialized (
  select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.store_id, r.business_day as day, r.original_customer_id, r.original_sold_at, r.original_receipt_id
  from oba.receipts r
  where r.xid < (select folded_below from state) or (r.receipt_id <= (select rebuilt_through from state) and r.posted_at <= (select rebuilt_at from state))
), kept as (
  select t.store_id, t.day, t.products, t.quantities, t.revenues, t.buyers from oba.rollup_store_sales t
  union all select t.store_id, t.day, t.products, t.quantities, t.revenues, t.buyers from oba.rollup_store_pieces t
), baskets as (
  select f.customer_id, f.sold_at, f.store_id, f.day, 1 as n from folded f where f.kind = 'sale'
  union all
  select o.customer_id, o.sold_at, o.store_id, o.business_day, -1
  from (select distinct original_customer_id as customer_id, original_sold_at as sold_at, original_receipt_id as receipt_id from folded where kind = 'void') v
  join oba.receipts o using (customer_id, sold_at, receipt_id) where o.kind = 'sale'
)
select format ('%s, store %s, product %s: lines less rollup: %s thousandths, %s qəpik', day, store_id, product_id, sum (quantity), sum (revenue))
from (select f.store_id, f.day, l.product_id, l.quantity, l.total as revenue from folded f join oba.receipt_lines l using (customer_id, sold_at, receipt_id)
      union all
      select k.store_id, k.day, u.product_id, - u.quantity, - u.revenue from kept k cross join lateral unnest (k.products, k.quantities, k.revenues) u (product_id, quantity, revenue)) x
group by day, store_id, product_id having sum (quantity) <> 0 or sum (revenue) <> 0
union all
select format ('%s, store %s, hour %s, customer %s: baskets less rollup: %s', day, store_id, buyer % 32, buyer / 32, sum (n))
from (select b.store_id, b.day, b.customer_id * 32 + extract (hour from b.sold_at at time zone 'Asia/Baku')::integer as buyer, b.n
      from baskets b join oba.points_accounts a using (customer_id)
      union all
      select k.store_id, k.day, abs (u.buyer), - sign (u.buyer)::integer from kept k cross join lateral unnest (k.buyers) u (buyer)) x
group by day, store_id, buyer having sum (n) <> 0
