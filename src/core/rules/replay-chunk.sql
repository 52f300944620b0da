-- Runs it over the receipts from day $1 to day $2: how many there were.
select oba.replay_chunk ($1::date, $2::date)
