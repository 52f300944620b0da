-- POST /api/redemptions: $1 who wants which reward, with the spend code, $2 the till's client id, $3 the key of the request. Where it is asked for is the token's.
select oba.redeem_points (jsonb_strip_nulls (jsonb_build_object ('customer_id', $1::jsonb -> 'customer_id', 'card', $1::jsonb -> 'card', 'reward', coalesce ($1::jsonb -> 'reward', '""'),
                                                                 'quantity', $1::jsonb -> 'quantity', 'spend_code', $1::jsonb -> 'spend_code', 'store_id', t.store_id,
                                                                 'till_no', t.till_no, 'through', 'till')), 'till:' || t.client_id, $3)
from oba.tills t where t.client_id = $2 and t.revoked_at is null
