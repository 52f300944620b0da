-- May the customer $1 have the file with everything now?
select oba.telegram_may_export ($1)
