-- What the customer list sorts by is the receipts folded for each person; every person has a row.
select format ('customer %s: list %s, receipts %s', c.customer_id, row (t.receipts, t.returns, t.revenue, t.discount, t.first_purchase_at, t.last_purchase_at),
               row (coalesce (r.receipts, 0), coalesce (r.returns, 0), coalesce (r.revenue, 0), coalesce (r.discount, 0), r.first_at, r.last_at))
from oba.customers c
left join oba.customer_stats t on t.customer_id = c.customer_id
left join (select coalesce (u.root, r.customer_id) as customer_id, count (*) filter (where r.kind = 'sale') as receipts, count (*) filter (where r.kind in ('return', 'void')) as returns,
                  sum (r.total) as revenue, sum (r.discount) as discount,
                  min (r.sold_at) filter (where r.kind = 'sale') as first_at, max (r.sold_at) filter (where r.kind = 'sale') as last_at
           from oba.receipts r left join (select m.customer_id, oba.customer_root (m.customer_id) as root from oba.customers m where m.merged_into is not null) u using (customer_id)
           where r.xid < (select folded_below from oba.rollup_state)
     or (r.receipt_id <= (select rebuilt_through from oba.rollup_state) and r.posted_at <= (select rebuilt_at from oba.rollup_state))
           group by 1) r on r.customer_id = c.customer_id
where c.kind = 'person'
  and (t.receipts, t.returns, t.revenue, t.discount, t.first_purchase_at, t.last_purchase_at)
      is distinct from (coalesce (r.receipts, 0), coalesce (r.returns, 0), coalesce (r.revenue, 0), coalesce (r.discount, 0), r.first_at, r.last_at)
