-- Every debit is spread over lots to the last point, but for what is owed; what was restored or came back from a merge went back to lots.
select format ('customer %s, %s %s of %s points: %s allocated, %s owed', coalesce (e.customer_id, a.customer_id, d.customer_id), coalesce (e.kind, 'no such entry'),
               coalesce (e.entry_id, a.entry_id, d.entry_id), e.points, coalesce (a.points, 0), coalesce (d.remaining, 0))
from (select customer_id, entry_id, kind, points from oba.points_ledger where points < 0 or kind = 'restore'
         or (kind = 'transfer' and reverses_id is not null and not coalesce (inputs ? 'debt', false)) or (kind = 'adjust' and reverses_id is not null)) e
full join (select customer_id, entry_id, sum (points) as points from oba.ledger_allocations group by customer_id, entry_id) a
  on a.customer_id = e.customer_id and a.entry_id = e.entry_id
full join oba.points_debts d on d.customer_id = coalesce (e.customer_id, a.customer_id) and d.entry_id = coalesce (e.entry_id, a.entry_id)
where e.entry_id is null
   or coalesce (a.points, 0) + coalesce (d.remaining, 0) <> - e.points
   or (d.entry_id is not null and e.kind not in ('clawback', 'transfer'))
union all
select format ('customer %s, entry %s: allocation to lot %s, which does not exist', a.customer_id, a.entry_id, a.lot_id)
from oba.ledger_allocations a
where not exists (select from oba.points_lots l where l.customer_id = a.customer_id and l.lot_id = a.lot_id)
