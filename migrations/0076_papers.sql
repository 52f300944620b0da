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
