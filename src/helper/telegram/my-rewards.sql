-- What the customer $1 has redeemed for rewards, newest first; $2 the language. The number of a voucher is read when it is shown.
select r.customer_id, r.redemption_id, x.name, r.quantity, r.points, r.state, oba.business_day (r.expires_at), to_char (r.requested_at at time zone 'Asia/Baku', 'DD.MM.YYYY')
from oba.redemptions r join oba.rewards w using (reward_id) cross join lateral oba.reward_texts (w, $2) x
where r.customer_id = any (array (select oba.customer_family ($1)))
order by r.requested_at desc, r.redemption_id desc limit 8
