-- What came after /start: $1.
select oba.read_start_payload ($1)
