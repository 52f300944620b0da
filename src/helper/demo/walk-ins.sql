select customer_id from oba.customers where walk_in_store_id is not null order by walk_in_store_id
