-- Every credit made exactly one lot of its size; what is left of a lot is its points less its allocations, never below 0 or above its points.
select format ('customer %s, lot %s of entry %s: %s points, %s left, %s allocated, ledger %s', coalesce (l.customer_id, e.customer_id), l.lot_id,
               coalesce (l.entry_id, e.entry_id), l.points, l.remaining, coalesce (a.points, 0), coalesce (e.points::text, 'has no such entry'))
from oba.points_lots l
full join (select customer_id, occurred_at, entry_id, points from oba.points_ledger
           where points > 0 and kind in ('earn', 'bonus', 'adjust', 'transfer')
             -- what a merge took comes back into the lots it was taken from
             and not (kind = 'transfer' and reverses_id is not null and not coalesce (inputs ? 'debt', false))
             and not (kind = 'adjust' and reverses_id is not null)) e
  on e.customer_id = l.customer_id and e.occurred_at = l.entry_at and e.entry_id = l.entry_id
left join (select customer_id, lot_id, sum (points) as points from oba.ledger_allocations group by customer_id, lot_id) a
  on a.customer_id = l.customer_id and a.lot_id = l.lot_id
where l.lot_id is null or e.entry_id is null
   or l.points <> e.points
   or l.remaining <> l.points - coalesce (a.points, 0)
   or l.remaining < 0 or l.remaining > l.points
