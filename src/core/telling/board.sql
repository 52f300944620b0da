-- The bot at a glance; the newest $1 messages that did not arrive, with whose they are; the newest updates that nothing could be done with.
select oba.telegram_board (),
       (select coalesce (jsonb_agg (to_jsonb (t) || jsonb_build_object ('name', btrim (concat (c.given_name, ' ', c.family_name)))), '[]')
        from oba.telegram_troubles ($1::integer) t left join oba.customers c on c.customer_id = t.customer_id and t.customer_id <> 0),
       (select coalesce (jsonb_agg (to_jsonb (p) || jsonb_build_object ('number', p.update_id::text)), '[]') from oba.telegram_poison ($1::integer) p)
