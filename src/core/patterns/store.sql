select oba.store_patterns ($1, $2::integer, $3, coalesce ($4::timestamptz, now ())) || oba.store_goods ($1, $2::integer, coalesce ($4::timestamptz, now ()))
