-- POST /api/vouchers/use: $1 the code, $2 the till's client id, $3 the key of the request. Where it is used is the token's.
select oba.use_voucher (jsonb_build_object ('code', $1::jsonb -> 'code', 'store_id', t.store_id, 'till_no', t.till_no), 'till:' || t.client_id, $3)
from oba.tills t where t.client_id = $2 and t.revoked_at is null
