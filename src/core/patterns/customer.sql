select oba.customer_patterns ($1, $2) || oba.tier_patterns ($1, $2)
