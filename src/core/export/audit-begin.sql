select oba.export_begin ($1::jsonb)
