-- Erasure as it is asked for in the application: what would go is shown in full, and only what was shown goes.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- The number of a letter or of a case: what proves the request without naming the person.
alter table oba.erasures add column note text check (length (note) between 1 and 200 and note !~ '[[:cntrl:]]');

-- Whom both figures and the deed mean: see whole_family().
create or replace function oba.erasure_figures (family bigint[]) returns jsonb
language sql stable
return (select jsonb_build_object (
  'records', cardinality (family),
  'receipts', (select coalesce (sum (s.receipts + s.returns), 0) from oba.customer_stats s where s.customer_id = any (family)),
  'entries', (select count (*) from oba.points_ledger l where l.customer_id = any (family)),
  'points', (select coalesce (sum (l.remaining), 0) from oba.points_lots l where l.customer_id = any (family) and l.remaining > 0)
            + (select coalesce (sum (r.points), 0) from oba.redemptions r where r.customer_id = any (family) and r.state in ('requested', 'approved')),
  'owed', (select coalesce (sum (a.owed), 0) from oba.points_accounts a where a.customer_id = any (family)),
  'redemptions', (select count (*) from oba.redemptions r where r.customer_id = any (family) and r.state in ('requested', 'approved')),
  'cards', (select count (*) from oba.cards k where k.customer_id = any (family)),
  'phones', (select count (*) from oba.customer_phones p where p.customer_id = any (family)),
  'telegram', (select count (*) from oba.telegram_links t where t.customer_id = any (family)),
  'external_ids', (select count (*) from oba.customer_external_ids x where x.customer_id = any (family)),
  'segments', (select count (distinct m.segment_id) from oba.segment_members m where m.customer_id = any (family)),
  'messages', (select count (*) from oba.outbox o where o.customer_id = any (family))
              + (select count (*) from oba.telegram_links l join oba.telegram_updates u on u.chat_id = l.chat_id where l.customer_id = any (family)),
  'consents', (select count (*) from oba.consent_history h where h.customer_id = any (family)),
  'audited', (select count (*) from oba.audit_personal p where p.customer_id = any (family))));

-- As before, and the numbers of all records that are the person.
create or replace function oba.preview_erasure (request jsonb) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  state text := (select k.status from oba.customers k where k.customer_id = customer and k.kind = 'person');
  family bigint[];
begin
  if state is null then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif state = 'erased' then
    perform oba.refuse ('OB013', 'This customer was erased already.');
  end if;
  family := oba.whole_family (customer);
  return oba.erasure_figures (family) || jsonb_build_object ('customer_id', customer, 'family', family);
end $$;

/*
 * Locks the customer and all who were merged with; refuses who cannot be erased. In the order in which sales and merges lock: accounts, then customers, lower
 * ids first; again when somebody was merged or taken apart while this one waited.
 */
create or replace function oba.lock_family (customer bigint) returns bigint[]
language plpgsql
as $$
declare
  family bigint[] := oba.whole_family (customer);
  seen bigint[];
  state text;
begin
  loop
    perform from oba.points_accounts a where a.customer_id = any (family) order by a.customer_id for update;
    perform from oba.customers k where k.customer_id = any (family) order by k.customer_id for update;
    seen := family;
    family := oba.whole_family (customer);
    exit when family = seen;
  end loop;
  select k.status into state from oba.customers k where k.customer_id = customer and k.kind = 'person';
  if state is null then
    perform oba.refuse ('OB002', format ('There is no customer %s.', customer));
  elsif state = 'erased' then
    perform oba.refuse ('OB013', 'This customer was erased already.');
  end if;
  return family;
end $$;

-- Does the text hold a name, a number or an address of one of them? Before the identity is erased.
create function oba.names_person (said text, family bigint[], contacts text[]) returns boolean
language sql stable
return exists (select from oba.customers c cross join lateral (values (c.given_name), (c.family_name), (c.patronymic)) n (name)
               where c.customer_id = any (family) and oba.fold (n.name) <> '' and position (' ' || oba.fold (n.name) || ' ' in ' ' || oba.fold (said) || ' ') > 0)
    or exists (select from unnest (contacts) t
               where position (lower (t) in lower (said)) > 0
                  or (t like '+%' and position (right (t, 9) in regexp_replace (said, '[^0-9]', '', 'g')) > 0))
    or exists (select from oba.cards k where k.customer_id = any (family) and position (k.number in said) > 0);

/*
 * {"customer_id", "confirm": the customer's number as it was typed, "reason": "request"|"consent"|"purpose"|"mistake"|"law",
 *  "note": up to 200 characters, not about who it is, "family": [the records that the preview has shown]}
 * -> {"customer_id", "figures"}. It cannot be undone.
 */
create or replace function oba.do_erase_customer (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  said text := nullif (btrim (request ->> 'note'), '');
  family bigint[] := oba.lock_family (customer);
  figures jsonb := oba.erasure_figures (family);
  contacts text[] := oba.contacts_of (family);
  c bigint;
begin
  if btrim (coalesce (request ->> 'confirm', '')) <> customer::text then
    perform oba.refuse ('OB001', 'The number that was typed is not the customer''s.', 'Type the customer number as it is shown.');
  elsif coalesce (request ->> 'reason', '') not in ('request', 'consent', 'purpose', 'mistake', 'law') then
    perform oba.refuse ('OB001', 'An erasure needs a reason from the list.');
  elsif length (said) > 200 or said ~ '[[:cntrl:]]' then
    perform oba.refuse ('OB001', 'A note has up to 200 characters, in one line.');
  elsif oba.names_person (said, family, contacts) then
    perform oba.refuse ('OB001', 'The note says who the person is, and it would stay.', 'Write the number of the letter or of the case.');
  elsif request ? 'family' and to_jsonb (family) <> request -> 'family' then
    perform oba.refuse ('OB003', 'This customer was merged or taken apart meanwhile.', 'Look at what would go now, then decide.');
  end if;
  insert into oba.erasures (customer_id, reason_code, asked_for, figures, note) select f, request ->> 'reason', customer, figures, said from unnest (family) f;
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

reset role;
