-- A page of a person's receipts, newest first: $1 the customer, $2 how many, $3 how many before them.
select r.customer_id, (extract (epoch from r.sold_at) * 1000000)::bigint, r.receipt_id, r.kind, coalesce (s.name, ''), r.total,
       (select coalesce (sum (l.points), 0)::bigint from oba.points_ledger l
        where l.customer_id = r.customer_id and l.occurred_at = r.sold_at and l.receipt_id = r.receipt_id and l.kind in ('earn', 'bonus', 'clawback')),
       to_char (r.sold_at at time zone 'Asia/Baku', 'DD.MM.YYYY, HH24:MI')
from (select * from oba.receipts x where x.customer_id = any (array (select oba.customer_family ($1)))
      order by x.sold_at desc, x.receipt_id desc limit $2::bigint offset $3::bigint) r
left join oba.stores s using (store_id)
order by r.sold_at desc, r.receipt_id desc
