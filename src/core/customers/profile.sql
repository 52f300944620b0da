-- One row: everything the detail pane says of a person but the receipts, of one moment.
select c.customer_id, c.family_name, c.given_name, c.patronymic, c.status, c.status_since, c.blocked_reason,
       case when c.status <> 'active' then oba.status_set_by (c.customer_id) end as status_by,
       c.merged_into, concat_ws (' ', nullif (m.family_name, ''), nullif (m.given_name, '')) as merged_into_name,
       c.phone, c.email, c.birth_date, c.language, c.city, c.notes, c.version,
       c.registered_at, c.registered_through, rs.name as registered_store, ps.name as preferred_store,
       coalesce (a.balance, 0) as balance,
       (select coalesce (sum (e.lifetime), 0)::bigint from oba.points_accounts e where e.customer_id = any (array (select oba.customer_family (c.customer_id)))) as lifetime,
       coalesce (a.owed, 0) as owed, a.spending_locked_at, coalesce (a.spending_lock_reason, case when a.spending_locked_at is not null then 'customer' else '' end) as spending_lock_reason,
       t.code as tier_code,
       case $2::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end as tier,
       a.tier_since, coalesce (g.amount, 0) as tier_amount, coalesce (g.by_points, false) as tier_by_points, coalesce (t.threshold, 0) as tier_threshold,
       case $2::text when 'az' then n.name_az when 'ru' then n.name_ru else n.name_en end as next_tier,
       n.threshold as next_threshold,
       coalesce (s.receipts, 0) as receipts, coalesce (s.returns, 0) as returns, coalesce (s.revenue, 0) as revenue,
       s.first_purchase_at, s.last_purchase_at,
       tg.username as telegram_username, tg.linked_at as telegram_linked_at,
       (select json_agg (json_build_array (k.channel, k.granted, extract (epoch from k.since)::bigint) order by k.channel)
          from oba.consents k where k.customer_id = c.customer_id) as consents,
       (select json_agg (json_build_array (k.number, k.state) order by k.state, k.issued_at desc)
          from oba.cards k where k.customer_id = c.customer_id) as cards,
       (select json_agg (json_build_array (e.expires_on, e.points) order by e.expires_on)
          from (select l.expires_on, sum (l.remaining) as points
                  from oba.points_lots l
                 where l.customer_id = c.customer_id and l.remaining > 0
                 group by l.expires_on order by l.expires_on limit 3) e) as expiries,
       (select json_agg (case $2::text when 'az' then g.name_az when 'ru' then coalesce (nullif (g.name_ru, ''), g.name_az)
                         else coalesce (nullif (g.name_en, ''), g.name_az) end order by g.position)
          from oba.customer_categories cc join oba.categories g using (category_id)
         where cc.customer_id = c.customer_id) as categories
  from oba.customers c
  left join oba.customers m on m.customer_id = c.merged_into
  left join oba.points_accounts a on a.customer_id = c.customer_id
  left join lateral oba.tier_progress (a.customer_id) g on a.customer_id is not null
  left join oba.tiers t on t.tier_id = a.tier_id
  left join lateral (select * from oba.tiers x where x.threshold > t.threshold order by x.threshold limit 1) n on true
  left join oba.customer_stats s on s.customer_id = c.customer_id
  left join oba.stores rs on rs.store_id = c.registered_store_id
  left join oba.stores ps on ps.store_id = c.preferred_store_id
  left join oba.telegram_links tg on tg.customer_id = c.customer_id
 where c.customer_id = $1
