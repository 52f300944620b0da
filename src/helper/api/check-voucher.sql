-- POST /api/vouchers/check: $1 the code, $2 the till's client id.
select oba.check_voucher ($1::jsonb)
from oba.tills t where t.client_id = $2 and t.revoked_at is null
