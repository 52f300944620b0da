select count (*), coalesce (sum (a.balance), 0)::bigint, coalesce (sum (a.tier_spend), 0)::bigint
  from ({chosen}) i
  join oba.customers c on c.customer_id = i.customer_id and c.kind = 'person'
  left join oba.points_accounts a on a.customer_id = c.customer_id
