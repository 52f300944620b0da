-- What /profile tells: $1 the customer. Points that expire next: the soonest day on which any do.
select c.given_name, c.family_name, a.balance, g.amount,
       t.name_az, t.name_ru, t.name_en, t.threshold,
       n.name_az, n.name_ru, n.name_en, n.threshold,
       e.expires_on, e.points, a.spending_locked_at is not null, g.by_points,
       (select count (distinct l.expires_on) from oba.points_lots l where l.customer_id = c.customer_id and l.remaining > 0 and l.expires_on >= oba.business_day (now()))
from oba.customers c
join oba.points_accounts a on a.customer_id = c.customer_id
cross join lateral oba.tier_progress (a.customer_id) g
join oba.tiers t on t.tier_id = a.tier_id
left join lateral (select * from oba.tiers h where h.threshold > t.threshold order by h.threshold limit 1) n on true
left join lateral (select l.expires_on, sum (l.remaining)::bigint as points from oba.points_lots l
                   where l.customer_id = c.customer_id and l.remaining > 0 and l.expires_on >= oba.business_day (now())
                   group by l.expires_on order by l.expires_on limit 1) e on true
where c.customer_id = $1 and c.status <> 'erased'
