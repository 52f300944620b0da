-- A correction takes back what it says, puts in what it says, and neither is used twice; what was approved was approved by somebody else.
select format ('correction %s: receipt %s does not take back anything of %s', c.correction_id, c.reversal_receipt_id, c.original_receipt_id)
from oba.corrections c
left join oba.receipts r on r.customer_id = c.reversal_customer_id and r.sold_at = c.reversal_sold_at and r.receipt_id = c.reversal_receipt_id
where c.reversal_receipt_id is not null
  and (r.receipt_id is null or r.kind not in ('return', 'void') or r.original_receipt_id is distinct from c.original_receipt_id)
union all
select format ('correction %s: receipt %s does not replace %s', c.correction_id, c.replacement_receipt_id, coalesce (c.original_receipt_id::text, 'nothing'))
from oba.corrections c
left join oba.corrections u on u.correction_id = c.undoes
left join oba.receipts r on r.customer_id = c.replacement_customer_id and r.sold_at = c.replacement_sold_at and r.receipt_id = c.replacement_receipt_id
where c.replacement_receipt_id is not null
  and (r.receipt_id is null or r.kind <> 'sale' or r.original_receipt_id is distinct from coalesce (u.original_receipt_id, c.original_receipt_id))
union all
select format ('receipt %s is named by %s corrections', x.id, count (*))
from (select c.reversal_receipt_id as id from oba.corrections c union all select c.replacement_receipt_id from oba.corrections c) x
where x.id is not null group by x.id having count (*) > 1
union all
select format ('receipt %s of %s replaces receipt %s, but no correction says so', r.receipt_id, r.sold_at, r.original_receipt_id)
from oba.receipts r where r.kind = 'sale' and r.original_receipt_id is not null
  and not exists (select from oba.corrections c where c.replacement_receipt_id = r.receipt_id)
union all
select format ('correction %s: made by %s, approval %s', c.correction_id, c.made_by, c.approval_id)
from oba.corrections c left join oba.approvals a using (approval_id)
where (c.approval_id is null and c.made_by <> c.posted_by)
   or (c.approval_id is not null and (a.state is distinct from 'approved' or a.kind <> 'correction' or a.decided_by is distinct from c.posted_by or a.requested_by <> c.made_by))
