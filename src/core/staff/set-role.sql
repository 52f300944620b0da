SELECT oba.staff_set_role($1, $2)
