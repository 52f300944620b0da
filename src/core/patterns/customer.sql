select oba.customer_patterns ($1, $2)
