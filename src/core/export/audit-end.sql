select oba.export_end ($1, $2::jsonb)
