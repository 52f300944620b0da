select oba.import_check ($1, $2::jsonb)
