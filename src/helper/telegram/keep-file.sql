-- Telegram has the picture $1 as $2; null: not any more.
select oba.telegram_keep_file ($1::jsonb, $2)
