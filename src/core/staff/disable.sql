SELECT oba.staff_disable($1)
