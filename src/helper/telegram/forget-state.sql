-- Before the customer $1 is asked whether to be forgotten.
select oba.telegram_forget_state ($1)
