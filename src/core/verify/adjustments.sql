-- An adjustment has its entry, of its size; what takes one back reverses that entry, for all of it; above the limit somebody else has agreed.
select format ('customer %s, adjustment %s of %s points: entry %s of %s points reverses %s', coalesce (x.customer_id, l.customer_id), x.adjustment_id, x.points, coalesce (x.entry_id, l.entry_id),
               l.points, l.reverses_id)
from oba.adjustments x
full join (select * from oba.points_ledger where kind = 'adjust' and (inputs ? 'reason' or inputs ? 'adjustment')) l
  on l.customer_id = x.customer_id and l.occurred_at = x.entry_at and l.entry_id = x.entry_id
left join oba.adjustments u on u.adjustment_id = x.undoes
where x.adjustment_id is null or l.entry_id is null or x.points <> l.points
   or l.reverses_id is distinct from u.entry_id or (u.adjustment_id is not null and (u.points <> - x.points or u.customer_id <> x.customer_id))
union all
select format ('adjustment %s was agreed to by %s in request %s of %s, which is %s', x.adjustment_id, x.posted_by, x.approval_id, a.requested_by, coalesce (a.state, 'not there'))
from oba.adjustments x left join oba.approvals a on a.approval_id = x.approval_id and a.kind = 'adjustment'
where x.approval_id is not null
  and (a.approval_id is null or a.state <> 'approved' or a.decided_by <> x.posted_by or a.requested_by <> x.made_by or a.outcome_id is distinct from x.adjustment_id)
