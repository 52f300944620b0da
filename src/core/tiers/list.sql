-- The tiers of the scheme that holds, the lowest first, with what it counts and how many customers each has.
select t.tier_id, t.name_en, s.basis, t.threshold, coalesce (m.n, 0), s.downgrade, s.grace_days, s.version
from oba.tiers t cross join oba.tier_scheme_now () s
left join (select a.tier_id, count (*) as n from oba.points_accounts a group by 1) m using (tier_id)
where t.threshold is not null order by t.threshold
