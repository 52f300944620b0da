select to_jsonb (c) || jsonb_build_object ('from_name', case $3 when 'az' then f.name_az when 'ru' then f.name_ru else f.name_en end,
                                           'to_name', case $3 when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end)
from oba.tier_changes c join oba.tiers f on f.tier_id = c.from_tier join oba.tiers t on t.tier_id = c.to_tier
where c.customer_id = any ($1) order by c.at, c.change_id
