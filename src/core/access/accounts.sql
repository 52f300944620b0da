select to_jsonb (a) - 'tier_id' || jsonb_build_object ('tier', t.code, 'tier_name', case $3 when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end,
                                                      'owed_entries', (select coalesce (jsonb_agg (to_jsonb (d) order by d.entry_at), '[]') from oba.points_debts d
                                                                       where d.customer_id = a.customer_id),
                                                      'spend_codes', (select coalesce (jsonb_agg (jsonb_build_object ('made_at', k.made_at, 'expires_at', k.expires_at, 'used_at', k.used_at,
                                                                                                                      'receipt_id', k.receipt_id) order by k.code_id), '[]')
                                                                      from oba.spend_codes k where k.customer_id = a.customer_id),
                                                      'expiry_warnings', (select coalesce (jsonb_agg (to_jsonb (w) - 'customer_id'), '[]') from oba.expiry_warnings w
                                                                          where w.customer_id = a.customer_id),
                                                      'wrong_codes', (select to_jsonb (x) - 'customer_id' from oba.spend_tries x where x.customer_id = a.customer_id))
from oba.points_accounts a join oba.tiers t using (tier_id) where a.customer_id = any ($1) order by a.customer_id <> $2, a.customer_id
