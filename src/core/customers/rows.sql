select * from oba.customer_rows ($1, $2)
