select case when pg_try_advisory_xact_lock (hashtext ('oba.job.ensure-partitions')) then oba.ensure_partitions (oba.business_day (now()), (now() + interval '3 months')::date)::bigint end
