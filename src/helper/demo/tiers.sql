-- The demo has a sample of the chain's receipts, so its tiers begin lower; and they say what they are good for.
update oba.tiers t
set threshold = d.threshold, benefits = d.benefits::jsonb
from (values
  ('bronze', 0, '[{"az": "Hər tam manat üçün 1 bal", "ru": "1 балл за каждый полный манат", "en": "1 point for every full manat"}]'),
  ('silver', 25000, '[{"az": "Hər tam manat üçün 1 bal", "ru": "1 балл за каждый полный манат", "en": "1 point for every full manat"},
                      {"az": "Gümüş müştərilər üçün mükafatlar", "ru": "Награды для серебряных клиентов", "en": "Rewards for silver customers"}]'),
  ('gold', 60000, '[{"az": "Gümüş səviyyənin bütün üstünlükləri", "ru": "Все преимущества серебряного уровня", "en": "Everything of the silver level"},
                    {"az": "Qızıl müştərilər üçün mükafatlar", "ru": "Награды для золотых клиентов", "en": "Rewards for gold customers"}]'),
  ('platinum', 120000, '[{"az": "Qızıl səviyyənin bütün üstünlükləri", "ru": "Все преимущества золотого уровня", "en": "Everything of the gold level"},
                         {"az": "Platin müştərilər üçün mükafatlar", "ru": "Награды для платиновых клиентов", "en": "Rewards for platinum customers"}]')) as d (code, threshold, benefits)
where t.code = d.code;
insert into oba.tier_schemes (version, basis, downgrade, grace_days) select s.version + 1, 'spend', 'after_grace', 30 from oba.tier_schemes s order by s.version desc limit 1;
insert into oba.tier_scheme_steps (version, tier_id, threshold) select (select max (s.version) from oba.tier_schemes s), t.tier_id, t.threshold from oba.tiers t where t.threshold is not null;
insert into oba.tier_carrying (version, done_at) select max (s.version), now() from oba.tier_schemes s
