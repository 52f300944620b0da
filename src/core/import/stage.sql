select oba.import_stage ($1)
