-- The last $1 bulk actions, newest first.
select a.action_id, a.kind,
       case a.kind when 'segment' then coalesce (s.name, '') when 'consent' then a.parameters ->> 'channel' else a.parameters ->> 'reason' end,
       coalesce ((a.parameters ->> 'granted')::boolean, false), a.state, a.wanted, a.changed, a.undone, a.kept,
       coalesce (nullif (t.display_name, ''), a.by_whom), a.at,
       a.state <> 'undone' and a.changed > 0
       and (pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member')
            or (a.kind = 'segment' and a.by_whom = session_user))
from oba.bulk_actions a
left join oba.segments s on a.kind = 'segment' and s.segment_id = (a.parameters ->> 'segment_id')::bigint
left join oba.staff t on t.login = a.by_whom
order by a.at desc, a.action_id desc
limit $1
