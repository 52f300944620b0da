-- Rewards as JSON, with their stock and what became of them: of id $1, or all of which code or names hold $2, of kind $3, in state $4 ("": not retired). Without pictures.
select to_jsonb (x), coalesce (encode (t.thumbnail, 'base64'), '')
from (
  select w.reward_id, w.version, w.code, w.kind, w.state, w.name_az, w.name_ru, w.name_en, w.description_az, w.description_ru, w.description_en, w.cost, w.value, w.stock_by_store,
         w.needs_approval, w.min_tier, w.segment_id, w.per_customer, w.per_day, w.per_month, w.weekdays, w.from_minute, w.to_minute, w.valid_from, w.valid_to, w.voucher_days,
         w.picture is not null as has_picture, floor (extract (epoch from w.updated_at))::bigint as updated_at, coalesce (nullif (p.display_name, ''), w.updated_by) as updated_by,
         g.name as segment, case when w.stock_by_store then s.total else w.stock end as stock, s.places, h.handed_out + d.open as redeemed, d.open
  from oba.rewards w
  left join oba.segments g on g.segment_id = w.segment_id
  left join oba.staff p on p.login = w.updated_by
  cross join lateral (select coalesce (sum (k.stock), 0)::bigint as total, count (*) filter (where k.stock > 0) as places from oba.reward_stock k
                      where w.stock_by_store and k.reward_id = w.reward_id) s
  cross join lateral (select coalesce (sum (k.quantity), 0)::bigint as handed_out from oba.redemptions k where k.reward_id = w.reward_id and k.state = 'handed_out') h
  cross join lateral (select coalesce (sum (k.quantity), 0)::bigint as open from oba.redemptions k where k.reward_id = w.reward_id and k.state in ('requested', 'approved')) d
  where case when $1::bigint is not null then w.reward_id = $1
             else ($2::text = '' or position (oba.fold ($2) in oba.fold (concat_ws (' ', w.code, w.name_az, w.name_ru, w.name_en))) > 0)
              and ($3::text = '' or w.kind = $3)
              and case $4::text when '' then w.state <> 'retired' when 'all' then true else w.state = $4 end end
) x join oba.rewards t using (reward_id)
order by case x.state when 'live' then 0 when 'draft' then 1 else 2 end, x.cost, x.reward_id
