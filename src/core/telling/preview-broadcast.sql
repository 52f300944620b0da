select oba.preview_broadcast ($1::jsonb)
