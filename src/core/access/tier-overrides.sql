select to_jsonb (o) || jsonb_build_object ('from_name', case $3 when 'az' then f.name_az when 'ru' then f.name_ru else f.name_en end,
                                           'tier_name', case $3 when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end)
from oba.tier_overrides o join oba.tiers f on f.tier_id = o.from_tier join oba.tiers t on t.tier_id = o.tier_id
where o.customer_id = any ($1) order by o.given_at, o.override_id
