select oba.fold ($1::text)
