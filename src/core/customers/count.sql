select (select count (*) from oba.customers where kind = 'person') - (select count (*) from oba.erasures)
