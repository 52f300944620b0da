select count(*) from oba.customers where kind = 'person'
