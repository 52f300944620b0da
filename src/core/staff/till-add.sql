-- $1 store, $2 number of the till, $3 its name in the API, $4 its key, which only leaves its hash here
SELECT oba.till_add($1, $2::integer, $3, sha256(convert_to($4, 'UTF8')))
