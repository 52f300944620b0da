select oba.outbox_claim ($1, array['reply'], $2::integer, $3::integer)
