-- Sets the rules of paying with points. Without a key: it is not sent again.
select oba.set_spending_rules ($1::jsonb)
