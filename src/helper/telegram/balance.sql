-- The points of customer $1; what is owed to the house is none.
select greatest (coalesce ((select a.balance from oba.points_accounts a where a.customer_id = $1), 0), 0)
