-- $1 login, $2 name, $3 role, $4 store or null for the whole chain
SELECT oba.staff_add($1, $2, $3, $4)
