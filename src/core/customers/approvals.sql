-- Requests that wait for a second person ($1), or those that were decided, the last first; at most $2. $3: the language.
select a.approval_id, a.kind, a.state, a.requested_at, coalesce (r.display_name, a.requested_by) as requested_by, a.requested_by = session_user as mine,
       coalesce (a.reason, '') as reason, a.previewed_at > a.requested_at as renewed, a.decided_at, coalesce (d.display_name, a.decided_by, '') as decided_by,
       coalesce (a.decision_reason, '') as decision_reason,
       coalesce ((a.request ->> 'source')::bigint, m.source_id) as source_id, coalesce ((a.request ->> 'survivor')::bigint, m.survivor_id) as survivor_id,
       a.preview || jsonb_build_object ('chat', a.request #>> '{fields,telegram}', 'tiers', (select jsonb_object_agg (t.tier_id, case $3::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end) from oba.tiers t))
from oba.approvals a
left join oba.merges m on a.kind = 'unmerge' and m.merge_id = (a.request ->> 'merge_id')::bigint
left join oba.staff r on r.login = a.requested_by
left join oba.staff d on d.login = a.decided_by
where a.kind in ('merge', 'unmerge') and (a.state = 'requested') = $1::boolean
order by case when $1::boolean then a.requested_at end, coalesce (a.decided_at, a.requested_at) desc, a.approval_id desc limit $2::integer
