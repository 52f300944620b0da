-- Why a points line ($2) of a person ($1) at a moment ($3, microseconds) is what it is: one JSON object, no row when it is not there.
with line as materialized (
  select l.* from oba.points_ledger l
   where l.customer_id = $1 and l.occurred_at = timestamptz 'epoch' + $3::bigint * interval '1 microsecond' and l.entry_id = $2
)
select jsonb_build_object (
         'kind', l.kind, 'points', l.points, 'at', l.occurred_at, 'reason', coalesce (l.reason, ''), 'through', l.source,
         'who', case l.source when 'staff' then coalesce ((select s.login from oba.staff s where s.login = l.posted_by and s.role <> 'helper'), '') else '' end,
         'balance', (select coalesce (sum (b.points), 0) from oba.points_ledger b
                      where b.customer_id = l.customer_id and (b.occurred_at, b.entry_id) <= (l.occurred_at, l.entry_id)),
         'rule_id', coalesce (l.rule_id, 0), 'rule_version', coalesce (l.rule_version, 0), 'rule', coalesce (e.name, ''), 'rule_kind', coalesce (e.kind, ''),
         'qepik_per_point', coalesce (e.parameters -> 'qepik_per_point', '0'), 'valid_months', coalesce (e.parameters -> 'valid_months', '0'),
         'factor', coalesce (e.parameters -> 'factor', '0'),
         -- The tier and the store by their names.
         'inputs', coalesce (l.inputs, '{}')
                   || coalesce ((select jsonb_build_object ('tier', case $4::text when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end)
                                   from oba.tiers t where t.tier_id = (l.inputs ->> 'tier')::bigint), '{}')
                   || coalesce ((select jsonb_build_object ('store', s.name) from oba.stores s where s.store_id = (l.inputs ->> 'store')::bigint), '{}'),
         'owed', coalesce ((select d.points from oba.points_debts d where d.customer_id = l.customer_id and d.entry_id = l.entry_id), 0),
         'shares', (select jsonb_agg (jsonb_build_array (s.points, o.expires_on, o.entry_at, o.points, o.remaining) order by o.expires_on, o.lot_id)
                      from (select p.lot_id, p.points from oba.points_lots p where p.customer_id = l.customer_id and p.entry_id = l.entry_id
                            union all
                            select a.lot_id, - sum (a.points) from oba.ledger_allocations a
                             where a.customer_id = l.customer_id and a.entry_id = l.entry_id group by a.lot_id) s
                      join oba.points_lots o on o.customer_id = l.customer_id and o.lot_id = s.lot_id),
         'receipt', (select jsonb_build_array (r.receipt_id, r.receipt_no, r.kind, coalesce (t.name, ''), r.total, r.sold_at)
                       from oba.receipts r left join oba.stores t using (store_id)
                      where r.customer_id = l.customer_id and r.sold_at = l.occurred_at and r.receipt_id = l.receipt_id),
         'redemption', (select jsonb_build_array (d.redemption_id, d.state,
                                 coalesce (case $4::text when 'az' then w.name_az when 'ru' then coalesce (nullif (w.name_ru, ''), w.name_az)
                                           else coalesce (nullif (w.name_en, ''), w.name_az) end, ''))
                          from oba.redemptions d left join oba.rewards w using (reward_id)
                         where d.customer_id = l.customer_id and d.redemption_id = l.redemption_id),
         'reverses', (select jsonb_build_array (v.entry_id, v.kind, v.points, v.occurred_at) from oba.points_ledger v
                       where v.customer_id = l.customer_id and v.occurred_at = l.reverses_at and v.entry_id = l.reverses_id))
  from line l left join oba.earning_rules e on e.rule_id = l.rule_id and e.version = l.rule_version
