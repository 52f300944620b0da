-- Who registered today, in the last 7 and the last 30 days, each against as many days before, up to the same time of day. $1: the moment, null for now.
with clock as (
  select at, oba.business_day (at) as today from (select coalesce ($1::timestamptz, now()) as at) moment
)
select span.days,
       (select count(*) from oba.customers
        where kind = 'person' and registered_at >= oba.day_start (today - span.days + 1) and registered_at <= at),
       (select count(*) from oba.customers
        where kind = 'person' and registered_at >= oba.day_start (today - 2 * span.days + 1) and registered_at <= at - make_interval (days => span.days))
from clock
cross join (values (1), (7), (30)) as span (days)
order by span.days
