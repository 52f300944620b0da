-- Whose number $1 is that the chat $2 has shared as its own.
select oba.telegram_find_phone ($1, $2)
