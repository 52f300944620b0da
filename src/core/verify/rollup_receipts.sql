-- The totals of days, stores and kinds are the receipts they have folded, with their points.
with state as materialized (select * from oba.rollup_receipts_state), raw as materialized (
  select coalesce (r.store_id, 0) as store_id, r.business_day as day, r.kind, count (*) as receipts, sum (r.total) as revenue, sum (r.discount) as discount,
         sum (r.vat) as vat, sum (coalesce (l.points, 0)) as points
    from oba.receipts r
    left join (select customer_id, occurred_at, receipt_id, sum (points) as points from oba.points_ledger where receipt_id is not null group by 1, 2, 3) l
           on l.customer_id = r.customer_id and l.occurred_at = r.sold_at and l.receipt_id = r.receipt_id
   where r.xid < (select folded_below from state)
      or (r.receipt_id <= (select rebuilt_through from state) and r.posted_at <= (select rebuilt_at from state))
   group by grouping sets ((r.store_id, r.business_day, r.kind), (r.business_day, r.kind))
)
select format ('%s, store %s, %s: rollup %s, receipts %s', day, store_id, kind, row (t.receipts, t.revenue, t.discount, t.vat, t.points),
               row (r.receipts, r.revenue, r.discount, r.vat, r.points))
from oba.rollup_receipts t full join raw r using (store_id, day, kind)
where (t.receipts, t.revenue, t.discount, t.vat, t.points) is distinct from (r.receipts, r.revenue, r.discount, r.vat, r.points)
