-- How long points are good: every version, the last first; which one holds today.
select p.version, p.mode, p.months, p.ends_on, p.warn_minimum, case when isfinite (p.valid_from) then p.valid_from end as valid_from, p.created_at, coalesce (s.display_name, p.created_by) as who,
       p.version = (oba.expiry_policy (now())).version as holds, oba.business_day (now()) as today
from oba.expiry_policies p left join oba.staff s on s.login = p.created_by
order by p.version desc limit 50
