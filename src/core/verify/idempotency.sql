-- Every stored answer that names a receipt has that receipt; a refusal has a code.
select format ('key %s of %s: its answer names receipt %s, which does not exist', k.key, k.scope, k.answer ->> 'receipt_id')
from oba.idempotency_keys k
where not k.refused and k.answer ? 'receipt_id'
  and not exists (select from oba.receipts r
                  where r.customer_id = (k.answer ->> 'customer_id')::bigint and r.sold_at = (k.answer ->> 'sold_at')::timestamptz
                    and r.receipt_id = (k.answer ->> 'receipt_id')::bigint)
union all
select format ('key %s of %s: refused without a code', k.key, k.scope)
from oba.idempotency_keys k where k.refused is distinct from (k.answer ? 'refused') or (k.refused and coalesce (k.answer ->> 'code', '') !~ '^OB[0-9]{3}$')
