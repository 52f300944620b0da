-- Browsing receipts: whatever conditions are combined, and in whatever order, the first page costs no more than reading some ten thousand entries of indexes.

set local role oba_owner;
set local search_path = oba, pg_catalog;

/*
 * How many receipts, or lines, the index of a condition has within the time of the filter; more than @most is @most + 1, so that counting costs next to nothing.
 */
create function oba.count_some (way text, filter jsonb, most integer) returns integer
language plpgsql stable set enable_seqscan = off
as $$
declare
  n integer;
begin
  execute 'select count (*) from (select from ' || oba.receipt_list_sql (way, filter) || ' limit $2) x' into n
    using filter, most + 1, null::bigint, null::integer, oba.receipt_moment (filter #>> '{time,0}', false), oba.receipt_moment (filter #>> '{time,1}', true);
  return n;
end $$;

-- What the index of a condition lists, from the first to the last moment of the filter: receipts x, or what names them. $1: the filter; $5, $6: the moments.
create function oba.receipt_list_sql (way text, filter jsonb) returns text
language plpgsql immutable
as $$
declare
  at text := case way when 'product' then 'l.sold_at' when 'corrected' then 'a.original_sold_at' else 'x.sold_at' end;
  within text := concat (case when filter #>> '{time,0}' is not null then format (' and %s >= $5', at) end,
                         case when filter #>> '{time,1}' is not null then format (' and %s < $6', at) end);
begin
  return case way
    when 'time' then 'oba.receipts x where true'
    when 'store' then 'oba.receipts x where x.store_id = any (oba.json_numbers ($1 -> ''stores''))'
    when 'cashier' then 'oba.receipts x where x.cashier = any (oba.json_names ($1 -> ''cashiers''))'
    when 'kind' then 'oba.receipts x where x.kind = any (oba.json_names ($1 -> ''kinds'')) and x.kind <> ''sale'''
    when 'amount' then 'oba.receipts x where x.total >= coalesce (($1 #>> ''{amount,0}'')::bigint, -9223372036854775808)'
                       ' and x.total <= coalesce (($1 #>> ''{amount,1}'')::bigint, 9223372036854775807)'
    when 'product' then 'oba.receipt_lines l where l.product_id = any (oba.json_numbers ($1 -> ''products''))'
    when 'corrected' then 'oba.receipts a where a.original_receipt_id is not null'
                          -- What answers a receipt is no older: months before need not be looked at.
                          || case when filter #>> '{time,0}' is not null then ' and a.sold_at >= $5' else '' end
    end || within;
end $$;

-- The condition with the fewest receipts, when there is one with no more than @most, and how many.
create function oba.receipt_lead (filter jsonb, most integer, out way text, out n integer)
language plpgsql stable
as $$
declare
  ways constant text[] := array_remove (array[
    case when filter #>> '{time,0}' is not null and filter #>> '{time,1}' is not null then 'time' end,
    case when filter ? 'cashiers' then 'cashier' end, case when filter ? 'stores' then 'store' end, case when filter ? 'products' then 'product' end,
    case when filter ? 'kinds' and not filter -> 'kinds' ? 'sale' then 'kind' end, case when filter ? 'amount' then 'amount' end,
    case when filter -> 'corrected' = 'true' then 'corrected' end], null);
  found integer;
  w text;
begin
  foreach w in array ways loop
    found := oba.count_some (w, filter, most);
    if found <= most then
      way := w;
      n := found;
      most := found - 1;
    end if;
  end loop;
end $$;

-- That a answers what @named names, in the moments of a window. Not "is not null": the planner would count that twice, and expect a hundredth of them.
create function oba.receipt_answer_sql (named text) returns text
language sql immutable
return format ('a.original_customer_id = %1$s.customer_id and a.original_sold_at = %1$s.sold_at and a.original_receipt_id = %1$s.receipt_id'
               ' and a.original_sold_at >= $5 and a.original_sold_at < $6 and a.sold_at >= $5', named);

-- receipt_conditions(), in the moments of a window: what names receipts is looked up within the window, too.
create function oba.receipt_window_conditions (filter jsonb) returns text
language sql immutable
return concat (
  ' and r.sold_at >= $5 and r.sold_at < $6',
  -- A return is not corrected itself: nothing is looked through to find none.
  case when filter -> 'corrected' = 'true' and (not filter -> 'kinds' ?| array['sale', 'correction'] or (filter #>> '{amount,1}')::bigint < 0) then ' and false' end,
  oba.receipt_conditions (filter - '{time,products,corrected}'::text[], 'time', false),
  case when filter ? 'products' then
    ' and exists (select from oba.receipt_lines l'
    -- Both together before the receipts themselves: neither need be rare.
    || case when filter -> 'corrected' = 'true' then ' join oba.receipts a on ' || oba.receipt_answer_sql ('l') else '' end
    || ' where l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id'
       ' and l.product_id = any (oba.json_numbers ($1 -> ''products'')) and l.sold_at >= $5 and l.sold_at < $6)' end,
  case when filter -> 'corrected' = 'false' then ' and not exists (select from oba.receipts a where ' || oba.receipt_answer_sql ('r') || ')'
       when filter ? 'corrected' and not filter ? 'products' then ' and exists (select from oba.receipts a where ' || oba.receipt_answer_sql ('r') || ')' end);

/*
 * A page in the order of time where many receipts meet each condition, but maybe few all of them: one window of time after another, each as long as the last ones let
 * expect that the page will be full. Within a window the planner decides what is looked through; it knows each month's figures.
 */
create function oba.receipt_windows (filter jsonb, descending boolean, after_at timestamptz, after_id bigint, most integer)
  returns table (customer_id bigint, sold_at timestamptz, receipt_id bigint)
language plpgsql stable
as $$
declare
  tick constant interval := interval '1 microsecond';
  dir constant text := case when descending then 'desc' else 'asc' end;
  sql constant text := format ('select w.* from (select r.customer_id, r.sold_at, r.receipt_id from oba.receipts r where true%s%s offset 0) w order by w.sold_at %s, w.receipt_id %3$s limit $4',
                               oba.receipt_window_conditions (filter),
                               case when after_at is not null then format (' and (r.sold_at, r.receipt_id) %s ($2, $3)', case when descending then '<' else '>' end) else '' end, dir);
  first_at timestamptz := greatest (oba.receipt_moment (filter #>> '{time,0}', false), (select min (r.sold_at) from oba.receipts r));
  end_at timestamptz := least (oba.receipt_moment (filter #>> '{time,1}', true), (select max (r.sold_at) from oba.receipts r) + tick);
  missing integer := most;
  from_at timestamptz;
  to_at timestamptz;
  span interval;
  got integer;
begin
  if descending then
    end_at := least (end_at, after_at + tick);
    to_at := end_at;
    from_at := greatest (first_at, coalesce ((select r.sold_at from oba.receipts r where r.sold_at < end_at order by r.sold_at desc offset 4 * most limit 1), first_at));
  else
    first_at := greatest (first_at, after_at);
    from_at := first_at;
    to_at := least (end_at, coalesce ((select r.sold_at from oba.receipts r where r.sold_at >= first_at order by r.sold_at offset 4 * most limit 1), end_at));
  end if;
  while from_at < to_at and missing > 0 loop
    return query execute sql using filter, after_at, after_id, missing, from_at, to_at;
    get diagnostics got = row_count;
    missing := missing - got;
    span := (to_at - from_at) * case when got = 0 then 4 else least (4, greatest (1, 1.5 * missing / got)) end;
    if descending then
      to_at := from_at;
      from_at := greatest (first_at, to_at - span);
    else
      from_at := to_at;
      to_at := least (end_at, from_at + span);
    end if;
  end loop;
end $$;

-- The columns of a page from @source, put in order; what comes after the last one of the page before. $2, $3, $7: its time, id and key.
create function oba.receipt_order_sql (sort text, descending boolean, further boolean, source text, conditions text) returns text
language plpgsql immutable
as $$
declare
  numeric_key constant boolean := sort in ('total', 'discount');
  key text := oba.receipt_sort_key (sort);
  typed text := case when numeric_key then key else key || ' collate "C"' end;
  dir text := case when descending then 'desc' else 'asc' end;
  beyond text := case when descending then '<' else '>' end;
begin
  return format ('select r.customer_id, r.sold_at, r.receipt_id, %s as key from %s where true%s%s order by %s r.sold_at %s, r.receipt_id %6$s', coalesce (typed, 'null'), source, conditions,
                 case when not further then ''
                      when key is null then format (' and (r.sold_at, r.receipt_id) %s ($2, $3)', beyond)
                      else format (' and (%s, r.sold_at, r.receipt_id) %s ($7::%s, $2, $3)', typed, beyond, case when numeric_key then 'bigint' else 'text collate "C"' end) end,
                 case when key is null then '' else format ('%s %s,', typed, dir) end, dir);
end $$;

/*
 * A page, in any order, of the receipts that a condition with few of them lists: these are put in order, and then what other tables say of each is looked up until the page is full.
 */
create function oba.receipt_few_sql (filter jsonb, sort text, descending boolean, further boolean, way text) returns text
language plpgsql immutable
as $$
declare
  dir constant text := case when descending then 'desc' else 'asc' end;
  list text := oba.receipt_list_sql (way, filter);
begin
  list := case
    when way = 'product' then '(select distinct l.customer_id, l.sold_at, l.receipt_id from ' || list || ' offset 0) k'
    when way = 'corrected' then '(select distinct a.original_customer_id as customer_id, a.original_sold_at as sold_at, a.original_receipt_id as receipt_id from ' || list || ' offset 0) k'
    else '(select x.* from ' || list || ' offset 0) r' end;
  if way in ('product', 'corrected') then
    list := list || ' cross join lateral (select x.* from oba.receipts x where x.customer_id = k.customer_id and x.sold_at = k.sold_at and x.receipt_id = k.receipt_id offset 0) r';
  end if;
  return format ('select * from (%s offset 0) r where true%s order by %s r.sold_at %s, r.receipt_id %4$s limit $4',
                 oba.receipt_order_sql (sort, descending, further, list, oba.receipt_conditions (filter - '{products,corrected}'::text[], way, true)),
                 oba.receipt_conditions (jsonb_strip_nulls (jsonb_build_object ('products', filter -> 'products', 'corrected', filter -> 'corrected')), way, true),
                 case when sort = 'time' then '' else 'r.key ' || dir || ',' end, dir);
end $$;

/*
 * A page from the index of the order, on until the page is full. What other tables say is looked up a receipt at a time, but for @listed, which is read before: a list that
 * is not long, though longer than one would put in order.
 */
create function oba.receipt_walk_sql (filter jsonb, sort text, descending boolean, further boolean, listed text[]) returns text
language plpgsql immutable
as $$
declare
  dir constant text := case when descending then 'desc' else 'asc' end;
begin
  if not filter ?| array['products', 'corrected'] then
    return oba.receipt_order_sql (sort, descending, further, 'oba.receipts r', oba.receipt_conditions (filter, 'time', true)
                                  -- Sales are never below zero: returns need not be passed first.
                                  || case when filter -> 'kinds' = '["sale"]' then ' and r.total >= 0' else '' end) || ' limit $4';
  end if;
  -- Outside of what reads the months, so that a list is read once and not for each of them.
  return format ('select * from (%s offset 0) r where true%s%s%s order by r.key %s, r.sold_at %5$s, r.receipt_id %5$s limit $4',
    oba.receipt_order_sql (sort, descending, further, 'oba.receipts r', oba.receipt_conditions (filter - '{products,corrected}'::text[], 'time', true)),
    case when 'product' = any (listed) then ' and ((r.sold_at, r.receipt_id) in (select l.sold_at, l.receipt_id from ' || oba.receipt_list_sql ('product', filter) || ')) is true' end,
    case when 'corrected' = any (listed) then ' and ((r.sold_at, r.receipt_id) in (select a.original_sold_at, a.original_receipt_id from ' || oba.receipt_list_sql ('corrected', filter)
         || ')) is ' || case when filter -> 'corrected' = 'true' then 'true' else 'not true' end end,
    oba.receipt_conditions (jsonb_strip_nulls (jsonb_build_object ('products', case when not 'product' = any (listed) then filter -> 'products' end,
                                                                   'corrected', case when not 'corrected' = any (listed) then filter -> 'corrected' end)), 'time', true), dir);
end $$;

/*
 * How a page is found: 'number' and 'customer' by what is named; 'few': all receipts of the condition that has few; 'windows'; 'index': on in the index of the only condition, or of
 * the kind, until the page is full; 'walk': on in the index of the order, with @listed read before.
 */
create function oba.receipt_plan (filter jsonb, sort text, out plan text, out way text, out listed text[])
language plpgsql stable
as $$
declare
  probed constant integer := 5000;
  sorted constant integer := 40000;
  read_before constant integer := 100000;
  conditions constant jsonb := filter - 'time';
  -- Of more than these, the index of the order gets to the end of a page sooner, as it meets one of them every now and then.
  most integer;
  lead record;
begin
  way := oba.receipt_way (filter);
  plan := case when way in ('number', 'customer') then way else 'index' end;
  if plan = way or (conditions = '{}' and sort = 'time') then
    return;
  elsif sort = 'time' then
    lead := oba.receipt_lead (filter, 3 * probed);
    way := coalesce (lead.way, way);
    -- What lists receipts by their names has to look up each of them before it can be put in order.
    plan := case when lead.n <= case when lead.way in ('product', 'corrected') then 1 else 3 end * probed then 'few'
                 when (select count (*) from jsonb_object_keys (conditions)) > 1
                      or greatest (jsonb_array_length (filter -> 'stores'), jsonb_array_length (filter -> 'cashiers'), jsonb_array_length (filter -> 'products')) > 8 then 'windows'
                 else 'index' end;
    return;
  end if;
  most := least (sorted, sqrt (1500 * (select coalesce (sum (greatest (c.reltuples, 0)), 0) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'oba.receipts'::regclass)));
  lead := oba.receipt_lead (filter, most);
  if lead.way is not null and not (lead.way in ('product', 'corrected') and lead.n > most / 4 and (select count (*) from jsonb_object_keys (conditions - '{unmatched,kinds}'::text[])) = 1) then
    plan := 'few';
    way := lead.way;
  elsif filter ? 'kinds' and not filter -> 'kinds' ? 'sale' and sort = 'total' then
    way := 'kind';
  else
    plan := 'walk';
    way := 'time';
    listed := array_remove (array[case when filter ? 'products' and oba.count_some ('product', filter, read_before) <= read_before then 'product' end,
                                  case when filter ? 'corrected' and oba.count_some ('corrected', filter, read_before) <= read_before then 'corrected' end], null);
  end if;
end $$;

/*
 * A page of the receipts of a filter (src/core/sales/oba-receipt-filter.h), at most @most, after the last one of the page before: its moment in
 * microseconds, its id, its key. Planned anew each time: which index is the best depends on the values.
 */
create or replace function oba.receipt_page (filter jsonb, sort text, descending boolean, after_at bigint, after_id bigint, after_key text, most integer)
  returns table (customer_id bigint, at bigint, receipt_id bigint, key text)
language plpgsql stable security definer
set search_path = oba, pg_catalog, pg_temp set jit = off set max_parallel_workers_per_gather = 0 set enable_sort = on set enable_hashagg = on set enable_bitmapscan = on
as $$
declare
  after_moment timestamptz := timestamptz 'epoch' + after_at * interval '1 microsecond';
  p record;
begin
  perform oba.receipt_filter_check (filter);
  p := oba.receipt_plan (filter, sort);
  if p.plan = 'windows' then
    return query select w.customer_id, (extract (epoch from w.sold_at) * 1000000)::bigint, w.receipt_id, null
                 from oba.receipt_windows (filter, descending, after_moment, after_id, most) w;
    return;
  end if;
  if p.plan = 'index' and p.way in ('product', 'corrected') then
    -- Read on in the order of the index until the page is full: how many there are in all does not matter.
    perform set_config ('enable_sort', 'off', true), set_config ('enable_hashagg', 'off', true), set_config ('enable_bitmapscan', 'off', true);
  end if;
  return query execute 'select p.customer_id, (extract (epoch from p.sold_at) * 1000000)::bigint, p.receipt_id, p.key::text from ('
                       || case p.plan when 'few' then oba.receipt_few_sql (filter, sort, descending, after_at is not null, p.way)
                                      when 'walk' then oba.receipt_walk_sql (filter, sort, descending, after_at is not null, p.listed)
                               else oba.receipt_page_sql (filter, sort, descending, after_at is not null, p.way) end || ') p'
    using filter, after_moment, after_id, most, oba.receipt_moment (filter #>> '{time,0}', false), oba.receipt_moment (filter #>> '{time,1}', true), after_key;
end $$;

-- Returns are all below zero: in the order of the total they are met last, or at once.
create index receipts_kind_total on oba.receipts (kind, total, sold_at, receipt_id) where kind <> 'sale';

drop function oba.receipt_best_way (jsonb);
drop function oba.count_kinds (text[], integer);
drop function oba.count_amounts (bigint, bigint, integer);
drop function oba.count_lines (bigint[], integer);

reset role;
