-- What was paid with points took them once, by the value of a point then, with a code of its own; what was returned gave them back to their lots.
-- Rounded up to whole points; given back is all but what is still paid with them. A till's code was used for that receipt only.
-- What the account says was redeemed on its last day is what the ledger says, or the limit of a day would let more pass.
with spent as materialized (
  select l.customer_id, l.occurred_at, l.entry_id, l.receipt_id, - l.points as points, (l.inputs ->> 'paid')::bigint as paid, s.point_value,
         count (*) over (partition by l.customer_id, l.occurred_at, l.receipt_id) as times
  from oba.points_ledger l left join oba.spending_rules s on s.version = (l.inputs ->> 'spending_version')::integer
  where l.kind = 'redeem' and l.receipt_id is not null
), sales as materialized (
  select r.customer_id, r.sold_at, r.receipt_id, r.total, r.paid_points, r.source, r.original_receipt_id from oba.receipts r where r.kind = 'sale' and r.paid_points <> 0
), returned as materialized (
  select b.original_customer_id as customer_id, b.original_sold_at as sold_at, b.original_receipt_id as receipt_id, - sum (b.total)::bigint as total, - sum (b.paid_points)::bigint as paid_points
  from oba.receipts b where b.kind in ('return', 'void') and (b.paid_points <> 0 or b.original_receipt_id in (select s.receipt_id from sales s)) group by 1, 2, 3
), restored as materialized (
  select l.customer_id, l.reverses_id as entry_id, sum (l.points)::bigint as points from oba.points_ledger l where l.kind = 'restore' and l.receipt_id is not null group by 1, 2
)
select format ('customer %s, receipt %s of %s: %s qəpik of %s paid with points, entry %s took %s points for %s qəpik, %s times', coalesce (r.customer_id, e.customer_id),
               coalesce (r.receipt_id, e.receipt_id), coalesce (r.sold_at, e.occurred_at), r.paid_points, r.total, e.entry_id, e.points, e.paid, e.times)
from sales r full join spent e on e.customer_id = r.customer_id and e.occurred_at = r.sold_at and e.receipt_id = r.receipt_id
where r.receipt_id is null or e.entry_id is null or e.point_value is null or e.times <> 1 or r.paid_points < 0
   or e.paid <> r.paid_points or e.points <> (r.paid_points + e.point_value - 1) / e.point_value
union all
select format ('customer %s, receipt %s of %s: %s of %s qəpik returned, %s of %s paid with points', b.customer_id, b.receipt_id, b.sold_at, b.total, r.total, b.paid_points, r.paid_points)
from returned b left join sales r using (customer_id, sold_at, receipt_id)
where r.receipt_id is null or b.paid_points <> r.paid_points * b.total / r.total
union all
select format ('customer %s, receipt %s: %s points spent, %s qəpik of %s given back as points, %s points restored', e.customer_id, e.receipt_id, e.points, coalesce (b.paid_points, 0), e.paid,
               coalesce (g.points, 0))
from spent e
left join returned b on b.customer_id = e.customer_id and b.sold_at = e.occurred_at and b.receipt_id = e.receipt_id
left join restored g on g.customer_id = e.customer_id and g.entry_id = e.entry_id
where coalesce (g.points, 0) <> e.points - (e.paid - coalesce (b.paid_points, 0) + e.point_value - 1) / e.point_value
union all
select format ('customer %s, restore %s of receipt %s gives back nothing that was spent', l.customer_id, l.entry_id, l.receipt_id)
from oba.points_ledger l
left join oba.receipts b on b.customer_id = l.customer_id and b.sold_at = l.occurred_at and b.receipt_id = l.receipt_id and b.kind in ('return', 'void')
left join spent e on e.customer_id = l.customer_id and e.occurred_at = l.reverses_at and e.entry_id = l.reverses_id
where l.kind = 'restore' and l.receipt_id is not null and e.receipt_id is distinct from coalesce (b.original_receipt_id, 0)
union all
select format ('customer %s, lot %s: %s points came back from receipt %s, which had taken %s', a.customer_id, a.lot_id, - a.back, a.receipt_id, a.taken)
from (select a.customer_id, a.lot_id, e.receipt_id, coalesce (sum (a.points) filter (where a.points > 0), 0) as taken, coalesce (sum (a.points) filter (where a.points < 0), 0) as back
      from (select e.customer_id, e.entry_id, e.receipt_id, e.entry_id as by_entry from spent e
            union all
            select e.customer_id, e.entry_id, e.receipt_id, l.entry_id from spent e join oba.points_ledger l on l.customer_id = e.customer_id and l.reverses_id = e.entry_id and l.kind = 'restore') e
      join oba.ledger_allocations a on a.customer_id = e.customer_id and a.entry_id = e.by_entry
      group by a.customer_id, a.lot_id, e.entry_id, e.receipt_id) a
where a.taken + a.back < 0
union all
select format ('customer %s, receipt %s of %s: %s codes were used for it', coalesce (r.customer_id, c.customer_id), coalesce (r.receipt_id, c.receipt_id), coalesce (r.sold_at, c.receipt_sold_at),
               coalesce (c.n, 0))
from (select * from sales where source = 'till' and original_receipt_id is null) r
full join (select k.customer_id, k.receipt_sold_at, k.receipt_id, count (*) as n from oba.spend_codes k where k.receipt_id is not null group by 1, 2, 3) c
  on c.customer_id = r.customer_id and c.receipt_sold_at = r.sold_at and c.receipt_id = r.receipt_id
where r.receipt_id is null or coalesce (c.n, 0) <> 1
union all
select format ('customer %s: %s points redeemed on %s, the ledger has %s on %s', coalesce (a.customer_id, d.customer_id), a.redeemed_points, a.redeemed_on, d.points, d.day)
from (select x.customer_id, x.redeemed_on, x.redeemed_points from oba.points_accounts x where x.redeemed_on is not null) a
full join (select distinct on (l.customer_id) l.customer_id, oba.business_day (l.occurred_at) as day, - sum (l.points) as points
           from oba.points_ledger l where l.kind = 'redeem' group by 1, 2 order by 1, 2 desc) d on d.customer_id = a.customer_id
where (a.redeemed_on, a.redeemed_points) is distinct from (d.day, d.points)
