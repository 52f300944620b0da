select oba.telegram_poll_claim ($1, $2::integer)
