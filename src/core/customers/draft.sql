-- One row: what of a customer can be edited. Categories are "3,17".
select c.version, c.status, c.family_name, c.given_name, c.patronymic, c.phone, c.email, to_char (c.birth_date, 'YYYY-MM-DD') as birth_date, c.language, c.city,
       c.preferred_store_id,
       (select string_agg (k.category_id::text, ',' order by k.category_id) from oba.customer_categories k where k.customer_id = c.customer_id) as categories,
       c.notes, s.name as store_name
from oba.customers c left join oba.stores s on s.store_id = c.preferred_store_id
where c.customer_id = $1 and c.kind = 'person'
