-- Open stores of the city of the store $1, from the one after $2 on.
select s.store_id, s.name, s.address
from oba.stores s
where s.city = (select x.city from oba.stores x where x.store_id = $1) and (s.closed_on is null or s.closed_on > oba.business_day (now()))
order by oba.sort_key (s.name), s.store_id limit 9 offset $2::bigint
