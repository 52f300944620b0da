-- A tier is what its last change says, the changes form a chain, and the tier is the one that the scheme gives, or a hand, or what a grace still lets be kept.
-- Whom a new scheme has not come to yet is not looked at.
with changes as (
  select customer_id, change_id, from_tier, to_tier,
         lag (to_tier, 1, 1) over (partition by customer_id order by change_id) as came_from,
         lead (change_id) over (partition by customer_id order by change_id) is null as is_last
  from oba.tier_changes
), scheme as (
  select s.*, coalesce ((select max (c.through) from oba.tier_carrying c where c.done_at is null), 9223372036854775807) as through from oba.tier_schemes s order by s.version desc limit 1
), accounts as (
  select a.*, t.threshold, case s.basis when 'points' then coalesce (a.tier_points, 0) else a.tier_spend end as amount, s.downgrade, s.grace_days, o.tier_id as held_tier, o.holds,
         h.threshold as held_threshold
  from oba.points_accounts a join oba.tiers t using (tier_id) cross join scheme s
  left join oba.tier_overrides o on o.customer_id = a.customer_id and o.ended_at is null
  left join oba.tiers h on h.tier_id = o.tier_id
  where a.customer_id <= s.through
)
select format ('customer %s: tier %s, last change to %s', a.customer_id, a.tier_id, c.to_tier)
from oba.points_accounts a left join changes c on c.customer_id = a.customer_id and c.is_last
where a.tier_id <> coalesce (c.to_tier, 1)
union all
select format ('customer %s, change %s: from tier %s, which was %s', customer_id, change_id, from_tier, came_from) from changes where from_tier <> came_from
union all
select format ('customer %s: tier %s, but %s reach tier %s', a.customer_id, a.tier_id, a.amount, t.tier_id)
from accounts a join lateral (select t.* from oba.tiers t where t.threshold <= a.amount order by t.threshold desc limit 1) t on true
where t.threshold > coalesce (a.threshold, -1) and a.holds is distinct from 'at_most'
union all
select format ('customer %s: tier %s, which %s do not reach, and nothing says since when', a.customer_id, a.tier_id, a.amount)
from accounts a where a.amount < a.threshold and a.tier_id <> 1 and a.tier_below_since is null and a.holds is null
union all
select format ('customer %s: below tier %s since %s, which is reached', a.customer_id, a.tier_id, a.tier_below_since)
from accounts a where a.amount >= a.threshold and a.tier_below_since is not null
union all
select format ('customer %s: override %s of tier %s, and has tier %s', a.customer_id, a.holds, a.held_tier, a.tier_id)
from accounts a
where a.tier_override is distinct from a.holds or a.holds = 'at_least' and coalesce (a.threshold, -1) < a.held_threshold or a.holds = 'at_most' and a.threshold > a.held_threshold
union all
select format ('tier %s: threshold %s, version %s of the scheme says %s', coalesce (t.tier_id, x.tier_id), t.threshold, s.version, x.threshold)
from scheme s cross join oba.tiers t full join (select y.* from oba.tier_scheme_steps y join scheme using (version)) x on x.tier_id = t.tier_id
where t.threshold is distinct from x.threshold
