-- The code of redemption $2 of customer $1, and what is printed with it; an empty code: there is none.
select oba.voucher ($1, $2), c.language, concat_ws (' ', nullif (c.given_name, ''), nullif (c.family_name, '')), w.name_az, w.name_ru, w.name_en, w.description_az, w.description_ru,
       w.description_en, r.quantity, extract (epoch from r.expires_at)::bigint, coalesce (s.name, '')
from oba.redemptions r join oba.customers c using (customer_id) join oba.rewards w using (reward_id) left join oba.stores s on s.store_id = r.store_id
where r.customer_id = $1 and r.redemption_id = $2
