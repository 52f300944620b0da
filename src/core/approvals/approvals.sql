-- Requests that wait for a second person ($1), or those that were decided, the last first; at most $2. $3: the language. Only of the kinds $4 (null: all), asked by $5 (null: anybody),
-- about the store $6 (null: any).
with open as materialized (
  select x.approval_id from oba.approvals x
  where $1::boolean and x.state = 'requested' and ($4::text[] is null or x.kind = any ($4::text[])) and ($5::text is null or x.requested_by = $5::text)
    and ($6::bigint is null or x.store_ids @> array[$6::bigint])
  order by x.requested_at, x.approval_id limit $2::integer
), decided as materialized (
  select x.approval_id from oba.approvals x
  where not $1::boolean and x.state <> 'requested' and ($4::text[] is null or x.kind = any ($4::text[])) and ($5::text is null or x.requested_by = $5::text)
    and ($6::bigint is null or x.store_ids @> array[$6::bigint])
  order by x.decided_at desc, x.approval_id desc limit $2::integer
)
select a.approval_id, case a.kind when 'correction' then coalesce (a.request ->> 'kind', '') when 'adjustment' then a.preview ->> 'kind' else a.kind end as kind, a.state, a.requested_at,
       coalesce (r.display_name, a.requested_by) as requested_by, coalesce (a.reason, '') as reason, a.requested_by = session_user as mine,
       a.previewed_at > a.requested_at as renewed, a.previewed_at as seen, a.decided_at, coalesce (d.display_name, a.decided_by, '') as decided_by,
       coalesce (a.decision_reason, '') as decision_reason,
       coalesce ((a.request ->> 'source')::bigint, m.source_id) as source_id, coalesce ((a.request ->> 'survivor')::bigint, m.survivor_id) as survivor_id,
       a.kind in ('correction', 'adjustment') as correction,
       a.preview || jsonb_build_object (
         'limits', a.limits,
         'chat', a.request #>> '{fields,telegram}',
         'tiers', (select jsonb_object_agg (t.tier_id, case $3::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end) from oba.tiers t),
         'stores', (select coalesce (jsonb_object_agg (s.store_id, s.name), '{}') from oba.stores s where s.store_id = any (a.store_ids)),
         'people', (select coalesce (jsonb_object_agg (c.customer_id, concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, ''))), '{}') from oba.customers c
                    where c.customer_id = any (a.customer_ids))) as preview,
       coalesce (a.request ->> 'reason_code', case when a.kind = 'adjustment' then 'other' else '' end) as reason_code,
       o.customer_id as receipt_customer, o.receipt_id,
       coalesce (o.sold_at, (a.request #>> '{data,sold_at}')::timestamptz) as sold_at, coalesce (o.receipt_no, a.request #>> '{data,receipt_no}', '') as receipt_no,
       coalesce (o.till_no, (a.request #>> '{data,till}')::integer, 0) as till, coalesce (o.total, (a.request #>> '{data,total}')::bigint) as total,
       coalesce ((select s.name from oba.stores s where s.store_id = coalesce (o.store_id, (a.request #>> '{data,store}')::bigint)),
                 (select s.name from oba.stores s where s.code = a.request #>> '{data,store_code}'), '') as store
from (select approval_id from open union all select approval_id from decided) shown
join oba.approvals a using (approval_id)
left join oba.merges m on a.kind = 'unmerge' and m.merge_id = (a.request ->> 'merge_id')::bigint
left join oba.corrections c on a.kind = 'correction' and c.correction_id = (a.request ->> 'correction_id')::bigint
left join lateral (
  select x.customer_id, x.sold_at, x.receipt_id, x.receipt_no, x.till_no, x.total, x.store_id
  from oba.receipts x
  where x.customer_id = coalesce ((a.request #>> '{receipt,customer_id}')::bigint, c.replacement_customer_id, c.original_customer_id)
    and x.sold_at = coalesce ((a.request #>> '{receipt,sold_at}')::timestamptz, c.replacement_sold_at, c.original_sold_at)
    and x.receipt_id = coalesce ((a.request #>> '{receipt,receipt_id}')::bigint, c.replacement_receipt_id, c.original_receipt_id)) o on a.kind = 'correction'
left join oba.staff r on r.login = a.requested_by
left join oba.staff d on d.login = a.decided_by
order by case when $1::boolean then a.requested_at end, case when $1::boolean then a.approval_id end, coalesce (a.decided_at, a.requested_at) desc, a.approval_id desc
