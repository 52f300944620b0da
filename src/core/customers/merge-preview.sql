-- What a merge, or taking one back, would do ($1: the request), with the names of tiers in the language $2.
select oba.preview_merge ($1::jsonb)
       || jsonb_build_object ('chat', $1::jsonb #>> '{fields,telegram}')
       || jsonb_build_object ('tiers', (select jsonb_object_agg (t.tier_id, case $2::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end) from oba.tiers t))
