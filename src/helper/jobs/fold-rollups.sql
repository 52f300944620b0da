select case when pg_try_advisory_xact_lock (hashtext ('oba.job.fold-rollups')) then oba.fold_rollups () end
