-- Telegram: what the helper does with updates and with the outbox. Functions, so that the helper needs no rights on the tables and every
-- step is one statement: a helper that dies between two of them leaves a state from which the next one goes on.
set local role oba_owner;
set local search_path = oba, pg_catalog;

-- A chat that is nobody's yet is answered too: customer 0. The functions below check every other customer.
alter table oba.outbox drop constraint outbox_customer_id_fkey;
alter table oba.outbox add constraint outbox_nobody check (customer_id <> 0 or chat_id is not null);
create index outbox_chat on oba.outbox (chat_id, message_id) where state in ('queued', 'sending');

alter table oba.telegram_updates add column leased_by text check (length (leased_by) <= 200);
create index telegram_updates_chat on oba.telegram_updates (chat_id, update_id) where state in ('new', 'working');
create index telegram_updates_leased on oba.telegram_updates (leased_until) where state = 'working';
create index telegram_updates_done on oba.telegram_updates (done_at) where state = 'done';

-- Telegram takes 30 messages a second from a bot and one a second in a chat; all helpers of the chain together must keep to it.
create table oba.telegram_pace (
  only_row      boolean primary key default true check (only_row),
  tokens        double precision not null default 30,
  at            timestamptz not null default now(),
  stopped_until timestamptz not null default '-infinity'                           -- 429: nothing is sent before
);
insert into oba.telegram_pace default values;
create table oba.telegram_chats (
  chat_id       bigint primary key,
  next_at       timestamptz not null                                               -- nothing is sent there before
);

/* Stores an update once; @problem: why it can never be handled (it is kept as poison). Returns whether it was new. */
create function oba.telegram_store_update (new_update_id bigint, new_chat_id bigint, new_payload jsonb, new_raw bytea, problem text)
returns boolean
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  insert into telegram_updates (update_id, chat_id, payload, raw, state, error, done_at)
  values (new_update_id, new_chat_id, new_payload, new_raw, case when problem is null then 'new' else 'poison' end,
          left (problem, 2000), case when problem is not null then now() end)
  on conflict (update_id) do nothing;
  return found;
end $$;

/*
 * Hands out the oldest open update of each chat, at most @how_many, to @claimer for @seconds. The next one of a chat comes when the one before is done.
 * An update that was handed out five times and never finished is what kills its handler: it becomes poison.
 */
create function oba.telegram_claim_updates (claimer text, how_many integer, seconds integer)
returns table (update_id bigint, chat_id bigint, payload text, customer_id bigint, language text, status text)
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  update telegram_updates u set state = 'poison', done_at = now(), leased_until = null, leased_by = null,
         error = 'Given up: five tries did not finish it.'
  where u.state = 'working' and u.leased_until < now() and u.attempts >= 5;

  return query
  with heads as materialized (
    select u.update_id from telegram_updates u
    where (u.state = 'new' or u.state = 'working' and u.leased_until < now())
      and not exists (select from telegram_updates e
                      where e.chat_id = u.chat_id and e.update_id < u.update_id and e.state in ('new', 'working'))
    order by u.update_id limit how_many for update skip locked),
  claimed as (
    update telegram_updates u
    set state = 'working', attempts = u.attempts + 1, leased_by = claimer, leased_until = now() + seconds * interval '1 s'
    from heads where u.update_id = heads.update_id
    returning u.update_id, u.chat_id, u.payload)
  select c.update_id, c.chat_id, c.payload::text, k.customer_id, k.language, k.status
  from claimed c left join telegram_links l on l.chat_id = c.chat_id left join customers k on k.customer_id = l.customer_id
  order by c.update_id;
end $$;

/*
 * The end of an update: what came of it (@problem: it is poison) and the answers, [{"customer_id", "chat_id", "kind", "payload"}], in one
 * transaction. Returns false, and does nothing, when @claimer no longer has it.
 */
create function oba.telegram_finish_update (claimer text, done_update_id bigint, problem text, answers jsonb) returns boolean
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  from_chat bigint;
begin
  update telegram_updates u
  set state = case when problem is null then 'done' else 'poison' end, error = left (problem, 2000),
      done_at = now(), leased_until = null, leased_by = null
  where u.update_id = done_update_id and u.state = 'working' and u.leased_by = claimer
  returning u.chat_id into from_chat;
  if not found then
    return false;
  end if;

  update telegram_links set unreachable_at = null where chat_id = from_chat and unreachable_at is not null;
  insert into outbox (customer_id, chat_id, kind, payload, priority, repeatable)
  select coalesce (k.customer_id, 0), a.chat_id, a.kind, a.payload, 1, false
  from jsonb_to_recordset (answers) as a (customer_id bigint, chat_id bigint, kind text, payload jsonb)
  left join customers k on k.customer_id = a.customer_id;
  return true;
end $$;

/* A helper that starts: what the one of the same name held when it died is free again, or, where it may have been sent, unknown. */
create function oba.telegram_release (claimer text) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  updates bigint;
  messages bigint;
begin
  update telegram_updates set leased_until = now() - interval '1 s' where state = 'working' and leased_by = claimer;
  get diagnostics updates = row_count;
  update outbox
  set state = case when repeatable then 'queued' else 'unknown' end, leased_until = null, leased_by = null,
      error = 'The helper stopped between sending and noting it.'
  where state = 'sending' and leased_by = claimer;
  get diagnostics messages = row_count;
  return updates + messages;
end $$;

/*
 * Hands out what may be sent now, of the @kinds that the claimer knows how to write: {"messages": [{"customer_id", "message_id", "chat_id", "kind", "payload"}], "wait_ms": when to ask again}.
 * In a chat, what is as urgent goes in order.
 */
create function oba.outbox_claim (claimer text, kinds text[], how_many integer, seconds integer) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  pace telegram_pace;
  here_and_now timestamptz := clock_timestamp ();
  messages jsonb;
  next_at timestamptz;
begin
  select * into pace from telegram_pace for update;
  update outbox
  set state = case when repeatable then 'queued' else 'unknown' end, leased_until = null, leased_by = null,
      error = 'The helper stopped between sending and noting it.'
  where state = 'sending' and leased_until < here_and_now;

  if pace.stopped_until > here_and_now then
    return jsonb_build_object ('messages', '[]'::jsonb,
                               'wait_ms', ceil (extract (epoch from pace.stopped_until - here_and_now) * 1000)::bigint);
  end if;
  pace.tokens := least (30, pace.tokens + extract (epoch from here_and_now - pace.at) * 30);

  with due as materialized (
    select o.customer_id, o.message_id from outbox o
    where o.state = 'queued' and o.channel = 'telegram' and o.chat_id is not null and o.not_before <= here_and_now
      and o.kind = any (kinds)
      and not exists (select from outbox e
                      where e.chat_id = o.chat_id and e.state in ('queued', 'sending') and e.kind = any (kinds)
                        and (e.priority, e.message_id) < (o.priority, o.message_id))
      and not exists (select from outbox s where s.chat_id = o.chat_id and s.state = 'sending')
      and not exists (select from telegram_chats c where c.chat_id = o.chat_id and c.next_at > here_and_now)
    order by o.priority, o.not_before, o.message_id
    limit least (how_many, floor (pace.tokens)::integer) for update skip locked),
  claimed as (
    update outbox o
    set state = 'sending', attempts = o.attempts + 1, leased_by = claimer, leased_until = here_and_now + seconds * interval '1 s'
    from due where o.customer_id = due.customer_id and o.message_id = due.message_id
    returning o.customer_id, o.message_id, o.chat_id, o.kind, o.payload, o.priority),
  paced as (
    insert into telegram_chats (chat_id, next_at) select c.chat_id, here_and_now + interval '1 s' from claimed c
    on conflict (chat_id) do update set next_at = excluded.next_at)
  select coalesce (jsonb_agg (jsonb_build_object ('customer_id', customer_id, 'message_id', message_id, 'chat_id', chat_id,
                                                  'kind', kind, 'payload', payload) order by priority, message_id), '[]'::jsonb)
  into messages from claimed;

  pace.tokens := pace.tokens - jsonb_array_length (messages);
  update telegram_pace set tokens = pace.tokens, at = here_and_now;

  -- When something that waits today will be due: its own time, or its chat's.
  select min (greatest (o.not_before, c.next_at, here_and_now + interval '20 ms')) into next_at
  from (select * from outbox where state = 'queued' and channel = 'telegram' and chat_id is not null and kind = any (kinds)
        order by priority, not_before, message_id limit 100) o
  left join telegram_chats c on c.chat_id = o.chat_id;
  return jsonb_build_object ('messages', messages, 'wait_ms',
    case when next_at is null then 1000
         when pace.tokens < 1 then 40
         else least (1000, ceil (extract (epoch from next_at - here_and_now) * 1000))::bigint end);
end $$;

/*
 * What came of a message: 'sent', 'retry' (may be tried again), 'paced' (429: all wait @wait_seconds), 'blocked' (403), 'failed' (never will be),
 * 'unknown' (it may have arrived). Returns the state it has now, null when @claimer no longer has it.
 */
create function oba.outbox_record (claimer text, of_customer_id bigint, of_message_id bigint, result text, sent_id bigint, problem text,
                                   wait_seconds integer) returns text
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  m outbox;
  new_state text;
begin
  select * into m from outbox o
  where o.customer_id = of_customer_id and o.message_id = of_message_id and o.state = 'sending' and o.leased_by = claimer for update;
  if not found then
    return null;
  end if;

  new_state := case
    when result in ('sent', 'blocked', 'failed') then result
    when result = 'paced' then 'queued'
    when result = 'unknown' and not m.repeatable then 'unknown'
    when m.attempts < 8 then 'queued'
    else 'failed' end;
  update outbox o
  set state = new_state, leased_until = null, leased_by = null, remote_id = sent_id, error = left (problem, 2000),
      sent_at = case when new_state = 'sent' then clock_timestamp () end,
      not_before = case when result = 'paced' then now() + wait_seconds * interval '1 s'
                        when new_state = 'queued' then now() + least (300, 2 ^ m.attempts * (0.5 + random () / 2)) * interval '1 s'
                        else o.not_before end,
      attempts = case when result = 'paced' then o.attempts - 1 else o.attempts end
  where o.customer_id = m.customer_id and o.message_id = m.message_id;

  if result = 'paced' then
    update telegram_pace set stopped_until = greatest (stopped_until, clock_timestamp () + wait_seconds * interval '1 s'), tokens = 0;
  elsif result = 'blocked' then
    update telegram_links set unreachable_at = now() where chat_id = m.chat_id;
  end if;
  return new_state;
end $$;

/* Old rows that nothing needs any more, a few thousand at a time. Returns how many went. */
create function oba.clean_up () returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  gone bigint;
  total bigint := 0;
begin
  delete from telegram_updates where update_id in
    (select update_id from telegram_updates where state = 'done' and done_at < now() - interval '7 days' limit 5000);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from telegram_chats where chat_id in (select chat_id from telegram_chats where next_at < now() - interval '1 hour' limit 5000);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from idempotency_keys where (scope, key) in
    (select scope, key from idempotency_keys where created_at < now() - interval '180 days' limit 5000);
  get diagnostics gone = row_count;
  return total + gone;
end $$;

/* How the queues stand, for /metrics. */
create function oba.queue_state (out updates_new bigint, out updates_working bigint, out updates_poison bigint,
                                 out outbox_queued bigint, out outbox_sending bigint, out outbox_dead bigint, out outbox_age double precision)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select (select count (*) from telegram_updates where state = 'new'),
         (select count (*) from telegram_updates where state = 'working'),
         (select count (*) from telegram_updates where state = 'poison'),
         (select count (*) from outbox where state = 'queued'),
         (select count (*) from outbox where state = 'sending'),
         (select count (*) from outbox where state in ('failed', 'blocked', 'unknown')),
         coalesce ((select extract (epoch from now() - min (created_at)) from outbox where state = 'queued' and not_before <= now()), 0);
$$;
create index telegram_updates_poison on oba.telegram_updates (received_at) where state = 'poison';

do $$
declare
  f text;
begin
  foreach f in array array['telegram_store_update (bigint, bigint, jsonb, bytea, text)', 'telegram_claim_updates (text, integer, integer)',
                           'telegram_finish_update (text, bigint, text, jsonb)', 'telegram_release (text)',
                           'outbox_claim (text, text[], integer, integer)', 'outbox_record (text, bigint, bigint, text, bigint, text, integer)',
                           'clean_up ()', 'queue_state ()'] loop
    execute format ('revoke execute on function oba.%s from public', f);
    execute format ('grant execute on function oba.%s to oba_helper', f);
  end loop;
end $$;

reset role;
