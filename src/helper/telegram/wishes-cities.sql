-- Cities with the most stores that are open, the customer's ($1) own first; a store of each, which stands for its city in a button. And the store they have chosen.
with mine as materialized (
  select c.city, s.name from oba.customers c left join oba.stores s on s.store_id = c.preferred_store_id where c.customer_id = $1
)
select x.city, x.store_id, coalesce ((select m.name from mine m), '')
from (select s.city, min (s.store_id) as store_id, count (*) as n from oba.stores s where s.city <> '' and (s.closed_on is null or s.closed_on > oba.business_day (now())) group by s.city) x
order by x.city is distinct from (select m.city from mine m), x.n desc, x.city limit 9
