SELECT pg_advisory_xact_lock(20290, 1)
