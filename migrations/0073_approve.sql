-- What waits for a second person is one list: by store, by who asked; and nobody approves what they have not seen.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- the stores of a request

alter table oba.approvals add column store_ids bigint[] not null default '{}';

-- Where it happens: the stores of the receipts, or of the customers.
create function oba.approvals_set_stores () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if new.kind = 'correction' then
    new.store_ids := array (select distinct (e ->> 'store')::bigint from jsonb_array_elements (new.preview -> 'entries') e where e ->> 'store' is not null order by 1);
  else
    new.store_ids := array (select distinct coalesce (c.preferred_store_id, c.registered_store_id) from oba.customers c
                            where c.customer_id = any (new.customer_ids) and coalesce (c.preferred_store_id, c.registered_store_id) is not null order by 1);
  end if;
  return new;
end $$;
create trigger set_stores before insert or update of preview on oba.approvals for each row execute function oba.approvals_set_stores ();
update oba.approvals set preview = preview;
create index approvals_stores on oba.approvals using gin (store_ids);
create index approvals_asked_by on oba.approvals (requested_by, requested_at desc);

-- ---------------------------------------------------------------- deciding

create function oba.patch_function (name text, old_text text, new_text text) returns void
language plpgsql
as $$
declare
  source text := pg_get_functiondef (name::regproc);
begin
  if length (source) - length (replace (source, old_text, '')) <> length (old_text) then
    raise exception 'The text to change is not in % once: %', name, old_text;
  end if;
  execute replace (source, old_text, new_text);
end $$;

/*
 * As in 0060, and {"seen": previewed_at of what was looked at}: when a colleague's try has renewed the preview since, it is shown anew and nothing is done. Whoever works for one
 * store decides on corrections of its receipts alone; before, such a try ended the request.
 */
select oba.patch_function ('oba.do_decide_approval', '  if not approve then', '  if a.kind = ''correction'' then
    perform oba.check_scope (s) from unnest (a.store_ids) s;
  end if;
  if approve and (request ->> ''seen'')::timestamptz <> a.previewed_at then
    return jsonb_build_object (''approval_id'', a.approval_id, ''state'', ''requested'', ''stale'', true, ''preview'', a.preview);
  end if;
  if not approve then');

drop function oba.patch_function (text, text, text);

reset role;
