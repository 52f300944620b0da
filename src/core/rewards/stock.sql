-- A reward's ($1) stock in each store that is open, or has some: id, code, name, city, stock, reserved.
select s.store_id, s.code, s.name, s.city, coalesce (k.stock, 0), coalesce (d.open, 0)
from oba.stores s
left join oba.reward_stock k on k.reward_id = $1 and k.store_id = s.store_id
left join (select r.store_id, sum (r.quantity)::bigint as open from oba.redemptions r where r.reward_id = $1 and r.state in ('requested', 'approved') group by 1) d on d.store_id = s.store_id
where s.closed_on is null or s.closed_on > oba.business_day (now()) or k.stock > 0 or d.open > 0
order by s.code
