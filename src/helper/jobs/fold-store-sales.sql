select case when pg_try_advisory_xact_lock (hashtext ('oba.job.fold-store-sales')) then oba.fold_store_sales () end
