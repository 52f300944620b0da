select case when pg_try_advisory_xact_lock (hashtext ('oba.job.fill-broadcasts')) then oba.fill_broadcasts (500) end
