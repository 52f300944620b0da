-- The voucher of a redemption, with its code: $1 the customer, $2 the payload of the outbox. No row once it is good no more.
select c.language, w.name_az, w.name_ru, w.name_en, r.quantity, v.code, oba.business_day (r.expires_at), coalesce (s.name, '')
from (select ($2::jsonb ->> 'customer_id')::bigint as customer_id, ($2::jsonb ->> 'redemption_id')::bigint as redemption_id) p
join oba.redemptions r using (customer_id, redemption_id)
join oba.customers c on c.customer_id = $1
join oba.rewards w using (reward_id)
left join oba.stores s on s.store_id = r.store_id
cross join lateral (select oba.voucher (r.customer_id, r.redemption_id) as code) v
where r.customer_id = any (array (select oba.customer_family ($1))) and r.state = 'approved' and v.code <> ''
