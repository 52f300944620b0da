-- Erasure: what was copied elsewhere goes, too.
--
-- 0044 erases what is under the person's number. Here: what merging and taking apart has left with somebody else, refusals that name the person to others,
-- searches of exports, names of views and segments. What staff wrote about other customers stays theirs, even where it mentions this one.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- Receipts are counted as they are: the statistics are some seconds behind.
create or replace function oba.erasure_figures (family bigint[]) returns jsonb
language sql stable
return (select jsonb_build_object (
  'records', cardinality (family),
  'receipts', (select count (*) from oba.receipts r where r.customer_id = any (family)),
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

-- ---------------------------------------------------------------- what is kept beside the audit trail

-- Nobody's, but may name somebody: what a view or an export searches for, how a segment is called.
create function oba.audit_is_nobodys (subject text) returns boolean
language sql immutable parallel safe
return subject in ('view', 'export', 'segment');

create or replace function oba.audit_add (action text, subject text, subject_id text, customer bigint, changes jsonb, reason text) returns void
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  why text := coalesce (audit_add.reason, nullif (current_setting ('oba.reason', true), ''));
  salt bytea := uuid_send (gen_random_uuid ());
  holder bigint := coalesce (customer, case when oba.audit_is_nobodys (subject) then 0 end);
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

create or replace function oba.audit_row () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  before jsonb := case when tg_op <> 'INSERT' then to_jsonb (old) else '{}' end;
  after jsonb := case when tg_op <> 'DELETE' then to_jsonb (new) else '{}' end;
  changed jsonb := oba.changes (before, after);
  customer bigint := coalesce (after ->> 'customer_id', before ->> 'customer_id')::bigint;
begin
  if changed <> '{}' and not (customer is not null and oba.is_erasing (customer)) and not (oba.audit_is_nobodys (tg_argv[0]) and oba.is_erasing_somebody ()) then
    perform oba.audit_add (tg_argv[0] || '.' || lower (tg_op), tg_argv[0], coalesce (nullif (after, '{}'), before) ->> tg_argv[1], customer, changed, null);
  end if;
  return null;
end $$;

create or replace view oba.audit_entries as
select a.audit_id, a.at, a.who, a.role, a.from_where, a.action, a.subject,
       case when p.subject_id is not null then p.subject_id when a.subject_id not like 'sha256:%' then a.subject_id end as subject_id, a.customer_id,
       case when p.audit_id is not null then a.changes || p.changes
            when a.customer_id is null and not oba.audit_is_nobodys (a.subject) then a.changes
            else regexp_replace (a.changes::text, '"sha256:[0-9a-f]{64}"', 'null', 'g')::jsonb end as changes,
       case when p.audit_id is not null then p.reason when a.customer_id is null and not oba.audit_is_nobodys (a.subject) then a.reason end as reason, a.xid
from oba.audit a left join oba.audit_personal p on p.customer_id = coalesce (a.customer_id, 0) and p.audit_id = a.audit_id;
grant execute on function oba.audit_is_nobodys (text) to oba_supervisor, oba_admin, oba_auditor;

-- ---------------------------------------------------------------- what may change

-- Was this customer once one person with somebody who is being erased? Then what was written in that time was of both.
create function oba.is_erasing_half (customer bigint) returns boolean
language sql stable
return exists (select from oba.erasures e join oba.merges m on e.customer_id in (m.source_id, m.survivor_id)
               where e.xid = pg_current_xact_id_if_assigned () and customer in (m.source_id, m.survivor_id));

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
    if n ->> 'reason' is null and o - 'reason' - 'business_day' = n - 'reason' - 'business_day'
       and (oba.is_erasing ((o ->> 'customer_id')::bigint) or oba.is_erasing_half ((o ->> 'customer_id')::bigint)) then
      return new;
    end if;
  elsif tg_level = 'ROW' and tg_op = 'UPDATE' and tg_table_name = 'idempotency_keys' then
    if (new.scope, new.key, new.refused, new.customer_id, new.created_at) is not distinct from (old.scope, old.key, old.refused, old.customer_id, old.created_at)
       and oba.is_erasing_somebody () then
      return new;
    end if;
  elsif tg_level = 'ROW' and tg_op = 'DELETE' and tg_table_name = 'audit_personal' then
    if oba.is_erasing (old.customer_id) or (old.customer_id = 0 and oba.is_erasing_somebody ()) or oba.is_erasing_half (old.customer_id) then
      return old;
    end if;
  end if;
  raise exception 'Rows of %.% are never changed or removed.', tg_table_schema, tg_table_name
    using errcode = 'OB009', hint = 'Record a correction: a reversing entry and, where wanted, a replacement.';
end $$;

-- ---------------------------------------------------------------- finding

-- Does the text hold a number or an address of one of them?
create function oba.names_contact (said text, family bigint[], contacts text[]) returns boolean
language sql stable
return exists (select from unnest (contacts) t
               where position (lower (t) in lower (said)) > 0
                  or (t like '+%' and position (right (t, 9) in regexp_replace (said, '[^0-9]', '', 'g')) > 0))
    or exists (select from oba.cards k where k.customer_id = any (family) and position (k.number in said) > 0);

-- Any one of the names is enough: of what is kept with the erasure, and of what was written when the two were one.
create or replace function oba.names_person (said text, family bigint[], contacts text[]) returns boolean
language sql stable
return exists (select from oba.customers c cross join lateral (values (c.given_name), (c.family_name), (c.patronymic)) n (name)
               where c.customer_id = any (family) and oba.fold (n.name) <> '' and position (' ' || oba.fold (n.name) || ' ' in ' ' || oba.fold (said) || ' ') > 0)
    or oba.names_contact (said, family, contacts);

-- Given name and family name both: of what is everybody's, where a given name alone may be another's.
create function oba.names_fully (said text, family bigint[], contacts text[]) returns boolean
language sql stable
return exists (select from oba.customers c
               where c.customer_id = any (family) and oba.fold (c.given_name) <> '' and oba.fold (c.family_name) <> ''
                 and position (' ' || oba.fold (c.given_name) || ' ' in ' ' || oba.fold (said) || ' ') > 0
                 and position (' ' || oba.fold (c.family_name) || ' ' in ' ' || oba.fold (said) || ' ') > 0)
    or oba.names_contact (said, family, contacts);

-- ---------------------------------------------------------------- erasing

drop index oba.idempotency_refused;
create index idempotency_refused on oba.idempotency_keys (created_at) where refused;

-- As before; and a refusal that told somebody else whose number it is.
create or replace function oba.erase_answers (family bigint[], contacts text[]) returns void
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
  where k.refused and k.answer ->> 'message' <> 'This customer was erased.'
    and (exists (select from regexp_matches (k.answer::text, '\+[0-9]{7,15}', 'g') m where m[1] = any (contacts))
         or (k.answer::text like '%@%' and exists (select from unnest (contacts) t where t like '%@%' and position (lower (t) in lower (k.answer::text)) > 0)));
end $$;

-- As before; and what went into the person's chat while a record that is somebody else's again stood for the person.
create or replace function oba.erase_messages (family bigint[]) returns void
language plpgsql
as $$
declare
  chats bigint[];
  others bigint[] := array (select distinct unnest (array[m.source_id, m.survivor_id]) from oba.merges m where m.source_id = any (family) or m.survivor_id = any (family));
begin
  chats := array (select c from (select l.chat_id from oba.telegram_links l where l.customer_id = any (family)
                                 union select o.chat_id from oba.outbox o where o.customer_id = any (family) and o.chat_id is not null
                                 union select v::bigint from oba.audit_personal p cross join jsonb_array_elements_text (p.changes -> 'chat_id') v
                                       where p.customer_id = any (family) and jsonb_typeof (p.changes -> 'chat_id') = 'array' and v is not null) x (c)
                  where not exists (select from oba.telegram_links l where l.chat_id = c and l.customer_id <> all (family)));
  delete from oba.outbox o where o.customer_id = any (family);
  delete from oba.outbox o where o.customer_id = any (others || 0::bigint) and o.chat_id = any (chats);
  -- The update's number stays, so that it is not taken for a new one when it comes again.
  update oba.telegram_updates u
  set payload = '{}', raw = null, chat_id = null, error = null, state = 'done', done_at = coalesce (u.done_at, now()), leased_until = null, leased_by = null
  where u.chat_id = any (chats);
  delete from oba.telegram_chats t where t.chat_id = any (chats);
  delete from oba.telegram_links l where l.customer_id = any (family);
end $$;

-- Saved views, segments and exports that look for the person look for nobody, those that are called like the person have a number for a name, and
-- what the audit trail knows of it goes.
create or replace function oba.erase_searches (family bigint[], contacts text[]) returns void
language plpgsql
as $$
declare
  found text[];
begin
  select array_agg (t.said) into found
  from (select v.query #>> '{filter,text}' from oba.list_views v
        union select v.name from oba.list_views v
        union select s.name from oba.segments s
        union select s.description from oba.segments s
        union select x #>> '{}' from oba.audit_personal p cross join jsonb_path_query (p.changes, 'lax $.**') x
              where p.customer_id = 0 and jsonb_typeof (x) = 'string') t (said)
  where t.said <> '' and (oba.names_fully (t.said, family, contacts) or oba.search_names (t.said, family, contacts));
  if found is null then
    return;
  end if;
  update oba.list_views v
  set query = case when v.query #>> '{filter,text}' = any (found) then jsonb_set (v.query, '{filter,text}', '"—"') else v.query end,
      name = case when v.name = any (found) then '— ' || v.view_id else v.name end, version = v.version + 1, updated_at = now()
  where v.query #>> '{filter,text}' = any (found) or v.name = any (found);
  update oba.segments s
  set name = case when s.name = any (found) then '— ' || s.segment_id else s.name end,
      description = case when s.description = any (found) then '' else s.description end, version = s.version + 1
  where s.name = any (found) or s.description = any (found);
  delete from oba.audit_personal p
  where p.customer_id = 0 and exists (select from jsonb_path_query (p.changes, 'lax $.**') x where jsonb_typeof (x) = 'string' and x #>> '{}' = any (found));
end $$;

/*
 * Who was one person with these for a while and is somebody else again: the values of the audit trail of that time go, what was typed and what was sent
 * goes where it names them. That they were merged and taken apart, and what was bought, stays.
 */
create function oba.erase_halves (family bigint[], contacts text[]) returns void
language plpgsql
as $$
declare
  m record;
  upto bigint;
begin
  for m in select x.merge_id, x.merged_at, x.undone_at, x.survivor_id, case when x.source_id = any (family) then x.survivor_id else x.source_id end as other
           from oba.merges x
           where x.undone_at is not null and (x.source_id = any (family)) <> (x.survivor_id = any (family)) loop
    upto := (select max (a.audit_id) from oba.audit a
             where a.customer_id = m.survivor_id and a.action = 'customer.unmerge' and a.changes #>> '{merge,0}' = m.merge_id::text);
    delete from oba.audit_personal p using oba.audit a
    where p.customer_id = m.other and a.customer_id = m.other and a.audit_id = p.audit_id and a.at >= m.merged_at and a.audit_id <= upto;
    delete from oba.outbox o
    where o.customer_id = m.other and o.created_at between m.merged_at and m.undone_at and oba.names_person (o.payload::text, family, contacts);
    update oba.points_ledger l set reason = null
    where l.customer_id = m.other and l.occurred_at between m.merged_at and m.undone_at and l.reason is not null and oba.names_person (l.reason, family, contacts);
    update oba.redemption_events e set reason = null
    where e.customer_id = m.other and e.reason is not null and oba.names_person (e.reason, family, contacts);
    update oba.tier_changes t set reason = null
    where t.customer_id = m.other and t.reason is not null and oba.names_person (t.reason, family, contacts);
    update oba.receipts r set reason = null
    where r.customer_id = m.other and r.reason is not null and oba.names_person (r.reason, family, contacts);
    update oba.approvals a set reason = null, decision_reason = null
    where a.customer_ids && array[m.other] and oba.names_person (concat_ws (' ', a.reason, a.decision_reason), family, contacts);
  end loop;
end $$;

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
  perform oba.erase_halves (family, contacts);
  update oba.bulk_actions b set parameters = jsonb_set (b.parameters, '{reason}', '"—"')
  where b.kind = 'block' and oba.names_fully (b.parameters ->> 'reason', family, contacts);
  perform oba.erase_identity (family);
  delete from oba.audit_personal p where p.customer_id = any (family);
  foreach c in array family loop
    perform oba.audit_add ('customer.erase', 'customer', c::text, c, jsonb_build_object ('erased_for', jsonb_build_array (null, request ->> 'reason')), null);
  end loop;
  perform pg_notify ('oba_duplicates', '');
  return jsonb_build_object ('customer_id', customer, 'figures', figures);
end $$;

reset role;
