select oba.telegram_finish_update ($1, $2, $3, $4::jsonb, $5::jsonb)
