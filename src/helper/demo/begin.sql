-- The fill is one transaction, by the owner of the tables; others may read meanwhile and write nothing.
set local role oba_owner;
set local search_path = oba, pg_catalog, pg_temp;
lock table oba.stores, oba.categories, oba.products, oba.customers, oba.rewards, oba.import_batches, oba.receipts in share row exclusive mode;
set local jit = off;
