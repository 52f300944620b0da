select oba.telegram_poll_store ($1, $2::jsonb, $3)
