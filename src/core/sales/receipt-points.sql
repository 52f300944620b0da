select oba.receipt_points ($1::jsonb)
