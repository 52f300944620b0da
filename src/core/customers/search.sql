-- The best $2 of a ranked search for the text $1.
select customer_id, rank, total from oba.search_customers ($1, $2::integer)
