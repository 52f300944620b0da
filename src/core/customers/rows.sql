select c.customer_id,
       concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, '')),
       c.phone, c.city, c.status,
       case $2::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end,
       coalesce (a.balance, 0), coalesce (a.tier_spend, 0), s.last_purchase_at, c.registered_at,
       c.email, c.birth_date, c.language, st.name, coalesce (s.receipts, 0)
  from oba.customers c
  left join oba.points_accounts a on a.customer_id = c.customer_id
  left join oba.tiers t on t.tier_id = a.tier_id
  left join oba.customer_stats s on s.customer_id = c.customer_id
  left join oba.stores st on st.store_id = coalesce (c.preferred_store_id, c.registered_store_id)
 where c.customer_id = any ($1)
