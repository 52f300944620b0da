-- What was refused a till, or what it has sent again: $1 the till's client id, $2 what it sent, $3 the code of the refusal, or "again".
select oba.note_refusal ($1, jsonb_build_object ('code', $3::text, 'receipt_no', $2::jsonb -> 'receipt_no', 'sold_at', $2::jsonb -> 'sold_at', 'total', $2::jsonb -> 'total'))
