-- Registering by staff: who is there already, and a printed card that goes with the new customer.
--
--   OB014 a likely double: the caller names it in "not_same_as" when it is another person

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- who is there already

-- One person is one name in any spelling. The birth date beside it, so that a common name does not bring thousands of rows.
create index customers_by_folded_name on oba.customers (oba.fold (family_name || ' ' || given_name), birth_date) where kind = 'person';
-- Where a birth date is missing, namesakes of one city are all there is to go by.
create index customers_by_folded_name_city on oba.customers (oba.fold (family_name || ' ' || given_name), oba.fold (city), birth_date)
  where kind = 'person' and city <> '';

-- Two customers of whom a colleague said, when registering the newer one, that they are not the same person. The smaller id first.
create table oba.not_same_persons (
  customer_id   bigint not null references oba.customers,
  other_id      bigint not null references oba.customers,
  said_at       timestamptz not null default now(),
  said_by       text not null default session_user,
  primary key (customer_id, other_id),
  check (customer_id < other_id)
);
create index not_same_persons_other on oba.not_same_persons (other_id);
grant select on oba.not_same_persons to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;

/*
 * Customers who may be the one of whom {"given_name", "family_name", "phone", "birth_date", "city"} is known, the likeliest first, at most 20; never the one of
 * "customer_id". Reasons: 'phone' has this number; 'name_birth' has the same folded name (given and family name may have changed places) and birth date;
 * 'name_city' has the same folded name and city, and of one of the two the birth date is not known.
 */
create function oba.likely_doubles (request jsonb)
returns table (customer_id bigint, reason text, family_name text, given_name text, patronymic text, phone text, birth_date date, city text, status text,
               registered_at timestamptz)
language plpgsql stable
as $$
#variable_conflict use_column
declare
  given constant text := coalesce (request ->> 'given_name', '');
  family constant text := coalesce (request ->> 'family_name', '');
  one constant text := oba.fold (left (family, 200) || ' ' || left (given, 200));
  other constant text := oba.fold (left (given, 200) || ' ' || left (family, 200));
  place constant text := oba.fold (left (coalesce (request ->> 'city', ''), 200));
  born constant date := (request ->> 'birth_date')::date;
  self constant bigint := (request ->> 'customer_id')::bigint;
begin
  return query
    select c.customer_id, d.reason, c.family_name, c.given_name, c.patronymic, c.phone, c.birth_date, c.city, c.status, c.registered_at
    from (select p.customer_id, 'phone' as reason, 1 as rank from oba.customer_phones p where p.phone = request ->> 'phone'
          union all
          select k.customer_id, 'name_birth', 2 from oba.customers k
          where oba.fold (k.family_name || ' ' || k.given_name) in (one, other) and k.kind = 'person' and k.birth_date = born and one <> ''
          union all
          -- Given names alone are shared by half a town, and of a name that hundreds have, some are enough.
          (select k.customer_id, 'name_city', 3 from oba.customers k
           where oba.fold (k.family_name || ' ' || k.given_name) in (one, other) and oba.fold (k.city) = place and k.birth_date is null
             and k.kind = 'person' and k.city <> '' and place <> '' and btrim (given) <> '' and btrim (family) <> '' limit 50)
          union all
          (select k.customer_id, 'name_city', 3 from oba.customers k
           where oba.fold (k.family_name || ' ' || k.given_name) in (one, other) and oba.fold (k.city) = place and k.birth_date is not null and born is null
             and k.kind = 'person' and k.city <> '' and place <> '' and btrim (given) <> '' and btrim (family) <> '' limit 50)) d
    join oba.customers c using (customer_id)
    where c.status in ('active', 'blocked') and c.customer_id is distinct from self
      and not exists (select from oba.customer_phones q where q.phone = request ->> 'phone' and q.customer_id = c.customer_id and d.rank > 1)
    order by d.rank, c.registered_at desc, c.customer_id limit 20;
end $$;
grant execute on function oba.likely_doubles (jsonb) to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;

create function oba.refuse_likely_double (request jsonb) returns void
language plpgsql
as $$
declare
  name constant text := oba.fold (concat (request ->> 'family_name', ' ', request ->> 'given_name'));
  turned constant text := oba.fold (concat (request ->> 'given_name', ' ', request ->> 'family_name'));
  known constant jsonb := coalesce (request -> 'not_same_as', '[]');
  found record;
begin
  -- Two clerks who register one person at one moment come one after the other, so that the second one sees what the first did.
  perform pg_advisory_xact_lock (hashtextextended ('oba.register ' || least (name, turned), 2));
  select string_agg (d.customer_id::text, ',') as ids, bool_or (d.reason = 'name_birth') as sure into found
  from oba.likely_doubles (request - 'customer_id') d
  where d.reason <> 'phone' and not known @> to_jsonb (d.customer_id);
  if found.ids is not null then
    perform oba.refuse ('OB014', case when found.sure then 'A customer of this name and birth date is registered already.'
                                      else 'A customer of this name is registered in this city already.' end,
                        'Open that customer, or say that this is another person.', found.ids);
  end if;
end $$;

-- ---------------------------------------------------------------- cards

-- The card that somebody holds: @code is what its QR code says, or the number printed under it, as it is written.
create function oba.card_of (code text) returns oba.cards
language sql stable
return (select k from (select c as k, 1 as rank from oba.cards c where c.token_hash = sha256 (convert_to (code, 'UTF8'))
                       union all select c, 2 from oba.cards c where c.number = code
                       union all select c, 3 from oba.cards c where c.number = upper (btrim (code))) f
        order by rank limit 1);

-- No row: there is no such card.
create function oba.look_up_card (code text) returns table (number text, state text, customer_id bigint, customer_name text)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
begin atomic
  select k.number, k.state, k.customer_id, btrim (concat_ws (' ', c.family_name, c.given_name))
  from oba.card_of (left (look_up_card.code, 200)) k left join oba.customers c on c.customer_id = k.customer_id
  where k.number is not null;
end;
grant execute on function oba.look_up_card (text) to oba_clerk, oba_supervisor, oba_admin, oba_helper;

-- Hands a printed blank card to a new customer; @card is {"token": ...} or {"number": ...}.
create function oba.hand_out_card (customer bigint, card jsonb) returns text
language plpgsql
as $$
declare
  code constant text := coalesce (card ->> 'token', card ->> 'number');
  held oba.cards;
begin
  if jsonb_typeof (card) <> 'object' or code is null or length (code) not between 4 and 200 then
    perform oba.refuse ('OB001', 'This is not the code of a card.');
  end if;
  select * into held from oba.cards k where k.token_hash = (oba.card_of (code)).token_hash for update;
  if not found then
    perform oba.refuse ('OB002', 'This card is not one of ours.', 'Check the number under the code, or take another card.');
  elsif held.state = 'active' then
    perform oba.refuse ('OB004', 'This card was handed out before.', 'Take another card.', held.customer_id::text);
  elsif held.state <> 'blank' then
    perform oba.refuse ('OB004', format ('This card is %s.', held.state), 'Take another card.');
  end if;
  update oba.cards k set customer_id = customer, state = 'active', state_since = now() where k.token_hash = held.token_hash;
  perform oba.audit_add ('card.issue', 'card', held.number, customer, '{}', null);
  return held.number;
end $$;

-- ---------------------------------------------------------------- registering

-- As in 0004; spaces around a name are nobody's name, and the Arabic letter mark is as invisible as the others.
-- Puts what a form sent into a row of customers; refuses what may not be stored. Keys that are not given keep the row's value.
create or replace function oba.customer_from (request jsonb, base oba.customers) returns oba.customers
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
  c.given_name := btrim (coalesce (c.given_name, ''));
  c.family_name := btrim (coalesce (c.family_name, ''));
  c.patronymic := btrim (coalesce (c.patronymic, ''));
  c.city := btrim (coalesce (c.city, ''));
  c.notes := coalesce (c.notes, '');
  c.phone := nullif (c.phone, '');
  c.email := nullif (c.email, '');

  -- Control characters and bidirectional overrides make a name look like another; only notes may have line ends.
  if concat (c.given_name, c.family_name, c.patronymic, c.city, c.email) ~ '[\u0001-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]'
     or c.notes ~ '[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069]' then
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

/*
 * As in 0004, and with: "card": {"token" | "number"} a printed blank card, handed out in the same transaction; "not_same_as": [id...] those of whom the clerk has
 * seen that they are other persons. A likely double that is not named there is refused to staff (OB014; its ids are the detail): tills and the bot know only a phone.
 * -> {"customer_id", "version", "card": its number}
 */
create or replace function oba.do_register_customer (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c oba.customers;
  through text := coalesce (request ->> 'through', 'staff');
  store bigint := (request ->> 'store_id')::bigint;
  others jsonb := coalesce (request -> 'not_same_as', '[]');
  card text;
  consent record;
begin
  c.language := 'az';
  c := oba.customer_from (request - 'card' - 'not_same_as', c);
  if through not in ('staff', 'telegram', 'till') then
    perform oba.refuse ('OB001', 'A customer registers through staff, telegram or till.');
  elsif jsonb_typeof (others) <> 'array' or jsonb_array_length (others) > 50 then
    perform oba.refuse ('OB001', 'Those who are not the same person are a list of at most 50.');
  end if;
  perform oba.check_scope (store);
  if store is not null and not exists (select from oba.stores s where s.store_id = store) then
    perform oba.refuse ('OB002', format ('There is no store %s.', store));
  end if;
  perform oba.refuse_phone_of_another (c.phone, null);
  if through = 'staff' then
    perform oba.refuse_likely_double (request);
  end if;
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
  if request ? 'card' then
    card := oba.hand_out_card (c.customer_id, request -> 'card');
  end if;
  insert into oba.not_same_persons (customer_id, other_id)
  select least (o.id, c.customer_id), greatest (o.id, c.customer_id)
  from (select distinct v::bigint as id from jsonb_array_elements_text (others) v) o join oba.customers k on k.customer_id = o.id and k.customer_id <> c.customer_id;
  perform oba.audit_add ('customer.register', 'customer', c.customer_id::text, c.customer_id,
                         case when others = '[]' then '{}' else jsonb_build_object ('not_same_as', jsonb_build_array (null, others)) end, null);
  perform pg_notify ('oba_customers', c.customer_id::text);
  return jsonb_build_object ('customer_id', c.customer_id, 'version', c.version)
         || case when card is null then '{}' else jsonb_build_object ('card', card) end;
end $$;

-- ---------------------------------------------------------------- what a form offers

-- The cities that are known, of customers and stores: a loose scan of the index, so that a million customers cost as much as their cities.
create function oba.known_cities () returns setof text
language sql stable
begin atomic
  with recursive k as (
    (select c.city from oba.customers c where c.kind = 'person' order by c.city limit 1)
    union all
    select (select c.city from oba.customers c where c.kind = 'person' and c.city > k.city order by c.city limit 1) from k where k.city is not null
  )
  select u.city from (select k.city from k union select s.city from oba.stores s) u where u.city <> '' order by oba.sort_key (u.city) limit 2000;
end;
grant execute on function oba.known_cities () to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
