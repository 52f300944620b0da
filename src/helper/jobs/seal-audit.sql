select case when pg_try_advisory_xact_lock (hashtext ('oba.job.seal-audit')) then oba.audit_seal (5000)::bigint end
