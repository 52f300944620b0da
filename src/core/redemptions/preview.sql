-- What becoming $2 would do to each of $1.
select redemption_id, customer_id, state, coalesce (code, ''), coalesce (message, ''), coalesce (hint, '') from oba.preview_redemptions ($1, $2)
