-- What a filter can name: kind, id, name in the language $1, in the order in which they are offered.
with recursive cities (city) as (
  -- One step of the index a city, not a million rows.
  (select c.city from oba.customers c where c.kind = 'person' order by c.city limit 1)
  union all
  select (select c.city from oba.customers c where c.kind = 'person' and c.city > cities.city order by c.city limit 1)
    from cities where cities.city is not null
)
(select 'tiers', t.tier_id, case $1::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end from oba.tiers t order by t.threshold)
union all
(select 'stores', s.store_id, s.name from oba.stores s order by s.name, s.store_id)
union all
(select 'segments', g.segment_id, g.name from oba.segments g where g.archived_at is null order by lower (g.name))
union all
(select 'cities', 0, city from cities where city <> '' limit 5000)
