select oba.correction_note ($1, $2)
