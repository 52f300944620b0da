-- Revenue and receipts of each of the last $2 days, and the mean revenue of the 7 whole days up to each. $1: the moment, null for now.
-- Days before the first sale are null; so is the mean of today, which is not over.
with clock as (
  select oba.business_day (coalesce ($1::timestamptz, now())) as today, (select min (day) from oba.rollup_days) as first
),
days as (
  select clock.today - n as day, n as ago,
         case when clock.today - n >= clock.first then coalesce (r.revenue, 0) end as revenue,
         case when clock.today - n >= clock.first then coalesce (r.receipts, 0) end as receipts
  from clock
  cross join generate_series (0, $2::integer + 5) as n
  left join oba.rollup_days r on r.day = clock.today - n
),
means as (
  select day, ago, revenue, receipts,
         avg (revenue) over week as mean, count (revenue) over week as known
  from days
  window week as (order by day rows between 6 preceding and current row)
)
select day, revenue, receipts, case when known = 7 and ago > 0 then round (mean)::bigint end
from means
where ago < $2::integer
order by day
