-- Customers: register, change, block, consent, cards, Telegram.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- Every store has a walk-in customer, who owns the receipts that came without a card.
create function oba.stores_make_walk_in () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  id bigint;
begin
  insert into oba.customers (kind, walk_in_store_id, registered_through, registered_store_id)
  values ('walk_in', new.store_id, 'system', new.store_id) returning customer_id into id;
  insert into oba.walk_ins (store_id, customer_id) values (new.store_id, id);
  return null;
end $$;
create trigger make_walk_in after insert on oba.stores for each row execute function oba.stores_make_walk_in ();

-- Whatever way a person comes in (form, bot, COPY), the account, the stats row and the phone's entry come along.
create function oba.customers_make_account () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  insert into oba.points_accounts (customer_id, tier_since) select customer_id, registered_at from fresh where kind = 'person';
  insert into oba.customer_stats (customer_id) select customer_id from fresh where kind = 'person';
  insert into oba.customer_phones (phone, customer_id) select phone, customer_id from fresh where phone is not null;
  return null;
end $$;
create trigger make_account after insert on oba.customers
  referencing new table as fresh for each statement execute function oba.customers_make_account ();

create function oba.customers_keep_phone () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  delete from oba.customer_phones where phone = old.phone and customer_id = old.customer_id;
  insert into oba.customer_phones (phone, customer_id) select new.phone, new.customer_id where new.phone is not null;
  return null;
end $$;
create trigger keep_phone after update of phone on oba.customers
  for each row when (old.phone is distinct from new.phone) execute function oba.customers_keep_phone ();

-- The list and the profile of everybody who has them open are told.
create function oba.customers_tell () returns trigger
language plpgsql
as $$
begin
  perform pg_notify ('oba_customers', new.customer_id::text);
  return null;
end $$;
create trigger tell after update on oba.customers for each row execute function oba.customers_tell ();

-- ---------------------------------------------------------------- checks of a customer's data

-- Puts what a form sent into a row of customers; refuses what may not be stored. Keys that are not given keep the row's value.
create function oba.customer_from (request jsonb, base oba.customers) returns oba.customers
language plpgsql stable
as $$
declare
  c oba.customers;
  bad text;
begin
  if jsonb_typeof (request) <> 'object' then
    perform oba.refuse ('OB001', 'The request is not a JSON object.');
  end if;
  select k into bad from jsonb_object_keys (request) k
    where k not in ('given_name', 'family_name', 'patronymic', 'phone', 'birth_date', 'language', 'city', 'email',
                    'preferred_store_id', 'notes', 'categories', 'store_id', 'through', 'consents') limit 1;
  if bad is not null then
    perform oba.refuse ('OB001', format ('A customer has no field "%s".', left (bad, 100)));
  end if;
  c := jsonb_populate_record (base, request - 'categories' - 'store_id' - 'through' - 'consents');
  c.given_name := coalesce (c.given_name, '');
  c.family_name := coalesce (c.family_name, '');
  c.patronymic := coalesce (c.patronymic, '');
  c.city := coalesce (c.city, '');
  c.notes := coalesce (c.notes, '');
  c.phone := nullif (c.phone, '');
  c.email := nullif (c.email, '');

  -- Control characters and bidirectional overrides make a name look like another; only notes may have line ends.
  if concat (c.given_name, c.family_name, c.patronymic, c.city, c.email) ~ '[\u0001-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]'
     or c.notes ~ '[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]' then
    perform oba.refuse ('OB001', 'A text holds an invisible control character.', 'Type it anew instead of pasting it.');
  end if;
  if c.given_name = '' and c.family_name = '' then
    perform oba.refuse ('OB001', 'A customer needs a given name or a family name.');
  end if;
  if greatest (length (c.given_name), length (c.family_name), length (c.patronymic), length (c.city)) > 100 then
    perform oba.refuse ('OB001', 'A name or city is longer than 100 characters.');
  end if;
  if length (c.notes) > 4000 then
    perform oba.refuse ('OB001', 'The notes are longer than 4,000 characters.');
  end if;
  if c.phone !~ '^\+[1-9][0-9]{6,14}$' then
    perform oba.refuse ('OB001', format ('"%s" is not a phone number.', left (c.phone, 40)), 'Write it as +994501234567.');
  end if;
  if length (c.email) > 254 or c.email !~ '^[^@[:space:]]+@[^@[:space:]]+$' then
    perform oba.refuse ('OB001', format ('"%s" is not an e-mail address.', left (c.email, 60)));
  end if;
  if c.birth_date < '1900-01-01' or c.birth_date > oba.business_day (now()) then
    perform oba.refuse ('OB001', format ('%s is not a possible birth date.', c.birth_date));
  end if;
  if c.language is null or c.language not in ('az', 'ru', 'en') then
    perform oba.refuse ('OB001', 'The language is az, ru or en.');
  end if;
  if c.preferred_store_id is not null and not exists (select from oba.stores s where s.store_id = c.preferred_store_id) then
    perform oba.refuse ('OB002', format ('There is no store %s.', c.preferred_store_id));
  end if;
  return c;
end $$;

create function oba.refuse_phone_of_another (number text, but bigint) returns void
language plpgsql stable
as $$
declare
  other bigint := (select customer_id from oba.customer_phones where phone = number);
begin
  if other is not null and other is distinct from but then
    perform oba.refuse ('OB004', format ('The phone number %s belongs to another customer.', number),
                        'Open that customer, or use another number.', other::text);
  end if;
end $$;

create function oba.put_categories (customer bigint, list jsonb) returns void
language plpgsql
as $$
begin
  if jsonb_typeof (list) <> 'array' or jsonb_array_length (list) > 50 then
    perform oba.refuse ('OB001', 'Preferred categories are a list of at most 50.');
  end if;
  delete from oba.customer_categories where customer_id = customer and category_id not in (select v::bigint from jsonb_array_elements_text (list) v);
  insert into oba.customer_categories (customer_id, category_id)
    select customer, v::bigint from jsonb_array_elements_text (list) v on conflict do nothing;
end $$;

create function oba.put_consent (customer bigint, channel text, granted boolean, through text, store bigint, wording text) returns void
language plpgsql
as $$
begin
  insert into oba.consent_history (customer_id, channel, granted, through, store_id, wording)
    values (customer, channel, granted, through, store, coalesce (wording, ''));
  insert into oba.consents as c (customer_id, channel, granted, since) values (customer, channel, granted, now())
    on conflict on constraint consents_pkey do update
    set granted = excluded.granted, since = case when c.granted = excluded.granted then c.since else excluded.since end;
end $$;

-- ---------------------------------------------------------------- the work itself; oba.once() calls it

/*
 * {"given_name", "family_name", "patronymic", "phone", "birth_date", "language", "city", "email", "preferred_store_id", "notes",
 *  "categories": [id...], "store_id": registered where, "through": "staff"|"telegram"|"till", "consents": {"telegram": true, ...}}
 * -> {"customer_id", "version"}
 */
create function oba.do_register_customer (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c oba.customers;
  through text := coalesce (request ->> 'through', 'staff');
  store bigint := (request ->> 'store_id')::bigint;
  consent record;
begin
  c.language := 'az';
  c := oba.customer_from (request, c);
  if through not in ('staff', 'telegram', 'till') then
    perform oba.refuse ('OB001', 'A customer registers through staff, telegram or till.');
  end if;
  perform oba.check_scope (store);
  if store is not null and not exists (select from oba.stores s where s.store_id = store) then
    perform oba.refuse ('OB002', format ('There is no store %s.', store));
  end if;
  perform oba.refuse_phone_of_another (c.phone, null);
  begin
    insert into oba.customers (given_name, family_name, patronymic, phone, birth_date, language, city, email, preferred_store_id, notes,
                               registered_store_id, registered_through)
    values (c.given_name, c.family_name, c.patronymic, c.phone, c.birth_date, c.language, c.city, c.email, c.preferred_store_id, c.notes,
            store, through)
    returning * into c;
  exception when unique_violation then
    perform oba.refuse_phone_of_another (c.phone, null);   -- a colleague was faster by a moment
    raise;
  end;
  if request ? 'categories' then
    perform oba.put_categories (c.customer_id, request -> 'categories');
  end if;
  for consent in select * from jsonb_each (coalesce (request -> 'consents', '{}')) loop
    perform oba.put_consent (c.customer_id, consent.key, consent.value::boolean, through, store, '');
  end loop;
  perform oba.audit_add ('customer.register', 'customer', c.customer_id::text, c.customer_id, '{}', null);
  perform pg_notify ('oba_customers', c.customer_id::text);
  return jsonb_build_object ('customer_id', c.customer_id, 'version', c.version);
end $$;

-- {"customer_id", "version": the one that was read, "changes": {fields as above}, "reason"} -> {"customer_id", "version"}
create function oba.do_update_customer (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c oba.customers;
  n oba.customers;
  changes jsonb := coalesce (request -> 'changes', '{}');
begin
  select * into c from oba.customers k where k.customer_id = (request ->> 'customer_id')::bigint and k.kind = 'person' for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif c.status = 'erased' then
    perform oba.refuse ('OB006', 'This customer was erased and cannot be changed.');
  elsif c.version is distinct from (request ->> 'version')::integer then
    perform oba.refuse ('OB003', 'Somebody else changed this customer meanwhile.', 'Look at the new state, then decide what to keep.', c.version::text);
  end if;
  n := oba.customer_from (changes, c);
  if n.phone is distinct from c.phone then
    perform oba.refuse_phone_of_another (n.phone, c.customer_id);
  end if;
  perform set_config ('oba.reason', coalesce (request ->> 'reason', ''), true);
  begin
    update oba.customers k
    set given_name = n.given_name, family_name = n.family_name, patronymic = n.patronymic, phone = n.phone, birth_date = n.birth_date,
        language = n.language, city = n.city, email = n.email, preferred_store_id = n.preferred_store_id, notes = n.notes,
        updated_at = now(), version = k.version + 1
    where k.customer_id = c.customer_id
    returning version into n.version;
  exception when unique_violation then
    perform oba.refuse_phone_of_another (n.phone, c.customer_id);
    raise;
  end;
  if changes ? 'categories' then
    perform oba.put_categories (c.customer_id, changes -> 'categories');
  end if;
  perform set_config ('oba.reason', '', true);
  return jsonb_build_object ('customer_id', c.customer_id, 'version', n.version);
end $$;

-- {"customer_id", "blocked": true|false, "reason"}: a blocked customer neither earns nor spends -> {"customer_id", "version"}
create function oba.do_block_customer (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c oba.customers;
  block boolean := (request ->> 'blocked')::boolean;
  why text := nullif (btrim (request ->> 'reason'), '');
begin
  select * into c from oba.customers k where k.customer_id = (request ->> 'customer_id')::bigint and k.kind = 'person' for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif c.status = 'erased' then
    perform oba.refuse ('OB006', 'This customer was erased.');
  elsif block is null or why is null or length (why) > 1000 then
    perform oba.refuse ('OB001', 'Blocking and unblocking need a reason of at most 1,000 characters.');
  elsif (c.status = 'blocked') = block then
    perform oba.refuse ('OB013', case when block then 'This customer is blocked already.' else 'This customer is not blocked.' end);
  end if;
  perform set_config ('oba.reason', why, true);
  update oba.customers k
  set status = case when block then 'blocked' else 'active' end, blocked_reason = case when block then why end,
      status_since = now(), updated_at = now(), version = k.version + 1
  where k.customer_id = c.customer_id returning version into c.version;
  perform set_config ('oba.reason', '', true);
  return jsonb_build_object ('customer_id', c.customer_id, 'version', c.version);
end $$;

-- {"customer_id", "channel", "granted", "through", "store_id", "wording"} -> {"customer_id"}
create function oba.do_set_consent (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c bigint := (request ->> 'customer_id')::bigint;
begin
  perform from oba.customers k where k.customer_id = c and k.kind = 'person' and k.status <> 'erased' for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif request ->> 'channel' is null or request ->> 'channel' not in ('telegram', 'sms', 'email', 'phone', 'profiling')
        or request ->> 'granted' is null then
    perform oba.refuse ('OB001', 'A consent names a channel (telegram, sms, email, phone, profiling) and whether it is granted.');
  end if;
  perform oba.put_consent (c, request ->> 'channel', (request ->> 'granted')::boolean, coalesce (request ->> 'through', 'staff'),
                           (request ->> 'store_id')::bigint, request ->> 'wording');
  perform oba.audit_add ('consent.set', 'customer', c::text, c,
                         jsonb_build_object (request ->> 'channel', jsonb_build_array (null, request -> 'granted')), null);
  perform pg_notify ('oba_customers', c::text);
  return jsonb_build_object ('customer_id', c);
end $$;

-- {"customer_id", "number", "token"}: hands out a card; a blank one printed before, or a new one -> {"customer_id", "number"}
create function oba.do_issue_card (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c bigint := (request ->> 'customer_id')::bigint;
  token_key bytea := sha256 (convert_to (request ->> 'token', 'UTF8'));
  card oba.cards;
begin
  perform from oba.customers k where k.customer_id = c and k.kind = 'person' and k.status = 'active' for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no active customer of this number.');
  elsif token_key is null or length (request ->> 'token') not between 8 and 200 then
    perform oba.refuse ('OB001', 'This is not the code of a card.');
  end if;
  select * into card from oba.cards k where k.token_hash = token_key for update;
  if not found then
    if exists (select from oba.cards k where k.number = request ->> 'number') then
      perform oba.refuse ('OB004', 'There is another card of this number.', 'Check the number under the code.');
    end if;
    insert into oba.cards (token_hash, number, customer_id) values (token_key, request ->> 'number', c);
  elsif card.state <> 'blank' then
    perform oba.refuse ('OB004', 'This card was handed out before.', 'Take another card.');
  else
    update oba.cards k set customer_id = c, state = 'active', state_since = now() where k.token_hash = token_key;
  end if;
  perform oba.audit_add ('card.issue', 'card', coalesce (card.number, request ->> 'number'), c, '{}', null);
  return jsonb_build_object ('customer_id', c, 'number', coalesce (card.number, request ->> 'number'));
end $$;

-- {"customer_id", "chat_id", "username"}: one chat a customer, one customer a chat; an older chat of the customer gives way.
create function oba.do_link_telegram (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c bigint := (request ->> 'customer_id')::bigint;
  chat bigint := (request ->> 'chat_id')::bigint;
  holder bigint;
begin
  perform from oba.customers k where k.customer_id = c and k.kind = 'person' and k.status <> 'erased' for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif chat is null then
    perform oba.refuse ('OB001', 'The chat is missing.');
  end if;
  select customer_id into holder from oba.telegram_links where chat_id = chat for update;
  if holder <> c then
    perform oba.refuse ('OB004', 'This Telegram account is linked to another customer.', 'Unlink it there first.');
  end if;
  delete from oba.telegram_links where customer_id = c and chat_id <> chat;
  insert into oba.telegram_links (chat_id, customer_id, username) values (chat, c, left (request ->> 'username', 100))
    on conflict (chat_id) do update set username = excluded.username, unreachable_at = null;
  perform pg_notify ('oba_customers', c::text);
  return jsonb_build_object ('customer_id', c, 'chat_id', chat);
end $$;

create function oba.do_unlink_telegram (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c bigint;
begin
  delete from oba.telegram_links l
  where l.customer_id = (request ->> 'customer_id')::bigint or l.chat_id = (request ->> 'chat_id')::bigint
  returning l.customer_id into c;
  if c is null then
    perform oba.refuse ('OB002', 'No Telegram account is linked here.');
  end if;
  perform pg_notify ('oba_customers', c::text);
  return jsonb_build_object ('customer_id', c);
end $$;

reset role;
