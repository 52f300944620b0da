-- What a person ($1) bought in each of the last twelve months, this one last: "MM.YYYY", qəpik less what was given back, receipts, points that they gave less those taken back.
with months as (
  select m::date as first from generate_series (date_trunc ('month', oba.business_day (now())) - interval '11 months', oba.business_day (now()), interval '1 month') m
), family as materialized (
  select array (select oba.customer_family ($1)) as ids
)
select to_char (m.first, 'MM.YYYY'), coalesce (r.total, 0)::bigint, coalesce (r.sales, 0)::bigint, coalesce (p.points, 0)::bigint
from months m cross join family f
left join lateral (select sum (x.total) as total, count (*) filter (where x.kind = 'sale') as sales from oba.receipts x
                   where x.customer_id = any (f.ids) and x.sold_at >= oba.day_start (m.first) and x.sold_at < oba.day_start ((m.first + interval '1 month')::date)) r on true
left join lateral (select sum (l.points) as points from oba.points_ledger l
                   where l.customer_id = any (f.ids) and l.kind in ('earn', 'bonus', 'clawback')
                     and l.occurred_at >= oba.day_start (m.first) and l.occurred_at < oba.day_start ((m.first + interval '1 month')::date)) p on true
order by m.first
