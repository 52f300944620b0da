-- What waits for a second person is one list: by store, by who asked; and nobody approves what they have not seen.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- the stores of a request

alter table oba.approvals add column store_ids bigint[] not null default '{}';
-- Of a correction: the limits that made it wait, {"amount", "points", "days"}; an administrator may change them meanwhile.
alter table oba.approvals add column limits jsonb;

-- What the list wants to know without reading on. Where it happens: the stores of the receipts, or of the customers.
create function oba.approvals_describe () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if new.kind = 'correction' then
    new.limits := (select jsonb_build_object ('amount', l.amount, 'points', l.points, 'days', l.age_days) from oba.correction_limits l);
    new.store_ids := array (select distinct (e ->> 'store')::bigint from jsonb_array_elements (new.preview -> 'entries') e where e ->> 'store' is not null order by 1);
  else
    new.store_ids := array (select distinct coalesce (c.preferred_store_id, c.registered_store_id) from oba.customers c
                            where c.customer_id = any (new.customer_ids) and coalesce (c.preferred_store_id, c.registered_store_id) is not null order by 1);
  end if;
  return new;
end $$;
create trigger describe before insert or update of preview on oba.approvals for each row execute function oba.approvals_describe ();
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

-- A sales file with receipts of a closed month is told so when it is checked, and not only when it is posted. (Once for all rows, not once a row.)
select oba.patch_function ('oba.import_check_sales', 'when x.last_at > now() + interval ''5 minutes'' then ''future:time''',
                           'when x.last_at > now() + interval ''5 minutes'' then ''future:time''
              when x.sold_at < (select oba.open_from ()) then ''closed''');

drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- months and limits

-- Who looks at them is told.
create function oba.notify_administration () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  perform pg_notify ('oba_administration', tg_table_name);
  return null;
end $$;
create trigger notify after insert on oba.closed_months for each statement execute function oba.notify_administration ();
create trigger notify after insert on oba.month_totals for each statement execute function oba.notify_administration ();
create trigger notify after update on oba.correction_limits for each statement execute function oba.notify_administration ();

/*
 * What is still on its way into a month: {"imports": that are being loaded, "approvals": corrections that wait and would be dated into it (afterwards they are dated to the open month),
 * "uncounted": its receipts that the rollups do not have yet, "expiring": points that should have expired in it and have not}
 */
create function oba.month_pending (first date) returns jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
return jsonb_build_object (
  'imports', (select count (*) from oba.import_batches b where b.state = 'loading' and b.kind = 'sales'),
  'approvals', (select count (*) from oba.approvals a
                where a.state = 'requested' and a.kind = 'correction'
                  and exists (select from jsonb_array_elements (a.preview -> 'entries') e
                              where (e ->> 'day')::date >= first and (e ->> 'day')::date < first + interval '1 month')),
  'uncounted', (select count (*) from oba.rollup_state s join oba.receipts r on r.xid >= s.folded_below and (r.receipt_id > s.rebuilt_through or r.posted_at > s.rebuilt_at)
                where r.sold_at >= oba.day_start (first) and r.sold_at < oba.day_start ((first + interval '1 month')::date)),
  'expiring', (select coalesce (sum (l.remaining), 0) from oba.points_lots l
               where l.remaining > 0 and l.expires_on < (first + interval '1 month' - interval '1 day')::date));

grant execute on function oba.month_pending (date) to oba_supervisor, oba_admin, oba_auditor;

reset role;
