select case when pg_try_advisory_xact_lock (hashtext ('oba.job.refresh-lifecycle')) then oba.refresh_lifecycle (500)::bigint end
