-- POST /api/points/quote: $1 whose points and which bill, $2 the till's client id.
select oba.quote_points ($1::jsonb)
from oba.tills t where t.client_id = $2 and t.revoked_at is null
