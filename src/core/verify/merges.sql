-- A merge moved what it took, not a point more or less; a merged customer stands for nothing any more; every family has one root.
select format ('merge %s: its transfers make %s points instead of 0', l.inputs ->> 'merge', sum (l.points))
from oba.points_ledger l where l.kind = 'transfer' group by l.inputs ->> 'merge' having sum (l.points) <> 0 or l.inputs ->> 'merge' is null
union all
select format ('merge %s, lot %s of customer %s: %s points went to lot %s of customer %s, which has %s until %s instead of %s', x.merge_id, x.lot_id, x.customer_id, x.points,
               x.survivor_lot, x.survivor_id, t.points, t.expires_on, s.expires_on)
from oba.merge_lots x
left join oba.points_lots s on s.customer_id = x.customer_id and s.lot_id = x.lot_id
left join oba.points_lots t on t.customer_id = x.survivor_id and t.lot_id = x.survivor_lot
where t.points is distinct from x.points 
   -- under a policy of inactivity purchases of the survivor have moved it on, or, when it was taken back, those of the other one
   or (s.expires_on is distinct from t.expires_on and (t.fixed or not exists (select from oba.expiry_policies p where p.mode = 'inactivity')))
   or s.receipt_id is distinct from t.receipt_id
union all
select format ('customer %s is merged, and has %s points, owes %s, %s qəpik of spend, %s cards', c.customer_id, a.balance, a.owed, a.tier_spend, k.n)
from oba.customers c join oba.points_accounts a using (customer_id)
cross join lateral (select count (*) as n from oba.cards k where k.customer_id = c.customer_id) k
where c.status = 'merged'
  and (a.balance <> 0 or a.owed <> 0 or a.tier_spend <> 0 or k.n > 0
       or exists (select from oba.points_lots l where l.customer_id = c.customer_id and l.remaining > 0))
union all
select format ('customer %s: status %s, merged into %s, merge %s into %s', coalesce (c.customer_id, m.source_id), c.status, c.merged_into, m.merge_id, m.survivor_id)
from (select * from oba.customers where merged_into is not null) c
full join (select * from oba.merges where undone_at is null) m on m.source_id = c.customer_id
where m.survivor_id is distinct from c.merged_into
union all
select format ('customer %s is merged in a circle or into nobody', c.customer_id)
from oba.customers c where c.merged_into is not null
  and not exists (select from oba.customers r where r.customer_id = oba.customer_root (c.customer_id) and r.merged_into is null)
