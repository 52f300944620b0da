-- Where the reward $1 can be fetched by the customer $2: stores with some in stock, theirs first.
select s.store_id, s.name
from oba.reward_stock k join oba.stores s using (store_id)
left join oba.customers c on c.customer_id = $2
where k.reward_id = $1 and k.stock > 0
order by s.store_id is distinct from c.preferred_store_id, s.city is distinct from (select p.city from oba.stores p where p.store_id = c.preferred_store_id), s.name, s.store_id limit 8
