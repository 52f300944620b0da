-- What the customer $1 can like, in the language $2, from the one after $3 on: the kinds of goods that are in no other; and whether they do.
select g.category_id, case $2 when 'ru' then coalesce (nullif (g.name_ru, ''), g.name_az) when 'en' then coalesce (nullif (g.name_en, ''), g.name_az) else g.name_az end,
       exists (select from oba.customer_categories k where k.customer_id = $1 and k.category_id = g.category_id)
from oba.categories g where g.parent_id is null or exists (select from oba.customer_categories k where k.customer_id = $1 and k.category_id = g.category_id)
order by g.position, g.category_id limit 9 offset $3::bigint
