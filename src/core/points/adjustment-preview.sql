-- What the adjustment $1 would do, with the name of whom it touches; tiers in the language $2. Nothing is changed.
select p.preview || jsonb_build_object (
         'limits', (select jsonb_build_object ('points', l.adjust_points) from oba.correction_limits l),
         'tiers', (select jsonb_object_agg (t.tier_id, case $2::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end) from oba.tiers t),
         'people', (select coalesce (jsonb_object_agg (c.customer_id, concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, ''))), '{}') from oba.customers c
                    where c.customer_id in (select x::bigint from jsonb_array_elements_text (p.preview -> 'about') x)))
from (select oba.preview_adjustment ($1::jsonb) as preview offset 0) p
