select oba.import_merge ($1, $2::jsonb)
