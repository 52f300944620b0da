-- What the house tells by itself: which kinds a customer wants, when it is quiet, how much is too much, and the pace of all.
set local role oba_owner;
set local search_path = oba, pg_catalog;

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

-- ---------------------------------------------------------------- kinds, and who wants them

/*
 * The kinds that the house sends by itself. @needs: what it needs of the consent "telegram": 'nothing', that it was not 'refused', that it was 'granted'. @over_cap: what becomes of a message to somebody
 * who had as many as the house allows: it is 'sent' all the same, 'waits' for another day, or is 'dropped'; @why says why.
 */
create table oba.message_kinds (
  kind          text primary key check (kind ~ '^[a-z]{1,30}$'),
  place         integer not null unique,
  needs         text not null check (needs in ('nothing', 'refused', 'granted')),
  over_cap      text not null check (over_cap in ('sent', 'waits', 'dropped')),
  why           text not null
);
insert into oba.message_kinds (kind, place, needs, over_cap, why) values
  ('receipt', 1, 'refused', 'dropped', 'The next one tells the balance, too, and /purchases has them all.'),
  ('return', 2, 'refused', 'sent', 'Points were taken away: whoever did not bring anything back has to learn of it.'),
  ('tier', 3, 'refused', 'waits', 'It is as true tomorrow; what is not true any more by then is not said.'),
  ('redemption', 4, 'nothing', 'sent', 'It carries the voucher that the customer waits for.'),
  ('expiry', 5, 'refused', 'waits', 'There is money in it; it says what is left on the day it is sent, and nothing when it is too late.'),
  ('birthday', 6, 'granted', 'sent', 'Once a year, and wrong on every other day.'),
  ('campaign', 7, 'granted', 'dropped', 'An advertisement less is no loss; the next one comes.');

-- Kinds that a customer does not want.
create table oba.message_optouts (
  customer_id   bigint not null references oba.customers,
  kind          text not null references oba.message_kinds,
  since         timestamptz not null default now(),
  primary key (customer_id, kind)
);

/* Does this customer want messages of this kind? Whatever is not in oba.message_kinds is an answer or about safety, and always sent. */
create function oba.message_wanted (customer bigint, kind text) returns boolean
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select coalesce ((select not exists (select from message_optouts o where o.kind = k.kind and o.customer_id = any (array (select oba.customer_family (oba.customer_root ($1)))))
                           and case k.needs when 'nothing' then true
                                            else coalesce ((select c.granted from consents c where c.customer_id = oba.customer_root ($1) and c.channel = 'telegram'), k.needs = 'refused') end
                    from message_kinds k where k.kind = $2), true);
$$;

/* What a customer has switched on, in the order in which it is shown; @wanted: as oba.message_wanted, without the consent. */
create function oba.message_switches (customer bigint) returns table (kind text, wanted boolean)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select k.kind, not exists (select from message_optouts o where o.kind = k.kind and o.customer_id = any (array (select oba.customer_family (oba.customer_root ($1)))))
  from message_kinds k order by k.place;
$$;

create function oba.set_message_wanted (customer bigint, of_kind text, wanted boolean) returns void
language plpgsql
as $$
begin
  if not exists (select from oba.message_kinds k where k.kind = of_kind) then
    perform oba.refuse ('OB001', 'There is no such kind of message.');
  end if;
  if wanted then
    delete from oba.message_optouts o where o.kind = of_kind and o.customer_id = any (array (select oba.customer_family (customer)));
  else
    insert into oba.message_optouts (customer_id, kind) values (customer, of_kind) on conflict do nothing;
  end if;
end $$;

-- {"what": "kind", "kind": "receipt", "value": "true" | "false"}: the bot's setting of one kind.
select oba.patch_function ('oba.do_telegram_setting', '  elsif what = ''leave'' then', '  elsif what = ''kind'' and value in (''true'', ''false'') then
    perform oba.set_message_wanted (c, request ->> ''kind'', value::boolean);
  elsif what = ''leave'' then');
select oba.patch_function ('oba.do_telegram_setting', '''The bot sets a language, a lock, messages, or leaves.''', '''The bot sets a language, a lock, messages, a kind of message, or leaves.''');
select oba.patch_function ('oba.erase_messages', '  delete from oba.telegram_links l where l.customer_id = any (family);', '  delete from oba.telegram_links l where l.customer_id = any (family);
  delete from oba.message_optouts o where o.customer_id = any (family);');

-- ---------------------------------------------------------------- what the house has set

-- Times are Baku's. @per_second: of all messages together, as Telegram allows; @kept_for_answers of them are never taken by what the house sends by itself.
create table oba.telegram_settings (
  only_row      boolean primary key default true check (only_row),
  quiet_from    time default '22:00',
  quiet_until   time default '09:00',
  day_cap       integer default 5 check (day_cap between 1 and 100),               -- null: as many as there are
  week_cap      integer default 20 check (week_cap between 1 and 500),
  per_second    integer not null default 30 check (per_second between 1 and 1000),
  kept_for_answers integer not null default 3 check (kept_for_answers >= 0),
  version       integer not null default 1,
  check ((quiet_from is null) = (quiet_until is null)),
  check (quiet_from <> quiet_until),
  check (kept_for_answers < per_second)
);
insert into oba.telegram_settings default values;
create trigger audit after update on oba.telegram_settings for each row execute function oba.audit_row ('telegram_settings', 'only_row');

/*
 * {"quiet_from", "quiet_until": "HH:MM" or null, "day_cap", "week_cap": or null, "per_second", "kept_for_answers", "version"} -> what holds now. What is left out stays.
 */
create function oba.do_set_telegram_settings (request jsonb) returns jsonb
language plpgsql
as $$
declare
  s oba.telegram_settings;
begin
  select * into s from oba.telegram_settings for update;
  if s.version is distinct from (request ->> 'version')::integer then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  end if;
  begin
    s := jsonb_populate_record (s, (request || jsonb_build_object ('only_row', true, 'version', s.version + 1)));
    update oba.telegram_settings x set (quiet_from, quiet_until, day_cap, week_cap, per_second, kept_for_answers, version)
      = (s.quiet_from, s.quiet_until, s.day_cap, s.week_cap, s.per_second, s.kept_for_answers, s.version);
  exception when check_violation or not_null_violation or data_exception then
    perform oba.refuse ('OB001', 'The settings of the bot do not fit together.', 'Quiet hours have a beginning and an end; limits are at least 1; fewer messages are kept for answers than are sent at all.');
  end;
  return to_jsonb (s) - 'only_row';
end $$;

-- When messages of the house may be sent again; @at itself, when it is not quiet.
create function oba.quiet_until (s oba.telegram_settings, at timestamptz) returns timestamptz
language plpgsql stable
as $$
declare
  here timestamp := at at time zone 'Asia/Baku';
  clock time := here::time;
begin
  if s.quiet_from is null or not (case when s.quiet_from < s.quiet_until then clock >= s.quiet_from and clock < s.quiet_until
                                       else clock >= s.quiet_from or clock < s.quiet_until end) then
    return at;
  end if;
  return (here::date + case when clock < s.quiet_until then 0 else 1 end + s.quiet_until) at time zone 'Asia/Baku';
end $$;

-- ---------------------------------------------------------------- what becomes of a message when its turn comes

alter table oba.outbox drop constraint outbox_state_check;
-- 'skipped': not sent on purpose; "error" says why.
alter table oba.outbox add constraint outbox_state_check check (state in ('queued', 'sending', 'sent', 'failed', 'blocked', 'unknown', 'skipped'));

/*
 * What becomes of a message of the house whose turn has come: @verdict 'sending', 'queued' (it waits until @until), 'blocked' or 'skipped', and why. It is asked when the message would go, not when it was
 * written: what a customer has set meanwhile holds.
 */
create function oba.message_verdict (o oba.outbox, s oba.telegram_settings, at timestamptz, out verdict text, out until timestamptz, out why text)
language plpgsql stable
as $$
declare
  k oba.message_kinds;
  link oba.telegram_links;
  today timestamptz := oba.day_start (oba.business_day (at));
  sent_today integer;
  sent_week integer;
begin
  verdict := 'sending';
  select * into k from oba.message_kinds x where x.kind = o.kind;
  if not found or o.priority <= 3 then
    return;
  end if;
  select * into link from oba.telegram_links l where l.chat_id = o.chat_id;
  if not found or oba.customer_root (link.customer_id) <> oba.customer_root (o.customer_id) then
    verdict := 'skipped';
    why := 'This chat is not the customer''s any more.';
  elsif link.unreachable_at is not null then
    verdict := 'blocked';
    why := 'The customer has stopped the bot.';
  elsif not oba.message_wanted (o.customer_id, o.kind) then
    verdict := 'skipped';
    why := 'The customer does not want messages of this kind.';
  elsif o.kind = 'redemption' and o.payload ->> 'state' = 'approved' then
    return; -- the voucher: somebody waits for it
  else
    until := oba.quiet_until (s, at);
    if until > at then
      verdict := 'queued';
      why := 'It is quiet now.';
    elsif k.over_cap <> 'sent' and (s.day_cap is not null or s.week_cap is not null) then
      select count (*) filter (where m.sent_at >= today), count (*) into sent_today, sent_week
      from oba.outbox m where m.customer_id = o.customer_id and m.created_at > at - interval '15 days' and m.sent_at > at - interval '7 days'
                          and m.kind in (select x.kind from oba.message_kinds x);
      if sent_today >= s.day_cap or sent_week >= s.week_cap then
        verdict := case k.over_cap when 'waits' then 'queued' else 'skipped' end;
        until := greatest (today + interval '1 day', oba.quiet_until (s, today + interval '1 day'));
        why := 'The customer had as many messages as the house allows.';
      end if;
    end if;
  end if;
end $$;

-- ---------------------------------------------------------------- the pace

-- The last messages are remembered one by one: so no second, wherever it begins, has more than Telegram takes. @house_at: when the next one of the house may go; they go evenly.
alter table oba.telegram_pace drop column tokens, drop column at,
  add column sent_at timestamptz[] not null default '{}', add column house_at timestamptz not null default '-infinity';

/*
 * Hands out what may be sent now, of the @kinds that the claimer knows how to write: {"messages": [{"customer_id", "message_id", "chat_id", "kind", "payload"}], "wait_ms": when to ask again}.
 * In a chat, what is as urgent goes in order. Priorities up to 3 are answers; what is above is of the house, goes at its own even pace, and leaves @kept of the claimer's places free.
 */
drop function oba.outbox_claim (text, text[], integer, integer);
create function oba.outbox_claim (claimer text, kinds text[], how_many integer, seconds integer, kept integer) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  pace telegram_pace;
  s telegram_settings;
  here_and_now timestamptz := clock_timestamp ();
  gap interval;
  places integer;
  house integer;
  messages jsonb;
  judged integer;
  sent integer;
  sent_house integer;
  next_at timestamptz;
begin
  select * into pace from telegram_pace for update;
  select * into s from telegram_settings;
  update outbox
  set state = case when repeatable then 'queued' else 'unknown' end, leased_until = null, leased_by = null,
      error = 'The helper stopped between sending and noting it.'
  where state = 'sending' and leased_until < here_and_now;

  here_and_now := clock_timestamp ();
  if pace.stopped_until > here_and_now then
    return jsonb_build_object ('messages', '[]'::jsonb,
                               'wait_ms', ceil (extract (epoch from pace.stopped_until - here_and_now) * 1000)::bigint);
  end if;
  gap := interval '1 s' / (s.per_second - s.kept_for_answers);
  pace.sent_at := array (select t from unnest (pace.sent_at) t where t > here_and_now - interval '1 s' order by t);
  pace.house_at := greatest (pace.house_at, here_and_now - interval '0.2 s'); -- what a late claim missed is made up for, an idle hour is not
  places := least (how_many, s.per_second - cardinality (pace.sent_at));
  house := least (how_many - kept, places, case when pace.house_at <= here_and_now then floor (extract (epoch from here_and_now - pace.house_at) / extract (epoch from gap))::integer + 1 else 0 end);

  with due as materialized (
    select o.* from generate_series (1, 9) p cross join lateral (
      select o.customer_id, o.message_id, o.priority, o.not_before from outbox o
      where o.state = 'queued' and o.channel = 'telegram' and o.chat_id is not null and o.priority = p and o.not_before <= here_and_now
        and o.kind = any (kinds)
        and not exists (select from outbox e
                        where e.chat_id = o.chat_id and e.state in ('queued', 'sending') and e.kind = any (kinds) and (e.priority <= 3 or e.not_before <= here_and_now)
                          and (e.priority, e.message_id) < (o.priority, o.message_id))
        and not exists (select from outbox x where x.chat_id = o.chat_id and x.state = 'sending')
        and not exists (select from telegram_chats c where c.chat_id = o.chat_id and c.next_at > here_and_now)
      order by o.not_before, o.message_id limit greatest (case when p <= 3 then places else house end, 0)) o
    order by o.priority, o.not_before, o.message_id limit greatest (places, 0)),
  numbered as (
    select d.*, row_number () over (partition by d.priority > 3 order by d.priority, d.not_before, d.message_id) as n from due d),
  verdicts as materialized (
    select d.customer_id, d.message_id, v.* from numbered d join outbox o using (customer_id, message_id)
    cross join lateral oba.message_verdict (o, s, here_and_now) v where d.priority <= 3 or d.n <= house),
  claimed as (
    update outbox o
    set state = v.verdict, attempts = o.attempts + (v.verdict = 'sending')::integer, leased_by = case when v.verdict = 'sending' then claimer end,
        leased_until = case when v.verdict = 'sending' then here_and_now + seconds * interval '1 s' end,
        not_before = case when v.verdict = 'queued' then v.until else o.not_before end, error = coalesce (v.why, o.error)
    from verdicts v where o.customer_id = v.customer_id and o.message_id = v.message_id and o.state = 'queued'
    returning o.customer_id, o.message_id, o.chat_id, o.kind, o.payload, o.priority, o.state),
  paced as (
    insert into telegram_chats (chat_id, next_at) select c.chat_id, here_and_now + interval '1 s' from claimed c where c.state = 'sending'
    on conflict (chat_id) do update set next_at = excluded.next_at)
  select coalesce (jsonb_agg (jsonb_build_object ('customer_id', customer_id, 'message_id', message_id, 'chat_id', chat_id,
                                                  'kind', kind, 'payload', payload) order by priority, message_id) filter (where state = 'sending'), '[]'::jsonb),
         count (*) filter (where state <> 'sending'), count (*) filter (where state = 'sending'), count (*) filter (where state = 'sending' and priority > 3)
  into messages, judged, sent, sent_house from claimed;

  pace.house_at := pace.house_at + sent_house * gap;
  pace.sent_at := pace.sent_at || array_fill (here_and_now, array[sent]);
  update telegram_pace set sent_at = pace.sent_at, house_at = pace.house_at;

  -- When something that waits today will be due: its own time, its chat's, or the house's pace.
  select min (greatest (o.not_before, c.next_at, case when o.priority > 3 then pace.house_at end)) into next_at
  from (select o.* from generate_series (1, 9) p cross join lateral
          (select * from outbox where state = 'queued' and channel = 'telegram' and chat_id is not null and priority = p and kind = any (kinds)
             and not_before <= here_and_now + interval '2 s'
           order by not_before, message_id limit 20) o) o
  left join telegram_chats c on c.chat_id = o.chat_id;
  if cardinality (pace.sent_at) >= s.per_second then
    next_at := greatest (next_at, pace.sent_at[1] + interval '1 s');
  end if;
  return jsonb_build_object ('messages', messages, 'wait_ms',
    case when judged > 0 then 0
         when next_at is null then 1000
         else greatest (0, least (1000, ceil (extract (epoch from next_at - clock_timestamp ()) * 1000)))::bigint end);
end $$;
alter function oba.outbox_claim (text, text[], integer, integer, integer) set enable_seqscan = off;
alter function oba.outbox_claim (text, text[], integer, integer, integer) set enable_bitmapscan = off;
alter function oba.outbox_claim (text, text[], integer, integer, integer) set enable_hashjoin = off;
alter function oba.outbox_claim (text, text[], integer, integer, integer) set enable_mergejoin = off;
alter function oba.outbox_claim (text, text[], integer, integer, integer) set jit = off;
select oba.patch_function ('oba.outbox_record', ', tokens = 0;', ';');
select oba.patch_function ('oba.outbox_record', 'when result in (''sent'', ''blocked'', ''failed'') then', 'when result in (''sent'', ''blocked'', ''failed'', ''skipped'') then');

-- ---------------------------------------------------------------- birthdays

-- How far today's greetings have come: every linked customer is looked at once a day.
create table oba.birthday_runs (
  day           date primary key,
  through       bigint not null default 0,                                         -- the last customer that was looked at
  finished_at   timestamptz
);

/*
 * Greets those whose birthday is today (Baku), looking at up to @max_customers linked ones; who was born on 29 February has it on the 28th in other years. Once a year, also when somebody mends the day of birth.
 * Returns how many were looked at, 0 when today is done.
 */
create function oba.tell_birthdays (max_customers integer) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  today date := business_day (now());
  last bigint;
  n bigint;
begin
  insert into birthday_runs (day) values (today) on conflict do nothing;
  select r.through into last from birthday_runs r where r.day = today and r.finished_at is null for update;
  if not found then
    return 0;
  end if;
  with seen as materialized (
    select l.customer_id, l.chat_id, l.unreachable_at from telegram_links l where l.customer_id > last order by l.customer_id limit max_customers
  ), told as (
    insert into outbox (customer_id, chat_id, kind, payload, priority, not_before, repeatable)
    select s.customer_id, s.chat_id, 'birthday', jsonb_build_object ('day', today), 6, greatest (now(), day_start (today) + interval '9 hours'), false
    from seen s join customers c using (customer_id)
    where s.unreachable_at is null and c.status = 'active' and birthday_near (c.birth_date, today, 0, 0) = today and message_wanted (s.customer_id, 'birthday')
      and not exists (select from outbox o where o.customer_id = any (array (select customer_family (s.customer_id))) and o.kind = 'birthday' and o.created_at > now() - interval '300 days')
  )
  select count (*), max (s.customer_id) into n, last from seen s;
  update birthday_runs r set through = coalesce (last, r.through), finished_at = case when n < max_customers then now() end where r.day = today;
  delete from birthday_runs r where r.day < today - 30;
  return n;
end $$;

-- ---------------------------------------------------------------- broadcasts

-- One message to many: to whom a filter of customers fits and who wants campaigns. @through: the last recipient that was put into the outbox; the rest follows as it empties.
create table oba.broadcasts (
  broadcast_id  bigint generated always as identity primary key,
  name          text not null check (length (name) between 1 and 100),
  filter        jsonb not null default '{}',
  text_az       text not null,
  text_ru       text not null default '',                                          -- '': as in Azerbaijani
  text_en       text not null default '',
  button        jsonb check (button is null or (button ->> 'az' <> '' and button ->> 'url' ~ '^https://[^[:space:]<>"]{3}' and length (button ->> 'url') <= 500)),   -- {"az", "ru", "en", "url"}
  state         text not null default 'draft' check (state in ('draft', 'running', 'paused', 'done', 'cancelled')),
  start_at      timestamptz not null default now(),
  total         bigint not null default 0,                                         -- recipients when it was started
  filled        bigint not null default 0,
  through       bigint not null default 0,
  created_at    timestamptz not null default now(),
  created_by    text not null default session_user,
  started_at    timestamptz,
  started_by    text,
  ended_at      timestamptz,
  version       integer not null default 1,
  check ((state in ('done', 'cancelled')) = (ended_at is not null)),
  check ((state = 'draft') = (started_at is null) or state = 'cancelled')
);
create trigger audit after insert or update of name, filter, text_az, text_ru, text_en, button, state on oba.broadcasts for each row execute function oba.audit_row ('broadcast', 'broadcast_id');
alter table oba.outbox add column broadcast_id bigint;
create index outbox_broadcast on oba.outbox (broadcast_id, state) where broadcast_id is not null;
create index broadcasts_open on oba.broadcasts (start_at) where state in ('running', 'paused');

-- UTF-16 units, as Telegram counts.
create function oba.telegram_length (t text) returns integer
language sql immutable
return 2 * length (t) - length (regexp_replace (t, '[\U00010000-\U0010FFFF]', '', 'g'));

-- Recipients of a filter beyond a customer, in the order of their numbers.
create function oba.broadcast_recipients (filter jsonb, beyond bigint, most bigint) returns table (customer_id bigint, chat_id bigint)
language plpgsql stable
as $$
begin
  return query execute
    'select l.customer_id, l.chat_id from oba.telegram_links l join oba.consents n on n.customer_id = l.customer_id and n.channel = ''telegram'' and n.granted '
    'where l.customer_id > $2 and l.unreachable_at is null and l.customer_id in (' || oba.filter_statement (filter || '{"status": ["active"]}') || ') '
    'and not exists (select from oba.message_optouts x where x.customer_id = l.customer_id and x.kind = ''campaign'') order by l.customer_id limit $3'
    using filter || '{"status": ["active"]}', beyond, most;
end $$;

/* {"filter"} -> {"customers": whom the filter finds, "recipients": who of them would get it, "seconds": how long it would take} */
create function oba.preview_broadcast (request jsonb) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  found_customers bigint;
  recipients bigint;
begin
  execute 'select count (*) from (' || filter_statement (coalesce (request -> 'filter', '{}')) || ') x' into found_customers using coalesce (request -> 'filter', '{}');
  select count (*) into recipients from broadcast_recipients (coalesce (request -> 'filter', '{}'), 0, null);
  return jsonb_build_object ('customers', found_customers, 'recipients', recipients,
                             'seconds', (select ceil (recipients::numeric / (s.per_second - s.kept_for_answers)) from telegram_settings s));
end $$;

/* {"broadcast_id": null for a new one, "name", "filter", "az", "ru", "en", "button": {"az", "ru", "en", "url"} or null, "start_at": null for at once, "version"} -> {"broadcast_id", "version"} */
create function oba.do_save_broadcast (request jsonb) returns jsonb
language plpgsql
as $$
declare
  b oba.broadcasts;
  texts text[] := array[btrim (coalesce (request ->> 'az', '')), btrim (coalesce (request ->> 'ru', '')), btrim (coalesce (request ->> 'en', ''))];
  button jsonb := nullif (request -> 'button', 'null'::jsonb);
begin
  perform oba.check_filter (coalesce (request -> 'filter', '{}'));
  if request -> 'filter' ? 'text' then
    perform oba.refuse ('OB001', 'A broadcast goes to kinds of customers: its filter looks for no name.');
  elsif length (btrim (coalesce (request ->> 'name', ''))) not between 1 and 100 then
    perform oba.refuse ('OB001', 'A broadcast has a name of up to 100 characters.');
  elsif texts[1] = '' or (select max (oba.telegram_length (t)) from unnest (texts) t) > 3500 then
    perform oba.refuse ('OB001', 'A broadcast has a text in Azerbaijani, and none longer than 3,500 characters.');
  elsif button is not null and not coalesce (button ->> 'url' ~ '^https://[^[:space:]<>"]{3,}$' and length (button ->> 'url') <= 500 and length (btrim (button ->> 'az')) between 1 and 60, false) then
    perform oba.refuse ('OB001', 'A button has words of up to 60 characters and an https address.');
  end if;
  if request ->> 'broadcast_id' is null then
    insert into oba.broadcasts (name, filter, text_az, text_ru, text_en, button, start_at)
    values (btrim (request ->> 'name'), coalesce (request -> 'filter', '{}'), texts[1], texts[2], texts[3], button, coalesce ((request ->> 'start_at')::timestamptz, now()))
    returning * into b;
  else
    update oba.broadcasts x
    set name = btrim (request ->> 'name'), filter = coalesce (request -> 'filter', '{}'), text_az = texts[1], text_ru = texts[2], text_en = texts[3],
        button = do_save_broadcast.button, start_at = coalesce ((request ->> 'start_at')::timestamptz, now()), version = x.version + 1
    where x.broadcast_id = (request ->> 'broadcast_id')::bigint and x.version = (request ->> 'version')::integer and x.state = 'draft' returning * into b;
    if not found then
      perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
    end if;
  end if;
  perform pg_notify ('oba_administration', b.broadcast_id::text);
  return jsonb_build_object ('broadcast_id', b.broadcast_id, 'version', b.version);
end $$;

/* {"broadcast_id", "what": "start" | "pause" | "resume" | "cancel"} -> {"broadcast_id", "state", "total"} */
create function oba.do_move_broadcast (request jsonb) returns jsonb
language plpgsql
as $$
declare
  b oba.broadcasts;
  what text := request ->> 'what';
begin
  select * into b from oba.broadcasts x where x.broadcast_id = (request ->> 'broadcast_id')::bigint for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such broadcast.');
  elsif not coalesce ((what = 'start' and b.state = 'draft') or (what = 'pause' and b.state = 'running') or (what = 'resume' and b.state = 'paused')
                      or (what = 'cancel' and b.state in ('draft', 'running', 'paused')), false) then
    perform oba.refuse ('OB004', 'This broadcast is in another state by now.', 'Look at the new state, then decide.');
  end if;
  b.state := case what when 'pause' then 'paused' when 'cancel' then 'cancelled' else 'running' end;
  if what = 'start' then
    b.total := (select count (*) from oba.broadcast_recipients (b.filter, 0, null));
    if b.total = 0 then
      perform oba.refuse ('OB001', 'Nobody would get this broadcast.');
    end if;
    b.started_at := now();
    b.started_by := session_user;
  elsif what = 'cancel' then
    b.ended_at := now();
    update oba.outbox o set state = 'skipped', error = 'The broadcast was cancelled.' where o.broadcast_id = b.broadcast_id and o.state = 'queued';
  else
    update oba.outbox o set not_before = case what when 'pause' then 'infinity' else now() end where o.broadcast_id = b.broadcast_id and o.state = 'queued';
  end if;
  update oba.broadcasts x set (state, total, started_at, started_by, ended_at, version) = (b.state, b.total, b.started_at, b.started_by, b.ended_at, x.version + 1) where x.broadcast_id = b.broadcast_id;
  perform pg_notify ('oba_administration', b.broadcast_id::text);
  return jsonb_build_object ('broadcast_id', b.broadcast_id, 'state', b.state, 'total', b.total);
end $$;

/* {"broadcast_id", "customer_id"}: to one's own chat, ahead of everything; the customer has to want campaigns. -> {"message_id"} */
create function oba.do_try_broadcast (request jsonb) returns jsonb
language plpgsql
as $$
declare
  l oba.telegram_links;
  message bigint;
begin
  select x.* into l from oba.telegram_links x where x.customer_id = oba.customer_root ((request ->> 'customer_id')::bigint) and x.unreachable_at is null;
  if not found or not oba.message_wanted (l.customer_id, 'campaign') then
    perform oba.refuse ('OB001', 'This customer has no chat with the bot that campaigns are wanted in.', 'Link your own customer number to your Telegram account, and switch campaigns on in /profile.');
  elsif not exists (select from oba.broadcasts b where b.broadcast_id = (request ->> 'broadcast_id')::bigint) then
    perform oba.refuse ('OB002', 'There is no such broadcast.');
  end if;
  insert into oba.outbox (customer_id, chat_id, kind, payload, priority, repeatable)
  values (l.customer_id, l.chat_id, 'campaign', jsonb_build_object ('broadcast_id', request -> 'broadcast_id', 'test', true), 3, false) returning message_id into message;
  perform oba.audit_add ('broadcast.try', 'broadcast', request ->> 'broadcast_id', l.customer_id, '{}', null);
  return jsonb_build_object ('message_id', message);
end $$;

/* Puts the next recipients of what runs into the outbox when it has nearly emptied, @how_many at a time; never while it is quiet. Returns how many. */
create function oba.fill_broadcasts (how_many integer) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  s telegram_settings;
  b broadcasts;
  waiting integer;
  n integer;
  last bigint;
  total bigint := 0;
begin
  select * into s from telegram_settings;
  if quiet_until (s, now()) > now() then
    return 0;
  end if;
  for b in select * from broadcasts x where x.state = 'running' and x.start_at <= now() order by x.start_at, x.broadcast_id for update skip locked loop
    select count (*) into waiting from (select from outbox o where o.broadcast_id = b.broadcast_id and o.state in ('queued', 'sending') limit how_many) o;
    continue when waiting > how_many / 2;
    with next as materialized (
      select * from broadcast_recipients (b.filter, b.through, how_many)
    ), put as (
      insert into outbox (customer_id, chat_id, kind, payload, priority, repeatable, broadcast_id)
      select r.customer_id, r.chat_id, 'campaign', jsonb_build_object ('broadcast_id', b.broadcast_id), 9, false, b.broadcast_id from next r order by r.customer_id
    )
    select count (*), max (r.customer_id) into n, last from next r;
    update broadcasts x
    set through = coalesce (last, x.through), filled = x.filled + n, state = case when n = 0 and waiting = 0 then 'done' else x.state end, ended_at = case when n = 0 and waiting = 0 then now() end,
        version = x.version + (n = 0 and waiting = 0)::integer
    where x.broadcast_id = b.broadcast_id;
    if n = 0 and waiting = 0 then
      perform pg_notify ('oba_administration', b.broadcast_id::text);
    end if;
    total := total + n;
  end loop;
  return total;
end $$;

-- When so many messages of the house will have been sent, at the pace and outside the quiet hours; null: not within a year.
create function oba.telling_until (how_many bigint, since timestamptz) returns timestamptz
language plpgsql stable
as $$
declare
  s oba.telegram_settings;
  t timestamptz := since;
  evening timestamptz;
  rest interval;
begin
  select * into s from oba.telegram_settings;
  rest := how_many * interval '1 s' / (s.per_second - s.kept_for_answers);
  for i in 1 .. 366 loop
    t := oba.quiet_until (s, t);
    if s.quiet_from is null then
      return t + rest;
    end if;
    evening := ((t at time zone 'Asia/Baku')::date + s.quiet_from) at time zone 'Asia/Baku';
    if evening <= t then
      evening := ((t at time zone 'Asia/Baku')::date + 1 + s.quiet_from) at time zone 'Asia/Baku';
    end if;
    if t + rest <= evening then
      return t + rest;
    end if;
    rest := rest - (evening - t);
    t := evening;
  end loop;
  return null;
end $$;

/* How broadcasts stand, the newest first: what became of their messages, and when what runs will be done. */
create function oba.broadcast_list (most integer) returns table (broadcast_id bigint, name text, state text, start_at timestamptz, total bigint, sent bigint, waiting bigint, undelivered bigint, skipped bigint,
                                                                 done_at timestamptz, started_by text, created_by text, version integer)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select b.broadcast_id, b.name, b.state, b.start_at, b.total, m.sent, greatest (b.total - b.filled, 0) + m.waiting, m.undelivered, m.skipped,
         case when b.state = 'running' then telling_until (case when b.state = 'running' then greatest (b.total - b.filled, 0) + m.waiting end, greatest (now(), b.start_at)) else b.ended_at end,
         b.started_by, b.created_by, b.version
  from (select * from broadcasts x order by x.broadcast_id desc limit most) b
  cross join lateral (select count (*) filter (where o.state = 'sent') as sent, count (*) filter (where o.state in ('queued', 'sending')) as waiting,
                             count (*) filter (where o.state in ('failed', 'blocked', 'unknown')) as undelivered, count (*) filter (where o.state = 'skipped') as skipped
                      from outbox o where o.broadcast_id = b.broadcast_id) m
  order by b.broadcast_id desc;
$$;

-- ---------------------------------------------------------------- how the bot is, for Administration and /metrics

-- What Telegram says of the webhook; a helper asks it every minute, as nobody else talks to Telegram.
create table oba.telegram_reports (
  only_row      boolean primary key default true check (only_row),
  transport     text not null check (transport in ('webhook', 'polling')),
  webhook       jsonb not null default '{}',                                       -- WebhookInfo
  problem       text check (length (problem) <= 2000),                             -- why Telegram could not be asked
  at            timestamptz not null default now()
);

create function oba.telegram_note_report (new_transport text, new_webhook jsonb, new_problem text) returns void
language sql security definer set search_path = oba, pg_catalog, pg_temp
as $$
  insert into telegram_reports as r (transport, webhook, problem) values (new_transport, coalesce (new_webhook, '{}'), left (new_problem, 2000))
  on conflict (only_row) do update set transport = excluded.transport, webhook = case when excluded.problem is null then excluded.webhook else r.webhook end, problem = excluded.problem, at = now();
$$;

create index outbox_sent on oba.outbox (sent_at) where state = 'sent';
create index outbox_failed on oba.outbox (created_at, message_id) where state in ('failed', 'unknown');

/* How the queues stand, for /metrics. "dead": failed, blocked, unknown. @errors_day: failed or unknown of the last day's. @pace: messages sent in the last minute, a second. */
drop function oba.queue_state ();
create function oba.queue_state (out updates_new bigint, out updates_working bigint, out updates_poison bigint,
                                 out outbox_queued bigint, out outbox_sending bigint, out outbox_dead bigint, out outbox_age double precision,
                                 out outbox_failed bigint, out outbox_blocked bigint, out outbox_unknown bigint, out errors_day bigint, out pace double precision,
                                 out broadcasts_running bigint, out broadcasts_waiting bigint, out updates_age double precision)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select (select count (*) from telegram_updates where state = 'new'),
         (select count (*) from telegram_updates where state = 'working'),
         (select count (*) from telegram_updates where state = 'poison'),
         (select count (*) from outbox where state = 'queued'),
         (select count (*) from outbox where state = 'sending'),
         (select count (*) from outbox where state in ('failed', 'blocked', 'unknown')),
         coalesce ((select extract (epoch from now() - min (not_before)) from outbox where state = 'queued' and not_before <= now()), 0),
         (select count (*) from outbox where state = 'failed'),
         (select count (*) from outbox where state = 'blocked'),
         (select count (*) from outbox where state = 'unknown'),
         (select count (*) from outbox where state in ('failed', 'unknown') and created_at > now() - interval '1 day'),
         (select count (*) / 60.0 from outbox where state = 'sent' and sent_at > now() - interval '60 s')::double precision,
         (select count (*) from broadcasts where state = 'running'),
         (select coalesce (sum (greatest (b.total - b.filled, 0)), 0)::bigint from broadcasts b where b.state in ('running', 'paused')),
         coalesce ((select extract (epoch from now() - min (received_at)) from telegram_updates where state in ('new', 'working')), 0);
$$;

/* All that Administration shows at a glance: {"settings", "house", "report", "polling", "queue", "stopped_until", "broadcasts", "troubles": [{"kind", "state", "messages"}]}. */
create function oba.telegram_board () returns jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select jsonb_build_object (
    'settings', (select to_jsonb (s) - 'only_row' || jsonb_build_object ('quiet_from', to_char (s.quiet_from, 'HH24:MI'), 'quiet_until', to_char (s.quiet_until, 'HH24:MI')) from telegram_settings s),
    'house', (select to_jsonb (h) - 'only_row' from telegram_house h),
    'report', (select to_jsonb (r) - 'only_row' from telegram_reports r),
    'polling', (select jsonb_build_object ('polled_at', p.polled_at, 'error', p.error) from telegram_polling p),
    'queue', (select to_jsonb (q) from queue_state () q),
    'stopped_until', (select p.stopped_until from telegram_pace p where p.stopped_until > now()),
    'broadcasts', (select coalesce (jsonb_agg (b order by b.broadcast_id desc), '[]') from broadcast_list (20) b),
    'troubles', (select coalesce (jsonb_agg (t), '[]') from (select o.kind, o.state, count (*) as messages from outbox o where o.state in ('failed', 'unknown') group by 1, 2 order by 3 desc, 1, 2) t));
$$;

/*
 * The newest @most messages that did not arrive, or may not have: what and why; @preview: what it said, where that is known before it is sent: answers and broadcasts; everything else is written when it goes out.
 */
create function oba.telegram_troubles (most integer) returns table (customer_id bigint, message_id bigint, kind text, state text, attempts integer, created_at timestamptz, error text, preview text)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select o.customer_id, o.message_id, o.kind, o.state, o.attempts, o.created_at, o.error,
         case o.kind when 'campaign' then (select coalesce (nullif (case c.language when 'ru' then b.text_ru when 'en' then b.text_en end, ''), b.text_az)
                                           from broadcasts b left join customers c on c.customer_id = o.customer_id where b.broadcast_id = (o.payload ->> 'broadcast_id')::bigint)
                     else coalesce (o.payload ->> 'text', o.payload ->> 'caption') end
  from outbox o where o.state in ('failed', 'unknown') order by o.created_at desc, o.message_id desc limit most;
$$;

/* The newest @most updates that nothing could be done with. */
create function oba.telegram_poison (most integer) returns table (update_id bigint, received_at timestamptz, attempts integer, error text, contents text)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select u.update_id, u.received_at, u.attempts, u.error, left (coalesce (jsonb_pretty (u.payload), encode (substr (u.raw, 1, 2000), 'escape')), 4000)
  from telegram_updates u where u.state = 'poison' order by u.received_at desc, u.update_id desc limit most;
$$;

/* {"customer_id", "message_id"}: one; or {"kind", "state": "failed" | "unknown"}: all of these, at most 10,000 at a time. They are sent again. -> {"messages"} */
create function oba.do_retry_messages (request jsonb) returns jsonb
language plpgsql
as $$
declare
  n bigint;
begin
  update oba.outbox o set state = 'queued', attempts = 0, not_before = now(), error = null
  where (o.customer_id, o.message_id) in
    (select x.customer_id, x.message_id from oba.outbox x
     where x.state in ('failed', 'unknown')
       and case when request ? 'message_id' then x.customer_id = (request ->> 'customer_id')::bigint and x.message_id = (request ->> 'message_id')::bigint
                else x.kind = request ->> 'kind' and x.state = request ->> 'state' end limit 10000);
  get diagnostics n = row_count;
  if n = 0 then
    perform oba.refuse ('OB004', 'There is nothing to send again any more.');
  end if;
  perform oba.audit_add ('telegram.retry', 'outbox', coalesce (request ->> 'message_id', request ->> 'kind'), (request ->> 'customer_id')::bigint, jsonb_build_object ('messages', jsonb_build_array (null, n)), null);
  perform pg_notify ('oba_administration', 'retry');
  return jsonb_build_object ('messages', n);
end $$;

/* {"update_id", "what": "retry" | "drop"}: an update that nothing could be done with is tried again, or is done with. -> {"update_id"} */
create function oba.do_decide_update (request jsonb) returns jsonb
language plpgsql
as $$
declare
  again boolean := request ->> 'what' = 'retry';
  u bigint;
begin
  if coalesce (request ->> 'what', '') not in ('retry', 'drop') then
    perform oba.refuse ('OB001', 'An update is tried again, or dropped.');
  end if;
  update oba.telegram_updates x
  set state = case when again then 'new' else 'done' end, attempts = 0, done_at = case when not again then now() end, leased_until = null, leased_by = null
  where x.update_id = (request ->> 'update_id')::bigint and x.state = 'poison' and (not again or x.payload is not null) returning x.update_id into u;
  if u is null then
    perform oba.refuse ('OB004', 'This update cannot be tried again.', 'What was not JSON stays what it is; somebody else may have decided it.');
  end if;
  perform oba.audit_add ('telegram.' || (request ->> 'what'), 'update', u::text, null, '{}', null);
  perform pg_notify ('oba_administration', 'update');
  return jsonb_build_object ('update_id', u);
end $$;

-- ---------------------------------------------------------------- rights

drop function oba.patch_function (text, text, text);
select oba.add_action ('set_telegram_settings', 'oba_admin');
select oba.add_action ('save_broadcast', 'oba_marketing', 'oba_admin');
select oba.add_action ('move_broadcast', 'oba_marketing', 'oba_admin');
select oba.add_action ('try_broadcast', 'oba_marketing', 'oba_admin');
select oba.add_action ('retry_messages', 'oba_admin');
select oba.add_action ('decide_update', 'oba_admin');
grant execute on function oba.preview_broadcast (jsonb) to oba_marketing, oba_admin;
grant execute on function oba.broadcast_list (integer), oba.telegram_board () to oba_marketing, oba_supervisor, oba_admin, oba_auditor;
grant execute on function oba.telegram_troubles (integer), oba.telegram_poison (integer) to oba_supervisor, oba_admin, oba_auditor;
grant select on oba.broadcasts to oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.message_kinds, oba.telegram_settings to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.message_optouts to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;   -- it gives people what is stored about them
do $$
declare
  f text;
begin
  foreach f in array array['preview_broadcast (jsonb)', 'broadcast_list (integer)', 'telegram_board ()', 'telegram_troubles (integer)', 'telegram_poison (integer)'] loop
    execute format ('revoke execute on function oba.%s from public', f);
  end loop;
  foreach f in array array['message_wanted (bigint, text)', 'message_switches (bigint)', 'outbox_claim (text, text[], integer, integer, integer)',
                           'queue_state ()', 'fill_broadcasts (integer)', 'tell_birthdays (integer)', 'telegram_note_report (text, jsonb, text)'] loop
    execute format ('revoke execute on function oba.%s from public', f);
    execute format ('grant execute on function oba.%s to oba_helper', f);
  end loop;
end $$;

reset role;
