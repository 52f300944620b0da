select oba.customer_categories_bought ($1, $2)
