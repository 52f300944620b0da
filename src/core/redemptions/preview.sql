-- What becoming $2 would do to each of $1.
select p.redemption_id, p.customer_id, p.state, coalesce (p.code, ''), coalesce (p.message, ''), coalesce (p.hint, ''), r.points
from oba.preview_redemptions ($1, $2) p join oba.redemptions r on r.customer_id = p.customer_id and r.redemption_id = p.redemption_id
order by p.redemption_id
