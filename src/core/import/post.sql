select oba.import_post ($1)
