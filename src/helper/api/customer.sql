-- GET /api/customers/{id}: $1 the customer, or one who was merged into it. The document as it is sent; see data/openapi.yaml.
select json_build_object (
         'id', c.customer_id, 'status', c.status,
         'given_name', c.given_name, 'family_name', c.family_name, 'phone', c.phone, 'language', c.language, 'city', c.city,
         'preferred_store_id', c.preferred_store_id, 'registered_at', c.registered_at, 'version', c.version,
         'points', json_build_object ('balance', a.balance, 'lifetime', case when exists (select from oba.customers m where m.merged_into = c.customer_id)
                                                                              then (select sum (e.lifetime)::bigint from oba.points_accounts e
                                                                                    where e.customer_id = any (array (select oba.customer_family (c.customer_id))))
                                                                              else a.lifetime end,
                                      'spending_locked', a.spending_locked_at is not null,
                                      'next_expiry', (select json_build_object ('on', l.expires_on, 'points', sum (l.remaining))
                                                      from oba.points_lots l
                                                      where l.customer_id = c.customer_id and l.remaining > 0
                                                        and l.expires_on >= oba.business_day (now())
                                                      group by l.expires_on order by l.expires_on limit 1)),
         'tier', json_build_object ('code', t.code, 'name', json_build_object ('az', t.name_az, 'ru', t.name_ru, 'en', t.name_en),
                                    'since', a.tier_since))::text
from oba.customers c
join oba.points_accounts a on a.customer_id = c.customer_id
join oba.tiers t on t.tier_id = a.tier_id
where c.customer_id = oba.customer_root ($1) and c.kind = 'person' and c.status <> 'erased'
