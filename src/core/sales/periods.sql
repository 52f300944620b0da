-- Today, the last 7 and the last 30 days, each against as many days before, up to the same time of day. $1: the moment, null for now.
-- A day of the rollups cannot be cut, so the last day of the period before comes from the hours, the running hour by its minutes.
with clock as (
  select at,
         oba.business_day (at) as today,
         extract (hour from at at time zone 'Asia/Baku')::integer as hour,
         extract (minute from at at time zone 'Asia/Baku') / 60.0 as part
  from (select coalesce ($1::timestamptz, now()) as at) moment
)
select span.days,
       now_.revenue, now_.receipts, now_.card_share,
       before.revenue + edge.revenue, before.receipts + edge.receipts, before.card_share
from clock
cross join (values (1), (7), (30)) as span (days)
cross join lateral (
  select coalesce (sum (revenue), 0)::bigint as revenue,
         coalesce (sum (receipts), 0)::bigint as receipts,
         (sum (card_receipts) / nullif (sum (receipts), 0))::double precision as card_share
  from oba.rollup_days
  where day between today - span.days + 1 and today
) as now_
cross join lateral (
  select coalesce (sum (revenue) filter (where day < today - span.days), 0)::bigint as revenue,
         coalesce (sum (receipts) filter (where day < today - span.days), 0)::bigint as receipts,
         (sum (card_receipts) / nullif (sum (receipts), 0))::double precision as card_share
  from oba.rollup_days
  where day between today - 2 * span.days + 1 and today - span.days
) as before
cross join lateral (
  select coalesce (sum (revenue * share), 0)::bigint as revenue,
         coalesce (sum (receipts * share), 0)::bigint as receipts
  from (
    select revenue, receipts, case when h.hour < clock.hour then 1 else clock.part end as share
    from oba.rollup_hours h
    where h.day = today - span.days and h.hour <= clock.hour
  ) hours
) as edge
order by span.days
