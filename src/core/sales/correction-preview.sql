-- What the correction $1 would do, with the names of what it touches and a name of its own; tiers in the language $2. Nothing is changed. What it would do
-- does not depend on the reason, which is often written last.
select p.preview || jsonb_build_object (
         'expects', oba.preview_digest (p.preview),
         'limits', (select jsonb_build_object ('amount', l.amount, 'points', l.points, 'days', l.age_days) from oba.correction_limits l),
         'stores', (select coalesce (jsonb_object_agg (s.store_id, s.name), '{}') from oba.stores s
                    where s.store_id in (select (e ->> 'store')::bigint from jsonb_array_elements (p.preview -> 'entries') e)),
         'tiers', (select jsonb_object_agg (t.tier_id, case $2::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end) from oba.tiers t),
         'people', (select coalesce (jsonb_object_agg (c.customer_id, concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, ''))), '{}') from oba.customers c
                    where c.customer_id in (select x::bigint from jsonb_array_elements_text (p.preview -> 'about') x)))
from (select oba.preview_correction ('{"reason_code": "other", "reason": "not written yet"}'::jsonb || $1::jsonb) as preview offset 0) p
