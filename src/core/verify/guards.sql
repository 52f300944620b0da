-- The guards stand: append-only triggers are there and enabled, and nobody but the owner may write what only functions write.
with kept as (
  select c.oid, c.relname::text as name from pg_class c
  where c.relnamespace = 'oba'::regnamespace and c.relkind in ('r', 'p')
    and c.relname ~ '^(receipts|receipt_lines|points_ledger|audit)(_[0-9]{4}_[0-9]{2})?$|^(receipt_keys|ledger_allocations|consent_history|tier_changes|lifecycle_changes|lifecycle_withdrawals|redemption_events|audit_seals|audit_personal|erasures|corrections|closed_months|month_totals|spending_rules|rule_steps|stock_movements|tier_schemes|tier_scheme_steps)$'
)
select format ('%s: the trigger %s is missing or switched off', k.name, g)
from kept k cross join unnest (array['append_only', 'append_only_all']) g
where not exists (select from pg_trigger t where t.tgrelid = k.oid and t.tgname = g and t.tgenabled in ('O', 'A'))
union all
select format ('%s may %s %s', x.grantee::regrole, lower (x.privilege_type), c.relname)
from pg_class c cross join lateral aclexplode (c.relacl) x
where c.relnamespace = 'oba'::regnamespace and c.relkind in ('r', 'p') and x.grantee <> c.relowner
  and x.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
  and c.relname not in ('stores', 'categories', 'products', 'tills')
union all
select format ('everybody may execute %s', p.oid::regprocedure)
from pg_proc p where p.pronamespace = 'oba'::regnamespace and p.proowner = 'oba_owner'::regrole and p.prorettype <> 'trigger'::regtype
  and (p.proacl is null or exists (select from aclexplode (p.proacl) x where x.grantee = 0))
