-- Another tier: $1 the customer, $2 the payload of the outbox. No row: it is another one again.
select c.language, case c.language when 'ru' then t.name_ru when 'en' then t.name_en else t.name_az end,
       coalesce (t.threshold >= f.threshold, true),
       (select string_agg ('• ' || coalesce (nullif (b ->> c.language, ''), b ->> 'az'), e'\n' order by n) from jsonb_array_elements (t.benefits) with ordinality x (b, n))
from oba.customers c join oba.points_accounts a using (customer_id) join oba.tiers t using (tier_id)
left join oba.tiers f on f.tier_id = ($2::jsonb ->> 'from')::bigint
where c.customer_id = $1 and c.status = 'active' and a.tier_id = ($2::jsonb ->> 'to')::bigint
