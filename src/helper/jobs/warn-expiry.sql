select case when pg_try_advisory_xact_lock (hashtext ('oba.job.warn-expiry')) then oba.warn_expiry (500)::bigint end
