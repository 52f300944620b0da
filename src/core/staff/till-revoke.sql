-- $1 the till's name in the API; no row when there is none
SELECT oba.till_revoke(till_id) FROM oba.tills WHERE client_id = $1
