-- What is owed in points now, by tier, age and month of expiry ("cell": by month and tier), and the movements of the months from the day $1 (null: the first) to the day $2 (null:
-- today). $3: the language. Money is qəpik, rounded over all rows of a section together, so that they make the total; months are valued as at their end.
with v as materialized (
  select x.* from oba.liability_value (now ()) x
), cells as materialized (
  select * from oba.liability_now ()
), today as materialized (
  select oba.business_day (now ()) as day
), held as (
  select coalesce (sum (c.points), 0)::bigint as points from cells c
), groups as (
  select 1 as place, 'tier' as section, t.tier_id::text as key, row_number () over (order by t.threshold nulls last, t.tier_id) as n, coalesce (c.points, 0) as points,
         coalesce (nullif (case $3::text when 'ru' then t.name_ru when 'en' then t.name_en end, ''), t.name_az) as name
  from oba.tiers t left join (select tier_id, sum (points)::bigint as points from cells group by 1) c using (tier_id)
  where t.threshold is not null or c.points <> 0
  union all
  select 2, 'age', a::text, a, coalesce (c.points, 0), null
  from generate_series (0, 6) a left join (select oba.liability_age (earned, day) as age, sum (points)::bigint as points from cells cross join today group by 1) c on c.age = a
  union all
  select 3, 'expiry', m::date::text, row_number () over (order by m), coalesce (c.points, 0), null
  from (select min (expires) as a, max (expires) as z from cells) b cross join generate_series (b.a, b.z, interval '1 month') m
  left join (select expires, sum (points)::bigint as points from cells group by 1) c on c.expires = m::date
  union all
  select 4, 'cell', c.expires::text, row_number () over (order by c.expires, c.tier_id), c.points, c.tier_id::text
  from (select expires, tier_id, sum (points)::bigint as points from cells group by 1, 2) c
  union all
  select 5, 'total', '', 1, h.points, null from held h
  union all
  select 6, 'owed', '', 1, h.points - (select coalesce (sum (m.points), 0) from oba.liability_movements () m)::bigint, null from held h
), summed as (
  select g.*, sum (g.points) over (partition by g.section order by g.n) as so_far from groups g
), valued as (
  select s.place, s.section, s.key, s.n, s.name, s.points,
         (round (s.so_far * v.point_value / 100) - round ((s.so_far - s.points) * v.point_value / 100))::bigint as value,
         (round (s.so_far * v.point_value * (10000 - v.breakage) / 1000000) - round ((s.so_far - s.points) * v.point_value * (10000 - v.breakage) / 1000000))::bigint as expected
  from summed s cross join v
), months as (
  select m.*, x.point_value, x.breakage from oba.liability_months ($1::date, $2::date) m
  cross join lateral oba.liability_value (least (now (), oba.day_start ((m.month + interval '1 month')::date) - interval '1 microsecond')) x
)
select o.section, o.key, o.name, o.points, o.value, o.expected, o.opening, o.issued, o.redeemed, o.expired, o.clawed_back, o.adjusted,
       v.point_value, v.own_value, v.breakage, v.version, today.day as today, (oba.spending_rule (now ())).point_value * 100 as till_value
from (select place, section, key, n, name, points, value, expected, null::bigint as opening, null::bigint as issued, null::bigint as redeemed, null::bigint as expired,
             null::bigint as clawed_back, null::bigint as adjusted from valued
      union all
      select 7, 'month', m.month::text, row_number () over (order by m.month), null, m.closing, round (m.closing::numeric * m.point_value / 100)::bigint,
             round (m.closing::numeric * m.point_value * (10000 - m.breakage) / 1000000)::bigint, m.opening, m.issued, m.redeemed, m.expired, m.clawed_back, m.adjusted from months m) o
cross join v cross join today
order by o.place, o.n
