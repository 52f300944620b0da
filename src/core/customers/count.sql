select (select count (*) from oba.customers where kind = 'person') - (select count (*) from oba.erasures)
       - (select count (*) from oba.customers m where m.merged_into is not null and m.customer_id not in (select e.customer_id from oba.erasures e))
