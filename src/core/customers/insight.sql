select oba.customer_insight ($1, $2)
