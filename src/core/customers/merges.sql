-- Merges, the last first, before ($1: 0 for the first page), at most $2; $3: those that hold and are about this customer, 0 for all.
select m.merge_id, m.source_id, m.survivor_id, m.merged_at, m.undone_at, coalesce (r.display_name, a.requested_by, '') as requested_by,
       coalesce (d.display_name, a.decided_by, '') as approved_by,
       (select coalesce (sum (l.points), 0) from oba.merge_lots l where l.merge_id = m.merge_id)::bigint as points,
       m.undone_at is null and s.status = 'merged' and t.status = 'active' as can_undo,
       exists (select from oba.approvals x where x.customer_ids && array[m.source_id, m.survivor_id] and x.state = 'requested' and x.kind in ('merge', 'unmerge')) as asked
from oba.merges m
join oba.customers s on s.customer_id = m.source_id
join oba.customers t on t.customer_id = m.survivor_id
left join oba.approvals a on a.approval_id = m.approval_id
left join oba.staff r on r.login = a.requested_by
left join oba.staff d on d.login = a.decided_by
where ($1::bigint = 0 or m.merge_id < $1::bigint)
  and ($3::bigint = 0 or m.undone_at is null and m.merge_id = any (array (select x.merge_id from oba.merges x where x.source_id = $3::bigint
                                                                          union all select x.merge_id from oba.merges x where x.survivor_id = $3::bigint)))
order by m.merge_id desc limit $2::integer
