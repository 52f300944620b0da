-- Points that can still be spent, soonest expiry first.
select to_jsonb (l) from oba.points_lots l where l.customer_id = any ($1) and l.remaining > 0 order by l.expires_on, l.lot_id
