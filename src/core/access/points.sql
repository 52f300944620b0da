select to_jsonb (l) || jsonb_build_object ('rule', e.name)
from oba.points_ledger l left join oba.earning_rules e on e.rule_id = l.rule_id and e.version = l.rule_version
where l.customer_id = any ($1) order by l.occurred_at, l.entry_id
