-- The note of an erasure is read where people look: in the audit trail, beside the reason. It was refused if it named the person.

set local role oba_owner;
set local search_path = oba, pg_catalog;

create or replace function oba.audit_is_personal (field text, value jsonb) returns boolean
language sql immutable parallel safe set search_path = pg_catalog
return case jsonb_typeof (value)
         when 'null' then false
         when 'boolean' then false
         when 'number' then field = 'chat_id'
         when 'string' then value <> '""' and field not in ('status', 'status_since', 'state', 'state_since', 'language', 'kind', 'registered_through', 'registered_at',
           'registered_by', 'issued_at', 'issued_by', 'linked_at', 'linked_by', 'unreachable_at', 'receipt_no', 'erased_for', 'erasure_note', 'given_as')
         else true end;

create function oba.patch_function (name text, old_text text, new_text text) returns void
language plpgsql
as $$
declare
  source text := pg_get_functiondef (name::regproc);
begin
  if length (source) - length (replace (source, old_text, '')) <> length (old_text) then
    raise exception 'The text to change is not in oba.% once: %', name, old_text;
  end if;
  execute replace (source, old_text, new_text);
end $$;
select oba.patch_function ('oba.do_erase_customer', 'jsonb_build_object (''erased_for'', jsonb_build_array (null, request ->> ''reason''))',
                           'jsonb_build_object (''erased_for'', jsonb_build_array (null, request ->> ''reason''))
      || case when said is null then ''{}'' else jsonb_build_object (''erasure_note'', jsonb_build_array (null, said)) end');
drop function oba.patch_function (text, text, text);

reset role;
