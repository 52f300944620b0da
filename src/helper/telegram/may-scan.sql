-- In how many minutes the chat $1 may send codes again; null: now.
select oba.scan_wait ($1)
