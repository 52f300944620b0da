-- POST /api/receipts: $1 the receipt, $2 the till's client id, $3 the key of the request or null. Store and till are the token's, whatever the receipt says.
select oba.record_receipt ($1::jsonb - 'store_code' - 'reason' || jsonb_build_object ('store', t.store_id, 'till', t.till_no, 'source', 'till'), 'till:' || t.client_id, $3)
from oba.tills t where t.client_id = $2 and t.revoked_at is null
