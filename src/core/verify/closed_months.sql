-- A closed month still has the control totals with which it was closed; months were closed in their order, without a gap, and counted.
select format ('month %s: closed with %s, now %s', c.month, row (c.receipts, c.returns, c.revenue, c.issued, c.redeemed, c.clawed_back, c.expired, c.adjusted, c.liability),
               row (t.receipts, t.returns, t.revenue, t.issued, t.redeemed, t.clawed_back, t.expired, t.adjusted, t.liability))
from oba.month_totals c cross join lateral oba.count_month (c.month) t
where (c.receipts, c.returns, c.revenue, c.issued, c.redeemed, c.clawed_back, c.expired, c.adjusted, c.liability)
      is distinct from (t.receipts, t.returns, t.revenue, t.issued, t.redeemed, t.clawed_back, t.expired, t.adjusted, t.liability)
union all
select format ('month %s is closed, but its totals were not counted', c.month)
from oba.closed_months c where c.closed_at < now() - interval '1 day' and not exists (select from oba.month_totals t where t.month = c.month)
union all
select format ('month %s is closed, but not the month before it', c.month)
from oba.closed_months c
where c.month > (select min (m.month) from oba.closed_months m)
  and not exists (select from oba.closed_months p where p.month = (c.month - interval '1 month')::date)
