-- A redemption that stands has taken its points from the ledger, one that was undone has given them back; its last event is its state, each step one that may be made.
-- One voucher is good while it can be fetched. What paid for a receipt is in spending.sql.
select format ('customer %s, redemption %s (%s) of %s points: ledger %s, last event %s', coalesce (r.customer_id, e.customer_id),
               coalesce (r.redemption_id, e.redemption_id), r.state, r.points, e.points, v.to_state)
from oba.redemptions r
full join (select customer_id, redemption_id, sum (points) as points from oba.points_ledger where kind in ('redeem', 'restore') and receipt_id is null group by 1, 2) e
  on e.customer_id = r.customer_id and e.redemption_id = r.redemption_id
left join lateral (select v.to_state from oba.redemption_events v where v.customer_id = r.customer_id and v.redemption_id = r.redemption_id
                   order by v.event_no desc limit 1) v on true
where r.redemption_id is null or e.redemption_id is null
   or e.points <> case when r.restore_id is null then - r.points else 0 end
   or v.to_state is distinct from r.state
union all
select format ('customer %s, redemption %s: its entry %s (%s) is not in the ledger with its points', r.customer_id, r.redemption_id, x.entry_id, x.kind)
from oba.redemptions r cross join lateral (values (r.entry_id, r.entry_at, 'redeem', - r.points), (r.restore_id, r.restore_at, 'restore', r.points)) as x (entry_id, at, kind, points)
left join oba.points_ledger l on l.customer_id = r.customer_id and l.occurred_at = x.at and l.entry_id = x.entry_id
where x.entry_id is not null and (l.kind is distinct from x.kind or l.points is distinct from x.points or l.redemption_id is distinct from r.redemption_id)
union all
select format ('customer %s, redemption %s: event %s goes from %s to %s', e.customer_id, e.redemption_id, e.event_no, e.from_state, e.to_state)
from oba.redemption_events e
where e.from_state is not null and not exists (select from oba.redemption_moves m where m.from_state = e.from_state and m.to_state = e.to_state)
union all
select format ('customer %s, redemption %s (%s): its voucher is not one of the vouchers, or is another''s', r.customer_id, r.redemption_id, r.state)
from oba.redemptions r left join oba.vouchers v using (voucher_hash)
where r.voucher_hash is not null and (v.customer_id, v.redemption_id) is distinct from (r.customer_id, r.redemption_id)
union all
select format ('customer %s, redemption %s: its proof is %s, and %s codes were used for it', coalesce (r.customer_id, k.customer_id), coalesce (r.redemption_id, k.redemption_id), r.proof,
               coalesce (k.n, 0))
from (select * from oba.redemptions x where x.proof = 'code') r
full join (select c.customer_id, c.redemption_id, count (*) as n from oba.spend_codes c where c.redemption_id is not null group by 1, 2) k
  on k.customer_id = r.customer_id and k.redemption_id = r.redemption_id
where r.redemption_id is null or k.n > 1
