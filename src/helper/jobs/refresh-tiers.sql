select case when pg_try_advisory_xact_lock (hashtext ('oba.job.refresh-tiers')) then oba.refresh_tiers (100)::bigint end
