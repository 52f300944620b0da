-- The rules of paying with points, the last version first, at most $1; "holds": the one of now. "held": the points that customers have.
select r.version, r.point_value, r.daily_points, r.earns, r.code_seconds, r.wrong_codes, r.lock_minutes, r.valid_from = '-infinity' as always,
       case when r.valid_from <> '-infinity' then r.valid_from end as valid_from, r.created_at, coalesce (s.display_name, r.created_by) as who,
       r.version = (oba.spending_rule (now ())).version as holds, r.valid_from > now () as coming,
       (select coalesce (sum (l.points), 0) from oba.liability_now () l)::bigint as held
from oba.spending_rules r left join oba.staff s on s.login = r.created_by order by r.version desc limit $1::integer
