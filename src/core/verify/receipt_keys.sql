-- Every receipt has its key, store, till and number, and every key its receipt: so none was recorded twice.
-- Only a sale whose import was reversed, and of which nothing else was ever returned, gives its number back.
select format ('receipt %s of store %s, till %s, number %s: %s', coalesce (r.receipt_id, k.receipt_id), coalesce (r.store_id, k.store_id),
               coalesce (r.till_no, k.till_no), coalesce (r.receipt_no, k.receipt_no), case when k.receipt_id is null then 'has no key' else 'the key has no receipt' end)
from oba.receipts r
full join oba.receipt_keys k on k.customer_id = r.customer_id and k.sold_at = r.sold_at and k.receipt_id = r.receipt_id
                            and k.store_id = r.store_id and k.till_no = r.till_no and k.receipt_no = r.receipt_no
where r.receipt_id is null
   or (k.receipt_id is null
       and (r.kind <> 'sale' or (select bool_and (v.kind = 'void' and v.reason_code = 'import-reversed') from oba.receipts v
                                 where v.original_receipt_id = r.receipt_id and v.sold_at >= r.sold_at) is not true))
