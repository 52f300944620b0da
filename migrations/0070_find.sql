-- The list of customers: in the order of segments and of the lifecycle, and a text together with other conditions, as fast for a million as for a hundred.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- the lifecycle's own order

-- As a person goes through it; last are those who never bought.
create function oba.lifecycle_place (state text) returns integer
language sql immutable parallel safe
return case state when 'new' then 1 when 'active' then 2 when 'won_back' then 3 when 'lapsing' then 4 when 'lost' then 5 end;

create function oba.lifecycle_places (states text[]) returns integer[]
language sql immutable parallel safe
return array (select oba.lifecycle_place (s) from unnest (states) s);

-- One index for the order and for the condition.
create index customer_stats_by_lifecycle_place on oba.customer_stats (oba.lifecycle_place (lifecycle), lifecycle_since, customer_id);
drop index oba.customer_stats_by_lifecycle;
alter index oba.customer_stats_by_lifecycle_place rename to customer_stats_by_lifecycle;

-- ---------------------------------------------------------------- cards

-- Cards whose printed number begins with @printed (in upper case, without spaces and dashes), in order, at most @most. However many do, no more are read.
create function oba.cards_from (printed text, most integer) returns table (number text, customer_id bigint)
language sql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
  select x.number, x.customer_id
    from (select d.number, d.customer_id, upper (translate (d.number, ' -', '')) as bare from oba.cards d
           where d.customer_id is not null and upper (translate (d.number, ' -', '')) >= cards_from.printed order by upper (translate (d.number, ' -', '')) limit most) x
   where x.bare < cards_from.printed || chr (1114111)
   order by x.bare
$$;

/*
 * Cards whose printed number holds @printed (4 characters or more), at most @most; those that begin with it come first. What most cards share is seen in a sample of them, and found by reading on: the trigrams of such a part name nearly every card.
 */
create function oba.cards_like (printed text, most integer) returns table (number text, customer_id bigint)
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
declare
  part constant text := oba.like_escape (printed);
  -- Some 2,000 of them, in percent.
  share constant real := (select least (100, 200000 / greatest (t.reltuples, 1)) from pg_class t where t.oid = 'oba.cards'::regclass);
  n integer;
  common boolean;
begin
  if length (printed) < 4 or printed is null then
    return;
  end if;
  return query select d.number, d.customer_id from oba.cards_from (printed, most) d;
  get diagnostics n = row_count;
  if n >= most then
    return;
  end if;
  common := (select count (*) >= 15 from (select d.number from oba.cards d tablesample system (share) repeatable (1) where d.customer_id is not null) d
              where upper (translate (d.number, ' -', '')) like '%' || part || '%');
  if common then
    return query select d.number, d.customer_id from (select x.number, x.customer_id from oba.cards x where x.customer_id is not null order by x.customer_id offset 0) d
      where upper (translate (d.number, ' -', '')) like '_%' || part || '%' limit most - n;
  else
    return query select d.number, d.customer_id from oba.cards d
      where d.customer_id is not null and upper (translate (d.number, ' -', '')) like '%' || part || '%' and upper (translate (d.number, ' -', '')) not like part || '%'
      limit most - n;
  end if;
end $$;

-- The ranked search reads them the same way.
do $$
declare
  source text := pg_get_functiondef ('oba.search_customers'::regproc);
  old_text constant text := '(select d.customer_id, d.number from oba.cards d where d.customer_id is not null and upper (translate (d.number, '' -'', '''')) like printed || ''%''
                            order by upper (translate (d.number, '' -'', '''')) limit page * 2) d';
begin
  if position (old_text in source) = 0 then
    raise exception 'oba.search_customers reads cards in another way';
  end if;
  execute replace (source, old_text, 'oba.cards_from (upper (translate (k.token, '' -'', '''')), page * 2) d');
end $$;

-- ---------------------------------------------------------------- a text as one condition among others

-- How rare a part of a name is, the planner reads from a sample: of a hundred names it would not know one in a thousand.
alter table oba.customers alter column search_text set statistics 400;

/*
 * Whoever a text finds, as a condition on c (a customer) that trigrams answer, or that one row answers for itself: so that the planner may begin
 * with the text or with what else is asked. Who is found by number, by card, by receipt or in the place of somebody who was merged is named by id;
 * nobody: those with names like it. Every value is quoted by format().
 */
create function oba.text_condition (search text) returns text
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  k record := oba.search_key (search);
  raw constant text := '%' || oba.like_escape (k.raw) || '%';
  condition text;
  ids bigint[];
  more bigint[];
  any_found boolean;
begin
  if k.kind = 'none' then
    return 'false';
  elsif k.kind = 'number' then
    condition := format ('c.search_text like %L', '%' || k.digits || '%');
    if k.digits ~ '^0' then
      condition := condition || (select string_agg (format (' or c.search_text like %L', '% ' || p || '%'), '') from unnest (k.phones) p);
    end if;
  elsif k.kind = 'mail' then
    condition := format ('c.search_text like %L', raw);
  else
    condition := (select string_agg (case when length (w) >= 3 then format ('c.search_text like %L', '%' || w || '%')
                                          else format ('(c.search_text like %L or c.search_text like %L)', w || '%', '% ' || w || '%') end, ' and ')
                  from unnest (k.words) w) || case when k.raw is null then '' else format (' or c.search_text like %L', raw) end;
  end if;
  condition := '(' || condition || ')';

  ids := array (select x from oba.search_exactly (search) x union select d.customer_id from oba.cards_like (upper (translate (k.token, ' -', '')), 1000) d);
  ids := array (select case when c.merged_into is null then c.customer_id else oba.customer_root (c.customer_id) end from oba.customers c where c.customer_id = any (ids));
  execute 'select array (select oba.customer_root (c.customer_id) from oba.customers c where c.merged_into is not null and ' || condition || ')' into more;
  ids := ids || more;
  if ids = '{}' then
    execute 'select exists (select from oba.customers c where c.kind = ''person'' and c.merged_into is null and ' || condition || ')' into any_found;
    if not any_found then
      ids := array (select distinct oba.customer_root (x) from oba.search_similar (search, 200) x);
      condition := 'false';
    end if;
  end if;
  return case when ids = '{}' then condition else format ('(%s or c.customer_id = any (%L::bigint[]))', condition, ids) end;
end $$;

-- ---------------------------------------------------------------- the other conditions

/*
 * What a filter, $1, asks of c (a customer), a (points_accounts) and s (customer_stats). json_numbers() and json_names() are immutable: for the planner a list is a
 * value then, and it knows how many have it.
 */
create function oba.filter_conditions (filter jsonb) returns text
language plpgsql stable
as $$
declare
  more text := '';
begin
  perform oba.check_filter (filter);
  -- Apart: who may not search for names filters all the same.
  if filter ? 'text' then
    more := ' and ' || oba.text_condition (filter ->> 'text');
  end if;
  if filter ? 'segments' then
    more := more || ' and c.customer_id in (select m.customer_id from oba.segment_members m where m.segment_id = any (oba.json_numbers ($1 -> ''segments''))'
      || (select coalesce (string_agg (' union all ' || replace (oba.filter_statement (g.filter), '$1', quote_literal (g.filter) || '::jsonb'), ''), '')
          from oba.segments g where g.kind = 'rule' and g.segment_id = any (oba.json_numbers (filter_conditions.filter -> 'segments'))) || ')';
  end if;
  return 'c.kind = ''person'' and c.merged_into is null' || more || concat (
    case when not filter ? 'status' then $q$ and c.status <> 'erased'$q$ end,
    case when filter ? 'stores' then $q$ and coalesce (c.preferred_store_id, c.registered_store_id, 0) = any (oba.json_numbers ($1 -> 'stores'))$q$ end,
    case when filter ? 'cities' then $q$ and c.city = any (oba.json_names ($1 -> 'cities'))$q$ end,
    case when filter ? 'tiers' then $q$ and a.tier_id = any (oba.json_numbers ($1 -> 'tiers'))$q$ end,
    case when filter ? 'status' then $q$ and c.status = any (oba.json_names ($1 -> 'status'))$q$ end,
    case when filter ? 'lifecycle' then $q$ and oba.lifecycle_place (s.lifecycle) = any (oba.lifecycle_places (oba.json_names ($1 -> 'lifecycle')))$q$ end,
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
    case when filter ? 'birth_months' then $q$ and extract (month from c.birth_date) = any (oba.json_numbers ($1 -> 'birth_months')::numeric[])$q$ end,
    case when filter ? 'batch' then $q$ and c.batch_id = ($1 ->> 'batch')::bigint$q$ end);
end $$;

-- Which of a and s a filter, or an order of the table @also, needs beside @but; everybody has an account and stats.
create function oba.filter_joins (filter jsonb, also text, but text) returns text
language sql immutable
return case when (also = 'a' or filter ?| array['tiers', 'spend', 'points']) and but <> 'a' then ' join oba.points_accounts a on a.customer_id = c.customer_id' else '' end
       || case when (also = 's' or filter ?| array['last_purchase', 'lifecycle']) and but <> 's' then ' join oba.customer_stats s on s.customer_id = c.customer_id' else '' end;

-- The statement that finds the customers, c, of a filter, $1: to be run as it is, or with further conditions.
create or replace function oba.filter_statement (filter jsonb) returns text
language plpgsql stable
as $$
begin
  return 'select c.customer_id from oba.customers c' || oba.filter_joins (filter, '', '') || ' where ' || oba.filter_conditions (filter);
end $$;

-- ---------------------------------------------------------------- a text in the order of a column

/*
 * The orders of the list, as in src/core/customers/oba-customer-query.c: @source: the table that has it (c, a, s; t: the name of the store), @columns, and whether
 * nobody's value comes first when ascending.
 */
create function oba.customer_order (sort text, out source text, out columns text[], out empty_first boolean)
language sql immutable
as $$
  select o.source, o.columns, o.sort = 'last-purchase'
  from (values ('name', 'c', array['c.sort_name']), ('phone', 'c', array['c.phone']), ('city', 'c', array['c.city']), ('status', 'c', array['c.status']),
               ('registered', 'c', array['c.registered_at']), ('email', 'c', array['c.email']), ('birth-date', 'c', array['c.birth_date']),
               ('language', 'c', array['c.language']), ('number', 'c', array[]::text[]), ('tier', 'a', array['a.tier_id']), ('points', 'a', array['a.balance']),
               ('spend', 'a', array['a.tier_spend']), ('last-purchase', 's', array['s.last_purchase_at']), ('receipts', 's', array['s.receipts']),
               ('lifecycle', 's', array['oba.lifecycle_place (s.lifecycle)', 's.lifecycle_since']), ('store', 't', array['t.name'])) o (sort, source, columns)
  where o.sort = customer_order.sort
$$;

/*
 * The first @page customers (0: all) of a @filter that has a text, in the order of a column. What many have, as the planner sees it, is found by reading on in
 * that order for a while; what few have is read as a whole, beginning with whichever condition is the rarest, and sorted. @but: these are left out. Volatile only
 * because EXPLAIN asks for it.
 */
create function oba.find_in_order (filter jsonb, sort text, descending boolean, page integer, but bigint[] default '{}') returns bigint[]
language plpgsql volatile
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  depth constant integer := 20000;
  conditions constant text := oba.filter_conditions (filter) || case when but = '{}' then '' else ' and c.customer_id <> all ($3)' end;
  o record := oba.customer_order (sort);
  way constant text := case when descending then ' desc' else '' end;
  nulls constant text := case when o.empty_first then case when descending then ' nulls last' else ' nulls first' end else '' end;
  id constant text := case o.source when 't' then 'c' else o.source end || '.customer_id';
  keys constant text := (select coalesce (string_agg (k || way || case n when 1 then nulls else '' end || ', ', '' order by n), '') from unnest (o.columns) with ordinality u (k, n)) || id || way;
  -- Store by store, and together those that share a name: a join of everybody would be sorted as a whole.
  first_ones constant text := case o.source
    when 'c' then '(select c.* from oba.customers c where c.kind = ''person'' order by ' || keys || ' limit $4) c'
    when 'a' then '(select a.* from oba.points_accounts a order by ' || keys || ' limit $4) a join oba.customers c on c.customer_id = a.customer_id'
    when 's' then '(select s.* from oba.customer_stats s order by ' || keys || ' limit $4) s join oba.customers c on c.customer_id = s.customer_id'
    when 't' then '(select c.*, t.name from (select store_id, name from oba.stores union all select 0, '''' order by 2' || way || ' offset 0) t cross join lateral (select x.* from oba.customers x'
         ' where x.kind = ''person'' and coalesce (x.preferred_store_id, x.registered_store_id, 0) = t.store_id offset 0) c order by ' || keys || ' limit $4) c' end;
  plan json;
  ids bigint[];
begin
  if o.source is null then
    raise exception 'there is no order %', sort;
  end if;
  if page > 0 then
    execute 'explain (format json) select from oba.customers c' || oba.filter_joins (filter, '', '') || ' where ' || conditions into plan using filter, page, but;
  end if;
  if (plan #>> '{0,Plan,Plan Rows}')::float8 * depth >= page / 2 * (select t.reltuples from pg_class t where t.oid = 'oba.customers'::regclass) then
    execute 'select array (select c.customer_id from ' || first_ones || oba.filter_joins (filter, '', o.source) || ' where ' || conditions || ' order by ' || replace (keys, 't.name', 'c.name') || ' limit $2)'
      into ids using filter, page, but, depth;
    if cardinality (ids) = page then
      return ids;
    end if;
  end if;
  execute 'select array (select m.id from (select c.customer_id as id' || (select coalesce (string_agg (', ' || k || ' as k' || n, '' order by n), '') from unnest (o.columns) with ordinality u (k, n))
          || ' from oba.customers c' || oba.filter_joins (filter, o.source, '')
          || case o.source when 't' then ' join (select store_id, name from oba.stores union all select 0, '''') t on t.store_id = coalesce (c.preferred_store_id, c.registered_store_id, 0)' else '' end
          || ' where ' || conditions || ' offset 0) m order by '
          || (select coalesce (string_agg ('m.k' || n || way || case n when 1 then nulls else '' end || ', ', '' order by n), '') from unnest (o.columns) with ordinality u (k, n)) || 'm.id' || way
          || ' limit nullif ($2, 0))'
    into ids using filter, page, but;
  return ids;
end $$;

-- The same; @sort 'relevance' is the order of the search for the first 1,000 that the text finds, and by name after them.
create function oba.find_text (filter jsonb, sort text, descending boolean, page integer default 0) returns setof bigint
language plpgsql volatile
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  best bigint[];
  others bigint[];
begin
  if sort <> 'relevance' then
    best := oba.find_in_order (filter, sort, descending, page);
    return query select unnest (best);
    return;
  end if;
  best := array (select f.customer_id from oba.search_customers (filter ->> 'text', 1000) f);
  execute 'select array (select c.customer_id from (select x.*, u.place from unnest ($3) with ordinality u (customer_id, place) join oba.customers x on x.customer_id = u.customer_id offset 0) c'
          || oba.filter_joins (filter, '', '') || ' where ' || oba.filter_conditions (filter) || ' order by c.place limit nullif ($2, 0))'
    into best using filter, page, best;
  return query select unnest (best);
  if page = 0 or cardinality (best) < page then
    others := oba.find_in_order (filter, 'name', false, case page when 0 then 0 else page - cardinality (best) end, best);
    return query select unnest (others);
  end if;
end $$;

-- Narrowed down in statements of their own since: oba.text_condition().
drop function oba.text_customers (text);

-- ---------------------------------------------------------------- in the order of segments

/*
 * The customers of a @filter by the first, in the alphabet, of the segments they are in, the first @page (0: all). Who is in none comes last, whichever way.
 * Who is in a rule's segment is known only when it is asked, so that no order is kept: a page asks segment by segment until it is full.
 */
create function oba.customers_by_segment (filter jsonb, descending boolean, page integer default 0) returns setof bigint
language plpgsql stable
set plan_cache_mode = force_custom_plan set jit = off set work_mem = '64MB'
as $$
declare
  base constant text := oba.filter_statement (filter);
  way constant text := case when descending then ' desc' else '' end;
  segments bigint[];
  rules jsonb[];
  statements text[];
  before text[] := array[''];
  i integer;
  ids bigint[];
  n integer := 0;
begin
  select array_agg (g.segment_id order by g.place), array_agg (g.filter order by g.place),
         array_agg (case g.kind when 'static' then format ('select m.customer_id from oba.segment_members m where m.segment_id = ($3)[%s]', g.place)
                                else replace (oba.filter_statement (g.filter), '$1', format ('($4)[%s]', g.place)) end order by g.place)
  into segments, rules, statements
  from (select s.*, row_number () over (order by oba.sort_key (s.name), s.name) as place from oba.segments s where s.archived_at is null) g;

  if page = 0 then
    return query execute 'select f.customer_id from (' || base || ') f left join (select u.customer_id, min (u.place) as place from (select null::bigint as customer_id, null::bigint as place where false'
      || (select coalesce (string_agg (format (' union all select x.customer_id, %s from (%s) x', p, statement), ''), '') from unnest (statements) with ordinality s (statement, p))
      || ') u group by 1) g on g.customer_id = f.customer_id order by g.place' || way || ' nulls last, f.customer_id' || way
      using filter, page, segments, rules;
    return;
  end if;
  -- What the segments before each one are, as a condition; and before the end all of them.
  for i in 1 .. coalesce (cardinality (statements), 0) loop
    before := before || (before[i] || ' and not exists (select from (' || statements[i] || ') x where x.customer_id = c.customer_id)');
  end loop;
  for i in select g from generate_subscripts (statements, 1) g order by case when descending then -g else g end loop
    execute 'select array (' || base || ' and c.customer_id in (' || statements[i] || ')' || before[i] || ' order by c.customer_id' || way || ' limit $2)'
      into ids using filter, page - n, segments, rules;
    return query select unnest (ids);
    n := n + cardinality (ids);
    exit when n >= page;
  end loop;
  if n < page then
    return query execute base || before[cardinality (before)] || ' order by c.customer_id' || way || ' limit $2' using filter, page - n, segments, rules;
  end if;
end $$;

-- ---------------------------------------------------------------- erasure among many refusals

-- Of millions of refusals only those that hold a number or an address of the person are read.
create index idempotency_refused_text on oba.idempotency_keys using gin (lower (answer::text) oba.gin_trgm_ops) where refused;

create or replace function oba.erase_answers (family bigint[], contacts text[]) returns void
language plpgsql
set plan_cache_mode = force_custom_plan
as $$
declare
  parts constant text[] := array (select '%' || oba.like_escape (lower (t)) || '%' from unnest (contacts) t where length (t) >= 3);
begin
  update oba.idempotency_keys k
  set request_hash = sha256 (uuid_send (gen_random_uuid ())),
      answer = case when k.refused then jsonb_build_object ('refused', true, 'code', k.answer ->> 'code', 'message', 'This customer was erased.', 'hint', '', 'detail', '')
                    else jsonb_build_object ('customer_id', k.customer_id) end
  where k.customer_id = any (family);
  update oba.idempotency_keys k
  set request_hash = sha256 (uuid_send (gen_random_uuid ())),
      answer = jsonb_build_object ('refused', true, 'code', k.answer ->> 'code', 'message', 'This customer was erased.', 'hint', '', 'detail', '')
  where k.refused and lower (k.answer::text) like any (parts) and k.answer ->> 'message' <> 'This customer was erased.'
    and (exists (select from regexp_matches (k.answer::text, '\+[0-9]{7,15}', 'g') m where m[1] = any (contacts))
         or (k.answer::text like '%@%' and exists (select from unnest (contacts) t where t like '%@%' and position (lower (t) in lower (k.answer::text)) > 0)));
end $$;

-- ---------------------------------------------------------------- rights

do $$
declare
  everyone constant text := 'oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper';
  people constant text := 'oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper';
begin
  execute 'grant execute on function oba.lifecycle_place (text), oba.lifecycle_places (text[]), oba.json_names (jsonb), oba.json_numbers (jsonb), oba.filter_conditions (jsonb), '
          'oba.filter_joins (jsonb, text, text), oba.customers_by_segment (jsonb, boolean, integer) to ' || everyone;
  execute 'grant execute on function oba.cards_from (text, integer), oba.cards_like (text, integer), oba.text_condition (text), oba.customer_order (text), '
          'oba.find_in_order (jsonb, text, boolean, integer, bigint[]), oba.find_text (jsonb, text, boolean, integer) to ' || people;
end $$;

reset role;
