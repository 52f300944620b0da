-- The months of the chain, the last first: "open", "closing" (nothing can be dated into it any more, its totals are still to be counted), "closed", and "before" the first
-- closed one, where nothing is open either. What an open month has sold so far is of the rollups. may_close: it is its turn.
with bounds as (
  select date_trunc ('month', least ((select min (d.day) from oba.rollup_days d), (select min (c.month) from oba.closed_months c), oba.business_day (now ())))::date as first,
         date_trunc ('month', oba.business_day (now ()))::date as last, (select max (c.month) from oba.closed_months c) as closed
), months as materialized (
  select m::date as month, (m + interval '1 month')::date as next, b.closed from bounds b cross join generate_series (b.first, b.last, interval '1 month') m
), sold as materialized (
  select date_trunc ('month', d.day)::date as month, sum (d.receipts)::bigint as receipts, sum (d.returns)::bigint as returns, sum (d.revenue)::bigint as revenue
  from oba.rollup_days d where d.day >= coalesce ((select b.closed from bounds b), '-infinity') group by 1
)
select m.month, case when t.month is not null then 'closed' when c.month is not null then 'closing' when m.month < m.closed then 'before' else 'open' end as state,
       c.closed_at, coalesce (s.display_name, c.closed_by, '') as closed_by, t.counted_at,
       coalesce (t.receipts, o.receipts, x.none) as receipts, coalesce (t.returns, o.returns, x.none) as returns, coalesce (t.revenue, o.revenue, x.none) as revenue,
       t.issued, t.redeemed, t.clawed_back, t.expired, t.adjusted, t.liability,
       c.month is null and oba.business_day (now ()) > m.next and (m.closed is null or m.month = (m.closed + interval '1 month')::date) as may_close
from months m
left join oba.closed_months c using (month)
left join oba.month_totals t using (month)
left join sold o using (month)
cross join lateral (select case when m.month < m.closed then null else 0 end::bigint as none) x
left join oba.staff s on s.login = c.closed_by
order by m.month desc
