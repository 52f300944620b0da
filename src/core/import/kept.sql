select customer_id, full_name, phone, reason from oba.batch_kept ($1, $2::integer)
