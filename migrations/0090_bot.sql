-- The bot in conversation: what a chat was asked last, answers that may be repeated, and long polling as the other way in.
set local role oba_owner;
set local search_path = oba, pg_catalog;

-- What comes next from a chat answers this. Nothing is waited for longer than a day.
create table oba.telegram_steps (
  chat_id       bigint primary key,
  step          text not null check (length (step) between 1 and 60),
  data          jsonb not null default '{}' check (pg_column_size (data) <= 4000),
  asked_at      timestamptz not null default now()
);
create index telegram_steps_old on oba.telegram_steps (asked_at);

-- As in 0043, with what the chat was asked last.
drop function oba.telegram_claim_updates (text, integer, integer);
create function oba.telegram_claim_updates (claimer text, how_many integer, seconds integer)
returns table (update_id bigint, chat_id bigint, payload text, customer_id bigint, language text, status text, step text, data text)
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
  select c.update_id, c.chat_id, c.payload::text, k.customer_id, k.language, k.status, s.step, s.data::text
  from claimed c left join telegram_links l on l.chat_id = c.chat_id left join customers k on k.customer_id = l.customer_id and k.status <> 'merged'
  left join telegram_steps s on s.chat_id = c.chat_id and s.asked_at > now() - interval '1 day'
  order by c.update_id;
end $$;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_seqscan = off;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_bitmapscan = off;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_hashjoin = off;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_mergejoin = off;
alter function oba.telegram_claim_updates (text, integer, integer) set jit = off;

/*
 * The end of an update: what came of it (@problem: it is poison), the answers, [{"customer_id", "chat_id", "kind", "payload", "repeatable"}], and what the chat is asked
 * ({"step", "data"}; without a step nothing; null: as it was), in one transaction. Returns false, and does nothing, when @claimer no longer has it.
 */
drop function oba.telegram_finish_update (text, bigint, text, jsonb);
create function oba.telegram_finish_update (claimer text, done_update_id bigint, problem text, answers jsonb, next_step jsonb) returns boolean
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  from_chat bigint;
  standing text;
begin
  update telegram_updates u
  set state = case when problem is null then 'done' else 'poison' end, error = left (problem, 2000),
      done_at = now(), leased_until = null, leased_by = null
  where u.update_id = done_update_id and u.state = 'working' and u.leased_by = claimer
  returning u.chat_id, u.payload #>> '{my_chat_member,new_chat_member,status}' into from_chat, standing;
  if not found then
    return false;
  end if;

  -- Whoever has stopped the bot is not written to until they come back.
  if standing in ('kicked', 'left') then
    update telegram_links set unreachable_at = now() where chat_id = from_chat and unreachable_at is null;
  else
    update telegram_links set unreachable_at = null where chat_id = from_chat and unreachable_at is not null;
  end if;
  insert into outbox (customer_id, chat_id, kind, payload, priority, repeatable)
  select coalesce (k.customer_id, 0), a.chat_id, a.kind, a.payload, 1, coalesce (a.repeatable, false)
  from jsonb_to_recordset (answers) as a (customer_id bigint, chat_id bigint, kind text, payload jsonb, repeatable boolean)
  left join customers k on k.customer_id = a.customer_id;
  if next_step ? 'step' then
    insert into telegram_steps (chat_id, step, data) values (from_chat, next_step ->> 'step', coalesce (next_step -> 'data', '{}'))
    on conflict (chat_id) do update set step = excluded.step, data = excluded.data, asked_at = now();
  elsif next_step is not null then
    delete from telegram_steps s where s.chat_id = from_chat;
  end if;
  return true;
end $$;

-- ---------------------------------------------------------------- long polling

-- Telegram gives updates to one who asks at a time: a helper asks while it holds this.
create table oba.telegram_polling (
  only_row      boolean primary key default true check (only_row),
  holder        text check (length (holder) <= 200),
  held_until    timestamptz not null default '-infinity',
  next_update   bigint not null default 0,                                         -- what was asked for below this is stored here
  polled_at     timestamptz,
  updates_at    timestamptz not null default now(),                                -- when the last update came
  error         text check (length (error) <= 2000)                                -- of the last try; null: it went well
);
insert into oba.telegram_polling default values;

/*
 * Takes the right to ask, or keeps it, for @seconds. Returns the update to ask from, null when somebody else holds it; 0, whatever there is, after six days without
 * an update: after a week Telegram begins a new numbering anywhere.
 */
create function oba.telegram_poll_claim (claimer text, seconds integer) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  next_id bigint;
begin
  update telegram_polling p set holder = claimer, held_until = clock_timestamp () + seconds * interval '1 s'
  where p.holder = claimer or p.held_until < clock_timestamp ()
  returning case when p.updates_at > now() - interval '6 days' then p.next_update else 0 end into next_id;
  return next_id;
end $$;

/*
 * Stores what a poll brought, [{"update_id", "chat_id", "payload"}], each once, and, in the same transaction, from where to ask next: so nothing is confirmed to Telegram that is not here.
 * Returns how many were new.
 */
create function oba.telegram_poll_store (claimer text, updates jsonb, problem text) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  stored bigint;
  highest bigint := (select max ((u ->> 'update_id')::bigint) from jsonb_array_elements (updates) u);
begin
  insert into telegram_updates (update_id, chat_id, payload)
  select (u ->> 'update_id')::bigint, nullif ((u ->> 'chat_id')::bigint, 0), u -> 'payload' from jsonb_array_elements (updates) u
  on conflict (update_id) do nothing;
  get diagnostics stored = row_count;
  update telegram_polling p
  set next_update = coalesce (highest + 1, p.next_update), polled_at = now(), error = left (problem, 2000), updates_at = case when highest is null then p.updates_at else now() end
  where p.holder = claimer;
  return stored;
end $$;

create function oba.telegram_poll_release (claimer text) returns void
language sql security definer set search_path = oba, pg_catalog, pg_temp
as $$
  update telegram_polling set holder = null, held_until = '-infinity' where holder = claimer;
$$;

-- ---------------------------------------------------------------- spend codes

/* What became of a code that the bot has shown: open, used, over; null while Telegram wants no calls. */
create function oba.spend_code_state (customer bigint, code text) returns text
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select case when (select p.stopped_until > now() from oba.telegram_pace p) then null
              else coalesce ((select case when k.used_at is not null then 'used' when k.expires_at <= now() then 'over' else 'open' end
                              from oba.spend_codes k
                              where k.customer_id = oba.customer_root (customer) and k.code_hash = oba.spend_code_hash (oba.customer_root (customer), code)
                              order by k.code_id desc limit 1), 'over') end;
$$;

-- ---------------------------------------------------------------- what customers set themselves

/*
 * {"chat_id", "what": "language" | "lock" | "messages" | "leave", "value": "az" | "ru" | "en"; true | false}: of whoever this chat is linked to. The bot alone asks for it.
 * "messages": what the house writes by itself. "leave": this chat is not this customer's. -> {"customer_id", "what", "value"}
 */
create function oba.do_telegram_setting (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c bigint := (select oba.customer_root (l.customer_id) from oba.telegram_links l where l.chat_id = (request ->> 'chat_id')::bigint);
  what text := request ->> 'what';
  value text := request ->> 'value';
begin
  if c is null then
    perform oba.refuse ('OB002', 'No Telegram account is linked here.');
  elsif what = 'language' and value in ('az', 'ru', 'en') then
    update oba.customers k set language = value, updated_at = now(), version = k.version + 1 where k.customer_id = c and k.status <> 'erased' and k.language <> value;
  elsif what = 'lock' and value in ('true', 'false') then
    perform oba.do_lock_spending (jsonb_build_object ('customer_id', c, 'locked', value::boolean, 'reason_code', 'customer'));
  elsif what = 'messages' and value in ('true', 'false') then
    perform oba.put_consent (c, 'telegram', value::boolean, 'telegram', null, null);
  elsif what = 'leave' then
    perform oba.do_unlink_telegram (jsonb_build_object ('chat_id', request -> 'chat_id'));
  else
    perform oba.refuse ('OB001', 'The bot sets a language, a lock, messages, or leaves.');
  end if;
  perform pg_notify ('oba_customers', c::text);
  return jsonb_build_object ('customer_id', c, 'what', what, 'value', value);
end $$;
select oba.add_action ('telegram_setting', 'oba_helper');

/* The number of a card that this customer can show, whatever record of theirs it was given to; who has none gets one, which is nowhere but in the bot. */
create function oba.telegram_card (customer bigint) returns text
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  held text;
begin
  customer := oba.customer_root (customer);
  perform from oba.customers k where k.customer_id = customer and k.kind = 'person' and k.status = 'active' for update;
  if not found then
    return null;
  end if;
  select k.number into held from oba.cards k where k.customer_id = any (array (select oba.customer_family (customer))) and k.state = 'active' order by k.issued_at desc, k.number limit 1;
  while held is null loop
    held := '9' || lpad ((('x' || substr (encode (sha256 (uuid_send (gen_random_uuid ())), 'hex'), 1, 15))::bit (60)::bigint % 1000000000000000)::text, 15, '0');
    insert into oba.cards (token_hash, number, customer_id, issued_by) values (sha256 (convert_to (held, 'UTF8')), held, customer, 'telegram') on conflict do nothing;
    if found then
      perform oba.audit_add ('card.issue', 'card', held, customer, '{}', null);
    else
      held := null;   -- somebody's already
    end if;
  end loop;
  return held;
end $$;

-- ---------------------------------------------------------------- where it belongs into what there is

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

select oba.patch_function ('oba.erase_messages', '  delete from oba.telegram_chats t where t.chat_id = any (chats);
', '  delete from oba.telegram_chats t where t.chat_id = any (chats);
  delete from oba.telegram_steps t where t.chat_id = any (chats);
');
select oba.patch_function ('oba.clean_up', '  delete from idempotency_keys where', '  delete from telegram_steps where chat_id in (select chat_id from telegram_steps where asked_at < now() - interval ''1 day'' limit 5000);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from idempotency_keys where');
drop function oba.patch_function (text, text, text);

-- What nobody sent so far would arrive as news of last year.
update oba.outbox o set state = 'failed', error = 'Written before messages about receipts were sent.' where o.kind in ('receipt', 'return') and o.state = 'queued';

do $$
declare
  f text;
begin
  foreach f in array array['telegram_claim_updates (text, integer, integer)', 'telegram_finish_update (text, bigint, text, jsonb, jsonb)', 'telegram_poll_claim (text, integer)',
                           'telegram_poll_store (text, jsonb, text)', 'telegram_poll_release (text)', 'spend_code_state (bigint, text)', 'telegram_card (bigint)'] loop
    execute format ('revoke execute on function oba.%s from public', f);
    execute format ('grant execute on function oba.%s to oba_helper', f);
  end loop;
end $$;

reset role;
