-- The file that Telegram has of the picture $1, as it was put down.
select oba.telegram_file ($1::jsonb)
