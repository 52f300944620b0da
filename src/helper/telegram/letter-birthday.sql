-- A birthday: $1 the customer, $2 the payload of the outbox. The rule of earning for birthdays that counts now for whoever buys anything, the best one: until when, and how many times the points, where it is as simple. No row: it is over.
select c.language, c.given_name, r.until, r.factor
from oba.customers c
left join lateral (
  select d.day + (e.parameters #>> '{birthday,1}')::integer as until,
         case when e.kind = 'multiplier' and not e.parameters ?| array['products', 'categories', 'stores', 'weekdays', 'hours', 'first_purchase', 'min_basket', 'once'] and (e.parameters ->> 'factor')::bigint % 1000 = 0
              then (e.parameters ->> 'factor')::bigint / 1000 end as factor
  from oba.earning_rules e cross join (select ($2::jsonb ->> 'day')::date as day) d join oba.points_accounts a on a.customer_id = c.customer_id
  where e.live_at is not null and e.state = 'live' and e.parameters ? 'birthday' and now() >= e.valid_from and now() < e.valid_to
    and (not e.parameters ? 'tiers' or e.parameters -> 'tiers' @> to_jsonb (a.tier_id))
  order by factor desc nulls last, until desc limit 1) r on true
where c.customer_id = $1 and c.status = 'active' and ($2::jsonb ->> 'day')::date = oba.business_day (now())
