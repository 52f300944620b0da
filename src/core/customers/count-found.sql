select oba.count_found ($1, 10000)
