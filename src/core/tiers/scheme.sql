-- The tiers as they are, in language $1, the scheme that holds, how many customers each has, and the schemes before.
select json_build_object (
  'scheme', (select to_json (s) from oba.tier_scheme_now () s),
  'carrying', (select json_build_object ('raised', c.raised, 'lowered', c.lowered, 'done', c.done_at is not null) from oba.tier_carrying c order by c.version desc limit 1),
  'tiers', (select json_agg (json_build_object ('tier_id', t.tier_id, 'name', case $1::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end,
                                                'name_az', t.name_az, 'name_ru', t.name_ru, 'name_en', t.name_en, 'threshold', t.threshold, 'benefits', t.benefits,
                                                'members', coalesce (m.n, 0)) order by t.threshold)
            from oba.tiers t
            left join (select a.tier_id, count (*) as n from oba.points_accounts a group by 1) m using (tier_id)
            where t.threshold is not null),
  'retired', (select coalesce (json_agg (case $1::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end order by t.tier_id), '[]') from oba.tiers t where t.threshold is null),
  'history', (select json_agg (json_build_object (
                       'version', s.version, 'basis', s.basis, 'downgrade', s.downgrade, 'grace_days', s.grace_days, 'note', s.note, 'made_at', s.made_at,
                       'who', coalesce (f.display_name, s.made_by), 'raised', c.raised, 'lowered', c.lowered, 'done', c.done_at is not null, 'superseded', c.superseded,
                       'steps', (select json_agg (json_build_array (case $1::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end, p.threshold) order by p.threshold)
                                 from oba.tier_scheme_steps p join oba.tiers t using (tier_id) where p.version = s.version)) order by s.version desc)
              from oba.tier_schemes s left join oba.tier_carrying c using (version) left join oba.staff f on f.login = s.made_by))
