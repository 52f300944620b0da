-- Becoming a customer in Telegram: signed links on posters, one-time links from staff, registration step by step, the welcome bonus once ever.
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

-- ---------------------------------------------------------------- the house in Telegram

create table oba.telegram_house (
  only_row      boolean primary key default true check (only_row),
  username      text check (username ~ '^[A-Za-z][A-Za-z0-9_]{2,31}$'),            -- of the bot, as Telegram's getMe says; null: no helper has asked yet
  support       text not null default '' check (length (support) <= 200),          -- whom customers ask: a number, an address, a name in Telegram
  least_age     integer not null default 14 check (least_age between 0 and 21)     -- years of whoever registers in the bot
);
insert into oba.telegram_house default values;
grant select on oba.telegram_house to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;

-- What getMe says; a helper that starts notes it.
create function oba.telegram_note_bot (name text) returns void
language sql security definer set search_path = oba, pg_catalog, pg_temp
as $$
  update oba.telegram_house h set username = name where h.username is distinct from name;
$$;

-- {"support": up to 200 characters, "least_age"}: what is not named stays -> the house
create function oba.do_set_telegram_house (request jsonb) returns jsonb
language plpgsql
as $$
declare
  h oba.telegram_house;
  n oba.telegram_house;
begin
  select * into h from oba.telegram_house for update;
  n := h;
  n.support := btrim (coalesce (request ->> 'support', h.support));
  n.least_age := coalesce ((request ->> 'least_age')::integer, h.least_age);
  if length (n.support) > 200 or oba.holds_invisible (n.support) or n.least_age not between 0 and 21 then
    perform oba.refuse ('OB001', 'The contact for customers has up to 200 characters in one line; the least age is 0 to 21 years.');
  end if;
  update oba.telegram_house set support = n.support, least_age = n.least_age;
  perform oba.audit_add ('telegram_house.set', 'telegram_house', '1', null, jsonb_build_object ('support', jsonb_build_array (h.support, n.support),
                                                                                                'least_age', jsonb_build_array (h.least_age, n.least_age)), null);
  return jsonb_build_object ('support', n.support, 'least_age', n.least_age);
end $$;
select oba.add_action ('set_telegram_house', 'oba_admin');

-- ---------------------------------------------------------------- links to /start

-- What signs posters; nobody but the owner reads it, so that a link cannot be made up.
create table oba.start_secret (
  only_row      boolean primary key default true check (only_row),
  key           bytea not null check (length (key) = 32)
);
insert into oba.start_secret (key) values (sha256 (uuid_send (gen_random_uuid ()) || uuid_send (gen_random_uuid ())));

-- Keyed, and not lengthened by whoever knows another one.
create function oba.start_digest (what text) returns bytea
language sql stable
return (select sha256 (s.key || sha256 (s.key || convert_to (what, 'UTF8'))) from oba.start_secret s);

-- Letters that Telegram lets through in ?start=.
create function oba.start_letters (bytes bytea) returns text
language sql immutable
return translate (rtrim (encode (bytes, 'base64'), '='), '+/', '-_');

/*
 * The link on a poster of @store, or at its till, for @campaign (up to 20 letters a-z and digits; '' for none): the same one whenever it is asked for
 * -> {"payload": at most 64 characters, "url": null while the bot's name is not known, "username"}
 */
create function oba.make_start_link (store bigint, campaign text default '') returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  said text := format ('p%s-%s', store, lower (coalesce (campaign, '')));
  payload text;
  bot text := (select h.username from oba.telegram_house h);
begin
  if not exists (select from oba.stores s where s.store_id = store) then
    perform oba.refuse ('OB002', format ('There is no store %s.', store));
  elsif said !~ '^p[0-9]{1,19}-[a-z0-9]{0,20}$' then
    perform oba.refuse ('OB001', 'A campaign on a poster has up to 20 letters a to z and digits.');
  end if;
  payload := said || '-' || oba.start_letters (substr (oba.start_digest (said), 1, 16));
  return jsonb_build_object ('payload', payload, 'url', 'https://t.me/' || bot || '?start=' || payload, 'username', bot);
end $$;

-- Made by staff for one customer, for one use.
create table oba.staff_links (
  link_hash     bytea primary key check (length (link_hash) = 32),                 -- of what the link carries; it is nowhere else
  customer_id   bigint not null references oba.customers,
  made_by       text not null default session_user,
  made_at       timestamptz not null default now(),
  expires_at    timestamptz not null,
  used_at       timestamptz,
  used_chat     bigint,
  check ((used_at is null) = (used_chat is null))
);
create index staff_links_customer on oba.staff_links (customer_id);

create function oba.staff_link_hash (payload text) returns bytea
language sql immutable
return sha256 (convert_to ('staff link:' || payload, 'UTF8'));

/*
 * A link that links whoever opens it in Telegram to this customer, once, within a day; earlier ones of theirs end -> {"payload", "url", "username", "expires_at"}. It is kept nowhere, so it
 * does not go through once(): whoever has lost the answer makes another one.
 */
create function oba.make_staff_link (customer bigint) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  c bigint := oba.customer_root (customer);
  payload text := 's' || oba.start_letters (substr (sha256 (uuid_send (gen_random_uuid ()) || uuid_send (gen_random_uuid ())), 1, 16));
  bot text := (select h.username from oba.telegram_house h);
  until timestamptz := now() + interval '24 hours';
begin
  perform from oba.customers k where k.customer_id = c and k.kind = 'person' and k.status in ('active', 'blocked') for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', customer));
  elsif bot is null then
    perform oba.refuse ('OB013', 'The Telegram bot has not been started yet.', 'An administrator starts it with its token; then links can be made.');
  end if;
  update oba.staff_links l set expires_at = now() where l.customer_id = c and l.used_at is null and l.expires_at > now();
  insert into oba.staff_links (link_hash, customer_id, expires_at) values (oba.staff_link_hash (payload), c, until);
  perform oba.audit_add ('staff_link.make', 'customer', c::text, c, '{}', null);
  return jsonb_build_object ('payload', payload, 'url', 'https://t.me/' || bot || '?start=' || payload, 'username', bot, 'expires_at', until);
end $$;

-- A••• M•••: as much as somebody needs who knows the name, and no more.
create function oba.masked_name (customer bigint) returns text
language sql stable
return (select concat_ws (' ', nullif (left (c.given_name, 1), '') || '•••', nullif (left (c.family_name, 1), '') || '•••') from oba.customers c where c.customer_id = customer);

/*
 * What came after /start -> {"kind": "poster" | "staff" | null, "store_id", "campaign"} of a poster, {"kind", "state": "open" | "used" | "over", "name": masked} of a staff's link.
 * Tampered, too long or anything else: the kind is null.
 */
create function oba.read_start_payload (payload text) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  said text := left (payload, -23);
  part text[];
  l oba.staff_links;
begin
  if length (payload) > 64 or payload !~ '^[A-Za-z0-9_-]+$' then
    return '{"kind": null}';
  end if;
  part := regexp_match (said, '^p([0-9]{1,18})-([a-z0-9]{0,20})$');
  if part is not null and oba.start_letters (substr (oba.start_digest (said), 1, 16)) = right (payload, 22) and substr (payload, length (payload) - 22, 1) = '-'
     and exists (select from oba.stores s where s.store_id = part[1]::bigint) then
    return jsonb_build_object ('kind', 'poster', 'store_id', part[1]::bigint, 'campaign', part[2]);
  end if;
  select * into l from oba.staff_links x where x.link_hash = oba.staff_link_hash (payload);
  if found then
    return jsonb_build_object ('kind', 'staff', 'state', case when l.used_at is not null then 'used' when l.expires_at <= now() then 'over' else 'open' end,
                               'name', oba.masked_name (oba.customer_root (l.customer_id)));
  end if;
  return '{"kind": null}';
end $$;

-- ---------------------------------------------------------------- the welcome bonus, once ever

-- Who was welcomed: digests of phone numbers and chats under the secret, and nothing that leads to a person. They stay when the person goes, so that who comes again is not welcomed again.
create table oba.welcomed (
  mark          bytea primary key check (length (mark) = 32),
  since         timestamptz not null default now()
);

create function oba.welcome_marks (phones text[], chats bigint[]) returns bytea[]
language sql stable
return array (select oba.start_digest ('welcome phone ' || p) from unnest (phones) p where p is not null
              union select oba.start_digest ('welcome chat ' || c) from unnest (chats) c where c is not null and c <> 0);

-- Had one of these persons the bonus for registering? Then @phones and @chats are known for it.
create function oba.note_welcomed (family bigint[], phones text[], chats bigint[]) returns void
language plpgsql
as $$
begin
  if exists (select from oba.points_ledger l where l.customer_id = any (family) and l.kind = 'bonus' and l.inputs ->> 'event' = 'registration') then
    insert into oba.welcomed (mark) select unnest (oba.welcome_marks (phones, chats)) on conflict do nothing;
  end if;
end $$;

select oba.patch_function ('oba.welcome', '  given bigint := 0;
begin
', '  given bigint := 0;
  marks bytea[] := oba.welcome_marks (array (select c.phone from oba.customers c where c.customer_id = welcome.customer),
                                      array[nullif (current_setting (''oba.welcome_chat'', true), '''')::bigint]);
begin
  if exists (select from oba.welcomed w where w.mark = any (marks)) then
    return 0;   -- this number or this Telegram account has been here before
  end if;
');
select oba.patch_function ('oba.welcome', '  return given;
', '  if given > 0 then
    insert into oba.welcomed (mark) select unnest (marks) on conflict do nothing;
  end if;
  return given;
');
select oba.patch_function ('oba.do_link_telegram', '  perform pg_notify (''oba_customers'', c::text);
', '  perform oba.note_welcomed (array[c], null, array[chat]);
  perform pg_notify (''oba_customers'', c::text);
');
select oba.patch_function ('oba.erase_messages', '  delete from oba.outbox o where o.customer_id = any (family);
', '  perform oba.note_welcomed (family, array (select p.phone from oba.customer_phones p where p.customer_id = any (family)), chats);
  delete from oba.staff_links l where l.customer_id = any (family);
  delete from oba.outbox o where o.customer_id = any (family);
');

-- ---------------------------------------------------------------- registering

-- How somebody came to the bot: the poster's store and campaign, and which text they agreed to.
create table oba.telegram_starts (
  customer_id   bigint primary key references oba.customers,
  started_at    timestamptz not null default now(),
  store_id      bigint references oba.stores,
  campaign      text not null default '' check (campaign ~ '^[a-z0-9]{0,20}$'),
  agreed_to     text not null check (length (agreed_to) <= 40)                     -- the version of the text
);
create index telegram_starts_campaign on oba.telegram_starts (campaign, store_id) where campaign <> '';
grant select on oba.telegram_starts to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;

/*
 * Whose number it is that somebody has shared as their own -> {"known": false} or {"known": true, "name": masked, "here": this chat is theirs already}
 */
create function oba.telegram_find_phone (number text, chat bigint) returns jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select coalesce ((select jsonb_build_object ('known', true, 'name', oba.masked_name (r.id),
                                               'here', exists (select from oba.telegram_links l where l.chat_id = chat and l.customer_id = r.id))
                    from oba.customer_phones p cross join lateral (select oba.customer_root (p.customer_id)) r (id) where p.phone = number), '{"known": false}')
$$;

/*
 * {"chat_id", "phone": E.164, of the sender's own account as Telegram says, "given_name", "family_name", "birth_date", "language", "username", "wording": what was agreed to, "version": which
 *  text that is, "payload": what came after /start, "link": true: to whoever has this number, as they were asked}
 * -> {"customer_id", "given_name", "points": what the welcome gave, "what": "registered" | "linked" | "known" (this chat was linked before)}, or {"what": "ask", "name": masked}: somebody has
 * this number, or {"what": "young", "age": the least}
 */
create or replace function oba.do_register_by_telegram (request jsonb) returns jsonb
language plpgsql
as $$
declare
  chat constant bigint := (request ->> 'chat_id')::bigint;
  number constant text := request ->> 'phone';
  birth constant date := (request ->> 'birth_date')::date;
  house constant oba.telegram_house := (select h from oba.telegram_house h);
  origin constant jsonb := oba.read_start_payload (coalesce (request ->> 'payload', ''));
  invisible constant text := '[\u0001-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]';
  given text := left (btrim (regexp_replace (coalesce (request ->> 'given_name', ''), invisible, '', 'g')), 100);
  family text := left (btrim (regexp_replace (coalesce (request ->> 'family_name', ''), invisible, '', 'g')), 100);
  c bigint;
  what text := 'known';
begin
  if chat is null or chat = 0 then
    perform oba.refuse ('OB001', 'The chat is missing.');
  elsif number is null or number !~ '^\+[1-9][0-9]{6,14}$' then
    perform oba.refuse ('OB001', format ('"%s" is not a phone number.', left (coalesce (number, ''), 40)), 'Write it as +994501234567.');
  end if;
  -- One number, one after the other, whichever chats ask.
  perform pg_advisory_xact_lock (hashtextextended ('oba.register ' || number, 3));
  select l.customer_id into c from oba.telegram_links l join oba.customers k using (customer_id) where l.chat_id = chat and k.status not in ('merged', 'erased');
  if c is null then
    select oba.customer_root (p.customer_id) into c from oba.customer_phones p where p.phone = number;
    what := 'linked';
    if c is not null and not coalesce ((request ->> 'link')::boolean, false) then
      return jsonb_build_object ('what', 'ask', 'name', oba.masked_name (c));
    end if;
  end if;
  if c is null then
    if birth > oba.business_day (now()) - make_interval (years => house.least_age) then
      return jsonb_build_object ('what', 'young', 'age', house.least_age);
    end if;
    given := case when given = '' and family = '' then number else given end;
    what := 'registered';
    perform set_config ('oba.welcome_chat', chat::text, true);
    begin
      c := (oba.do_register_customer (jsonb_strip_nulls (jsonb_build_object (
              'given_name', given, 'family_name', family, 'phone', number, 'birth_date', birth, 'through', 'telegram', 'store_id', origin -> 'store_id',
              'language', case when request ->> 'language' in ('az', 'ru', 'en') then request ->> 'language' else 'az' end))) ->> 'customer_id')::bigint;
    exception when sqlstate 'OB004' then   -- a clerk was faster by a moment
      return jsonb_build_object ('what', 'ask', 'name', (select oba.masked_name (oba.customer_root (p.customer_id)) from oba.customer_phones p where p.phone = number));
    end;
    perform set_config ('oba.welcome_chat', '', true);
  end if;
  if what <> 'known' then
    perform oba.agree_in_telegram (c, chat, request, origin);
  end if;
  return jsonb_build_object ('customer_id', c, 'what', what, 'given_name', (select k.given_name from oba.customers k where k.customer_id = c),
                             'points', case when what = 'registered' then (select coalesce (sum (l.points), 0) from oba.points_ledger l where l.customer_id = c and l.kind = 'bonus') else 0 end);
end $$;

-- The chat becomes this customer's, who has agreed to a text; "This chat is somebody else's" comes before anything is written.
create function oba.agree_in_telegram (customer bigint, chat bigint, request jsonb, origin jsonb) returns void
language plpgsql
as $$
begin
  perform oba.do_link_telegram (jsonb_build_object ('customer_id', customer, 'chat_id', chat, 'username', request ->> 'username'));
  perform oba.put_consent (customer, 'telegram', true, 'telegram', (origin ->> 'store_id')::bigint, left (request ->> 'wording', 200));
  insert into oba.telegram_starts (customer_id, store_id, campaign, agreed_to)
  values (customer, (origin ->> 'store_id')::bigint, coalesce (origin ->> 'campaign', ''), left (coalesce (request ->> 'version', ''), 40))
  on conflict (customer_id) do update set agreed_to = excluded.agreed_to;
end $$;

/*
 * {"chat_id", "payload": of a link that staff made, "username", "wording", "version"}: of whoever opened it and agreed. Once; who opens it again in the same chat is known
 * -> {"customer_id", "given_name", "what": "linked" | "known"}
 */
create function oba.do_use_staff_link (request jsonb) returns jsonb
language plpgsql
as $$
declare
  chat constant bigint := (request ->> 'chat_id')::bigint;
  l oba.staff_links;
  c bigint;
  what text := 'linked';
begin
  select * into l from oba.staff_links x where x.link_hash = oba.staff_link_hash (coalesce (request ->> 'payload', '')) for update;
  if not found or chat is null or chat = 0 then
    perform oba.refuse ('OB002', 'This link is not one of ours.');
  end if;
  c := oba.customer_root (l.customer_id);
  if l.used_at is not null then
    if l.used_chat <> chat or not exists (select from oba.telegram_links t where t.chat_id = chat and t.customer_id = c) then
      perform oba.refuse ('OB013', 'This link was used already.', 'Ask the staff for a new one.');
    end if;
    what := 'known';
  elsif l.expires_at <= now() then
    perform oba.refuse ('OB013', 'This link has expired.', 'Ask the staff for a new one.');
  else
    perform oba.agree_in_telegram (c, chat, request, '{}');
    update oba.staff_links x set used_at = now(), used_chat = chat where x.link_hash = l.link_hash;
    perform oba.audit_add ('staff_link.use', 'customer', c::text, c, '{}', null);
  end if;
  return jsonb_build_object ('customer_id', c, 'what', what, 'given_name', (select k.given_name from oba.customers k where k.customer_id = c));
end $$;
select oba.add_action ('use_staff_link', 'oba_helper');

select oba.patch_function ('oba.clean_up', '  delete from idempotency_keys where', '  delete from staff_links where link_hash in (select link_hash from staff_links where expires_at < now() - interval ''30 days'' limit 5000);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from idempotency_keys where');
create index staff_links_old on oba.staff_links (expires_at);

-- ---------------------------------------------------------------- what customers set themselves

-- Also {"what": "store", "value": its number, 0 for none}, {"what": "category", "value": "7:true"}, {"what": "consent", "value": "sms:true"}.
select oba.patch_function ('oba.do_telegram_setting', '  elsif what = ''messages'' and', '  elsif what = ''store'' and value ~ ''^[0-9]{1,18}$'' then
    if value <> ''0'' and not exists (select from oba.stores s where s.store_id = value::bigint and (s.closed_on is null or s.closed_on > oba.business_day (now()))) then
      perform oba.refuse (''OB002'', format (''There is no store %s.'', value));
    end if;
    update oba.customers k set preferred_store_id = nullif (value, ''0'')::bigint, updated_at = now(), version = k.version + 1
    where k.customer_id = c and k.status <> ''erased'' and k.preferred_store_id is distinct from nullif (value, ''0'')::bigint;
  elsif what = ''category'' and value ~ ''^[0-9]{1,18}:(true|false)$'' then
    if value like ''%:true'' then
      insert into oba.customer_categories (customer_id, category_id) select c, g.category_id from oba.categories g
      where g.category_id = split_part (value, '':'', 1)::bigint and (select count (*) from oba.customer_categories x where x.customer_id = c) < 50 on conflict do nothing;
    else
      delete from oba.customer_categories x where x.customer_id = c and x.category_id = split_part (value, '':'', 1)::bigint;
    end if;
  elsif what = ''consent'' and value ~ ''^(telegram|sms|email|phone|profiling):(true|false)$'' then
    perform oba.put_consent (c, split_part (value, '':'', 1), split_part (value, '':'', 2)::boolean, ''telegram'', null, null);
  elsif what = ''messages'' and');

-- ---------------------------------------------------------------- to be forgotten, and to be told everything

-- Who asks in the bot to be erased is erased by a supervisor, who looks at what goes, as at whatever waits for a second person.
alter table oba.approvals drop constraint approvals_kind_check;
alter table oba.approvals add constraint approvals_kind_check check (kind in ('merge', 'unmerge', 'correction', 'adjustment', 'erasure'));

-- Erases whom the request names, if no more would go than was looked at.
create function oba.try_erasure (a oba.approvals, out preview jsonb, out done bigint)
language plpgsql
as $$
declare
  customer bigint := a.customer_ids[1];
begin
  if exists (select from oba.customers k where k.customer_id = customer and k.status = 'erased') then
    perform oba.refuse ('OB000', 'This customer was erased already.');
  end if;
  preview := oba.erasure_figures (oba.lock_family (customer));
  if (preview -> 'records', preview -> 'points', preview -> 'receipts', preview -> 'redemptions') = (a.preview -> 'records', a.preview -> 'points', a.preview -> 'receipts', a.preview -> 'redemptions') then
    perform oba.do_erase_customer (jsonb_build_object ('customer_id', customer, 'confirm', customer::text, 'reason', 'request'));
    done := customer;
  end if;
end $$;
select oba.patch_function ('oba.try_approved', '  elsif a.kind = ''adjustment'' then', '  elsif a.kind = ''erasure'' then
    select t.preview, t.done into preview, done from oba.try_erasure (a) t;
  elsif a.kind = ''adjustment'' then');
-- What was typed with it would be all that is left of the person.
select oba.patch_function ('oba.do_decide_approval', '  if approve and (request ->> ''seen'')', '  if approve and a.kind = ''erasure'' then
    why := null;
  end if;
  if approve and (request ->> ''seen'')');

-- What the bot says before it asks: how many points would be lost, and whether it waits already.
create function oba.telegram_forget_state (customer bigint) returns jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select jsonb_build_object ('waits', exists (select from oba.approvals a where a.kind = 'erasure' and a.state = 'requested' and a.customer_ids && oba.whole_family (customer)),
                             'points', (select coalesce (sum (greatest (p.balance, 0)), 0) from oba.points_accounts p where p.customer_id = any (oba.whole_family (customer))))
$$;

/*
 * {"chat_id", "forget": true | false}: whoever this chat is linked to wants to be erased, or not any more; a supervisor decides -> {"customer_id", "what": "asked" | "kept"}
 */
create function oba.do_telegram_forget (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c bigint := (select oba.customer_root (l.customer_id) from oba.telegram_links l where l.chat_id = (request ->> 'chat_id')::bigint);
  family bigint[];
  id bigint;
begin
  if c is null then
    perform oba.refuse ('OB002', 'No Telegram account is linked here.');
  elsif jsonb_typeof (request -> 'forget') is distinct from 'boolean' then
    perform oba.refuse ('OB001', 'The bot asks to forget somebody, or to keep them.');
  end if;
  family := oba.lock_family (c);
  if (request ->> 'forget')::boolean then
    if not exists (select from oba.approvals a where a.kind = 'erasure' and a.state = 'requested' and a.customer_ids && family) then
      insert into oba.approvals (kind, request, preview, customer_ids)
      values ('erasure', '{}', oba.erasure_figures (family), array[c] || array_remove (family, c)) returning approval_id into id;
      perform oba.audit_add ('approval.request', 'approval', id::text, c, jsonb_build_object ('kind', jsonb_build_array (null, 'erasure')), null);
      perform pg_notify ('oba_approvals', id::text);
    end if;
    return jsonb_build_object ('customer_id', c, 'what', 'asked');
  end if;
  update oba.approvals a set state = 'withdrawn', decided_by = session_user, decided_at = now()
  where a.kind = 'erasure' and a.state = 'requested' and a.customer_ids && family returning a.approval_id into id;
  if id is not null then
    perform oba.audit_add ('approval.withdraw', 'approval', id::text, c, '{}', null);
    perform pg_notify ('oba_approvals', id::text);
  end if;
  return jsonb_build_object ('customer_id', c, 'what', 'kept');
end $$;
select oba.add_action ('telegram_forget', 'oba_helper');

-- What core/access gives out of tables that the helper does not read: of these persons alone, since it gives it to themselves.
create function oba.approvals_about (family bigint[]) returns setof jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
begin atomic
  select jsonb_build_object ('kind', a.kind, 'state', a.state, 'requested_at', a.requested_at, 'requested_by', a.requested_by, 'reason', a.reason,
                             'decided_at', a.decided_at, 'decided_by', a.decided_by, 'decision_reason', a.decision_reason)
  from oba.approvals a where a.customer_ids && family order by a.requested_at, a.approval_id;
end;
create function oba.merges_of (family bigint[]) returns setof jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
begin atomic
  select to_jsonb (m) - '{came,approval_id,undo_approval_id}'::text[]
         || jsonb_build_object ('requested_by', a.requested_by, 'decided_by', a.decided_by, 'reason', a.reason, 'decision_reason', a.decision_reason,
              'values', (select coalesce (jsonb_object_agg (v.field, v.value), '{}') from oba.merge_values v where v.merge_id = m.merge_id))
  from oba.merges m left join oba.approvals a using (approval_id)
  where m.source_id = any (family) or m.survivor_id = any (family) order by m.merged_at, m.merge_id;
end;
create function oba.audit_about (family bigint[]) returns setof jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
begin atomic
  select to_jsonb (a) - '{xid,from_where,role}'::text[] from oba.audit_entries a where a.customer_id = any (family) order by a.at, a.audit_id;
end;
grant execute on function oba.approvals_about (bigint[]), oba.merges_of (bigint[]), oba.audit_about (bigint[]) to oba_supervisor, oba_admin, oba_helper;
grant execute on function oba.messages_of (bigint[]), oba.whole_family (bigint), oba.record_access (jsonb, text, text) to oba_helper;

-- May this customer have the file with everything now? It was not ordered today.
create function oba.telegram_may_export (customer bigint) returns boolean
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select not exists (select from oba.outbox o where o.customer_id = customer and o.kind = 'export' and o.created_at > now() - interval '24 hours' and o.state <> 'failed')
$$;

drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- rights

grant execute on function oba.make_start_link (bigint, text) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_helper;
grant execute on function oba.make_staff_link (bigint) to oba_clerk, oba_supervisor, oba_admin;
grant select (customer_id, made_by, made_at, expires_at, used_at) on oba.staff_links to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.read_start_payload (text), oba.telegram_find_phone (text, bigint), oba.telegram_note_bot (text), oba.telegram_forget_state (bigint),
  oba.telegram_may_export (bigint) to oba_helper;

reset role;
