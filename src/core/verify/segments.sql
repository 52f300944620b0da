-- Only persons are in segments, only static segments have members, and every rule and view can be read.
select format ('segment %s: customer %s is nobody', m.segment_id, m.customer_id)
from oba.segment_members m join oba.customers c on c.customer_id = m.customer_id where c.kind <> 'person'
union all
select format ('segment %s is a rule and has members', g.segment_id)
from oba.segments g where g.kind = 'rule' and exists (select from oba.segment_members m where m.segment_id = g.segment_id)
union all
select format ('segment %s: its rule names other rules, or segments that do not exist', g.segment_id)
from oba.segments g cross join lateral jsonb_array_elements_text (g.filter -> 'segments') e
where not exists (select from oba.segments o where o.segment_id = e::bigint and o.kind = 'static')
union all
select format ('view %s belongs to %s, who is not of the staff', v.view_id, v.owner)
from oba.list_views v where not exists (select from oba.staff s where s.login = v.owner)
  and not exists (select from pg_roles r where r.rolname = v.owner)
