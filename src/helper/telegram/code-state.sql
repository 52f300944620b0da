-- What became of the code $2 of the customer $1: open, used, over; null while nothing may be sent.
select oba.spend_code_state ($1, $2)
