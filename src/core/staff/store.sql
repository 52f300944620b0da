SELECT store_id FROM oba.stores WHERE code = $1
