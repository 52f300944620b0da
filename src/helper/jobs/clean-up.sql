select case when pg_try_advisory_xact_lock (hashtext ('oba.job.clean-up')) then oba.clean_up () end
