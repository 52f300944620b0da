-- What the month $1 would be closed with, and what is still on its way into it.
select t.receipts, t.returns, t.revenue, t.issued, t.redeemed, t.clawed_back, t.expired, t.adjusted, t.liability,
       (p ->> 'imports')::bigint as imports, (p ->> 'approvals')::bigint as approvals, (p ->> 'uncounted')::bigint as uncounted, (p ->> 'expiring')::bigint as expiring
from oba.count_month ($1::date) t cross join oba.month_pending ($1::date) p
