select oba.receipt ($1, $2, $3)
