-- What Telegram calls the bot.
select oba.telegram_note_bot ($1)
