-- The chat, how the person came to the bot (the poster's store and campaign, which text was agreed to), links that staff made for them, and the kinds of messages that are not wanted there.
select to_jsonb (l) || coalesce (jsonb_build_object ('started', to_jsonb (s) - '{customer_id,store_id}'::text[], 'poster_of', t.name), '{}')
       || jsonb_build_object ('staff_links', (select coalesce (jsonb_agg (jsonb_build_object ('made_by', k.made_by, 'made_at', k.made_at, 'used_at', k.used_at) order by k.made_at), '[]')
                                              from oba.staff_links k where k.customer_id = any ($1)),
                              'unwanted', (select coalesce (jsonb_agg (o.kind order by o.kind), '[]') from oba.message_optouts o where o.customer_id = any ($1)))
from oba.telegram_links l left join oba.telegram_starts s using (customer_id) left join oba.stores t using (store_id)
where l.customer_id = any ($1) order by l.linked_at
