-- The rules of earning with all their versions and steps, the newest version first of each; and what they name, in language $1: [[id, name], ...] each.
select json_build_object (
  'rules', (select coalesce (json_agg (json_build_object (
                     'rule_id', e.rule_id, 'version', e.version, 'kind', e.kind, 'name', e.name, 'revision', e.revision, 'parameters', e.parameters,
                     'state', case when e.state = 'live' and e.valid_to <= now() then 'ended' when e.state = 'live' and e.valid_from > now() then 'coming' else e.state end,
                     'valid_from', case when isfinite (e.valid_from) then e.valid_from end, 'valid_to', case when isfinite (e.valid_to) then e.valid_to end,
                     'created_by', e.created_by, 'edited_by', e.edited_by, 'edited_at', e.edited_at, 'editor', coalesce (f.display_name, e.edited_by),
                     'steps', (select coalesce (json_agg (json_build_array (s.to_state, s.at, coalesce (g.display_name, s.by_whom), coalesce (s.reason, '')) order by s.step_no desc), '[]')
                               from oba.rule_steps s left join oba.staff g on g.login = s.by_whom where s.rule_id = e.rule_id and s.version = e.version))
                   order by e.rule_id, e.version desc), '[]')
            from oba.earning_rules e left join oba.staff f on f.login = e.edited_by),
  'tiers', (select json_agg (json_build_array (t.tier_id, case $1::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end) order by t.threshold) from oba.tiers t
            where t.threshold is not null),
  'categories', (select coalesce (json_agg (json_build_array (c.category_id, coalesce (nullif (case $1::text when 'az' then c.name_az when 'ru' then c.name_ru else c.name_en end, ''), c.name_az))
                                            order by c.name_az, c.category_id), '[]') from oba.categories c),
  'stores', (select coalesce (json_agg (json_build_array (s.store_id, s.name)), '[]') from oba.stores s
             where s.store_id in (select x::bigint from oba.earning_rules e, jsonb_array_elements_text (e.parameters -> 'stores') x)),
  'products', (select coalesce (json_agg (json_build_array (p.product_id, p.name)), '[]') from oba.products p
               where p.product_id in (select x::bigint from oba.earning_rules e, jsonb_array_elements_text (e.parameters -> 'products') x)))
