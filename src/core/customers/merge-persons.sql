-- Persons as they are laid side by side: $1 their ids, $2 the language.
select c.customer_id, c.family_name, c.given_name, c.patronymic, c.phone, c.birth_date, c.email, c.city, c.language, coalesce (p.name, '') as store, c.notes,
       c.status, c.registered_at, coalesce (a.balance, 0) as points,
       case $2::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end as tier,
       coalesce (s.receipts, 0) as receipts, coalesce (s.revenue, 0) as revenue, s.last_purchase_at,
       coalesce ((select string_agg (k.number, ', ' order by k.issued_at desc) from oba.cards k where k.customer_id = c.customer_id), '') as cards,
       coalesce ((select case when l.username <> '' then '@' || l.username else l.chat_id::text end from oba.telegram_links l where l.customer_id = c.customer_id), '') as telegram,
       c.merged_into
from oba.customers c
left join oba.stores p on p.store_id = c.preferred_store_id
left join oba.points_accounts a on a.customer_id = c.customer_id
left join oba.tiers t on t.tier_id = a.tier_id
left join oba.customer_stats s on s.customer_id = c.customer_id
where c.customer_id = any ($1::bigint[])
