select oba.telegram_poll_release ($1)
