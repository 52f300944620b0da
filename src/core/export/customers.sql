-- The columns come from the table in oba-export-columns.c, who is chosen from ids.sql. The last two columns are for the control totals.
select {columns}, coalesce (a.balance, 0), coalesce (a.tier_spend, 0)
  from ({chosen}) i
  join oba.customers c on c.customer_id = i.customer_id and c.kind = 'person'
  left join oba.points_accounts a on a.customer_id = c.customer_id
  left join oba.tiers t on t.tier_id = a.tier_id
  left join oba.customer_stats st on st.customer_id = c.customer_id
  left join oba.stores ps on ps.store_id = c.preferred_store_id
  left join oba.stores rs on rs.store_id = c.registered_store_id
 order by i.place
