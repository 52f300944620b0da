-- Who the points of a group of the liability belong to: $1 "tier", "age" or "expiry", $2 its key; the most points first, at most $3.
select b.customer_id, b.name, b.points, b.lots, b.next_day, b.n from oba.liability_behind ($1, $2, $3::integer) b
