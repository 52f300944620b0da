select oba.receipt_to_correct ($1, $2, $3)
