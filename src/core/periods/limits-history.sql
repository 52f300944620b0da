-- Who changed the limits of corrections, the last first: at most $1.
select a.at, coalesce (s.display_name, a.who) as who, (a.changes #>> '{amount,0}')::bigint as amount_before, (a.changes #>> '{amount,1}')::bigint as amount_after,
       (a.changes #>> '{points,0}')::bigint as points_before, (a.changes #>> '{points,1}')::bigint as points_after,
       (a.changes #>> '{age_days,0}')::bigint as age_before, (a.changes #>> '{age_days,1}')::bigint as age_after,
       (a.changes #>> '{own_receipts,0}')::boolean as own_before, (a.changes #>> '{own_receipts,1}')::boolean as own_after,
       (a.changes #>> '{adjust_points,0}')::bigint as adjust_before, (a.changes #>> '{adjust_points,1}')::bigint as adjust_after
from oba.audit_entries a left join oba.staff s on s.login = a.who
where a.subject = 'correction_limits' order by a.at desc, a.audit_id desc limit $1::integer
