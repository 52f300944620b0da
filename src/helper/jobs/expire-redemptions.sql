select case when pg_try_advisory_xact_lock (hashtext ('oba.job.expire-redemptions')) then oba.expire_redemptions (50)::bigint end
