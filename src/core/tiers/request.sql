-- The scheme that holds as it would be asked for: to be changed, tried out and put live.
select jsonb_pretty (jsonb_build_object (
  'version', s.version, 'basis', s.basis, 'downgrade', s.downgrade, 'grace_days', s.grace_days, 'note', '',
  'tiers', (select jsonb_agg (jsonb_build_object ('tier_id', t.tier_id, 'name_az', t.name_az, 'name_ru', t.name_ru, 'name_en', t.name_en, 'threshold', t.threshold, 'benefits', t.benefits)
                              order by t.threshold) from oba.tiers t where t.threshold is not null)))
from oba.tier_scheme_now () s
