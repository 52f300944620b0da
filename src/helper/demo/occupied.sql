-- What an occupied database has; no row when it is empty.
select what from (
  select 1, 'receipts' as what where exists (select from oba.receipts)
  union all select 2, 'customers' where exists (select from oba.customers where kind = 'person')
  union all select 3, 'stores' where exists (select from oba.stores)
  union all select 4, 'products' where exists (select from oba.products) or exists (select from oba.categories)
  union all select 5, 'rewards' where exists (select from oba.rewards)
  union all select 6, 'imports' where exists (select from oba.import_batches)
) found (n, what) order by n limit 1
