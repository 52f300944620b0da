-- The rules of earning with all their versions, the newest first of each; what each has given so far, less nothing. $1: one rule, or null
select e.rule_id, e.version, e.kind, e.name, case when e.state = 'live' and e.valid_to <= now() then 'ended' when e.state = 'live' and e.valid_from > now() then 'coming' else e.state end as state,
       case when isfinite (e.valid_from) then e.valid_from end as valid_from, case when isfinite (e.valid_to) then e.valid_to end as valid_to, e.parameters::text, e.edited_by, e.revision,
       (select coalesce (sum (l.points), 0)::bigint from oba.points_ledger l where l.kind = 'bonus' and l.rule_id = e.rule_id and l.rule_version = e.version) as given,
       (select coalesce (sum (t.points), 0)::bigint from oba.rule_trials t where t.rule_id = e.rule_id and t.version = e.version) as tried
from oba.earning_rules e where $1::bigint is null or e.rule_id = $1 order by e.rule_id, e.version desc
