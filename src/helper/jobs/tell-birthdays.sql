select case when pg_try_advisory_xact_lock (hashtext ('oba.job.tell-birthdays')) then oba.tell_birthdays (5000) end
