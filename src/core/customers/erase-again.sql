select oba.erase_again ($1::jsonb, null, null) ->> 'state'
