-- What is added from now on gets the ids after those of the demo.
select setval (s, v) from (
  select 'oba.receipt_ids'::regclass as s, max (receipt_id) as v from oba.receipts
  union all select pg_get_serial_sequence ('oba.stores', 'store_id')::regclass, max (store_id) from oba.stores
  union all select pg_get_serial_sequence ('oba.categories', 'category_id')::regclass, max (category_id) from oba.categories
  union all select pg_get_serial_sequence ('oba.products', 'product_id')::regclass, max (product_id) from oba.products
  union all select pg_get_serial_sequence ('oba.customers', 'customer_id')::regclass, max (customer_id) from oba.customers
  union all select pg_get_serial_sequence ('oba.rewards', 'reward_id')::regclass, max (reward_id) from oba.rewards
) ids where v is not null
