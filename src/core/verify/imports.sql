-- A reversed import is reversed as a whole: who and when is known, nothing of its sales is left, and reversing receipts answer sales of that import.
select format ('import %s is %s, but by %s at %s', b.batch_id, b.state, b.reversed_by, b.reversed_at)
from oba.import_batches b
where (b.state = 'reversed') <> (b.reversed_at is not null) or (b.state in ('reversing', 'reversed')) <> (b.reversed_by is not null)
union all
select format ('receipt %s of %s of the reversed import %s: %s qəpik are left', r.receipt_id, r.sold_at, b.batch_id, r.total - coalesce (v.back, 0))
from oba.import_batches b join oba.receipts r on r.batch_id = b.batch_id and r.kind = 'sale'
left join lateral (select - sum (x.total) as back from oba.receipts x where x.original_receipt_id = r.receipt_id and x.kind in ('return', 'void')) v on true
where b.state = 'reversed' and r.total <> coalesce (v.back, 0)
union all
select format ('receipt %s of %s reverses no sale of import %s', r.receipt_id, r.sold_at, b.reverses)
from oba.import_batches b join oba.receipts r on r.batch_id = b.batch_id
left join oba.receipts o on o.customer_id = r.original_customer_id and o.sold_at = r.original_sold_at and o.receipt_id = r.original_receipt_id
where b.reverses is not null and (r.kind <> 'void' or o.batch_id is distinct from b.reverses)
