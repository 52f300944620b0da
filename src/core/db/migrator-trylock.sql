-- 20290 is ours: 'OB'. Of this database only, until the end of the transaction.
SELECT pg_try_advisory_xact_lock(20290, 1)
