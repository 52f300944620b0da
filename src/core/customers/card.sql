select number, state, coalesce (customer_id, 0), customer_name from oba.look_up_card ($1)
