-- Points that are lost soon: $1 the customer, $2 the payload of the outbox. What is left of them now; no row: they were spent meanwhile, or a purchase has moved the day.
select c.language, sum (l.remaining)::bigint, l.expires_on, coalesce (($2::jsonb ->> 'keeps')::boolean, false)
from oba.customers c join oba.points_lots l on l.customer_id = c.customer_id and l.remaining > 0 and l.expires_on = ($2::jsonb ->> 'expires_on')::date
where c.customer_id = $1 and c.status = 'active' and l.expires_on >= oba.business_day (now())
group by c.language, l.expires_on
