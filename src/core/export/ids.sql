select u.customer_id, u.place from unnest ($1::bigint[]) with ordinality u (customer_id, place)
