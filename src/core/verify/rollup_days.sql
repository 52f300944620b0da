-- Days and stores: the rollups are the receipts they have folded, to the qəpik.
with raw as materialized (
  select r.business_day as day, r.store_id, count (*) filter (where r.kind = 'sale') as receipts, count (*) filter (where r.kind in ('return', 'void')) as returns,
         count (*) filter (where r.kind = 'sale' and c.kind = 'person') as card_receipts, sum (r.total) as revenue,
         coalesce (sum (r.total) filter (where c.kind = 'person'), 0) as card_revenue, sum (r.discount) as discount,
         coalesce (sum (r.line_count) filter (where r.kind = 'sale'), 0) as lines
  from oba.receipts r join oba.customers c using (customer_id)
  where r.xid < (select folded_below from oba.rollup_state)
     or (r.receipt_id <= (select rebuilt_through from oba.rollup_state) and r.posted_at <= (select rebuilt_at from oba.rollup_state))
  group by 1, 2
)
select format ('%s, store %s: rollup %s, receipts %s', day, store_id, row (t.receipts, t.returns, t.card_receipts, t.revenue, t.card_revenue, t.discount, t.lines),
               row (r.receipts, r.returns, r.card_receipts, r.revenue, r.card_revenue, r.discount, r.lines))
from oba.rollup_store_days t full join raw r using (day, store_id)
where (t.receipts, t.returns, t.card_receipts, t.revenue, t.card_revenue, t.discount, t.lines)
      is distinct from (r.receipts, r.returns, r.card_receipts, r.revenue, r.card_revenue, r.discount, r.lines)
union all
select format ('%s: rollup %s, receipts %s', day, row (t.receipts, t.returns, t.card_receipts, t.revenue, t.card_revenue, t.discount, t.lines),
               row (r.receipts, r.returns, r.card_receipts, r.revenue, r.card_revenue, r.discount, r.lines))
from oba.rollup_days t
full join (select day, sum (receipts) as receipts, sum (returns) as returns, sum (card_receipts) as card_receipts, sum (revenue) as revenue,
                  sum (card_revenue) as card_revenue, sum (discount) as discount, sum (lines) as lines from raw group by day) r using (day)
where (t.receipts, t.returns, t.card_receipts, t.revenue, t.card_revenue, t.discount, t.lines)
      is distinct from (r.receipts, r.returns, r.card_receipts, r.revenue, r.card_revenue, r.discount, r.lines)
