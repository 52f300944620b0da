select to_jsonb (l) || jsonb_build_object ('rule', e.name) || case when a.adjustment_id is null then '{}' else jsonb_build_object ('adjustment', to_jsonb (a) - '{customer_id,entry_id,entry_at,points}'::text[]) end
from oba.points_ledger l left join oba.earning_rules e on e.rule_id = l.rule_id and e.version = l.rule_version
left join oba.adjustments a on a.customer_id = l.customer_id and a.entry_id = l.entry_id
where l.customer_id = any ($1) order by l.occurred_at, l.entry_id
