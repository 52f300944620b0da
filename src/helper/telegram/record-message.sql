select oba.outbox_record ($1, $2, $3, $4, $5, $6, $7::integer)
