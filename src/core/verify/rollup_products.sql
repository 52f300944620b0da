-- Products: the rollup is the receipt lines it has folded.
select format ('%s, product %s: rollup %s, lines %s', day, product_id, row (t.sales, t.quantity, t.revenue, t.discount), row (r.sales, r.quantity, r.revenue, r.discount))
from oba.rollup_product_days t
full join (select r.business_day as day, l.product_id, count (*) filter (where r.kind = 'sale') as sales, sum (l.quantity)::bigint as quantity,
                  sum (l.total)::bigint as revenue, sum (l.discount)::bigint as discount
           from oba.receipts r
           join oba.receipt_lines l on l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id
          
           where r.xid < (select folded_below from oba.rollup_state)
     or (r.receipt_id <= (select rebuilt_through from oba.rollup_state) and r.posted_at <= (select rebuilt_at from oba.rollup_state))
           group by 1, 2) r using (day, product_id)
where (t.sales, t.quantity, t.revenue, t.discount) is distinct from (r.sales, r.quantity, r.revenue, r.discount)
