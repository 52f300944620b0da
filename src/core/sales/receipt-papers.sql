select oba.receipt_papers ($1, $2, $3)
