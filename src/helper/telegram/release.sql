select oba.telegram_release ($1)
