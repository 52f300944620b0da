-- A tier is what its last change says, the changes form a chain, and nobody is below what the spend of twelve months reached.
with changes as (
  select customer_id, change_id, from_tier, to_tier,
         lag (to_tier, 1, 1) over (partition by customer_id order by change_id) as came_from,
         lead (change_id) over (partition by customer_id order by change_id) is null as is_last
  from oba.tier_changes
)
select format ('customer %s: tier %s, last change to %s', a.customer_id, a.tier_id, c.to_tier)
from oba.points_accounts a left join changes c on c.customer_id = a.customer_id and c.is_last
where a.tier_id <> coalesce (c.to_tier, 1)
union all
select format ('customer %s, change %s: from tier %s, which was %s', customer_id, change_id, from_tier, came_from) from changes where from_tier <> came_from
union all
select format ('customer %s: tier %s, but %s qəpik reach tier %s', a.customer_id, a.tier_id, a.tier_spend, t.tier_id)
from oba.points_accounts a join lateral (select max (t.tier_id) as tier_id from oba.tiers t where t.threshold <= a.tier_spend) t on true
where t.tier_id > a.tier_id
  and coalesce ((select c.why from oba.tier_changes c where c.customer_id = a.customer_id order by c.change_id desc limit 1), '') <> 'override'
