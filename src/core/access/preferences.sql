select jsonb_build_object ('customer_id', p.customer_id, 'category', g.name_az, 'stated_at', p.stated_at)
from oba.customer_categories p join oba.categories g using (category_id) where p.customer_id = any ($1) order by p.stated_at, g.name_az
