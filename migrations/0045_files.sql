-- Files out and in: exports are audited.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- out

-- Numbers the exports in the audit.
create sequence oba.export_ids as bigint;

-- {"kind", "format", "columns": [...], "filter", ...}: committed by the exporting program before it reads the first row. Returns the export's number.
create function oba.export_begin (request jsonb) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  id bigint := nextval ('oba.export_ids');
begin
  if jsonb_typeof (request) is distinct from 'object' or request ->> 'kind' is null or length (request::text) > 20000 then
    perform oba.refuse ('OB001', 'An export says what it takes along.');
  end if;
  perform oba.audit_add ('export.begin', 'export', id::text, (request ->> 'customer')::bigint, jsonb_build_object ('export', jsonb_build_array (null, request)), null);
  return id;
end $$;

-- {"rows", "points", "money"}: what the file holds.
create function oba.export_end (export bigint, totals jsonb) returns void
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if not exists (select from oba.audit a where a.subject = 'export' and a.subject_id = export::text and a.action = 'export.begin' and a.who = session_user) then
    perform oba.refuse ('OB002', format ('There is no export %s.', export));
  end if;
  perform oba.audit_add ('export.end', 'export', export::text, null,
                         jsonb_build_object ('rows', jsonb_build_array (null, totals -> 'rows'), 'points', jsonb_build_array (null, totals -> 'points'),
                                             'money', jsonb_build_array (null, totals -> 'money')), null);
end $$;

grant execute on function oba.export_begin (jsonb), oba.export_end (bigint, jsonb)
  to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
