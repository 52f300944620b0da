-- One broadcast, and what came of it; null: there is none.
select oba.broadcast_report ($1::bigint)
