-- Erasure: what is personal goes, what was sold stays.
--
-- What goes: names, phone, e-mail, birth date, city, notes, preferences, reasons that staff typed, messages and chat, other systems' ids, cards,
-- the values in the audit trail, groups, the saved searches that named the person. What stays, without anything that leads to the person: receipts and
-- ledger under the same number, tier and totals, consents with their proof, and that the erasure was done, by whom and why (a code).
-- Backups and WAL hold what was erased until they are rotated: see README.

set local role oba_owner;
set local search_path = oba, pg_catalog;

create table oba.erasures (
  customer_id   bigint primary key references oba.customers,
  erased_at     timestamptz not null default now(),
  by_whom       text not null default session_user,
  reason_code   text not null check (reason_code in ('request', 'consent', 'purpose', 'mistake', 'law')),
  asked_for     bigint not null,                                                   -- the customer who was named; others were merged into or with that one
  figures       jsonb not null,                                                    -- what went, in numbers: receipts, points, cards, messages, redemptions
  xid           xid8 not null default pg_current_xact_id()
);
grant select on oba.erasures to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper, oba_marketing;

-- Only erase_customer() writes into erasures, so only within its transaction is this true.
create function oba.is_erasing (customer bigint) returns boolean
language sql stable
return exists (select from oba.erasures e where e.customer_id = customer and e.xid = pg_current_xact_id_if_assigned ());

-- And this while anybody is being erased.
create function oba.is_erasing_somebody () returns boolean
language sql stable
return exists (select from oba.erasures e where e.xid = pg_current_xact_id_if_assigned ());
create index erasures_xid on oba.erasures (xid);

-- ---------------------------------------------------------------- append-only, but for erasure

/*
 * As before; and while a customer is being erased, for that customer only: a typed reason becomes null and nothing else of the row changes,
 * personal values of the audit trail are removed, and what a keyed request said and was answered is forgotten.
 */
create or replace function oba.refuse_change () returns trigger
language plpgsql
as $$
declare
  o jsonb;
  n jsonb;
begin
  if tg_level = 'ROW' and tg_op = 'UPDATE' and tg_table_name ~ '^((receipts|points_ledger)_[0-9]{4}_[0-9]{2}|redemption_events|tier_changes)$' then
    o := to_jsonb (old);
    n := to_jsonb (new);
    if n ->> 'reason' is null and o - 'reason' - 'business_day' = n - 'reason' - 'business_day' and oba.is_erasing ((o ->> 'customer_id')::bigint) then
      return new;
    end if;
  elsif tg_level = 'ROW' and tg_op = 'UPDATE' and tg_table_name = 'idempotency_keys' then
    if (new.scope, new.key, new.refused, new.customer_id, new.created_at) is not distinct from (old.scope, old.key, old.refused, old.customer_id, old.created_at)
       and oba.is_erasing_somebody () then
      return new;
    end if;
  elsif tg_level = 'ROW' and tg_op = 'DELETE' and tg_table_name = 'audit_personal' then
    if oba.is_erasing (old.customer_id) or (old.customer_id = 0 and oba.is_erasing_somebody ()) then
      return old;
    end if;
  end if;
  raise exception 'Rows of %.% are never changed or removed.', tg_table_schema, tg_table_name
    using errcode = 'OB009', hint = 'Record a correction: a reversing entry and, where wanted, a replacement.';
end $$;

create trigger append_only before update or delete on oba.erasures for each row execute function oba.refuse_change ();
create trigger append_only_all before truncate on oba.erasures for each statement execute function oba.refuse_change ();

-- ---------------------------------------------------------------- the audit trail without personal values

/*
 * Audit is chained and never changed, so it must not hold what may have to be erased: of a customer it says that a field changed, and a salted digest
 * of each value. The values and the salt are here and go with the customer; until then they prove that they are the ones that were chained, afterwards
 * nobody can guess them from the digests.
 */
create table oba.audit_personal (
  customer_id   bigint not null,                                                   -- 0: nobody's, but may name somebody: what a saved view searches for
  audit_id      bigint not null,
  salt          bytea not null check (length (salt) = 16),
  subject_id    text,                                                              -- where it names the person: a card's number
  changes       jsonb not null default '{}',                                       -- as audit.changes, the personal fields only
  reason        text,
  primary key (customer_id, audit_id)
);
create trigger append_only before update or delete on oba.audit_personal for each row execute function oba.refuse_change ();
create trigger append_only_all before truncate on oba.audit_personal for each statement execute function oba.refuse_change ();
grant select on oba.audit_personal to oba_supervisor, oba_admin, oba_auditor;

create function oba.audit_digest (salt bytea, field text, value text) returns text
language sql immutable parallel safe set search_path = pg_catalog
return 'sha256:' || encode (sha256 (salt || convert_to (field || e'\x1f' || value, 'UTF8')), 'hex');

-- Is a value of this field personal? A text is, unless the field is known to hold codes only; so what nobody thought of is kept apart, too.
create function oba.audit_is_personal (field text, value jsonb) returns boolean
language sql immutable parallel safe set search_path = pg_catalog
return case jsonb_typeof (value)
         when 'null' then false
         when 'boolean' then false
         when 'number' then field = 'chat_id'
         when 'string' then value <> '""' and field not in ('status', 'status_since', 'state', 'state_since', 'language', 'kind', 'registered_through', 'registered_at',
           'registered_by', 'issued_at', 'issued_by', 'linked_at', 'linked_by', 'unreachable_at', 'receipt_no', 'erased_for', 'given_as')
         else true end;

-- One field's values, each personal one as its digest: [old, new], or whatever else stands there.
create function oba.audit_mask (salt bytea, field text, value jsonb) returns jsonb
language sql immutable parallel safe set search_path = pg_catalog
return case when jsonb_typeof (value) = 'array' and jsonb_array_length (value) = 2
            then jsonb_build_array (case when oba.audit_is_personal (field, value -> 0) then to_jsonb (oba.audit_digest (salt, field || '.old', value ->> 0)) else value -> 0 end,
                                    case when oba.audit_is_personal (field, value -> 1) then to_jsonb (oba.audit_digest (salt, field || '.new', value ->> 1)) else value -> 1 end)
            when oba.audit_is_personal (field, value) then to_jsonb (oba.audit_digest (salt, field, value::text))
            else value end;

create function oba.audit_mask_all (salt bytea, changes jsonb) returns jsonb
language sql immutable parallel safe set search_path = pg_catalog
return (select coalesce (jsonb_object_agg (c.key, oba.audit_mask (salt, c.key, c.value)), '{}') from jsonb_each (changes) c);

-- The fields of @changes that @masked says otherwise.
create function oba.audit_kept_apart (changes jsonb, masked jsonb) returns jsonb
language sql immutable parallel safe set search_path = pg_catalog
return (select coalesce (jsonb_object_agg (c.key, c.value), '{}') from jsonb_each (changes) c where masked -> c.key <> c.value);

create or replace function oba.audit_add (action text, subject text, subject_id text, customer bigint, changes jsonb, reason text) returns void
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  why text := coalesce (audit_add.reason, nullif (current_setting ('oba.reason', true), ''));
  salt bytea := uuid_send (gen_random_uuid ());
  holder bigint := coalesce (customer, case when subject = 'view' then 0 end);
  masked jsonb := case when holder is null then changes else oba.audit_mask_all (salt, changes) end;
  of_card boolean := customer is not null and subject = 'card';
  entry bigint;
begin
  insert into oba.audit (role, from_where, action, subject, subject_id, customer_id, changes, reason)
  values ((select s.role from oba.staff s where s.login = session_user),
          concat_ws (' ', host (inet_client_addr ()), nullif (current_setting ('application_name'), '')),
          audit_add.action, audit_add.subject, case when of_card then oba.audit_digest (salt, 'subject', audit_add.subject_id) else audit_add.subject_id end,
          audit_add.customer, masked, case when holder is null then why else oba.audit_digest (salt, 'reason', why) end)
  returning audit_id into entry;
  if holder is not null and (masked <> changes or of_card or why is not null) then
    insert into oba.audit_personal (customer_id, audit_id, salt, subject_id, changes, reason)
    values (holder, entry, salt, case when of_card then audit_add.subject_id end, oba.audit_kept_apart (changes, masked), why);
  end if;
end $$;

-- What is done to a customer while erasing is told by one entry of its own, without what was there.
create or replace function oba.audit_row () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  before jsonb := case when tg_op <> 'INSERT' then to_jsonb (old) else '{}' end;
  after jsonb := case when tg_op <> 'DELETE' then to_jsonb (new) else '{}' end;
  changed jsonb := oba.changes (before, after);
  customer bigint := coalesce (after ->> 'customer_id', before ->> 'customer_id')::bigint;
begin
  if changed <> '{}' and not (customer is not null and oba.is_erasing (customer)) and not (tg_argv[0] = 'view' and oba.is_erasing_somebody ()) then
    perform oba.audit_add (tg_argv[0] || '.' || lower (tg_op), tg_argv[0], coalesce (nullif (after, '{}'), before) ->> tg_argv[1], customer, changed, null);
  end if;
  return null;
end $$;

-- What readers read: the entries with their values, null for those that were erased.
create view oba.audit_entries as
select a.audit_id, a.at, a.who, a.role, a.from_where, a.action, a.subject,
       case when p.subject_id is not null then p.subject_id when a.subject_id not like 'sha256:%' then a.subject_id end as subject_id, a.customer_id,
       case when p.audit_id is not null then a.changes || p.changes
            when a.customer_id is null and a.subject <> 'view' then a.changes
            else regexp_replace (a.changes::text, '"sha256:[0-9a-f]{64}"', 'null', 'g')::jsonb end as changes,
       case when p.audit_id is not null then p.reason when a.customer_id is null and a.subject <> 'view' then a.reason end as reason, a.xid
from oba.audit a left join oba.audit_personal p on p.customer_id = coalesce (a.customer_id, 0) and p.audit_id = a.audit_id;
grant select on oba.audit_entries to oba_supervisor, oba_admin, oba_auditor;

-- A database that was in use: the values of its entries are moved out, and the chain is made anew over what stays.
do $$
declare
  a oba.audit;
  s bytea;
  masked jsonb;
begin
  if not exists (select from oba.audit u where u.customer_id is not null) then
    return;
  end if;
  alter table oba.audit disable trigger append_only;
  for a in select u.* from oba.audit u where u.customer_id is not null loop
    s := uuid_send (gen_random_uuid ());
    masked := oba.audit_mask_all (s, a.changes);
    continue when masked = a.changes and a.reason is null and a.subject <> 'card';
    insert into oba.audit_personal (customer_id, audit_id, salt, subject_id, changes, reason)
    values (a.customer_id, a.audit_id, s, case when a.subject = 'card' then a.subject_id end, oba.audit_kept_apart (a.changes, masked), a.reason);
    update oba.audit u
    set changes = masked, reason = oba.audit_digest (s, 'reason', a.reason),
        subject_id = case when a.subject = 'card' then oba.audit_digest (s, 'subject', a.subject_id) else a.subject_id end
    where u.audit_id = a.audit_id and u.at = a.at;
  end loop;
  alter table oba.audit enable trigger append_only;
  alter table oba.audit_seals disable trigger append_only;
  delete from oba.audit_seals;
  alter table oba.audit_seals enable trigger append_only;
  while oba.audit_seal (100000) > 0 loop
    null;
  end loop;
end $$;

-- ---------------------------------------------------------------- an erased customer has nothing, and stays so

alter table oba.customers add constraint customers_erased_is_empty check (
  status <> 'erased'
  or (kind = 'person' and given_name = '' and family_name = '' and patronymic = '' and phone is null and birth_date is null and city = '' and email is null
      and notes = '' and blocked_reason is null and preferred_store_id is null and sort_name = '' and search_text = ''));

-- Its name comes last among the triggers, after those that make the search texts.
create function oba.customers_stay_erased () returns trigger
language plpgsql
as $$
begin
  if tg_op = 'UPDATE' and old.status = 'erased' and new.status <> 'erased' then
    perform oba.refuse ('OB006', 'This customer was erased and cannot be changed.');
  end if;
  new.sort_name := '';
  new.search_text := '';
  return new;
end $$;
create trigger zz_stay_erased before update on oba.customers
  for each row when (old.status = 'erased' or new.status = 'erased') execute function oba.customers_stay_erased ();

-- A card that was revoked by an erasure belongs to nobody and is never handed out again. Its code is random: it leads nowhere.
alter table oba.cards drop constraint cards_state_check;
alter table oba.cards add constraint cards_state_check check (state in ('blank', 'active', 'blocked', 'lost', 'revoked'));
alter table oba.cards add constraint cards_revoked check (state <> 'revoked' or customer_id is null);

-- Changes one place of a long function and leaves the rest as other migrations made it.
create function oba.patch_function (name text, old_text text, new_text text) returns void
language plpgsql
as $$
declare
  source text := pg_get_functiondef (name::regproc);
begin
  if length (source) - length (replace (source, old_text, '')) <> length (old_text) then
    raise exception 'The text to change is not in oba.% once: %', name, old_text;
  end if;
  execute replace (source, old_text, new_text);
end $$;

-- A till may still read such a card, or name the customer in a batch that comes late: the sale is a walk-in's.
select oba.patch_function ('oba.do_record_receipt', 'elsif known.state <> ''active'' then', 'elsif known.state not in (''active'', ''revoked'') then');
select oba.patch_function ('oba.do_record_receipt', 'if not found or known.status = ''erased'' then', 'if not found or (known.status = ''erased'' and via = ''staff'') then');
select oba.patch_function ('oba.do_record_receipt', '    person := true;
    earns := known.status = ''active'';', '    if known.status = ''erased'' then
      select w.customer_id into customer from oba.walk_ins w where w.store_id = store;
    else
      person := true;
      earns := known.status = ''active'';
    end if;');

-- What was bought before is returned for money as ever. The points it had given were forfeited: what the return takes back and does not find is no debt.
create function oba.forgive_erased () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  perform from oba.customers c where c.customer_id = new.customer_id and c.status = 'erased';
  if found then
    perform oba.credit (new.customer_id, now(), 'adjust', new.points, oba.business_day (now()), null, null, null, null, null, 'erased', 'job');
  end if;
  return null;
end $$;
create constraint trigger forgive_erased after insert on oba.points_debts deferrable initially deferred
  for each row execute function oba.forgive_erased ();

-- ---------------------------------------------------------------- requests with a key

-- Whom a kept answer is about, so that it can be forgotten; receipts are of numbers only.
alter table oba.idempotency_keys add column customer_id bigint;
create index idempotency_customer on oba.idempotency_keys (customer_id) where customer_id is not null;
create index idempotency_refused on oba.idempotency_keys (created_at) where refused and customer_id is null;

select oba.patch_function ('oba.once', 'insert into oba.idempotency_keys (scope, key, request_hash, refused, answer) values (scope, key, hash, answer ? ''refused'', answer);',
'insert into oba.idempotency_keys (scope, key, request_hash, refused, answer, customer_id)
    values (scope, key, hash, answer ? ''refused'', answer,
            case when action not in (''record_receipt'', ''return_lines'')
                 then substring (coalesce (answer ->> ''customer_id'', request ->> ''customer_id'') from ''^[0-9]{1,18}$'')::bigint end);');
drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- erasing

-- Persons who were merged are one person.
create function oba.whole_family (customer bigint) returns bigint[]
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
begin atomic
  select array (select f from oba.customer_family (oba.customer_root (customer)) f union select customer order by 1);
end;
grant execute on function oba.whole_family (bigint) to oba_supervisor, oba_admin;

-- What an erasure would take, in numbers.
create function oba.erasure_figures (family bigint[]) returns jsonb
language sql stable
return (select jsonb_build_object (
  'records', cardinality (family),
  'receipts', (select coalesce (sum (s.receipts + s.returns), 0) from oba.customer_stats s where s.customer_id = any (family)),
  'points', (select coalesce (sum (l.remaining), 0) from oba.points_lots l where l.customer_id = any (family) and l.remaining > 0)
            + (select coalesce (sum (r.points), 0) from oba.redemptions r where r.customer_id = any (family) and r.state in ('requested', 'approved')),
  'redemptions', (select count (*) from oba.redemptions r where r.customer_id = any (family) and r.state in ('requested', 'approved')),
  'cards', (select count (*) from oba.cards k where k.customer_id = any (family)),
  'messages', (select count (*) from oba.outbox o where o.customer_id = any (family))
              + (select count (*) from oba.telegram_links l join oba.telegram_updates u on u.chat_id = l.chat_id where l.customer_id = any (family)),
  'consents', (select count (*) from oba.consent_history h where h.customer_id = any (family)),
  'audited', (select count (*) from oba.audit_personal p where p.customer_id = any (family))));

-- Locks the customer and all who were merged with; refuses who cannot be erased. In the order of their numbers, the named one's first locked alone.
create function oba.lock_family (customer bigint) returns bigint[]
language plpgsql
as $$
declare
  c oba.customers;
  family bigint[];
begin
  select * into c from oba.customers k where k.customer_id = customer and k.kind = 'person' for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', customer));
  elsif c.status = 'erased' then
    perform oba.refuse ('OB013', 'This customer was erased already.');
  end if;
  family := oba.whole_family (customer);
  perform from oba.customers k where k.customer_id = any (family) order by k.customer_id for update;
  perform from oba.points_accounts a where a.customer_id = any (family) order by a.customer_id for update;
  return family;
end $$;

-- {"customer_id"} -> the figures of what would go; nothing is changed.
create function oba.preview_erasure (request jsonb) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  state text := (select k.status from oba.customers k where k.customer_id = customer and k.kind = 'person');
begin
  if state is null then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif state = 'erased' then
    perform oba.refuse ('OB013', 'This customer was erased already.');
  end if;
  return oba.erasure_figures (oba.whole_family (customer)) || jsonb_build_object ('customer_id', customer);
end $$;

create function oba.erase_redemptions (family bigint[]) returns void
language plpgsql
as $$
declare
  r record;
begin
  for r in select customer_id, redemption_id from oba.redemptions k where k.customer_id = any (family) and k.state in ('requested', 'approved') order by 1, 2 loop
    perform oba.do_move_redemption (jsonb_build_object ('customer_id', r.customer_id, 'redemption_id', r.redemption_id, 'state', 'cancelled'));
  end loop;
end $$;

-- Points that are left are forfeited: one entry, spread over the lots.
create function oba.erase_points (customer bigint) returns void
language plpgsql
as $$
declare
  entry bigint;
  left_over bigint;
begin
  select sum (l.remaining) into left_over from oba.points_lots l where l.customer_id = customer and l.remaining > 0;
  if left_over > 0 then
    entry := nextval ('oba.entry_ids');
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, reason, source) values (customer, now(), entry, 'expire', - left_over, 'erased', 'staff');
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points)
      select customer, entry, l.lot_id, l.remaining from oba.points_lots l where l.customer_id = customer and l.remaining > 0;
    update oba.points_lots l set remaining = 0 where l.customer_id = customer and l.remaining > 0;
    update oba.points_accounts a set balance = a.balance - left_over, spending_locked_at = null, updated_at = now() where a.customer_id = customer;
  end if;
end $$;

-- What staff typed about the person where nothing else can be changed.
create function oba.erase_reasons (family bigint[]) returns void
language plpgsql
as $$
begin
  update oba.points_ledger l set reason = null where l.customer_id = any (family) and l.reason is not null;
  update oba.redemption_events e set reason = null where e.customer_id = any (family) and e.reason is not null;
  update oba.tier_changes t set reason = null where t.customer_id = any (family) and t.reason is not null;
  update oba.receipts r set reason = null where r.customer_id = any (family) and r.reason is not null;
end $$;

-- Messages both ways. A chat that is somebody else's by now is left to that person, but for what was sent to this one.
create function oba.erase_messages (family bigint[]) returns void
language plpgsql
as $$
declare
  chats bigint[];
begin
  chats := array (select c from (select l.chat_id from oba.telegram_links l where l.customer_id = any (family)
                                 union select o.chat_id from oba.outbox o where o.customer_id = any (family) and o.chat_id is not null
                                 union select v::bigint from oba.audit_personal p cross join jsonb_array_elements_text (p.changes -> 'chat_id') v
                                       where p.customer_id = any (family) and jsonb_typeof (p.changes -> 'chat_id') = 'array' and v is not null) x (c)
                  where not exists (select from oba.telegram_links l where l.chat_id = c and l.customer_id <> all (family)));
  delete from oba.outbox o where o.customer_id = any (family);
  delete from oba.outbox o where o.customer_id = 0 and o.chat_id = any (chats);
  -- The update's number stays, so that it is not taken for a new one when it comes again.
  update oba.telegram_updates u
  set payload = '{}', raw = null, chat_id = null, error = null, state = 'done', done_at = coalesce (u.done_at, now()), leased_until = null, leased_by = null
  where u.chat_id = any (chats);
  delete from oba.telegram_chats t where t.chat_id = any (chats);
  delete from oba.telegram_links l where l.customer_id = any (family);
end $$;

-- Every phone number and e-mail address that the persons have or had.
create function oba.contacts_of (family bigint[]) returns text[]
language sql stable
return array (select t from (select c.phone from oba.customers c where c.customer_id = any (family)
                             union select c.email from oba.customers c where c.customer_id = any (family)
                             union select p.phone from oba.customer_phones p where p.customer_id = any (family)
                             union select v.value from oba.merge_values v join oba.merges m using (merge_id)
                                   where (m.source_id = any (family) or m.survivor_id = any (family)) and v.field in ('phone', 'email')
                             union select x #>> '{}' from oba.audit_personal p cross join jsonb_path_query (p.changes, 'lax $.keyvalue() ? (@.key == "phone" || @.key == "email").value[*]') x
                                   where p.customer_id = any (family)) k (t)
              where length (t) > 4);

-- What was asked and answered under a key: only that the key was used.
create function oba.erase_answers (family bigint[], contacts text[]) returns void
language plpgsql
as $$
begin
  update oba.idempotency_keys k
  set request_hash = sha256 (uuid_send (gen_random_uuid ())),
      answer = case when k.refused then jsonb_build_object ('refused', true, 'code', k.answer ->> 'code', 'message', 'This customer was erased.', 'hint', '', 'detail', '')
                    else jsonb_build_object ('customer_id', k.customer_id) end
  where k.customer_id = any (family);
  update oba.idempotency_keys k
  set request_hash = sha256 (uuid_send (gen_random_uuid ())),
      answer = jsonb_build_object ('refused', true, 'code', k.answer ->> 'code', 'message', 'This customer was erased.', 'hint', '', 'detail', '')
  where k.refused and k.customer_id is null
    and exists (select from unnest (contacts) t where position (lower (t) in lower (k.answer::text)) > 0);
end $$;

/*
 * Does this search find the person and nobody else? Then it is as good as their name. A whole phone number, an address or a card number is; words of a name are when
 * nobody else has them all. Before the identity is erased.
 */
create function oba.search_names (wanted text, family bigint[], contacts text[]) returns boolean
language plpgsql stable
as $$
declare
  words text[] := string_to_array (oba.fold (left (wanted, 200)), ' ');
  longest text := (select w from unnest (words) w order by length (w) desc limit 1);
  digits text := ltrim (regexp_replace (wanted, '[^0-9]', '', 'g'), '0');
begin
  if (length (digits) >= 7 and exists (select from unnest (contacts) t where position (digits in t) > 0))
     or exists (select from unnest (contacts) t where lower (t) = lower (btrim (wanted)))
     or exists (select from oba.cards k where k.customer_id = any (family) and k.number = btrim (wanted)) then
    return true;
  end if;
  return coalesce (longest, '') <> ''
    and exists (select from oba.customers c where c.customer_id = any (family)
                  and (select bool_and (position (w in oba.fold (concat_ws (' ', c.family_name, c.given_name, c.patronymic))) > 0) from unnest (words) w))
    and not exists (select from oba.customers c where c.kind = 'person' and c.status <> 'erased' and c.customer_id <> all (family)
                      and c.search_text like '%' || longest || '%' and (select bool_and (position (w in c.search_text) > 0) from unnest (words) w));
end $$;

-- Saved views that look for the person look for nobody, and what the audit trail knows of such searches goes.
create function oba.erase_searches (family bigint[], contacts text[]) returns void
language plpgsql
as $$
declare
  searches text[];
begin
  select array_agg (t.wanted) into searches
  from (select v.query #>> '{filter,text}' from oba.list_views v
        union select x #>> '{}' from oba.audit_personal p cross join jsonb_path_query (p.changes, 'lax $.**.text') x
              where p.customer_id = 0 and jsonb_typeof (x) = 'string') t (wanted)
  where t.wanted is not null and oba.search_names (t.wanted, family, contacts);
  if searches is null then
    return;
  end if;
  update oba.list_views v set query = jsonb_set (v.query, '{filter,text}', '"—"'), version = v.version + 1, updated_at = now()
  where v.query #>> '{filter,text}' = any (searches);
  delete from oba.audit_personal p
  where p.customer_id = 0 and exists (select from jsonb_path_query (p.changes, 'lax $.**.text') x where x #>> '{}' = any (searches));
end $$;

-- Who the person was.
create function oba.erase_identity (family bigint[]) returns void
language plpgsql
as $$
declare
  consent record;
begin
  delete from oba.customer_external_ids x where x.customer_id = any (family);
  delete from oba.customer_categories g where g.customer_id = any (family);
  delete from oba.segment_members m where m.customer_id = any (family);
  delete from oba.customer_phones p where p.customer_id = any (family);
  -- Cards and ids that came with a merge, for the way back that there is no more.
  update oba.merges m set came = m.came - '{cards,external_ids}'::text[] where m.source_id = any (family) or m.survivor_id = any (family);
  -- Why many were blocked at once was typed about this one, too.
  update oba.bulk_actions b set parameters = jsonb_set (b.parameters, '{reason}', '"—"')
  where b.kind = 'block' and exists (select from oba.bulk_action_members m where m.customer_id = any (family) and m.action_id = b.action_id);
  update oba.cards k set state = 'revoked', customer_id = null, state_since = now() where k.customer_id = any (family);
  for consent in select n.customer_id, n.channel from oba.consents n where n.customer_id = any (family) and n.granted loop
    perform oba.put_consent (consent.customer_id, consent.channel, false, 'system', null, '');
  end loop;
  update oba.customers c
  set given_name = '', family_name = '', patronymic = '', phone = null, birth_date = null, city = '', email = null, notes = '', preferred_store_id = null,
      status = 'erased', status_since = now(), blocked_reason = null, updated_at = now(), version = c.version + 1
  where c.customer_id = any (family);
end $$;

/*
 * {"customer_id", "confirm": the customer's number as it was typed, "reason": "request"|"consent"|"purpose"|"mistake"|"law"}
 * -> {"customer_id", "figures"}. It cannot be undone.
 */
create function oba.do_erase_customer (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  family bigint[] := oba.lock_family (customer);
  figures jsonb := oba.erasure_figures (family);
  contacts text[] := oba.contacts_of (family);
  c bigint;
begin
  if btrim (coalesce (request ->> 'confirm', '')) <> customer::text then
    perform oba.refuse ('OB001', 'The number that was typed is not the customer''s.', 'Type the customer number as it is shown.');
  elsif coalesce (request ->> 'reason', '') not in ('request', 'consent', 'purpose', 'mistake', 'law') then
    perform oba.refuse ('OB001', 'An erasure needs a reason from the list.');
  end if;
  insert into oba.erasures (customer_id, reason_code, asked_for, figures) select f, request ->> 'reason', customer, figures from unnest (family) f;
  perform oba.erase_reasons (family);
  perform oba.erase_redemptions (family);   -- what they give back may go to another record of the family
  foreach c in array family loop
    perform oba.erase_points (c);
  end loop;
  perform oba.erase_messages (family);
  perform oba.erase_answers (family, contacts);
  perform oba.erase_searches (family, contacts);
  perform oba.erase_identity (family);
  delete from oba.audit_personal p where p.customer_id = any (family);
  foreach c in array family loop
    perform oba.audit_add ('customer.erase', 'customer', c::text, c, jsonb_build_object ('erased_for', jsonb_build_array (null, request ->> 'reason')), null);
  end loop;
  return jsonb_build_object ('customer_id', customer, 'figures', figures);
end $$;

-- ---------------------------------------------------------------- access

/*
 * {"customer_id", "format": "json"|"pdf"}: that all that is held on a person is being given out -> {"customer_id"}
 */
create function oba.do_record_access (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
begin
  perform from oba.customers k where k.customer_id = customer and k.kind = 'person';
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif coalesce (request ->> 'format', '') not in ('json', 'pdf') then
    perform oba.refuse ('OB001', 'Personal data is given out as json or pdf.');
  end if;
  perform oba.audit_add ('customer.access', 'customer', customer::text, customer, jsonb_build_object ('given_as', jsonb_build_array (null, request ->> 'format')), null);
  return jsonb_build_object ('customer_id', customer);
end $$;

-- What the persons wrote to the bot, as it came; only for giving it out. A chat's older messages are theirs as long as nobody else has it.
create function oba.messages_of (family bigint[]) returns setof jsonb
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
begin atomic
  select jsonb_build_object ('update_id', u.update_id, 'chat_id', u.chat_id, 'received_at', u.received_at, 'payload', u.payload)
  from oba.telegram_links l join oba.telegram_updates u on u.chat_id = l.chat_id
  where l.customer_id = any (family) order by u.received_at, u.update_id;
end;
grant execute on function oba.messages_of (bigint[]) to oba_supervisor, oba_admin;
grant select on oba.merge_values to oba_supervisor, oba_admin;

select oba.add_action ('erase_customer', 'oba_supervisor', 'oba_admin');
select oba.add_action ('record_access', 'oba_supervisor', 'oba_admin');
grant execute on function oba.preview_erasure (jsonb) to oba_supervisor, oba_admin;
-- verify recomputes the digests.
grant execute on function oba.audit_digest (bytea, text, text), oba.audit_is_personal (text, jsonb), oba.audit_mask (bytea, text, jsonb), oba.audit_mask_all (bytea, jsonb)
  to oba_admin, oba_auditor;

create index telegram_updates_of_chat on oba.telegram_updates (chat_id) where chat_id is not null;

reset role;
