-- Committed before the first row is read.
select oba.record_access ($1::jsonb, $2, $3)
