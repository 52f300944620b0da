select oba.outbox_claim ($1, array['reply', 'spend-code', 'receipt-copy', 'correction-note', 'export'] || $4::text[], $2::integer, $3::integer, $5::integer)
