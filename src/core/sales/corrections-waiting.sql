-- Corrections that wait for a second person, the oldest first: at most $1. $2: the language.
select a.approval_id, a.request, a.preview || jsonb_build_object (
         'stores', (select coalesce (jsonb_object_agg (s.store_id, s.name), '{}') from oba.stores s
                    where s.store_id in (select (e ->> 'store')::bigint from jsonb_array_elements (a.preview -> 'entries') e)),
         'tiers', (select jsonb_object_agg (t.tier_id, case $2::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end) from oba.tiers t),
         'people', (select coalesce (jsonb_object_agg (c.customer_id, concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, ''))), '{}') from oba.customers c
                    where c.customer_id = any (a.customer_ids))) as preview,
       coalesce (a.reason, '') as reason, a.requested_at, coalesce (s.display_name, a.requested_by) as requested_by, a.requested_by = session_user as mine,
       a.previewed_at > a.requested_at as renewed
from oba.approvals a left join oba.staff s on s.login = a.requested_by
where a.kind = 'correction' and a.state = 'requested'
order by a.requested_at, a.approval_id limit $1::integer
