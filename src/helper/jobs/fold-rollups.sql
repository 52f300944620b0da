select case when pg_try_advisory_xact_lock (hashtext ('oba.job.fold-rollups')) then greatest (oba.fold_rollups (), oba.fold_receipt_totals ()) end
