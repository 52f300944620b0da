-- A redemption took its points from the ledger, once; what was undone gave all of them back; its last event is its state.
-- What paid for a receipt is in spending.sql.
select format ('customer %s, redemption %s (%s) of %s points: ledger %s, restored %s, last event %s', coalesce (r.customer_id, e.customer_id),
               coalesce (r.redemption_id, e.redemption_id), r.state, r.points, e.points, b.points, v.to_state)
from oba.redemptions r
full join (select customer_id, entry_id, redemption_id, points from oba.points_ledger where kind = 'redeem' and receipt_id is null) e
  on e.customer_id = r.customer_id and e.entry_id = r.entry_id
left join oba.points_ledger b on b.customer_id = r.customer_id and b.occurred_at = r.restore_at and b.entry_id = r.restore_id and b.kind = 'restore'
left join lateral (select v.to_state from oba.redemption_events v where v.customer_id = r.customer_id and v.redemption_id = r.redemption_id
                   order by v.event_no desc limit 1) v on true
where r.redemption_id is null or e.entry_id is null
   or e.points <> - r.points or e.redemption_id is distinct from r.redemption_id
   or (r.restore_id is not null and b.points is distinct from r.points)
   or v.to_state is distinct from r.state
union all
select format ('customer %s: restore %s belongs to no redemption', b.customer_id, b.entry_id)
from oba.points_ledger b where b.kind = 'restore' and b.receipt_id is null
  and not exists (select from oba.redemptions r where r.customer_id = b.customer_id and r.restore_id = b.entry_id)
