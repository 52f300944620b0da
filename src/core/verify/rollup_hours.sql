-- Hours of the day: the rollup is the receipts it has folded.
select format ('%s, hour %s: rollup %s receipts and %s qəpik, receipts %s and %s', day, hour, t.receipts, t.revenue, r.receipts, r.revenue)
from oba.rollup_hours t
full join (select r.business_day as day, extract (hour from r.sold_at at time zone 'Asia/Baku')::smallint as hour,
                  count (*) filter (where r.kind = 'sale') as receipts, sum (r.total) as revenue
           from oba.receipts r
           where r.xid < (select folded_below from oba.rollup_state)
     or (r.receipt_id <= (select rebuilt_through from oba.rollup_state) and r.posted_at <= (select rebuilt_at from oba.rollup_state))
           group by 1, 2) r using (day, hour)
where (t.receipts, t.revenue) is distinct from (r.receipts, r.revenue)
