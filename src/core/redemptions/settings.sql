-- How long a request may wait, how long it and a voucher last; who changed that, the last first: at most $1.
select json_build_object ('sla_hours', s.sla_hours, 'request_days', s.request_days, 'voucher_days', s.voucher_days, 'version', s.version, 'changes', (
  select coalesce (json_agg (json_build_object ('who', x.who, 'at', extract (epoch from x.at)::bigint, 'changes', x.changes) order by x.at desc, x.audit_id desc), '[]')
  from (select a.at, a.audit_id, coalesce (f.display_name, a.who) as who, a.changes
        from oba.audit_entries a left join oba.staff f on f.login = a.who
        where a.subject = 'redemption_settings' order by a.at desc, a.audit_id desc limit $1::integer) x))
from oba.redemption_settings s
