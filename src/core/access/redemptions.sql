select to_jsonb (r) - '{voucher_hash,store_id,reward_id}'::text[]
       || jsonb_build_object ('store', s.name, 'reward', case $3 when 'az' then w.name_az when 'ru' then coalesce (nullif (w.name_ru, ''), w.name_az) else coalesce (nullif (w.name_en, ''), w.name_az) end,
            'events', (select jsonb_agg (to_jsonb (e) - '{customer_id,redemption_id}'::text[] order by e.event_no)
                       from oba.redemption_events e where e.customer_id = r.customer_id and e.redemption_id = r.redemption_id),
            'vouchers', (select jsonb_agg (jsonb_build_object ('made_at', v.made_at) order by v.made_at) from oba.vouchers v
                         where v.customer_id = r.customer_id and v.redemption_id = r.redemption_id))
from oba.redemptions r left join oba.stores s using (store_id) left join oba.rewards w using (reward_id)
where r.customer_id = any ($1) order by r.requested_at, r.redemption_id
