insert into oba.import_batches (kind, file_name, mapping) values ('demo', '', $1::jsonb) returning batch_id
