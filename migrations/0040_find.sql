-- Finding customers: filters, segments, saved views.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- filters of the list

-- Birthdays of a month, whatever the year.
create index customers_by_birth_month on oba.customers ((extract (month from birth_date))) where kind = 'person' and birth_date is not null;
create index consents_granted on oba.consents (channel, customer_id) where granted;

-- ---------------------------------------------------------------- who may change what colleagues made

create function oba.may_change_of (maker text) returns boolean
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
return maker = session_user or (select w.roles && array['oba_supervisor', 'oba_admin', 'oba_owner'] from oba.whoami () w);

create function oba.clean_name (name text, what text) returns text
language plpgsql stable
as $$
declare
  clean text := btrim (normalize (name, nfc));
begin
  if clean is null or length (clean) not between 1 and 100 then
    perform oba.refuse ('OB001', 'A name has 1 to 100 characters.');
  elsif clean ~ '[\u0001-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]' then
    perform oba.refuse ('OB001', 'A text holds an invisible control character.', 'Type it anew instead of pasting it.');
  end if;
  return clean;
end $$;

-- ---------------------------------------------------------------- filters

-- A range of two ends, one of which may be null; @kind: "string" or "number".
create function oba.is_range (value jsonb, kind text) returns boolean
language plpgsql immutable
as $$
declare
  day date;
  last_day date;
begin
  if jsonb_typeof (value) <> 'array' or jsonb_array_length (value) <> 2 or value in ('[null, null]')
     or exists (select from jsonb_array_elements (value) e where jsonb_typeof (e) not in ('null', kind)) then
    return false;
  elsif kind = 'number' then
    return coalesce ((value ->> 0)::bigint <= (value ->> 1)::bigint, true);
  end if;
  if exists (select from jsonb_array_elements_text (value) e where e !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') then
    return false;
  end if;
  day := value ->> 0;
  last_day := value ->> 1;
  return coalesce (day <= last_day, true);
exception when data_exception then
  return false;
end $$;

-- A list of 1 to 1,000 different values; @allowed: null for any text of 1 to 100 characters.
create function oba.is_list (value jsonb, kind text, allowed text[] default null) returns boolean
language sql immutable
return case
  when jsonb_typeof (value) <> 'array' then false
  when jsonb_array_length (value) not between 1 and 1000 then false
  else (select count (*) = count (distinct e) and bool_and (jsonb_typeof (e) = kind)
               and bool_and (case when kind = 'number' then e #>> '{}' ~ '^[1-9][0-9]{0,17}$'
                                  else length (e #>> '{}') between 1 and 100 and coalesce (e #>> '{}' = any (allowed), true) end)
          from jsonb_array_elements (value) e)
end;

/*
 * A filter as ObaCustomerFilter in src/core/customers/oba-customer-filter.h describes it. Refuses what is not one, naming the field: a filter
 * that is only half understood would find the wrong people.
 */
create function oba.check_filter (filter jsonb) returns void
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
      when k = 'text' then jsonb_typeof (v) = 'string' and length (v #>> '{}') between 1 and 200
      when k in ('stores', 'tiers', 'segments') then oba.is_list (v, 'number')
      when k = 'birth_months' then oba.is_list (v, 'number') and not exists (select from jsonb_array_elements_text (v) m where length (m) > 2 or m::integer > 12)
      when k = 'cities' then oba.is_list (v, 'string')
      when k = 'status' then oba.is_list (v, 'string', array['active', 'blocked', 'erased'])
      when k = 'lifecycle' then oba.is_list (v, 'string', array['new', 'active', 'lapsing', 'lost', 'won_back'])
      when k in ('registered', 'last_purchase') then oba.is_range (v, 'string')
      when k in ('spend', 'points') then oba.is_range (v, 'number')
      when k = 'consents' then jsonb_typeof (v) = 'object' and v <> '{}'
           and not exists (select from jsonb_each (v) c where c.key not in ('telegram', 'sms', 'email', 'phone', 'profiling') or jsonb_typeof (c.value) <> 'boolean')
      when k = 'batch' then jsonb_typeof (v) = 'number' and v #>> '{}' ~ '^[1-9][0-9]{0,17}$'
      else false
    end;
    if good is not true then
      perform oba.refuse ('OB001', format ('The filter''s field "%s" cannot be read.', left (k, 60)));
    end if;
  end loop;
end $$;

-- ---------------------------------------------------------------- segments

-- A static segment has members; a rule is a filter, and its members are whoever fits when it is asked.
create table oba.segments (
  segment_id    bigint generated by default as identity primary key,
  name          text not null check (length (name) between 1 and 100),
  description   text not null default '' check (length (description) <= 1000),
  kind          text not null check (kind in ('static', 'rule')),
  filter        jsonb,
  created_by    text not null default session_user,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  archived_at   timestamptz,
  version       integer not null default 1,
  check ((kind = 'rule') = (filter is not null))
);
create unique index segments_name on oba.segments (lower (name)) where archived_at is null;

create table oba.segment_members (
  customer_id   bigint not null references oba.customers,
  segment_id    bigint not null references oba.segments,
  added_at      timestamptz not null default now(),
  added_by      text not null default session_user,
  primary key (customer_id, segment_id)
);
create index segment_members_segment on oba.segment_members (segment_id, customer_id);

create trigger audit after insert or update or delete on oba.segments for each row execute function oba.audit_row ('segment', 'segment_id');

-- Whoever has the list of segments open is told.
create function oba.segments_tell () returns trigger
language plpgsql
as $$
begin
  perform pg_notify ('oba_segments', coalesce (new.segment_id, old.segment_id)::text);
  return null;
end $$;
create trigger tell after insert or update on oba.segments for each row execute function oba.segments_tell ();

-- The segment, locked, when the one who asks may change it.
create function oba.segment_to_change (id bigint) returns oba.segments
language plpgsql
as $$
declare
  s oba.segments;
begin
  select * into s from oba.segments g where g.segment_id = id for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no segment %s.', id));
  elsif not oba.may_change_of (s.created_by) then
    perform oba.refuse ('OB006', 'This segment belongs to a colleague.', 'Its owner or a supervisor can change it; you can make one of your own.');
  end if;
  return s;
end $$;

create function oba.refuse_version (seen text, now_is integer) returns void
language plpgsql
as $$
begin
  if now_is::text is distinct from seen then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.', now_is::text);
  end if;
end $$;

/*
 * {"name", "description", "kind": "static"|"rule", "filter": of a rule} makes one; with "segment_id" and the "version" that was read it changes
 * what is given (never the kind) -> {"segment_id", "version"}. A rule searches no text and names no other rule.
 */
create function oba.do_save_segment (request jsonb) returns jsonb
language plpgsql
as $$
declare
  s oba.segments;
  clash bigint;
begin
  if request ? 'segment_id' then
    s := oba.segment_to_change ((request ->> 'segment_id')::bigint);
    perform oba.refuse_version (request ->> 'version', s.version);
  else
    s.kind := request ->> 'kind';
    s.description := '';
  end if;
  if request ? 'name' or s.name is null then
    s.name := oba.clean_name (request ->> 'name', 'segment');
  end if;
  s.description := coalesce (request ->> 'description', s.description);
  if request ? 'filter' then
    s.filter := nullif (request -> 'filter', 'null');
  end if;
  if s.kind is null or s.kind not in ('static', 'rule') or (s.kind = 'rule') <> (s.filter is not null) then
    perform oba.refuse ('OB001', 'A segment has members of its own, or it is a rule with a filter.');
  elsif length (s.description) > 1000 then
    perform oba.refuse ('OB001', 'A description has up to 1,000 characters.');
  end if;
  if s.kind = 'rule' then
    perform oba.check_filter (s.filter);
    if s.filter = '{}' or s.filter ? 'text'
       or exists (select from oba.segments g where g.kind = 'rule' and g.segment_id in (select e::bigint from jsonb_array_elements_text (s.filter -> 'segments') e)) then
      perform oba.refuse ('OB001', 'The rule of a segment has a filter without a search text and without other rules.');
    end if;
  end if;
  select g.segment_id into clash from oba.segments g
    where lower (g.name) = lower (s.name) and g.archived_at is null and g.segment_id is distinct from s.segment_id and s.archived_at is null;
  if clash is not null then
    perform oba.refuse ('OB004', format ('There is a segment "%s" already.', s.name), 'Choose another name.', clash::text);
  end if;
  if s.segment_id is null then
    insert into oba.segments (name, description, kind, filter) values (s.name, s.description, s.kind, s.filter) returning * into s;
  else
    update oba.segments g set name = s.name, description = s.description, filter = s.filter, version = g.version + 1, updated_at = now()
    where g.segment_id = s.segment_id returning * into s;
  end if;
  return jsonb_build_object ('segment_id', s.segment_id, 'version', s.version);
end $$;

-- {"segment_id", "add": [customer ids], "remove": [customer ids]}, up to 100,000 -> {"segment_id", "added", "removed"}: how many it changed.
create function oba.do_change_segment_members (request jsonb) returns jsonb
language plpgsql
as $$
declare
  s oba.segments := oba.segment_to_change ((request ->> 'segment_id')::bigint);
  adds bigint[];
  removes bigint[];
  missing bigint;
  n_added bigint;
  n_removed bigint;
begin
  if s.kind <> 'static' or s.archived_at is not null then
    perform oba.refuse ('OB013', 'This segment has no members of its own.', 'Change its rule, or choose another segment.');
  elsif jsonb_typeof (coalesce (request -> 'add', '[]')) <> 'array' or jsonb_typeof (coalesce (request -> 'remove', '[]')) <> 'array'
        or jsonb_array_length (coalesce (request -> 'add', '[]')) + jsonb_array_length (coalesce (request -> 'remove', '[]')) not between 1 and 100000 then
    perform oba.refuse ('OB001', 'Name 1 to 100,000 customers to add or to remove.');
  end if;
  adds := array (select distinct e::bigint from jsonb_array_elements_text (request -> 'add') e order by 1);
  removes := array (select distinct e::bigint from jsonb_array_elements_text (request -> 'remove') e order by 1);
  select a into missing from unnest (adds) a
    where not exists (select from oba.customers c where c.customer_id = a and c.kind = 'person' and c.status <> 'erased') limit 1;
  if missing is not null then
    perform oba.refuse ('OB002', format ('There is no customer %s.', missing));
  end if;
  insert into oba.segment_members (customer_id, segment_id) select a, s.segment_id from unnest (adds) a on conflict do nothing;
  get diagnostics n_added = row_count;
  delete from oba.segment_members m where m.segment_id = s.segment_id and m.customer_id = any (removes);
  get diagnostics n_removed = row_count;
  perform oba.audit_add ('segment.members', 'segment', s.segment_id::text, case when cardinality (adds || removes) = 1 then (adds || removes)[1] end,
                         jsonb_build_object ('added', jsonb_build_array (null, n_added), 'removed', jsonb_build_array (null, n_removed)), null);
  perform pg_notify ('oba_segments', s.segment_id::text);
  return jsonb_build_object ('segment_id', s.segment_id, 'added', n_added, 'removed', n_removed);
end $$;

-- {"segment_id", "version", "archived": true|false}: what is archived is offered no more; it keeps its members -> {"segment_id", "version"}
create function oba.do_archive_segment (request jsonb) returns jsonb
language plpgsql
as $$
declare
  s oba.segments := oba.segment_to_change ((request ->> 'segment_id')::bigint);
  archive boolean := coalesce ((request ->> 'archived')::boolean, true);
begin
  perform oba.refuse_version (request ->> 'version', s.version);
  if not archive and exists (select from oba.segments g where lower (g.name) = lower (s.name) and g.archived_at is null and g.segment_id <> s.segment_id) then
    perform oba.refuse ('OB004', format ('There is a segment "%s" already.', s.name), 'Choose another name.');
  end if;
  update oba.segments g set archived_at = case when archive then coalesce (g.archived_at, now()) end, version = g.version + 1, updated_at = now()
  where g.segment_id = s.segment_id returning * into s;
  return jsonb_build_object ('segment_id', s.segment_id, 'version', s.version);
end $$;

-- The statement that finds the customers, c, of a filter, $1: to be run as it is, or with further conditions.
create function oba.filter_statement (filter jsonb) returns text
language plpgsql stable
as $$
declare
  sql text := 'select c.customer_id from oba.customers c';
begin
  perform oba.check_filter (filter);
  if filter ?| array['tiers', 'spend', 'points'] then
    sql := sql || ' join oba.points_accounts a on a.customer_id = c.customer_id';
  end if;
  if filter ?| array['last_purchase', 'lifecycle'] then
    sql := sql || ' join oba.customer_stats s on s.customer_id = c.customer_id';
  end if;
  return sql || ' where c.kind = ''person'' and c.merged_into is null' || concat (
    case when not filter ? 'status' then $q$ and c.status <> 'erased'$q$ end,
    case when filter ? 'text' then $q$ and c.customer_id in (select oba.text_customers ($1 ->> 'text'))$q$ end,
    case when filter ? 'stores' then $q$ and coalesce (c.preferred_store_id, c.registered_store_id, 0) in (select v::bigint from jsonb_array_elements_text ($1 -> 'stores') v)$q$ end,
    case when filter ? 'cities' then $q$ and c.city in (select v from jsonb_array_elements_text ($1 -> 'cities') v)$q$ end,
    case when filter ? 'tiers' then $q$ and a.tier_id in (select v::bigint from jsonb_array_elements_text ($1 -> 'tiers') v)$q$ end,
    case when filter ? 'status' then $q$ and c.status in (select v from jsonb_array_elements_text ($1 -> 'status') v)$q$ end,
    case when filter ? 'lifecycle' then $q$ and s.lifecycle in (select v from jsonb_array_elements_text ($1 -> 'lifecycle') v)$q$ end,
    case when filter ? 'segments' then $q$ and c.customer_id in (select oba.segment_customers (array (select v::bigint from jsonb_array_elements_text ($1 -> 'segments') v)))$q$ end,
    case when filter #>> '{registered,0}' is not null then $q$ and c.registered_at >= oba.day_start (($1 #>> '{registered,0}')::date)$q$ end,
    case when filter #>> '{registered,1}' is not null then $q$ and c.registered_at < oba.day_start (($1 #>> '{registered,1}')::date + 1)$q$ end,
    case when filter #>> '{last_purchase,0}' is not null then $q$ and s.last_purchase_at >= oba.day_start (($1 #>> '{last_purchase,0}')::date)$q$ end,
    case when filter #>> '{last_purchase,1}' is not null then $q$ and s.last_purchase_at < oba.day_start (($1 #>> '{last_purchase,1}')::date + 1)$q$ end,
    case when filter #>> '{spend,0}' is not null then $q$ and a.tier_spend >= ($1 #>> '{spend,0}')::bigint$q$ end,
    case when filter #>> '{spend,1}' is not null then $q$ and a.tier_spend <= ($1 #>> '{spend,1}')::bigint$q$ end,
    case when filter #>> '{points,0}' is not null then $q$ and a.balance >= ($1 #>> '{points,0}')::bigint$q$ end,
    case when filter #>> '{points,1}' is not null then $q$ and a.balance <= ($1 #>> '{points,1}')::bigint$q$ end,
    case when filter ? 'consents' then $q$ and not exists (select from jsonb_each_text ($1 -> 'consents') k where k.value::boolean <> exists
      (select from oba.consents x where x.customer_id = c.customer_id and x.channel = k.key and x.granted))$q$ end,
    case when filter ? 'birth_months' then $q$ and extract (month from c.birth_date) in (select v::numeric from jsonb_array_elements_text ($1 -> 'birth_months') v)$q$ end,
    case when filter ? 'batch' then $q$ and c.batch_id = ($1 ->> 'batch')::bigint$q$ end);
end $$;

/*
 * The customers that fit a filter, in no order; each once. For segments' rules, bulk actions and exports; the list's own statement is made by
 * ObaCustomerQuery from the same conditions. Runs with the caller's rights: who may not see names may not search for them.
 */
create function oba.filter_customers (filter jsonb) returns setof bigint
language plpgsql stable
as $$
begin
  return query execute oba.filter_statement (filter) using filter;
end $$;

-- The members of any of these segments, now; one that is archived has its members still. A person may come twice.
create function oba.segment_customers (ids bigint[]) returns setof bigint
language plpgsql stable
as $$
declare
  rule jsonb;
begin
  return query select m.customer_id from oba.segment_members m where m.segment_id = any (ids);
  for rule in select g.filter from oba.segments g where g.segment_id = any (ids) and g.kind = 'rule' loop
    return query select * from oba.filter_customers (rule);
  end loop;
end $$;

-- ---------------------------------------------------------------- saved views

create table oba.list_views (
  view_id       bigint generated by default as identity primary key,
  name          text not null check (length (name) between 1 and 100),
  owner         text not null default session_user,
  shared        boolean not null default false,
  page          text not null check (page in ('customers')),
  query         jsonb not null,                                                    -- {filter, sort, descending, columns}
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  version       integer not null default 1
);
create unique index list_views_name on oba.list_views (owner, page, lower (name));
-- A view of one's own is nobody else's business.
alter table oba.list_views enable row level security;
create policy own_or_shared on oba.list_views for select
  using (shared or owner = session_user or pg_has_role (session_user, 'oba_auditor', 'member') or pg_has_role (session_user, 'oba_owner', 'member'));
create trigger audit after insert or update or delete on oba.list_views for each row execute function oba.audit_row ('view', 'view_id');

create function oba.check_view (query jsonb) returns void
language plpgsql
as $$
begin
  if jsonb_typeof (query) is distinct from 'object' or pg_column_size (query) > 65536
     or exists (select from jsonb_object_keys (query) k where k not in ('filter', 'sort', 'descending', 'columns'))
     or coalesce (query ->> 'sort', 'name') !~ '^[a-z-]{1,40}$'
     or jsonb_typeof (coalesce (query -> 'descending', 'false')) <> 'boolean'
     or (query ? 'columns' and not oba.is_list (query -> 'columns', 'string')) then
    perform oba.refuse ('OB001', 'This view cannot be read.');
  end if;
  perform oba.check_filter (coalesce (query -> 'filter', '{}'));
end $$;

create function oba.view_to_change (id bigint) returns oba.list_views
language plpgsql
as $$
declare
  v oba.list_views;
begin
  select * into v from oba.list_views w where w.view_id = id for update;
  if not found or not (v.shared or oba.may_change_of (v.owner)) then
    perform oba.refuse ('OB002', 'There is no such view any more.');
  elsif not oba.may_change_of (v.owner) then
    perform oba.refuse ('OB006', 'This view belongs to a colleague.', 'Its owner or a supervisor can change it; you can save one of your own.');
  end if;
  return v;
end $$;

/*
 * {"name", "shared", "page": "customers", "query": {"filter", "sort", "descending", "columns": [ids in order]}} makes one; with "view_id" and the
 * "version" that was read it changes what is given -> {"view_id", "version"}
 */
create function oba.do_save_view (request jsonb) returns jsonb
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
    v.page := request ->> 'page';
  end if;
  if request ? 'name' or v.name is null then
    v.name := oba.clean_name (request ->> 'name', 'view');
  end if;
  v.shared := coalesce ((request ->> 'shared')::boolean, v.shared);
  v.query := coalesce (request -> 'query', v.query);
  perform oba.check_view (v.query);
  if v.page is distinct from 'customers' then
    perform oba.refuse ('OB001', 'This view cannot be read.');
  elsif exists (select from oba.list_views w where w.owner = v.owner and w.page = v.page and lower (w.name) = lower (v.name)
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

-- {"view_id", "version"} -> {"view_id"}
create function oba.do_delete_view (request jsonb) returns jsonb
language plpgsql
as $$
declare
  v oba.list_views := oba.view_to_change ((request ->> 'view_id')::bigint);
begin
  perform oba.refuse_version (request ->> 'version', v.version);
  delete from oba.list_views w where w.view_id = v.view_id;
  perform pg_notify ('oba_views', v.view_id::text);
  return jsonb_build_object ('view_id', v.view_id);
end $$;

-- ---------------------------------------------------------------- rights

do $$
declare
  everyone constant text := 'oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper';
  a text;
begin
  execute 'grant select on oba.segments, oba.segment_members, oba.list_views to ' || everyone;
  execute 'grant execute on function oba.may_change_of (text), oba.refuse (text, text, text, text), oba.is_range (jsonb, text), oba.is_list (jsonb, text, text[]), '
          'oba.check_filter (jsonb), oba.filter_statement (jsonb), oba.filter_customers (jsonb), oba.segment_customers (bigint[]) to ' || everyone;
  foreach a in array array['save_segment', 'change_segment_members', 'archive_segment', 'save_view', 'delete_view'] loop
    perform oba.add_action (a, 'oba_clerk', 'oba_marketing', 'oba_supervisor', 'oba_admin');
  end loop;
end $$;

reset role;
