-- Receipts of this person that were put right: the reversing and the new ones are among the receipts.
, mine as materialized (select r.receipt_id from oba.receipts r where r.customer_id = any ($1))
select to_jsonb (c) - '{original_customer_id,reversal_customer_id,replacement_customer_id,approval_id}'::text[]
from oba.corrections c
where c.correction_id in (select o.correction_id from mine join oba.corrections o on o.original_receipt_id = mine.receipt_id
                          union all select o.correction_id from mine join oba.corrections o on o.reversal_receipt_id = mine.receipt_id
                          union all select o.correction_id from mine join oba.corrections o on o.replacement_receipt_id = mine.receipt_id)
order by c.correction_id
