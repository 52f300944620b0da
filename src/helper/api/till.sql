-- POST /api/token: $1 the till's client id, $2 its key. A till that was taken out of use gets no more tokens.
select till_id from oba.tills
where client_id = $1 and key_hash = sha256 (convert_to ($2, 'UTF8')) and revoked_at is null
