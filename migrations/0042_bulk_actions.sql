-- The list of customers: an order for every column; and bulk actions: one thing done to many customers at once, in parts that each are a transaction,
-- and undone where nobody went on from it.
set local role oba_owner;
set local search_path = oba, pg_catalog;

create index customers_by_status on oba.customers (status, customer_id) where kind = 'person';
create index customers_by_email on oba.customers (email, customer_id) where kind = 'person';
create index customers_by_birth_date on oba.customers (birth_date, customer_id) where kind = 'person';
create index customers_by_language on oba.customers (language, customer_id) where kind = 'person';
create index customers_by_store on oba.customers (coalesce (preferred_store_id, registered_store_id, 0), customer_id) where kind = 'person';

create table oba.bulk_actions (
  action_id     bigint generated always as identity primary key,
  kind          text not null check (kind in ('segment', 'consent', 'block')),
  parameters    jsonb not null,                                                    -- {"segment_id"}; {"channel", "granted"}; {"reason"}
  state         text not null default 'running' check (state in ('running', 'done', 'cancelled', 'undoing', 'undone')),
  wanted        bigint not null check (wanted > 0),                                -- how many were chosen
  seen          bigint not null default 0,                                         -- so far: changed, or skipped for a reason
  changed       bigint not null default 0,
  skipped       jsonb not null default '{}',                                       -- {"already": 12, "erased": 1}
  undone        bigint not null default 0,
  kept          bigint not null default 0,                                         -- not undone: somebody changed them since
  by_whom       text not null default session_user,
  at            timestamptz not null default now(),
  finished_at   timestamptz,
  undone_by     text,
  undone_at     timestamptz,
  check (seen between changed and wanted),
  check (undone + kept <= changed)
);
create index bulk_actions_by_time on oba.bulk_actions (at desc, action_id desc);

-- Those whom an action changed: ids and states, nothing personal.
create table oba.bulk_action_members (
  customer_id   bigint not null references oba.customers,
  action_id     bigint not null references oba.bulk_actions,
  was           text not null check (was in ('out', 'none', 'no', 'yes', 'active')),
  state         text not null default 'changed' check (state in ('changed', 'undone', 'kept')),
  changed_at    timestamptz not null default now(),
  primary key (customer_id, action_id)
);
create index bulk_action_members_by_action on oba.bulk_action_members (action_id, state, customer_id);

-- ---------------------------------------------------------------- what may be done, by whom

create function oba.bulk_check (kind text, parameters jsonb) returns void
language plpgsql stable
as $$
declare
  head boolean := pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member');
  s record;
begin
  if kind is null or kind not in ('segment', 'consent', 'block') or parameters is null or jsonb_typeof (parameters) <> 'object' then
    perform oba.refuse ('OB001', 'A bulk action adds to a segment, sets a consent, or blocks.');
  elsif not head and (kind <> 'segment' or not pg_has_role (session_user, 'oba_marketing', 'member')) then
    perform oba.refuse ('OB006', 'Your role may not do this to many customers at once.', 'Ask a supervisor.');
  end if;
  if kind = 'segment' then
    select g.kind, g.archived_at into s from oba.segments g where g.segment_id = (parameters ->> 'segment_id')::bigint;
    if not found or s.archived_at is not null then
      perform oba.refuse ('OB002', 'This segment does not exist any more.', 'Choose another one.');
    elsif s.kind <> 'static' then
      perform oba.refuse ('OB006', 'A segment that follows a rule takes nobody by hand.', 'Choose another one.');
    end if;
  elsif kind = 'consent' then
    if parameters ->> 'channel' is null or parameters ->> 'channel' not in ('telegram', 'sms', 'email', 'phone', 'profiling')
       or jsonb_typeof (parameters -> 'granted') is distinct from 'boolean' then
      perform oba.refuse ('OB001', 'A consent names a channel (telegram, sms, email, phone, profiling) and whether it is granted.');
    end if;
  elsif length (coalesce (btrim (parameters ->> 'reason'), '')) not between 1 and 1000 then
    perform oba.refuse ('OB001', 'Blocking and unblocking need a reason of at most 1,000 characters.');
  end if;
end $$;

-- What would become of each: 'change', or why not. What was before: see bulk_action_members.
create function oba.bulk_sort (kind text, parameters jsonb, ids bigint[]) returns table (customer_id bigint, outcome text, was text)
language plpgsql stable
as $$
begin
  return query
  select i.id,
         case when c.customer_id is null then 'gone'
              when c.status = 'erased' then 'erased'
              when c.status = 'merged' then 'merged'
              when bulk_sort.kind = 'segment' and m.customer_id is not null then 'already'
              when bulk_sort.kind = 'consent' and coalesce (k.granted, false) = (parameters ->> 'granted')::boolean then 'already'
              when bulk_sort.kind = 'block' and c.status = 'blocked' then 'already'
              else 'change' end,
         case bulk_sort.kind when 'segment' then 'out' when 'block' then 'active'
                             else case k.granted when true then 'yes' when false then 'no' else 'none' end end
  from (select distinct u.id from unnest (ids) u (id)) i
  left join oba.customers c on c.customer_id = i.id and c.kind = 'person'
  left join oba.segment_members m on bulk_sort.kind = 'segment' and m.customer_id = i.id and m.segment_id = (parameters ->> 'segment_id')::bigint
  left join oba.consents k on bulk_sort.kind = 'consent' and k.customer_id = i.id and k.channel = parameters ->> 'channel';
end $$;

create function oba.bulk_ids (list jsonb) returns bigint[]
language plpgsql immutable
as $$
begin
  if list is null or jsonb_typeof (list) <> 'array' or jsonb_array_length (list) not between 1 and 10000 then
    perform oba.refuse ('OB001', 'A part of a bulk action has 1 to 10,000 customers.');
  end if;
  return array (select v::bigint from jsonb_array_elements_text (list) v);
end $$;

/*
 * Changes nothing: {"kind", "parameters", "ids"} -> {"change": 950, "skipped": {"already": 49, "erased": 1}, "examples": {"already": [7, 12], ...}},
 * up to five ids a reason.
 */
create function oba.preview_bulk (request jsonb) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  answer jsonb;
begin
  perform oba.bulk_check (request ->> 'kind', request -> 'parameters');
  with sorted as materialized (
    select s.outcome, count (*) as n, (array_agg (s.customer_id order by s.customer_id))[1:5] as examples
    from oba.bulk_sort (request ->> 'kind', request -> 'parameters', oba.bulk_ids (request -> 'ids')) s group by s.outcome)
  select jsonb_build_object ('change', coalesce (sum (n) filter (where outcome = 'change'), 0),
                             'skipped', coalesce (jsonb_object_agg (outcome, n) filter (where outcome <> 'change'), '{}'),
                             'examples', coalesce (jsonb_object_agg (outcome, to_jsonb (examples)), '{}')) into answer
  from sorted;
  return answer;
end $$;

-- ---------------------------------------------------------------- doing it

-- {"kind", "parameters", "total": how many were chosen} -> {"action_id"}
create function oba.do_start_bulk (request jsonb) returns jsonb
language plpgsql
as $$
declare
  id bigint;
  what jsonb := request -> 'parameters';
  total bigint := (request ->> 'total')::bigint;
begin
  perform oba.bulk_check (request ->> 'kind', what);
  if total is null or total not between 1 and 100000000 then
    perform oba.refuse ('OB001', 'A bulk action needs at least one customer.');
  end if;
  what := case request ->> 'kind'
            when 'segment' then jsonb_build_object ('segment_id', (what ->> 'segment_id')::bigint)
            when 'consent' then jsonb_build_object ('channel', what ->> 'channel', 'granted', what -> 'granted')
            else jsonb_build_object ('reason', btrim (what ->> 'reason')) end;
  insert into oba.bulk_actions (kind, parameters, wanted) values (request ->> 'kind', what, total) returning action_id into id;
  perform oba.audit_add ('bulk.start', 'bulk_action', id::text, null,
                         jsonb_build_object ('kind', jsonb_build_array (null, request ->> 'kind'), 'wanted', jsonb_build_array (null, total))
                         || case when request ->> 'kind' = 'block' then '{}' else jsonb_build_object ('parameters', jsonb_build_array (null, what)) end, null);
  return jsonb_build_object ('action_id', id);
end $$;

-- Consents of @ids: the history, what holds now, the trail, and whoever has them open.
create function oba.bulk_put_consent (ids bigint[], channel text, granted boolean) returns void
language plpgsql
as $$
begin
  insert into oba.consent_history (customer_id, channel, granted, through)
    select i, bulk_put_consent.channel, bulk_put_consent.granted, 'staff' from unnest (ids) i;
  insert into oba.consents (customer_id, channel, granted, since)
    select i, bulk_put_consent.channel, bulk_put_consent.granted, now() from unnest (ids) i
    on conflict on constraint consents_pkey do update set granted = excluded.granted, since = excluded.since;
  perform oba.audit_add ('consent.set', 'customer', i::text, i,
                         jsonb_build_object (bulk_put_consent.channel, jsonb_build_array (null, bulk_put_consent.granted)), null),
          pg_notify ('oba_customers', i::text)
  from unnest (ids) i;
end $$;

-- The state of @ids; whose row a trigger writes into the trail.
create function oba.bulk_put_status (ids bigint[], block boolean, why text) returns void
language plpgsql
as $$
begin
  perform set_config ('oba.reason', why, true);
  update oba.customers c
  set status = case when block then 'blocked' else 'active' end, blocked_reason = case when block then why end,
      status_since = now(), updated_at = now(), version = c.version + 1
  where c.customer_id = any (ids);
  perform set_config ('oba.reason', '', true);
end $$;

-- Locked so that two who write at once come one after the other, always in the same order.
create function oba.bulk_lock (ids bigint[]) returns void
language sql
as $$
  select count (*) from (select from oba.customers c where c.customer_id = any (ids) order by c.customer_id for no key update) locked
$$;

create function oba.bulk_get (id bigint) returns oba.bulk_actions
language plpgsql
as $$
declare
  a oba.bulk_actions;
begin
  select * into a from oba.bulk_actions b where b.action_id = id for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no bulk action %s.', id));
  elsif (a.by_whom <> session_user or a.kind <> 'segment')
        and not pg_has_role (session_user, 'oba_supervisor', 'member') and not pg_has_role (session_user, 'oba_admin', 'member') then
    perform oba.refuse ('OB006', 'This bulk action is not yours to go on with or to undo.', 'Ask a supervisor.');
  end if;
  return a;
end $$;

create function oba.bulk_answer (a oba.bulk_actions) returns jsonb
language sql immutable
as $$
  select jsonb_build_object ('action_id', a.action_id, 'state', a.state, 'seen', a.seen, 'changed', a.changed, 'skipped', a.skipped,
                             'undone', a.undone, 'kept', a.kept, 'left', a.changed - a.undone - a.kept)
$$;

create function oba.bulk_finish (a oba.bulk_actions, action text) returns void
language sql
as $$
  select oba.audit_add (action, 'bulk_action', a.action_id::text, null,
                        jsonb_build_object ('changed', jsonb_build_array (null, a.changed), 'seen', jsonb_build_array (null, a.seen),
                                            'undone', jsonb_build_array (null, a.undone), 'kept', jsonb_build_array (null, a.kept)), null)
$$;

/*
 * The next part: {"action_id", "from": how many were seen before it, "ids": [...]} -> as bulk_answer(). The last part ends it.
 * What was chosen twice, or is gone meanwhile, is skipped: what counts is how many were chosen.
 */
create function oba.do_run_bulk (request jsonb) returns jsonb
language plpgsql
as $$
declare
  a oba.bulk_actions := oba.bulk_get ((request ->> 'action_id')::bigint);
  ids bigint[] := oba.bulk_ids (request -> 'ids');
  n integer := jsonb_array_length (request -> 'ids');
  wanted bigint[];
  was text[];
  fresh bigint[];
  n_sorted bigint;
  why jsonb;
begin
  perform oba.bulk_check (a.kind, a.parameters);
  if a.state <> 'running' then
    perform oba.refuse ('OB013', 'This bulk action is over.', 'Start another one.');
  elsif (request ->> 'from')::bigint is distinct from a.seen or a.seen + n > a.wanted then
    perform oba.refuse ('OB013', 'This part of the bulk action is not the next one.', 'Start another one.');
  end if;
  perform oba.bulk_lock (ids);
  with sorted as materialized (select * from oba.bulk_sort (a.kind, a.parameters, ids))
  select coalesce (array_agg (s.customer_id order by s.customer_id) filter (where s.outcome = 'change'), '{}'),
         coalesce (array_agg (s.was order by s.customer_id) filter (where s.outcome = 'change'), '{}'), count (*),
         (select coalesce (jsonb_object_agg (r.outcome, r.n), '{}')
          from (select t.outcome, count (*) as n from sorted t where t.outcome <> 'change' group by t.outcome) r)
    into wanted, was, n_sorted, why
  from sorted s;
  fresh := wanted;
  if a.kind = 'segment' then
    with added as (insert into oba.segment_members (customer_id, segment_id, added_at, added_by)
                   select i, (a.parameters ->> 'segment_id')::bigint, now(), session_user from unnest (wanted) i
                   on conflict do nothing returning customer_id)
    select coalesce (array_agg (d.customer_id), '{}') into fresh from added d;
  elsif a.kind = 'consent' then
    perform oba.bulk_put_consent (wanted, a.parameters ->> 'channel', (a.parameters ->> 'granted')::boolean);
  else
    perform oba.bulk_put_status (wanted, true, a.parameters ->> 'reason');
  end if;
  insert into oba.bulk_action_members (customer_id, action_id, was)
    select u.id, a.action_id, u.was from unnest (wanted, was) u (id, was) where u.id = any (fresh);

  select coalesce (jsonb_object_agg (w.reason, w.n), '{}') into why
  from (select s.reason, sum (s.n) as n
        from (select key as reason, value::bigint as n from jsonb_each_text (a.skipped)
              union all select key, value::bigint from jsonb_each_text (why)
              union all select 'already', cardinality (wanted) - cardinality (fresh)
              union all select 'twice', n - n_sorted) s
        where s.n > 0 group by s.reason) w;
  update oba.bulk_actions b
  set seen = b.seen + n, changed = b.changed + cardinality (fresh), skipped = why,
      state = case when b.seen + n = b.wanted then 'done' else b.state end, finished_at = case when b.seen + n = b.wanted then now() end
  where b.action_id = a.action_id returning * into a;
  if a.state = 'done' then
    perform oba.bulk_finish (a, 'bulk.done');
  end if;
  return oba.bulk_answer (a);
end $$;

-- {"action_id"}: what is done stays, nothing is added -> as bulk_answer(). What was over already is left as it is.
create function oba.do_cancel_bulk (request jsonb) returns jsonb
language plpgsql
as $$
declare
  a oba.bulk_actions := oba.bulk_get ((request ->> 'action_id')::bigint);
begin
  if a.state = 'running' then
    update oba.bulk_actions b set state = 'cancelled', finished_at = now() where b.action_id = a.action_id returning * into a;
    perform oba.bulk_finish (a, 'bulk.cancel');
  end if;
  return oba.bulk_answer (a);
end $$;

-- ---------------------------------------------------------------- undoing it

-- Which of @ids stand as the action left them: nobody changed them since.
create function oba.bulk_untouched (a oba.bulk_actions, ids bigint[]) returns bigint[]
language plpgsql stable
as $$
begin
  return (
  select coalesce (array_agg (m.customer_id order by m.customer_id), '{}')
  from oba.bulk_action_members m
  join oba.customers c on c.customer_id = m.customer_id
  where m.action_id = a.action_id and m.customer_id = any (ids) and c.status in ('active', 'blocked')
    and case a.kind
          when 'segment' then exists (select from oba.segment_members s
                                      where s.customer_id = m.customer_id and s.segment_id = (a.parameters ->> 'segment_id')::bigint and s.added_at = m.changed_at)
          when 'block' then c.status = 'blocked' and c.status_since = m.changed_at
          else not exists (select from oba.consent_history h
                           where h.customer_id = m.customer_id and h.channel = a.parameters ->> 'channel' and h.at > m.changed_at) end);
end $$;

/*
 * {"action_id"}: the next few thousand -> as bulk_answer(); until "left" is 0. A member is taken out only if this action brought it in, only those
 * are unblocked whom it blocked, and a consent is put back (a new entry of its history) only where nobody changed it since. An action that runs stops.
 */
create function oba.do_undo_bulk (request jsonb) returns jsonb
language plpgsql
as $$
declare
  a oba.bulk_actions := oba.bulk_get ((request ->> 'action_id')::bigint);
  ids bigint[];
  back bigint[];
begin
  if a.state = 'undone' then
    perform oba.refuse ('OB013', 'This bulk action was undone already.');
  end if;
  ids := array (select m.customer_id from oba.bulk_action_members m
                where m.action_id = a.action_id and m.state = 'changed' order by m.customer_id limit 5000);
  perform oba.bulk_lock (ids);
  back := oba.bulk_untouched (a, ids);
  if a.kind = 'segment' then
    delete from oba.segment_members s where s.segment_id = (a.parameters ->> 'segment_id')::bigint and s.customer_id = any (back);
  elsif a.kind = 'consent' then
    perform oba.bulk_put_consent (back, a.parameters ->> 'channel', not (a.parameters ->> 'granted')::boolean);
  else
    perform oba.bulk_put_status (back, false, 'Bulk action ' || a.action_id || ' undone');
  end if;
  update oba.bulk_action_members m set state = case when m.customer_id = any (back) then 'undone' else 'kept' end
  where m.action_id = a.action_id and m.customer_id = any (ids);
  update oba.bulk_actions b
  set undone = b.undone + cardinality (back), kept = b.kept + cardinality (ids) - cardinality (back),
      state = case when b.undone + b.kept + cardinality (ids) = b.changed then 'undone' else 'undoing' end,
      finished_at = coalesce (b.finished_at, now()), undone_by = session_user, undone_at = now()
  where b.action_id = a.action_id returning * into a;
  if a.state = 'undone' then
    perform oba.bulk_finish (a, 'bulk.undo');
  end if;
  return oba.bulk_answer (a);
end $$;

-- ---------------------------------------------------------------- rights

select oba.add_action (action, 'oba_supervisor', 'oba_marketing', 'oba_admin')
from unnest (array['start_bulk', 'run_bulk', 'cancel_bulk', 'undo_bulk']) action;

do $$
declare
  f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p
           where p.pronamespace = 'oba'::regnamespace and p.proname in ('bulk_check', 'bulk_sort', 'bulk_ids', 'preview_bulk', 'do_start_bulk', 'bulk_put_consent',
                                                                       'bulk_put_status', 'bulk_lock', 'bulk_get', 'bulk_answer', 'bulk_finish', 'do_run_bulk',
                                                                       'do_cancel_bulk', 'bulk_untouched', 'do_undo_bulk') loop
    execute format ('revoke execute on function %s from public', f);
  end loop;
end $$;
grant execute on function oba.preview_bulk (jsonb) to oba_supervisor, oba_marketing, oba_admin;
grant select on oba.bulk_actions, oba.bulk_action_members to oba_supervisor, oba_marketing, oba_admin, oba_auditor;

reset role;
