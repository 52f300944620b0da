select oba.check_tills (200)::bigint
