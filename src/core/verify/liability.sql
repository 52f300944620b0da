-- Points by tier, age and expiry, and by day and kind, are the lots and the ledger that they have folded; closed months agree.
with s as materialized (select t.* from oba.liability_state t)
select format ('tier %s, earned %s, until %s: rollup %s, lots %s', tier_id, earned, expires, t.points, c.points)
from oba.liability_lots t full join (select x.* from s cross join lateral oba.count_liability_lots (s::oba.liability_state) x) c using (tier_id, earned, expires)
where t.points is distinct from c.points
union all
select format ('%s, %s: rollup %s, ledger %s', day, kind, row (t.entries, t.points), row (c.entries, c.points))
from oba.liability_days t full join (select x.* from s cross join lateral oba.count_liability_days (s::oba.liability_state) x) c using (day, kind)
where (t.entries, t.points) is distinct from (c.entries, c.points)
union all
select format ('month %s: closed with %s, movements %s', m.month, row (m.issued, m.redeemed, m.expired, m.clawed_back, m.adjusted, m.liability),
               row (t.issued, t.redeemed, t.expired, t.clawed_back, t.adjusted, t.closing))
from oba.month_totals m left join oba.liability_months (null, null) t using (month)
where (m.issued, m.redeemed, m.expired, m.clawed_back, m.adjusted, m.liability)
      is distinct from (coalesce (t.issued, 0), coalesce (t.redeemed, 0), coalesce (t.expired, 0), coalesce (t.clawed_back, 0), coalesce (t.adjusted, 0),
                        coalesce (t.closing, (select sum (d.points) from oba.liability_movements () d where d.day < (m.month + interval '1 month')::date), 0))
union all
select format ('Of %s points in lots %s are owed, but the ledger has %s', l.points, o.owed, d.points)
from (select coalesce (sum (points), 0) as points from oba.liability_now ()) l, (select coalesce (sum (owed), 0) as owed from oba.points_accounts) o,
     (select coalesce (sum (points), 0) as points from oba.liability_movements ()) d
where l.points - o.owed <> d.points
