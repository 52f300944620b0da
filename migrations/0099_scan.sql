-- What customers send the bot to look at: a picture or a typed code. It says what it is and whether it is good, and never whose it is; an unmatched receipt is claimed by it once.
-- And pictures that Telegram has already, and updates of a poll that cannot be read.
set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- who may look, and how often

-- Nobody finds a code by trying: of a chat, how many codes it sent in this hour, and how many of them were nothing.
create table oba.scan_tries (
  chat_id       bigint primary key,
  since         timestamptz not null default now(),
  looks         integer not null default 0,
  misses        integer not null default 0
);
create index scan_tries_old on oba.scan_tries (since);

-- In how many minutes this chat may send codes again; null: now.
create function oba.scan_wait (chat bigint) returns integer
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select ceil (extract (epoch from t.since + interval '1 hour' - now()) / 60)::integer from oba.scan_tries t
  where t.chat_id = chat and t.since > now() - interval '1 hour' and (t.misses >= 10 or t.looks >= 60);
$$;

create function oba.scan_count (chat bigint, looked integer, missed integer) returns void
language sql
as $$
  insert into oba.scan_tries as t (chat_id, looks, misses) values (chat, looked, missed)
  on conflict (chat_id) do update set
    since = case when t.since > now() - interval '1 hour' then t.since else now() end,
    looks = excluded.looks + case when t.since > now() - interval '1 hour' then t.looks else 0 end,
    misses = excluded.misses + case when t.since > now() - interval '1 hour' then t.misses else 0 end;
$$;

-- ---------------------------------------------------------------- receipts

-- Receipts without a card that customers claimed in Telegram: of the receipt as it was, and what came of it.
create table oba.receipt_claims (
  customer_id   bigint not null references oba.customers,
  receipt_id    bigint not null,
  sold_at       timestamptz not null,
  claimed_at    timestamptz not null default now(),
  correction_id bigint references oba.corrections,                                 -- it was done at once
  approval_id   bigint references oba.approvals,                                   -- it waits, or waited, for a second person
  primary key (customer_id, receipt_id),
  check (num_nonnulls (correction_id, approval_id) = 1)
);
create index receipt_claims_day on oba.receipt_claims (customer_id, claimed_at);

-- The sale that holds of those with this fiscal id, the newest; its receipt_id is null when there is none. @returned: there was one.
create function oba.receipt_by_fiscal (fiscal text, out o oba.receipts, out returned boolean)
language plpgsql stable
as $$
declare
  r oba.receipts;
begin
  returned := false;
  for r in select x.* from oba.receipts x where x.fiscal_id = fiscal and x.kind = 'sale' order by x.receipt_id desc limit 20 loop
    returned := true;
    if exists (select from oba.lines_left (r)) then
      o := r;
      returned := false;
      return;
    end if;
  end loop;
end $$;

/*
 * Attaches an unmatched receipt to @customer (null: nobody's chat), by the rules and limits of any correction: above them it waits for a second person.
 * -> {"kind": "receipt", "state": "claimed" | "waits" | "yours" | "taken" | "returned" | "unlinked" | "blocked" | "enough" | "refused", and when it is or becomes theirs: "total", "points"};
 * null: there is no such receipt. Whoever holds a receipt learns nothing of it, and nobody whose it is.
 */
create function oba.claim_receipt (customer bigint, fiscal text) returns jsonb
language plpgsql
as $$
declare
  found_receipt record;
  o oba.receipts;
  status text := (select c.status from oba.customers c where c.customer_id = customer and c.kind = 'person');
  owner bigint;
  answer jsonb;
begin
  -- Of those who claim one receipt, one after the other.
  perform pg_advisory_xact_lock (hashtextextended ('oba.claim ' || fiscal, 5));
  select * into found_receipt from oba.receipt_by_fiscal (fiscal);
  o := found_receipt.o;
  if o.receipt_id is null then
    return case when found_receipt.returned then '{"kind": "receipt", "state": "returned"}'::jsonb end;
  end if;
  owner := (select oba.customer_root (c.customer_id) from oba.customers c where c.customer_id = o.customer_id and c.kind = 'person');
  if owner is not null then
    return jsonb_build_object ('kind', 'receipt') || case when owner = customer then jsonb_build_object ('state', 'yours', 'total', o.total) else '{"state": "taken"}' end;
  elsif customer is null then
    return '{"kind": "receipt", "state": "unlinked"}';
  elsif status is distinct from 'active' then
    return '{"kind": "receipt", "state": "blocked"}';
  elsif exists (select from oba.receipt_claims k join oba.approvals a using (approval_id)
                where k.customer_id = customer and k.receipt_id = o.receipt_id and a.state = 'requested') then
    return jsonb_build_object ('kind', 'receipt', 'state', 'waits', 'total', o.total);
  elsif exists (select from oba.receipt_claims k join oba.approvals a using (approval_id)
                where k.customer_id = customer and k.receipt_id = o.receipt_id and a.state = 'rejected') then
    return '{"kind": "receipt", "state": "refused"}';
  elsif (select count (*) from oba.receipt_claims k where k.customer_id = customer and k.claimed_at > now() - interval '1 day') >= 5 then
    return '{"kind": "receipt", "state": "enough"}';
  end if;

  begin
    answer := oba.do_correct_receipt (jsonb_build_object (
      'kind', 'move', 'reason_code', 'forgot_card', 'reason', 'Claimed by the customer in Telegram.', 'customer_id', customer,
      'receipt', jsonb_build_object ('customer_id', o.customer_id, 'sold_at', o.sold_at, 'receipt_id', o.receipt_id),
      'seen', (select count (*) from oba.receipts r where r.original_receipt_id = o.receipt_id)));
  exception
    when sqlstate 'OB003' or sqlstate 'OB008' then   -- a clerk was faster
      return '{"kind": "receipt", "state": "taken"}';
    when sqlstate 'OB000' then                       -- it waits for somebody else, or a rule says no
      return '{"kind": "receipt", "state": "refused"}';
  end;
  insert into oba.receipt_claims as k (customer_id, receipt_id, sold_at, correction_id, approval_id)
  values (customer, o.receipt_id, o.sold_at, (answer ->> 'correction_id')::bigint, (answer ->> 'approval_id')::bigint)
  on conflict (customer_id, receipt_id) do update set claimed_at = now(), correction_id = excluded.correction_id, approval_id = excluded.approval_id;
  return jsonb_build_object (
    'kind', 'receipt', 'state', case when answer ? 'approval_id' then 'waits' else 'claimed' end, 'total', o.total,
    'points', (select (x #>> '{balance,1}')::bigint - (x #>> '{balance,0}')::bigint from jsonb_array_elements (answer #> '{preview,customers}') x
               where (x ->> 'customer_id')::bigint = customer));
end $$;

-- ---------------------------------------------------------------- any code

-- What one code is; null: nothing of ours. See do_scan().
create function oba.scan_one (customer bigint, kind text, code text, language text) returns jsonb
language plpgsql
as $$
declare
  card oba.cards;
  r oba.redemptions;
  link jsonb;
begin
  if kind = 'fiscal' then
    return oba.claim_receipt (customer, code);
  elsif kind = 'start' then
    link := oba.read_start_payload (code);
    return case link ->> 'kind'
             when 'poster' then jsonb_build_object ('kind', 'poster', 'state', 'valid', 'payload', code,
                                                    'store', (select s.name from oba.stores s where s.store_id = (link ->> 'store_id')::bigint))
             when 'staff' then jsonb_build_object ('kind', 'link', 'state', link ->> 'state') end;
  end if;
  card := oba.card_of (code);
  if card.number is not null then
    return jsonb_build_object ('kind', 'card', 'state', card.state, 'yours', customer is not null and oba.customer_root (card.customer_id) is not distinct from customer);
  end if;
  select k.* into r from oba.vouchers v join oba.redemptions k using (customer_id, redemption_id) where v.voucher_hash = oba.voucher_hash (scan_one.code);
  if found then
    return (select jsonb_build_object ('kind', 'voucher', 'state', f.facts ->> 'state', 'name', x.name, 'yours', coalesce (oba.customer_root (r.customer_id) = customer, false))
                   || case when oba.customer_root (r.customer_id) = customer then jsonb_build_object ('until', to_char (oba.business_day (r.expires_at), 'YYYY-MM-DD')) else '{}' end
            from (select oba.voucher_facts (r, oba.voucher_hash (scan_one.code)) as facts) f
            left join oba.rewards w on w.reward_id = r.reward_id left join lateral oba.reward_texts (w, language) x on true);
  end if;
  return oba.claim_receipt (customer, code);
end $$;

/*
 * {"chat_id", "language", "codes": 1 to 8 of {"kind": "plain" | "start" | "fiscal", "code": 1 to 300 characters}}: what they are, to whoever this chat is linked to.
 * -> {"customer_id", "codes": in their order, {"kind": "card" | "voucher" | "poster" | "link" | "receipt" | "nothing", "state", …}}, or {"wait": minutes} after too many of nothing.
 */
create function oba.do_scan (request jsonb) returns jsonb
language plpgsql
as $$
declare
  chat bigint := (request ->> 'chat_id')::bigint;
  wait integer;
  c bigint;
  code jsonb;
  found_code jsonb;
  codes jsonb := '[]';
  misses integer := 0;
begin
  if chat is null or jsonb_typeof (request -> 'codes') is distinct from 'array' or jsonb_array_length (request -> 'codes') not between 1 and 8
     or exists (select from jsonb_array_elements (request -> 'codes') x
                where jsonb_typeof (x -> 'code') is distinct from 'string' or length (x ->> 'code') not between 1 and 300 or x ->> 'kind' not in ('plain', 'start', 'fiscal')) then
    perform oba.refuse ('OB001', 'A scan names a chat and 1 to 8 codes of up to 300 characters.');
  end if;
  perform pg_advisory_xact_lock (hashtextextended ('oba.scan ' || chat, 5));
  wait := oba.scan_wait (chat);
  if wait is not null then
    return jsonb_build_object ('wait', wait);
  end if;
  c := (select oba.customer_root (l.customer_id) from oba.telegram_links l where l.chat_id = chat);
  for code in select x from jsonb_array_elements (request -> 'codes') x loop
    found_code := oba.scan_one (c, code ->> 'kind', code ->> 'code', coalesce (request ->> 'language', 'az'));
    misses := misses + (found_code is null)::integer;
    codes := codes || jsonb_build_array (coalesce (found_code, '{"kind": "nothing"}'));
  end loop;
  perform oba.scan_count (chat, jsonb_array_length (codes), misses);
  return jsonb_strip_nulls (jsonb_build_object ('customer_id', c, 'codes', codes));
end $$;
select oba.add_action ('scan', 'oba_helper');

-- ---------------------------------------------------------------- pictures that Telegram has

-- What was sent once is sent again by its file_id. The key is a digest of what the picture shows; another bot's ids are refused by Telegram, and then replaced.
create table oba.telegram_files (
  shows         bytea primary key check (length (shows) = 32),
  file_id       text not null check (length (file_id) between 1 and 300),
  used_at       timestamptz not null default now()
);
create index telegram_files_old on oba.telegram_files (used_at);

-- Of a picture as the bot puts it down: the text of a QR code, or a reward as it is now. Null: there is no such reward.
create function oba.telegram_shows (picture jsonb) returns bytea
language sql stable
as $$
  select case when picture ->> 'kind' = 'reward'
              then (select sha256 (convert_to (format ('reward %s %s', w.reward_id, w.version), 'UTF8')) from oba.rewards w where w.reward_id = (telegram_shows.picture ->> 'id')::bigint)
              else sha256 (convert_to (picture::text, 'UTF8')) end;
$$;

-- What is asked for is kept: that is noted once a day.
create function oba.telegram_file (picture jsonb) returns text
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  what bytea := oba.telegram_shows (picture);
  id text;
begin
  update telegram_files f set used_at = now() where f.shows = what and f.used_at < now() - interval '1 day';
  select f.file_id into id from telegram_files f where f.shows = what;
  return id;
end $$;

-- @id: null: Telegram did not take it.
create function oba.telegram_keep_file (picture jsonb, id text) returns void
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  what bytea := oba.telegram_shows (picture);
begin
  if id is null then
    delete from telegram_files f where f.shows = what;
  elsif what is not null then
    insert into telegram_files (shows, file_id) values (what, id) on conflict (shows) do update set file_id = excluded.file_id, used_at = now();
  end if;
end $$;

-- ---------------------------------------------------------------- long polling

/*
 * As in 0090, and one update that cannot be kept as it is does not keep the others out: [{"update_id", "chat_id", "payload": JSON as text} | {"update_id", "raw": base64, "problem"}].
 */
create or replace function oba.telegram_poll_store (claimer text, updates jsonb, problem text) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  stored bigint := 0;
  u record;
  fresh boolean;
  -- What has no number of its own was given a negative one: it confirms nothing.
  highest bigint := (select max ((x ->> 'update_id')::bigint) from jsonb_array_elements (updates) x where (x ->> 'update_id')::bigint > 0);
begin
  for u in select x.* from jsonb_to_recordset (updates) as x (update_id bigint, chat_id bigint, payload text, raw text, problem text) loop
    begin
      insert into telegram_updates (update_id, chat_id, payload, raw, state, error, done_at)
      values (u.update_id, nullif (u.chat_id, 0), u.payload::jsonb, decode (u.raw, 'base64'), case when u.problem is null then 'new' else 'poison' end, left (u.problem, 2000),
              case when u.problem is not null then now() end)
      on conflict (update_id) do nothing;
      fresh := found;
    exception
      when data_exception or program_limit_exceeded then
        insert into telegram_updates (update_id, raw, state, error, done_at) values (u.update_id, convert_to (u.payload, 'UTF8'), 'poison', left (sqlerrm, 2000), now())
        on conflict (update_id) do nothing;
        fresh := found;
    end;
    stored := stored + fresh::integer;
  end loop;
  update telegram_polling p
  set next_update = coalesce (highest + 1, p.next_update), polled_at = now(), error = left (problem, 2000), updates_at = case when highest is null then p.updates_at else now() end
  where p.holder = claimer;
  return stored;
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

select oba.patch_function ('oba.erase_messages', '  delete from oba.telegram_steps t where t.chat_id = any (chats);
', '  delete from oba.telegram_steps t where t.chat_id = any (chats);
  delete from oba.scan_tries t where t.chat_id = any (chats);
');
select oba.patch_function ('oba.clean_up', '  delete from idempotency_keys where', '  delete from scan_tries where chat_id in (select chat_id from scan_tries where since < now() - interval ''1 day'' limit 5000);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from telegram_files where shows in (select shows from telegram_files where used_at < now() - interval ''90 days'' limit 5000);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from idempotency_keys where');
drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- rights

grant select on oba.receipt_claims to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;
do $$
declare
  f text;
begin
  foreach f in array array['scan_wait (bigint)', 'telegram_file (jsonb)', 'telegram_keep_file (jsonb, text)', 'telegram_poll_store (text, jsonb, text)'] loop
    execute format ('revoke execute on function oba.%s from public', f);
    execute format ('grant execute on function oba.%s to oba_helper', f);
  end loop;
end $$;

reset role;
