-- Saved views of receipts; a receipt or a correction note sent to the customer by Telegram.

-- ---------------------------------------------------------------- saved views of receipts

alter table oba.list_views drop constraint list_views_page_check, add constraint list_views_page_check check (page in ('customers', 'transactions'));

-- A range of minutes of the chain's clock; a day alone is its first or its last minute.
create function oba.is_time_range (value jsonb) returns boolean
language plpgsql stable
as $$
declare
  first_minute timestamp;
  last_minute timestamp;
begin
  if jsonb_typeof (value) <> 'array' or jsonb_array_length (value) <> 2 or value = '[null, null]'
     or exists (select from jsonb_array_elements (value) e
                where jsonb_typeof (e) not in ('null', 'string') or (e #>> '{}') !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$') then
    return false;
  end if;
  first_minute := value ->> 0;
  last_minute := value ->> 1;
  if length (value ->> 1) = 10 then
    last_minute := last_minute + interval '23:59';
  end if;
  return coalesce (first_minute <= last_minute, true);
exception when data_exception then
  return false;
end $$;

-- A filter as src/core/sales/oba-receipt-filter.h describes it; refused like one of customers.
create function oba.check_receipt_filter (filter jsonb) returns void
language plpgsql
as $$
declare
  k text;
  v jsonb;
  good boolean;
begin
  if filter is null or jsonb_typeof (filter) <> 'object' then
    perform oba.refuse ('OB001', 'The filter is not a JSON object.');
  end if;
  for k, v in select * from jsonb_each (filter) loop
    good := case
      when k in ('text', 'receipt_no', 'fiscal_id') then jsonb_typeof (v) = 'string' and length (v #>> '{}') between 1 and 200
      when k in ('stores', 'customers', 'products') then oba.is_list (v, 'number')
      when k = 'tills' then filter ? 'stores' and jsonb_typeof (v) = 'array' and jsonb_array_length (v) between 1 and 1000
           and not exists (select from jsonb_array_elements (v) e where jsonb_typeof (e) <> 'number' or e #>> '{}' !~ '^[0-9]{1,4}$')
      when k in ('cashiers', 'cards') then oba.is_list (v, 'string')
      when k = 'kinds' then oba.is_list (v, 'string', array['sale', 'return', 'void', 'correction'])
      when k = 'time' then oba.is_time_range (v)
      when k = 'amount' then oba.is_range (v, 'number')
      when k in ('corrected', 'unmatched') then jsonb_typeof (v) = 'boolean'
      else false
    end;
    if good is not true then
      perform oba.refuse ('OB001', format ('The filter''s field "%s" cannot be read.', left (k, 60)));
    end if;
  end loop;
end $$;

create function oba.check_view (page text, query jsonb) returns void
language plpgsql
as $$
begin
  if page not in ('customers', 'transactions')
     or jsonb_typeof (query) is distinct from 'object' or pg_column_size (query) > 65536
     or exists (select from jsonb_object_keys (query) k where k not in ('filter', 'sort', 'descending', 'columns'))
     or coalesce (query ->> 'sort', 'name') !~ '^[a-z-]{1,40}$'
     or jsonb_typeof (coalesce (query -> 'descending', 'false')) <> 'boolean'
     or (query ? 'columns' and not oba.is_list (query -> 'columns', 'string')) then
    perform oba.refuse ('OB001', 'This view cannot be read.');
  end if;
  if page = 'transactions' then
    perform oba.check_receipt_filter (coalesce (query -> 'filter', '{}'));
  else
    perform oba.check_filter (coalesce (query -> 'filter', '{}'));
  end if;
end $$;

-- As in 0040, for views of more than one page.
create or replace function oba.do_save_view (request jsonb) returns jsonb
language plpgsql
as $$
declare
  v oba.list_views;
begin
  if request ? 'view_id' then
    v := oba.view_to_change ((request ->> 'view_id')::bigint);
    perform oba.refuse_version (request ->> 'version', v.version);
  else
    v.owner := session_user;
    v.shared := false;
    v.page := coalesce (request ->> 'page', '');
  end if;
  if request ? 'name' or v.name is null then
    v.name := oba.clean_name (request ->> 'name', 'view');
  end if;
  v.shared := coalesce ((request ->> 'shared')::boolean, v.shared);
  v.query := coalesce (request -> 'query', v.query);
  perform oba.check_view (v.page, v.query);
  if exists (select from oba.list_views w where w.owner = v.owner and w.page = v.page and lower (w.name) = lower (v.name)
             and w.view_id is distinct from v.view_id) then
    perform oba.refuse ('OB004', format ('There is a view "%s" already.', v.name), 'Choose another name.');
  end if;
  if v.view_id is null then
    insert into oba.list_views (name, shared, page, query) values (v.name, v.shared, v.page, v.query) returning * into v;
  else
    update oba.list_views w set name = v.name, shared = v.shared, query = v.query, version = w.version + 1, updated_at = now()
    where w.view_id = v.view_id returning * into v;
  end if;
  perform pg_notify ('oba_views', v.view_id::text);
  return jsonb_build_object ('view_id', v.view_id, 'version', v.version);
end $$;
drop function oba.check_view (jsonb);

-- The receipts of these cards, asked for by the numbers of those who had them.
create function oba.filter_without_cards (filter jsonb, gone text[], family bigint[]) returns jsonb
language sql immutable
return (select (filter - 'cards') || jsonb_build_object ('customers', to_jsonb (array (
                 select n::bigint from jsonb_array_elements_text (filter -> 'customers') n union select unnest (family) order by 1)))
               || case when cardinality (k.cards) > 0 then jsonb_build_object ('cards', to_jsonb (k.cards)) else '{}' end
        from (select array (select c from jsonb_array_elements_text (filter -> 'cards') c where c <> all (gone))) k (cards));

-- As in 0066; and a view of the receipts of one of their cards asks for the customer's number, which tells nobody who it was.
create or replace function oba.erase_searches (family bigint[], contacts text[]) returns void
language plpgsql
as $$
declare
  found text[];
  numbers text[];
begin
  select array_agg (t.said) into found
  from (select v.query #>> '{filter,text}' from oba.list_views v
        union select v.name from oba.list_views v
        union select c from oba.list_views v cross join lateral jsonb_array_elements_text (v.query #> '{filter,cards}') c
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
  update oba.list_views v
  set query = jsonb_set (v.query, '{filter}', oba.filter_without_cards (v.query -> 'filter', found, family)), version = v.version + 1, updated_at = now()
  where v.query #> '{filter,cards}' ?| found;
  update oba.segments s
  set name = case when s.name = any (found) then '— ' || s.segment_id else s.name end,
      description = case when s.description = any (found) then '' else s.description end, version = s.version + 1
  where s.name = any (found) or s.description = any (found);
  delete from oba.audit_personal p
  where p.customer_id = 0 and exists (select from jsonb_path_query (p.changes, 'lax $.**') x where jsonb_typeof (x) = 'string' and x #>> '{}' = any (found));
end $$;

-- ---------------------------------------------------------------- the note of a correction

create function oba.customer_id_in (customer bigint, variadic ids bigint[]) returns boolean
language sql immutable parallel safe
return coalesce (customer = any (ids), false);

-- The name that is printed; a till and the helper have none.
create function oba.staff_called (login text) returns text
language sql stable
return coalesce ((select w.display_name from oba.staff w where w.login = staff_called.login and w.role <> 'helper'), '');

-- A receipt as a note for @customer tells it: nothing of another person's.
create function oba.receipt_for (customer bigint, owner bigint, sold timestamptz, receipt bigint) returns jsonb
language sql stable
return case when receipt is null then null
            when owner <> customer and exists (select from oba.customers p where p.customer_id = owner and p.kind = 'person') then '{"elsewhere": true}'
            else oba.receipt (owner, (extract (epoch from sold) * 1000000)::bigint, receipt) end;

-- Can something be sent to the holder of this receipt? "nobody" is the store's walk-in customer.
create function oba.chat_state (customer bigint) returns text
language sql stable
return (select case when p.kind <> 'person' then 'nobody' when l.chat_id is null then 'unlinked' when l.unreachable_at is not null then 'unreachable' else 'ready' end
        from oba.customers p left join oba.telegram_links l on l.customer_id = oba.customer_root (p.customer_id) where p.customer_id = chat_state.customer);

/*
 * What a correction did, as a note for @customer, one of those whose receipts it touched: what was wrong, what takes it back, what holds instead, each as
 * oba.receipt () tells it or null. A receipt of another person is not told, only that it is "elsewhere". null: there is none for them.
 */
create function oba.correction_note (correction bigint, customer bigint) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  named boolean := has_column_privilege (session_user, 'oba.customers', 'phone', 'select');
  c oba.corrections;
  a oba.approvals;
  answer jsonb;
begin
  select x.* into c from oba.corrections x where x.correction_id = correction
    and oba.customer_id_in (customer, x.original_customer_id, x.reversal_customer_id, x.replacement_customer_id);
  if not found then
    return null;
  end if;
  select x.* into a from oba.approvals x where x.approval_id = c.approval_id;
  answer := jsonb_build_object (
    'correction_id', c.correction_id, 'customer_id', customer, 'kind', c.kind, 'reason_code', c.reason_code, 'undoes', coalesce (c.undoes, 0),
    'undone_by', coalesce ((select u.correction_id from oba.corrections u where u.undoes = c.correction_id), 0),
    'made_at', (extract (epoch from c.made_at) * 1000000)::bigint, 'made_by', oba.staff_called (c.made_by),
    'asked_at', coalesce ((extract (epoch from a.requested_at) * 1000000)::bigint, 0), 'approved_by', case when c.approval_id is not null then oba.staff_called (c.posted_by) else '' end,
    'happened_at', coalesce ((extract (epoch from c.happened_at) * 1000000)::bigint, 0),
    'language', (select p.language from oba.customers p where p.customer_id = correction_note.customer),
    'reason', coalesce ((select r.reason from oba.receipts r
                         where named and (r.customer_id, r.sold_at, r.receipt_id) in ((c.reversal_customer_id, c.reversal_sold_at, c.reversal_receipt_id),
                                                                                     (c.replacement_customer_id, c.replacement_sold_at, c.replacement_receipt_id))
                           and r.reason is not null limit 1), ''));
  return answer || jsonb_build_object (
    'original', oba.receipt_for (customer, c.original_customer_id, c.original_sold_at, c.original_receipt_id),
    'reversal', oba.receipt_for (customer, c.reversal_customer_id, c.reversal_sold_at, c.reversal_receipt_id),
    'replacement', oba.receipt_for (customer, c.replacement_customer_id, c.replacement_sold_at, c.replacement_receipt_id));
end $$;

/*
 * What papers there are of a receipt beside itself, newest first, and what became of those that were sent: {"corrections": [{"correction_id", "kind", "at", "by"}],
 * "chat": "ready" | "nobody" | "unlinked" | "unreachable", "sent": [{"correction_id": 0 for the receipt itself, "state", "at", "error"}]}
 */
create function oba.receipt_papers (customer bigint, moment bigint, receipt bigint) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  sold timestamptz := timestamptz 'epoch' + moment * interval '1 microsecond';
  ids bigint[] := array (select f.receipt_id from oba.receipt_family (customer, sold, receipt) f);
  notes bigint[] := array (
    select c.correction_id from oba.corrections c
    where c.correction_id in (select x.correction_id from oba.corrections x where x.original_receipt_id = any (ids)
                              union select x.correction_id from oba.corrections x where x.reversal_receipt_id = any (ids)
                              union select x.correction_id from oba.corrections x where x.replacement_receipt_id = any (ids))
      and oba.customer_id_in (customer, c.original_customer_id, c.reversal_customer_id, c.replacement_customer_id));
begin
  return jsonb_build_object (
    'corrections', coalesce ((
      select jsonb_agg (jsonb_build_object ('correction_id', c.correction_id, 'kind', c.kind, 'at', (extract (epoch from c.made_at) * 1000000)::bigint,
                                            'by', oba.staff_called (c.made_by)) order by c.correction_id desc)
      from oba.corrections c where c.correction_id = any (notes)), '[]'),
    'chat', oba.chat_state (customer),
    'sent', coalesce ((
      select jsonb_agg (jsonb_build_object ('correction_id', coalesce ((o.payload ->> 'correction_id')::bigint, 0), 'state', o.state,
                                            'at', (extract (epoch from coalesce (o.sent_at, o.created_at)) * 1000000)::bigint, 'error', coalesce (o.error, ''))
                        order by o.created_at desc, o.message_id desc)
      from oba.outbox o
      where o.customer_id = oba.customer_root (customer)
        and case o.kind when 'receipt-copy' then o.payload -> 'receipt' = jsonb_build_array (customer, moment, receipt)
                        when 'correction-note' then (o.payload ->> 'correction_id')::bigint = any (notes) and o.payload #> '{receipt,0}' = to_jsonb (customer) end), '[]'));
end $$;

-- ---------------------------------------------------------------- sent to the customer

/*
 * {"receipt": [customer_id, at in microseconds, receipt_id]}, and "correction_id" for the note of that correction -> {"message_id"}
 * The message holds the numbers alone; what it says is written when it goes out, in the customer's language.
 */
create function oba.do_send_paper (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request #>> '{receipt,0}')::bigint;
  moment bigint := (request #>> '{receipt,1}')::bigint;
  receipt bigint := (request #>> '{receipt,2}')::bigint;
  correction bigint := (request ->> 'correction_id')::bigint;
  holder bigint;
  chat oba.telegram_links;
  message bigint;
  about jsonb;
begin
  if not exists (select from oba.receipts r where r.customer_id = customer and r.sold_at = timestamptz 'epoch' + moment * interval '1 microsecond' and r.receipt_id = receipt)
     or (correction is not null and oba.correction_note (correction, customer) is null) then
    perform oba.refuse ('OB002', 'There is no such receipt.');
  end if;
  if oba.chat_state (customer) = 'nobody' then
    perform oba.refuse ('OB001', 'This receipt belongs to nobody: there is no chat to send it to.', 'Attach it to its customer first.');
  end if;
  -- One after the other, so that two who press at once send one.
  holder := oba.lock_path (customer);
  select l.* into chat from oba.telegram_links l where l.customer_id = holder;
  if not found then
    perform oba.refuse ('OB001', 'This customer has no chat with the bot.', 'It begins when the customer writes to the bot and shares the phone number.');
  elsif chat.unreachable_at is not null then
    perform oba.refuse ('OB001', 'This customer has blocked the bot.', 'It can be sent again as soon as the customer writes to the bot.');
  end if;
  about := jsonb_strip_nulls (jsonb_build_object ('receipt', jsonb_build_array (customer, moment, receipt), 'correction_id', correction));
  if exists (select from oba.outbox o where o.customer_id = holder and o.state in ('queued', 'sending')
             and case when correction is null then o.payload = about
                      else o.kind = 'correction-note' and o.payload -> 'correction_id' = to_jsonb (correction) and o.payload #> '{receipt,0}' = to_jsonb (customer) end) then
    perform oba.refuse ('OB004', 'This is on its way to the customer already.');
  end if;
  insert into oba.outbox (customer_id, chat_id, kind, payload, priority, repeatable)
  values (holder, chat.chat_id, case when correction is null then 'receipt-copy' else 'correction-note' end, about, 2, false)
  returning message_id into message;
  perform oba.audit_add (case when correction is null then 'receipt.send' else 'correction.send' end, 'receipt', receipt::text, customer,
                         jsonb_strip_nulls (jsonb_build_object ('message_id', jsonb_build_array (null, message),
                                                                'correction_id', case when correction is not null then jsonb_build_array (null, correction) end)), null);
  return jsonb_build_object ('message_id', message);
end $$;

-- Whoever looks at the receipt sees what became of it.
create function oba.tell_paper () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  perform pg_notify ('oba_papers', coalesce (new.payload #>> '{receipt,2}', ''));
  return null;
end $$;
create trigger tell_paper after insert or update of state on oba.outbox for each row
  when (new.kind in ('receipt-copy', 'correction-note')) execute function oba.tell_paper ();

select oba.add_action ('send_paper', 'oba_clerk', 'oba_supervisor', 'oba_admin');
grant execute on function oba.correction_note (bigint, bigint) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.receipt_papers (bigint, bigint, bigint) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor;

-- ---------------------------------------------------------------- suggestions of the filter

/*
 * Names of cashiers that begin like this, as they are on receipts, at most @most: read from name to name along the index, not from receipt to receipt. A
 * small first letter finds the large one, too.
 */
create function oba.cashiers_like (beginning text, most integer) returns setof text
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set enable_seqscan = off set jit = off
as $$
declare
  start text;
  name text;
  found_so_far integer := 0;
begin
  for start in select distinct s from (values (beginning), (translate (left (beginning, 1), 'iı', 'İI') || substr (beginning, 2)),
                                              (upper (translate (left (beginning, 1), 'iı', 'İI')) || substr (beginning, 2))) v (s) where s <> '' order by s loop
    select min (r.cashier) into name from oba.receipts r where r.cashier >= start;
    while name is not null and starts_with (name, start) and found_so_far < most loop
      return next name;
      found_so_far := found_so_far + 1;
      select min (r.cashier) into name from oba.receipts r where r.cashier > name;
    end loop;
  end loop;
end $$;
grant execute on function oba.cashiers_like (text, integer) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor;
