-- What points were valued at, the last version first, at most $1.
select r.version, r.point_value, r.breakage, r.reason, r.valid_from, r.valid_from = '-infinity' as always, coalesce (s.display_name, r.created_by) as who
from oba.liability_rules r left join oba.staff s on s.login = r.created_by order by r.version desc limit $1::integer
