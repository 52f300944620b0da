-- Of what each store has its own stock of, it received some.
insert into oba.reward_stock (reward_id, store_id, stock)
select w.reward_id, s.store_id, 4 + s.store_id * 7 % 17 from oba.rewards w cross join oba.stores s where w.stock_by_store;
insert into oba.stock_movements (reward_id, store_id, kind, quantity, at)
select k.reward_id, k.store_id, 'receipt', k.stock, w.created_at from oba.reward_stock k join oba.rewards w using (reward_id) order by 1, 2;
