select case when pg_try_advisory_xact_lock (hashtext ('oba.job.fold-liability')) then oba.fold_liability () end
