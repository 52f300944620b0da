-- The fill is one transaction, by the owner of the tables; others may read meanwhile and write nothing.
set local role oba_owner;
set local search_path = oba, pg_catalog, pg_temp;
lock table oba.stores, oba.categories, oba.products, oba.customers, oba.rewards, oba.import_batches, oba.receipts in share row exclusive mode;
-- Nothing here is worth compiling; the sample before posting only tells how many rows there are.
set local jit = off;
set local default_statistics_target = 5;
