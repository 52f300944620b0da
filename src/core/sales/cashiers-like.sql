-- Suggestions for what was typed in $1: no id, the cashier's name, nothing more.
select 0::bigint, c, '' from oba.cashiers_like ($1, 8) c
