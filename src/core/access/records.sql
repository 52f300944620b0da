select to_jsonb (c) - '{sort_name,search_text,kind,walk_in_store_id,preferred_store_id,registered_store_id}'::text[]
       || jsonb_build_object ('preferred_store', p.name, 'registered_store', r.name)
from oba.customers c left join oba.stores p on p.store_id = c.preferred_store_id left join oba.stores r on r.store_id = c.registered_store_id
where c.customer_id = any ($1) order by c.customer_id <> $2, c.customer_id
