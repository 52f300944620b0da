select case when pg_try_advisory_xact_lock (hashtext ('oba.job.expire-points')) then oba.expire_points (500)::bigint end
