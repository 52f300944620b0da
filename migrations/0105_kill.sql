-- The bot under load and under attack: the house's messages go evenly and never take the last place of an answer; one chat, however much it sends, takes nobody else's time.
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

-- ---------------------------------------------------------------- the pace

-- A burst that makes up for a pause comes back a second later, when its places are free again, and Telegram sees the two as one: so no more than two messages are made up for.
select oba.patch_function ('oba.outbox_claim', 'here_and_now - interval ''0.2 s''); -- what a late claim missed is made up for, an idle hour is not', 'here_and_now - 2 * gap);');
-- A message of the house counts from when it was due and had a place, not from when a late claim took it: else each delay is had again a second later, and the pace falls behind.
-- So as many of the last ones are remembered as a second may have, however long ago.
select oba.patch_function ('oba.outbox_claim', '  gap interval;
', '  gap interval;
  recent timestamptz[];
');
select oba.patch_function ('oba.outbox_claim', '  pace.sent_at := array (select t from unnest (pace.sent_at) t where', '  recent := array (select t from unnest (pace.sent_at) t order by t);
  pace.sent_at := array (select t from unnest (pace.sent_at) t where');
select oba.patch_function ('oba.outbox_claim', 'pace.house_at := pace.house_at + sent_house * gap;
  pace.sent_at := pace.sent_at || array_fill (here_and_now, array[sent]);', 'recent := recent || array_fill (here_and_now, array[sent - sent_house])
    || array (select greatest (pace.house_at + n * gap, recent[cardinality (recent) - s.per_second + sent - sent_house + n + 1] + interval ''1 s'') from generate_series (0, sent_house - 1) n);
  pace.sent_at := array (select t from (select t from unnest (recent) t order by t desc limit s.per_second) x order by t);
  pace.house_at := pace.house_at + sent_house * gap;');
-- Of the places of a second the house leaves one free, where any are kept for answers: whoever asks does not wait for a place.
select oba.patch_function ('oba.outbox_claim', 'least (how_many - kept, places, case', 'least (how_many - kept, places - (s.kept_for_answers > 0)::integer, case');
select oba.patch_function ('oba.outbox_claim', 'case when o.priority > 3 then pace.house_at end', 'case when o.priority > 3
                             then greatest (pace.house_at, pace.sent_at[cardinality (pace.sent_at) - s.per_second + (s.kept_for_answers > 0)::integer + 1] + interval ''1 s'') end');

-- Plans are made while the queues are empty, and kept: an anti join reads all of telegram_chats for each message then. A subquery that gives a value is looked up by its chat, whatever there is.
select oba.patch_function ('oba.outbox_claim', 'and not exists (select from outbox e
                        where e.chat_id = o.chat_id and e.state in (''queued'', ''sending'') and e.kind = any (kinds) and (e.priority <= 3 or e.not_before <= here_and_now)
                          and (e.priority, e.message_id) < (o.priority, o.message_id))
        and not exists (select from outbox x where x.chat_id = o.chat_id and x.state = ''sending'')
        and not exists (select from telegram_chats c where c.chat_id = o.chat_id and c.next_at > here_and_now)', 'and (select e.message_id from outbox e
             where e.chat_id = o.chat_id and e.state in (''queued'', ''sending'')
               and (e.state = ''sending'' or e.kind = any (kinds) and (e.priority <= 3 or e.not_before <= here_and_now) and (e.priority, e.message_id) < (o.priority, o.message_id)) limit 1) is null
        and coalesce ((select c.next_at from telegram_chats c where c.chat_id = o.chat_id), ''-infinity'') <= here_and_now');
select oba.patch_function ('oba.outbox_claim', 'greatest (o.not_before, c.next_at,', 'greatest (o.not_before, (select c.next_at from telegram_chats c where c.chat_id = o.chat_id),');
select oba.patch_function ('oba.outbox_claim', 'limit 20) o) o
  left join telegram_chats c on c.chat_id = o.chat_id;', 'limit 20) o) o;');
select oba.patch_function ('oba.telegram_claim_updates', 'and not exists (select from telegram_updates e
                      where e.chat_id = u.chat_id and e.update_id < u.update_id and e.state in (''new'', ''working''))', 'and (select e.update_id from telegram_updates e
           where e.chat_id = u.chat_id and e.update_id < u.update_id and e.state in (''new'', ''working'') order by e.update_id limit 1) is null');
select oba.patch_function ('oba.telegram_claim_updates', 'left join telegram_steps s on s.chat_id = c.chat_id and s.asked_at > now() - interval ''1 day''',
                           'left join lateral (select * from telegram_steps s where s.chat_id = c.chat_id and s.asked_at > now() - interval ''1 day'' limit 1) s on true');

-- A connection that begins plans five times before it keeps a plan, ten milliseconds each; it keeps the first one.
alter function oba.telegram_claim_updates (text, integer, integer) set plan_cache_mode = force_generic_plan;
alter function oba.outbox_claim (text, text[], integer, integer, integer) set plan_cache_mode = force_generic_plan;

-- The next recipients are looked for beyond the last one in every table that is joined: the end of a broadcast to all costs what its beginning did.
select oba.patch_function ('oba.broadcast_recipients', 'and n.granted ''
    ''where l.customer_id > $2', 'and n.granted and n.customer_id > $2 ''
    ''where l.customer_id > $2');
select oba.patch_function ('oba.broadcast_recipients', 'l.customer_id in ('' || oba.filter_statement (filter || ''{"status": ["active"]}'') || '') ''',
                           'l.customer_id in (select f.customer_id from ('' || oba.filter_statement (filter || ''{"status": ["active"]}'') || '') f (customer_id) where f.customer_id > $2) ''');

-- ---------------------------------------------------------------- who sends too much

/* Has this chat so many updates waiting that further ones are not looked at? Nobody types as fast. */
create function oba.chat_floods (chat bigint) returns boolean
language sql stable
return (select count (*) >= 100 from (select from oba.telegram_updates u where u.chat_id = chat and u.state in ('new', 'working') limit 100) u);

select oba.patch_function ('oba.telegram_store_update', 'begin
  insert into', 'declare
  flood boolean := problem is null and oba.chat_floods (new_chat_id);
begin
  if flood then
    problem := ''Not looked at: too many of this chat were waiting.'';
  end if;
  insert into');
select oba.patch_function ('oba.telegram_store_update', 'case when problem is null then ''new'' else ''poison'' end', 'case when flood then ''done'' when problem is null then ''new'' else ''poison'' end');
select oba.patch_function ('oba.telegram_poll_store', 'values (u.update_id, nullif (u.chat_id, 0), u.payload::jsonb, decode (u.raw, ''base64''), case when u.problem is null then ''new'' else ''poison'' end, left (u.problem, 2000),
              case when u.problem is not null then now() end)
', 'select u.update_id, nullif (u.chat_id, 0), u.payload::jsonb, decode (u.raw, ''base64''), case when f.flood then ''done'' when u.problem is null then ''new'' else ''poison'' end,
             case when f.flood then ''Not looked at: too many of this chat were waiting.'' else left (u.problem, 2000) end, case when f.flood or u.problem is not null then now() end
      from (select u.problem is null and oba.chat_floods (u.chat_id)) f (flood)
');

-- What is asked is done, but of its answers no more than thirty wait: they go out at one a second.
select oba.patch_function ('oba.telegram_finish_update', 'insert into outbox (customer_id, chat_id, kind, payload, priority, repeatable)
  select coalesce (k.customer_id, 0), a.chat_id, a.kind, a.payload, 1, coalesce (a.repeatable, false)
  from jsonb_to_recordset (answers)', 'insert into outbox (customer_id, chat_id, kind, payload, priority, repeatable, state, error)
  select coalesce (k.customer_id, 0), a.chat_id, a.kind, a.payload, 1, coalesce (a.repeatable, false), case when w.many then ''skipped'' else ''queued'' end,
         case when w.many then ''Thirty answers were waiting in this chat already.'' end
  from (select count (*) >= 30 from (select from outbox o where o.chat_id = from_chat and o.state in (''queued'', ''sending'') and o.priority <= 3 limit 30) o) w (many)
  cross join jsonb_to_recordset (answers)');

-- Pictures without a code cost the most to look at, and were not counted.
alter table oba.scan_tries add column pictures integer not null default 0;
select oba.patch_function ('oba.scan_wait', 't.looks >= 60)', 't.looks >= 60 or t.pictures >= 60)');

/* Before a picture is fetched and looked at: counts it. In how many minutes this chat may send pictures again; null: now. */
create function oba.scan_picture (chat bigint) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  wait integer := oba.scan_wait (chat);
begin
  if wait is null then
    perform oba.scan_count (chat, 0, 0);
    update scan_tries t set pictures = t.pictures + 1 where t.chat_id = chat;
  end if;
  return wait;
end $$;
-- Its row is of another hour, or the same: the pictures begin anew with the looks.
select oba.patch_function ('oba.scan_count', 'misses = excluded.misses +', 'pictures = case when t.since > now() - interval ''1 hour'' then t.pictures else 0 end,
    misses = excluded.misses +');
drop function oba.patch_function (text, text, text);

revoke execute on function oba.scan_picture (bigint) from public;
grant execute on function oba.scan_picture (bigint) to oba_helper;

reset role;
