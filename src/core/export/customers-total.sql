-- Every person has an account, and nobody else: "balances" of the invariants holds them to it.
select count (*), coalesce (sum (a.balance), 0)::bigint, coalesce (sum (a.tier_spend), 0)::bigint
  from ({chosen}) i
  join oba.points_accounts a on a.customer_id = i.customer_id
