-- The stock of a reward, in all or in a store, is the sum of its movements.
select format ('reward %s%s: a stock of %s, movements of %s', coalesce (p.reward_id, m.reward_id), coalesce (', store ' || coalesce (p.store_id, m.store_id), ''), p.stock, m.quantity)
from (select reward_id, null::bigint as store_id, coalesce (stock, 0) as stock from oba.rewards
      union all select reward_id, store_id, stock from oba.reward_stock) p
full join (select reward_id, store_id, sum (quantity) as quantity from oba.stock_movements group by 1, 2) m
  on m.reward_id = p.reward_id and coalesce (m.store_id, 0) = coalesce (p.store_id, 0)
where coalesce (p.stock, 0) <> coalesce (m.quantity, 0)
