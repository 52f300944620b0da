-- What a bulk action says it did is what its members say, and nobody who was chosen is uncounted.
select format ('bulk action %s (%s, %s): %s changed, %s undone, %s kept; its members say %s, %s, %s', a.action_id, a.kind, a.state,
               a.changed, a.undone, a.kept, m.changed, m.undone, m.kept)
from oba.bulk_actions a
cross join lateral (select count (*) as changed, count (*) filter (where b.state = 'undone') as undone, count (*) filter (where b.state = 'kept') as kept
                    from oba.bulk_action_members b where b.action_id = a.action_id) m
where (a.changed, a.undone, a.kept) is distinct from (m.changed, m.undone, m.kept)
union all
select format ('bulk action %s (%s, %s): %s seen of %s, %s changed, skipped %s', a.action_id, a.kind, a.state, a.seen, a.wanted, a.changed, a.skipped)
from oba.bulk_actions a
where a.seen <> a.changed + coalesce ((select sum (value::bigint) from jsonb_each_text (a.skipped)), 0)
   or (a.state = 'done' and a.seen <> a.wanted)
   or (a.state = 'undone' and a.undone + a.kept <> a.changed)
