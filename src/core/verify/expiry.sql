-- Nothing expired before its last day was over; nobody was warned twice of a day at one distance.
select format ('customer %s, entry %s: %s points of lot %s, good until %s, expired at %s', a.customer_id, e.entry_id, a.points, a.lot_id, l.expires_on, e.occurred_at)
from oba.points_ledger e
join oba.ledger_allocations a on a.customer_id = e.customer_id and a.entry_id = e.entry_id
join oba.points_lots l on l.customer_id = a.customer_id and l.lot_id = a.lot_id
where e.kind = 'expire' and e.source = 'job' and e.occurred_at < oba.day_start (l.expires_on + 1)
union all
select format ('customer %s was warned %s times, %s days before %s', o.customer_id, count (*), o.payload ->> 'distance', o.payload ->> 'expires_on')
from oba.outbox o where o.kind = 'expiry' group by o.customer_id, o.payload ->> 'distance', o.payload ->> 'expires_on' having count (*) > 1
