select case when pg_try_advisory_xact_lock (hashtext ('oba.job.change-tiers')) then (oba.end_tier_overrides (50) + oba.carry_out_tiers (50, 5000))::bigint end
