-- The days on which points of customer $1 are used up, the soonest first, with how many; at most $2.
select l.expires_on, sum (l.remaining)::bigint
from oba.points_lots l
where l.customer_id = $1 and l.remaining > 0 and l.expires_on >= oba.business_day (now())
group by l.expires_on order by l.expires_on limit $2::bigint
