-- Broadcasts as a window needs them: who is left out and why, what became of each message, what is started is what was seen; what posters brought.
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

-- ---------------------------------------------------------------- whom it reaches

-- Recipients of a filter beyond a customer, in the order of their numbers. A filter for those who are blocked finds nobody: it does not find everybody else.
create or replace function oba.broadcast_recipients (filter jsonb, beyond bigint, most bigint) returns table (customer_id bigint, chat_id bigint)
language plpgsql stable
as $$
begin
  if filter ? 'status' and not filter -> 'status' ? 'active' then
    return;
  end if;
  return query execute
    'select l.customer_id, l.chat_id from oba.telegram_links l join oba.consents n on n.customer_id = l.customer_id and n.channel = ''telegram'' and n.granted '
    'where l.customer_id > $2 and l.unreachable_at is null and l.customer_id in (' || oba.filter_statement (filter || '{"status": ["active"]}') || ') '
    'and not exists (select from oba.message_optouts x where x.customer_id = l.customer_id and x.kind = ''campaign'') order by l.customer_id limit $3'
    using filter || '{"status": ["active"]}', beyond, most;
end $$;

/*
 * {"filter", "start_at": null for at once} -> {"customers": whom the filter finds, "recipients": who of them would get it, and why the others not, each counted once: "inactive": blocked or
 * erased, "no_chat": not linked to the bot, "stopped": has stopped it, "no_consent": was not asked or said no, "opted_out": wants no campaigns; "seconds": how long it takes at the pace of the
 * house, "begins_at", "done_at": outside the quiet hours and behind what runs already, "quiet_from", "quiet_until", "day_cap", "week_cap": what holds for it}
 */
create or replace function oba.preview_broadcast (request jsonb) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  f constant jsonb := coalesce (nullif (request -> 'filter', 'null'), '{}');
  s telegram_settings := (select x from telegram_settings x);
  begins timestamptz := quiet_until (s, greatest (now(), (request ->> 'start_at')::timestamptz));
  ahead bigint;
  n jsonb;
begin
  perform check_filter (f);
  execute
    'select jsonb_build_object (''customers'', count (*), ''recipients'', count (*) filter (where why is null), ''inactive'', count (*) filter (where why = ''inactive''),'
    ' ''no_chat'', count (*) filter (where why = ''no_chat''), ''stopped'', count (*) filter (where why = ''stopped''), ''no_consent'', count (*) filter (where why = ''no_consent''),'
    ' ''opted_out'', count (*) filter (where why = ''opted_out'')) from (select case when c.status <> ''active'' then ''inactive'' when l.customer_id is null then ''no_chat'''
    ' when l.unreachable_at is not null then ''stopped'' when n.granted is not true then ''no_consent'' when x.customer_id is not null then ''opted_out'' end as why'
    ' from (' || filter_statement (f) || ') f join oba.customers c using (customer_id) left join oba.telegram_links l using (customer_id)'
    ' left join oba.consents n on n.customer_id = f.customer_id and n.channel = ''telegram'' left join oba.message_optouts x on x.customer_id = f.customer_id and x.kind = ''campaign'') w'
    into n using f;
  ahead := (select coalesce (sum (greatest (b.total - b.filled, 0)), 0) from broadcasts b where b.state = 'running' and b.start_at <= begins)
           + (select count (*) from outbox o where o.state = 'queued' and o.broadcast_id is not null and o.not_before <= begins);
  return n || jsonb_build_object ('seconds', ceil ((n ->> 'recipients')::numeric / (s.per_second - s.kept_for_answers)), 'begins_at', begins, 'done_at', telling_until ((n ->> 'recipients')::bigint + ahead, begins),
                                  'quiet_from', to_char (s.quiet_from, 'HH24:MI'), 'quiet_until', to_char (s.quiet_until, 'HH24:MI'), 'day_cap', s.day_cap, 'week_cap', s.week_cap);
end $$;

-- A draft that was written can be changed.
select oba.patch_function ('oba.do_save_broadcast', 'button = do_save_broadcast.button', 'button = nullif (request -> ''button'', ''null''::jsonb)');

-- What is started is what was looked at: whoever names a version is told when a colleague has written another one meanwhile.
select oba.patch_function ('oba.do_move_broadcast', '    perform oba.refuse (''OB002'', ''There is no such broadcast.'');
', '    perform oba.refuse (''OB002'', ''There is no such broadcast.'');
  elsif what = ''start'' and b.state = ''draft'' and b.version <> (request ->> ''version'')::integer then
    perform oba.refuse (''OB003'', ''Somebody else changed this meanwhile.'', ''Look at the new state, then decide what to keep.'');
');

-- ---------------------------------------------------------------- how broadcasts stand

-- What became of the messages of a broadcast: one number for each state, "waiting" with those that are not written yet.
create function oba.broadcast_counts (b oba.broadcasts) returns jsonb
language sql stable
return (select jsonb_build_object ('sent', count (*) filter (where o.state = 'sent'), 'failed', count (*) filter (where o.state = 'failed'), 'blocked', count (*) filter (where o.state = 'blocked'),
                                   'unknown', count (*) filter (where o.state = 'unknown'), 'skipped', count (*) filter (where o.state = 'skipped'),
                                   'waiting', count (*) filter (where o.state in ('queued', 'sending')) + case when b.state in ('running', 'paused') then greatest (b.total - b.filled, 0) else 0 end)
        from oba.outbox o where o.broadcast_id = b.broadcast_id);

-- One as the windows show it.
create function oba.broadcast_facts (b oba.broadcasts) returns jsonb
language sql stable
return (select to_jsonb (b) - 'through' - 'filled' || c.counts
               || jsonb_build_object ('creator', oba.staff_name (b.created_by), 'starter', oba.staff_name (b.started_by),
                                      'done_at', case when b.state = 'running' then oba.telling_until ((c.counts ->> 'waiting')::bigint, greatest (now(), b.start_at)) else b.ended_at end)
        from (select oba.broadcast_counts (b)) c (counts));

/* The newest @most broadcasts: {"broadcasts": [each with its counts], "stopped_until": Telegram wants nothing until then, or null, "quiet_until": it is quiet until then, or null} */
create function oba.broadcast_board (most integer) returns jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select jsonb_build_object (
    'broadcasts', (select coalesce (jsonb_agg (broadcast_facts (b) order by b.broadcast_id desc), '[]') from (select * from broadcasts x order by x.broadcast_id desc limit most) b),
    'stopped_until', (select p.stopped_until from telegram_pace p where p.stopped_until > now()),
    'quiet_until', (select nullif (quiet_until (s, now()), now()) from telegram_settings s));
$$;

/*
 * One broadcast and what came of it; null: there is none. Its facts, and "reasons": [{"state", "why", "messages"}] of what was not sent, the most frequent first;
 * "languages": {"az": sent, …}; "first_at", "last_at" of what was sent; "opted_out": of those who got it, who has switched such messages off since.
 */
create function oba.broadcast_report (broadcast bigint) returns jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select broadcast_facts (b) || jsonb_build_object (
    'reasons', (select coalesce (jsonb_agg (r order by r.messages desc, r.why), '[]')
                from (select o.state, coalesce (o.error, '') as why, count (*) as messages from outbox o
                      where o.broadcast_id = b.broadcast_id and o.state in ('failed', 'blocked', 'unknown', 'skipped') group by 1, 2 order by 3 desc limit 20) r),
    'languages', (select coalesce (jsonb_object_agg (l.language, l.n), '{}')
                  from (select c.language, count (*) as n from outbox o join customers c using (customer_id) where o.broadcast_id = b.broadcast_id and o.state = 'sent' group by 1) l),
    'first_at', t.first_at, 'last_at', t.last_at,
    'opted_out', (select count (*) from outbox o join message_optouts x on x.customer_id = o.customer_id and x.kind = 'campaign' and x.since >= o.sent_at
                  where o.broadcast_id = b.broadcast_id and o.state = 'sent'))
  from broadcasts b cross join lateral (select min (o.sent_at) as first_at, max (o.sent_at) as last_at from outbox o where o.broadcast_id = b.broadcast_id and o.state = 'sent') t
  where b.broadcast_id = broadcast;
$$;

-- ---------------------------------------------------------------- receipts that were claimed, chats that were left

create index receipt_claims_approval on oba.receipt_claims (approval_id) where approval_id is not null;

-- Who has sent a receipt that staff had to look at is told what became of it. Of one that counts the receipt's own message tells, unless that is not wanted.
create function oba.tell_claim () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  insert into outbox (customer_id, chat_id, kind, payload, priority, repeatable)
  select l.customer_id, l.chat_id, 'claim', jsonb_build_object ('counted', new.state = 'approved', 'total', r.total, 'day', business_day (k.sold_at)), 4, false
  from receipt_claims k join receipts r on r.receipt_id = k.receipt_id and r.sold_at = k.sold_at join telegram_links l on l.customer_id = customer_root (k.customer_id) and l.unreachable_at is null
  where k.approval_id = new.approval_id and (new.state <> 'approved' or not message_wanted (l.customer_id, 'receipt'));
  return null;
end $$;
create trigger tell_claim after update of state on oba.approvals
  for each row when (old.state = 'requested' and new.state in ('approved', 'rejected', 'stale') and new.kind = 'correction') execute function oba.tell_claim ();

-- The chat that somebody leaves for another one is told, once: whoever did not do that learns of it. It goes to that chat, whatever is linked to it by then.
select oba.patch_function ('oba.do_link_telegram', '  delete from oba.telegram_links where customer_id = c and chat_id <> chat;
', '  with gone as (
    delete from oba.telegram_links where customer_id = c and chat_id <> chat returning chat_id, unreachable_at
  )
  insert into oba.outbox (customer_id, chat_id, kind, payload, priority, repeatable)
  select c, g.chat_id, ''moved'', ''{}'', 3, false from gone g where g.unreachable_at is null;
');

-- ---------------------------------------------------------------- what posters brought

/*
 * Who came through posters, of each store and campaign: {"campaigns": [{"campaign": '' for posters without one, "store_id", "store", "city", "people": who registered or linked, "registered": of
 * them, who was no customer before, "buyers": of them, who has bought since, "first_at", "last_at"}]}, the most people first
 */
create function oba.poster_report (from_day date, until_day date) returns jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select jsonb_build_object ('campaigns', coalesce (jsonb_agg (p order by p.people desc, p.campaign, p.store_id), '[]'))
  from (select t.campaign, t.store_id, s.name as store, s.city, count (*) as people,
               count (*) filter (where c.registered_at >= t.started_at - interval '1 minute') as registered,
               count (*) filter (where x.last_purchase_at >= t.started_at) as buyers,
               min (t.started_at) as first_at, max (t.started_at) as last_at
        from telegram_starts t join stores s using (store_id) join customers c using (customer_id) left join customer_stats x using (customer_id)
        where t.started_at >= day_start (from_day) and t.started_at < day_start (until_day + 1)
        group by 1, 2, 3, 4 limit 5000) p;
$$;
create index telegram_starts_moment on oba.telegram_starts (started_at) where store_id is not null;

-- ---------------------------------------------------------------- rights

drop function oba.patch_function (text, text, text);
do $$
declare
  f text;
begin
  foreach f in array array['broadcast_board (integer)', 'broadcast_report (bigint)', 'poster_report (date, date)'] loop
    execute format ('revoke execute on function oba.%s from public', f);
    execute format ('grant execute on function oba.%s to oba_marketing, oba_supervisor, oba_admin, oba_auditor', f);
  end loop;
  grant execute on function oba.preview_broadcast (jsonb) to oba_supervisor, oba_auditor;   -- numbers only
end $$;

reset role;
