select oba.telegram_store_update ($1, $2, $3::jsonb, $4, $5)
