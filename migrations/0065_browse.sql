-- Transactions: finding receipts among millions, newest first or by amount, with any filter; one receipt with everything that belongs to it.

set local role oba_owner;
set local search_path = oba, pg_catalog;

create index receipts_time on oba.receipts (sold_at, receipt_id);
create index receipts_total on oba.receipts (total, sold_at, receipt_id);
create index receipts_cashier on oba.receipts (cashier, sold_at) where cashier is not null;
create index receipts_kind on oba.receipts (kind, sold_at) where kind <> 'sale';
-- What was answered by a return, a void or a correction, in the order of its own time.
create index receipts_answered on oba.receipts (original_sold_at, original_receipt_id, original_customer_id) where original_receipt_id is not null;
create index receipt_lines_product on oba.receipt_lines (product_id, sold_at);

-- ---------------------------------------------------------------- the filter

-- [3, 17] and ["a", "b"] as arrays. Immutable, so that the planner sees the values.
create function oba.json_numbers (list jsonb) returns bigint[]
language sql immutable parallel safe
return (select coalesce (array_agg (v::bigint), '{}') from jsonb_array_elements_text (list) v);

create function oba.json_names (list jsonb) returns text[]
language sql immutable parallel safe
return (select coalesce (array_agg (v), '{}') from jsonb_array_elements_text (list) v);

-- The moment a minute of the chain's clock begins; with @last the one after it.
create function oba.receipt_moment (minute text, last boolean) returns timestamptz
language sql stable
return (minute::timestamp + case when last then interval '1 minute' else interval '0' end) at time zone 'Asia/Baku';

-- Whose receipts are meant by "customers" and "cards", with those merged into them.
create function oba.receipt_customers (filter jsonb) returns bigint[]
language sql stable
return (select coalesce (array_agg (distinct f), '{}')
        from (select unnest (oba.json_numbers (filter -> 'customers'))
              union
              select k.customer_id from oba.cards k where k.number = any (oba.json_names (filter -> 'cards')) and k.customer_id is not null) n (customer_id)
             cross join lateral oba.customer_family (n.customer_id) f);

/*
 * Which condition leads to the receipts: the first of these that the filter has. Each is an index that gives few rows, or rows in the order of time.
 * 'time' leaves it to the planner, which knows how many receipts an amount has.
 */
create function oba.receipt_way (filter jsonb) returns text
language sql immutable
return case when filter ?| array['text', 'receipt_no', 'fiscal_id'] then 'number'
            when filter ?| array['customers', 'cards'] then 'customer'
            when filter ? 'cashiers' then 'cashier'
            when jsonb_array_length (filter -> 'stores') <= 64 then 'store'
            when filter ? 'products' then 'product'
            when filter -> 'corrected' = 'true' then 'corrected'
            when filter ? 'kinds' and not filter -> 'kinds' ? 'sale' then 'kind'
            else 'time' end;

/*
 * The conditions on the receipt r that the way has not met yet. $1 is the filter, $5 and $6 the time. With @probe they are looked up a receipt at
 * a time, for a page; without, for totals, the planner may read whole tables.
 */
create function oba.receipt_conditions (filter jsonb, way text, probe boolean) returns text
language sql immutable
return concat (
  case when filter #>> '{time,0}' is not null then ' and r.sold_at >= $5' end,
  case when filter #>> '{time,1}' is not null then ' and r.sold_at < $6' end,
  case when filter ? 'text' and way <> 'number' then ' and false' end,
  case when filter ? 'receipt_no' then ' and r.receipt_no = $1 ->> ''receipt_no''' end,
  case when filter ? 'fiscal_id' then ' and r.fiscal_id = $1 ->> ''fiscal_id''' end,
  case when filter ?| array['customers', 'cards'] then ' and r.customer_id = any (oba.receipt_customers ($1))' end,
  case when filter ? 'stores' and way <> 'store' then ' and r.store_id = any (oba.json_numbers ($1 -> ''stores''))' end,
  case when filter ? 'tills' then ' and r.till_no = any (oba.json_numbers ($1 -> ''tills''))' end,
  case when filter ? 'cashiers' and way <> 'cashier' then ' and r.cashier = any (oba.json_names ($1 -> ''cashiers''))' end,
  case when filter ? 'kinds' and way <> 'kind' then ' and r.kind = any (oba.json_names ($1 -> ''kinds''))' end,
  case when filter #>> '{amount,0}' is not null then ' and r.total >= ($1 #>> ''{amount,0}'')::bigint' end,
  case when filter #>> '{amount,1}' is not null then ' and r.total <= ($1 #>> ''{amount,1}'')::bigint' end,
  case when filter ? 'unmatched' then ' and (r.customer_id in (select w.customer_id from oba.walk_ins w)) is ' || case when filter -> 'unmatched' = 'true' then 'true' else 'false' end end,
  case when filter ? 'products' and way <> 'product' then
    ' and exists (select from oba.receipt_lines l where l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id'
    ' and l.product_id = any (oba.json_numbers ($1 -> ''products''))' || case when probe then ' offset 0)' else ')' end end,
  case when filter ? 'corrected' and way <> 'corrected' then
    case when filter -> 'corrected' = 'true' then ' and exists' else ' and not exists' end
    || ' (select from oba.receipts a where a.original_receipt_id = r.receipt_id and a.sold_at >= r.sold_at' || case when probe then ' offset 0)' else ')' end end);

-- The key of an order, on the receipt r; null for time alone.
create function oba.receipt_sort_key (sort text) returns text
language sql immutable
return case sort when 'total' then 'r.total' when 'discount' then 'r.discount' when 'number' then 'r.receipt_no' when 'cashier' then 'coalesce (r.cashier, '''')'
                 when 'kind' then 'r.kind' when 'store' then '(select s.name from oba.stores s where s.store_id = r.store_id)' end;

/*
 * The statement that gives a page of receipts: customer_id, sold_at, receipt_id, key. $1: the filter; $2, $3, $7: time, id and key of the last receipt
 * of the page before, null for the first; $4: how many; $5, $6: from and before which moment.
 */
create function oba.receipt_page_sql (filter jsonb, sort text, descending boolean, further boolean, way text) returns text
language plpgsql immutable
as $$
declare
  key text := oba.receipt_sort_key (sort);
  dir text := case when descending then 'desc' else 'asc' end;
  beyond text := case when descending then '<' else '>' end;
  type text := case when sort in ('total', 'discount') then 'bigint' else 'text collate "C"' end;
  columns text := 'r.customer_id, r.sold_at, r.receipt_id, ' || coalesce (key || case when type = 'bigint' then '' else ' collate "C"' end, 'null') || ' as key';
  conditions text := oba.receipt_conditions (filter, way, true);
  row_order text := case when key is not null then format ('key %s, ', dir) else '' end || format ('sold_at %1$s, receipt_id %1$s', dir);
  found text;
  after text := '';
begin
  if further then
    after := case when key is null then format (' and r.sold_at %1$s= $2 and (r.sold_at, r.receipt_id) %1$s ($2, $3)', beyond)
                  else format (' and (%s, r.sold_at, r.receipt_id) %s ($7::%s, $2, $3)', case when type = 'bigint' then key else key || ' collate "C"' end, beyond, type) end;
  end if;
  conditions := conditions || after;
  if way in ('cashier', 'store', 'kind') then
    -- Each value from its own index, in order; the first of all of them.
    return format ('select x.* from unnest (%s) v cross join lateral (select %s from oba.receipts r where r.%s = v%s order by %s limit $4) x order by %s limit $4',
                   case way when 'cashier' then 'oba.json_names ($1 -> ''cashiers'')' when 'store' then 'oba.json_numbers ($1 -> ''stores'')'
                            else 'oba.json_names ($1 -> ''kinds'')' end,
                   columns, case way when 'cashier' then 'cashier' when 'store' then 'store_id' else 'kind' end,
                   case way when 'kind' then ' and r.kind <> ''sale''' else '' end || conditions, row_order, row_order);
  elsif way = 'amount' then
    return format ('select %s from (select x.* from oba.receipts x where x.total >= coalesce (($1 #>> ''{amount,0}'')::bigint, -9223372036854775808)'
                   ' and x.total <= coalesce (($1 #>> ''{amount,1}'')::bigint, 9223372036854775807) offset 0) r where true%s order by %s limit $4',
                   columns, conditions, row_order);
  elsif way in ('time', 'customer') then
    return format ('select %s from oba.receipts r where true%s order by %s limit $4', columns, conditions, row_order);
  end if;
  found := oba.receipt_found_sql (way, key is null, dir, case when further and key is null then beyond end, filter);
  if way = 'product' then
    return format ('select distinct x.* from unnest (oba.json_numbers ($1 -> ''products'')) v cross join lateral (select %s from %s where true%s order by %s limit $4) x'
                   ' order by %s limit $4', columns, found, conditions,
                   case when key is null then format ('k.sold_at %1$s, k.receipt_id %1$s', dir) else row_order end, row_order);
  end if;
  return format ('select %s from %s where true%s order by %s limit $4', columns, found, conditions,
                 case when key is null then format ('k.sold_at %1$s, k.receipt_id %1$s', dir) else row_order end);
end $$;

-- Receipts named by another table, k, each once, looked up by its key as r; with @ordered k is read in the order of time, as the index has it: DISTINCT
-- would sort all of a product that sells every minute. @beyond: after which $2 and $3.
create function oba.receipt_found_sql (way text, ordered boolean, dir text, beyond text, filter jsonb) returns text
language plpgsql immutable
as $$
declare
  named text;
  at text := case way when 'corrected' then 'a.original_sold_at' else 'l.sold_at' end;
  within text := concat (case when filter #>> '{time,0}' is not null then format (' and %s >= $5', at) end,
                         case when filter #>> '{time,1}' is not null then format (' and %s < $6', at) end,
                         case when beyond is not null then format (' and %s %s= $2', at, beyond) end);
begin
  named := case way
    when 'number' then
      'select k.customer_id, k.sold_at, k.receipt_id from oba.receipt_keys k where k.receipt_no = coalesce ($1 ->> ''receipt_no'', $1 ->> ''text'')'
      ' union select f.customer_id, f.sold_at, f.receipt_id from oba.receipts f where f.fiscal_id = coalesce ($1 ->> ''fiscal_id'', $1 ->> ''text'')'
    when 'product' then
      'select l.customer_id, l.sold_at, l.receipt_id from oba.receipt_lines l where l.product_id = v' || within
      || ' and not exists (select from oba.receipt_lines d where d.customer_id = l.customer_id and d.sold_at = l.sold_at and d.receipt_id = l.receipt_id'
         ' and d.line_no < l.line_no and d.product_id = v offset 0)'
    else
      'select a.original_customer_id as customer_id, a.original_sold_at as sold_at, a.original_receipt_id as receipt_id'
      ' from oba.receipts a where a.original_receipt_id is not null' || within
      || ' and not exists (select from oba.receipts d where d.original_receipt_id = a.original_receipt_id and d.sold_at >= a.original_sold_at and d.sold_at <= a.sold_at'
         ' and (d.sold_at, d.receipt_id) < (a.sold_at, a.receipt_id) offset 0)' end;
  return format ('(%s%s) k cross join lateral (select x.* from oba.receipts x where x.customer_id = k.customer_id and x.sold_at = k.sold_at'
                 ' and x.receipt_id = k.receipt_id offset 0) r', named,
                 case when ordered and way <> 'number' then format (' order by sold_at %1$s, receipt_id %1$s', dir) else '' end);
end $$;

/*
 * receipt_way(), but a few receipts of a rare amount or kind are looked through rather than all of a product that sells every minute, or all that
 * were ever returned. Counting up to some thousands in an index costs nothing.
 */
create function oba.receipt_best_way (filter jsonb) returns text
language plpgsql stable set enable_seqscan = off
as $$
declare
  few constant integer := 5000;
  way text := oba.receipt_way (filter);
  least_amount bigint := filter #>> '{amount,0}';
  most_amount bigint := filter #>> '{amount,1}';
begin
  if way not in ('product', 'corrected') then
    return way;
  end if;
  if filter ? 'kinds' and not filter -> 'kinds' ? 'sale'
     and (select count (*) from (select from oba.receipts r where r.kind = any (oba.json_names (filter -> 'kinds')) and r.kind <> 'sale' limit few + 1) x) <= few then
    return 'kind';
  elsif filter ? 'amount'
        and (select count (*) from (select from oba.receipts r where r.total >= coalesce (least_amount, -9223372036854775808)
                                                                 and r.total <= coalesce (most_amount, 9223372036854775807) limit few + 1) x) <= few then
    return 'amount';
  elsif way = 'product' and filter -> 'corrected' = 'true'
        and (select count (*) from (select from oba.receipt_lines l where l.product_id = any (oba.json_numbers (filter -> 'products')) limit few + 1) x) > few then
    return 'corrected';
  end if;
  return way;
end $$;

-- Who may not see who a customer is may not look somebody up by a card either.
create function oba.receipt_filter_check (filter jsonb) returns void
language plpgsql stable
as $$
begin
  if filter ? 'cards' and not has_column_privilege (session_user, 'oba.customers', 'phone', 'select') then
    raise exception using errcode = 'insufficient_privilege', message = 'permission denied for table cards';
  end if;
end $$;

/*
 * A page of the receipts of a filter (src/core/sales/oba-receipt-filter.h), at most @most, after the last one of the page before: its moment in
 * microseconds, its id, its key. Planned anew each time: which index is the best depends on the values.
 */
create function oba.receipt_page (filter jsonb, sort text, descending boolean, after_at bigint, after_id bigint, after_key text, most integer)
  returns table (customer_id bigint, at bigint, receipt_id bigint, key text)
language plpgsql stable security definer
set search_path = oba, pg_catalog, pg_temp set jit = off set max_parallel_workers_per_gather = 0 set enable_sort = on set enable_hashagg = on set enable_bitmapscan = on
as $$
declare
  way text := oba.receipt_best_way (filter);
begin
  perform oba.receipt_filter_check (filter);
  if way in ('product', 'corrected') and sort = 'time' then
    -- Read on in the order of the index until the page is full: how many there are in all does not matter.
    perform set_config ('enable_sort', 'off', true), set_config ('enable_hashagg', 'off', true), set_config ('enable_bitmapscan', 'off', true);
  end if;
  return query execute 'select p.customer_id, (extract (epoch from p.sold_at) * 1000000)::bigint, p.receipt_id, p.key::text from ('
                       || oba.receipt_page_sql (filter, sort, descending, after_at is not null, way) || ') p'
    using filter, timestamptz 'epoch' + after_at * interval '1 microsecond', after_id, most,
          oba.receipt_moment (filter #>> '{time,0}', false), oba.receipt_moment (filter #>> '{time,1}', true), after_key;
end $$;

-- The receipts of a filter as a table r, for totals.
create function oba.receipt_set_sql (filter jsonb) returns text
language plpgsql immutable
as $$
declare
  way text := oba.receipt_way (filter);
begin
  if way = 'number' then
    return oba.receipt_found_sql (way, false, '', null, filter) || ' where true' || oba.receipt_conditions (filter, way, false);
  end if;
  return 'oba.receipts r where true' || oba.receipt_conditions (filter, 'time', false);
end $$;

-- The same, for exports: the receipts themselves.
create function oba.receipt_set (filter jsonb) returns table (customer_id bigint, sold_at timestamptz, receipt_id bigint)
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
begin
  perform oba.receipt_filter_check (filter);
  return query execute 'select r.customer_id, r.sold_at, r.receipt_id from ' || oba.receipt_set_sql (filter)
    using filter, null::timestamptz, null::bigint, null::integer,
          oba.receipt_moment (filter #>> '{time,0}', false), oba.receipt_moment (filter #>> '{time,1}', true);
end $$;

-- ---------------------------------------------------------------- totals

/*
 * Days, stores and kinds are added up ahead, like the other rollups (0008) but with VAT, points and kinds. Store 0 is all of them together. A total of
 * these is what was folded and, receipt by receipt, what was not yet: exact at any moment.
 */
create table oba.rollup_receipts (
  store_id      bigint not null,
  day           date not null,
  kind          text not null,
  receipts      bigint not null,
  revenue       bigint not null,
  discount      bigint not null,
  vat           bigint not null,
  points        bigint not null,                                                   -- what these receipts gave and took
  primary key (store_id, day, kind)
);

create table oba.rollup_receipts_state (
  only_row          boolean primary key default true check (only_row),
  system_identifier bigint not null,                                               -- transaction ids mean nothing in another cluster
  folded_below      xid8 not null,                                                 -- receipts of older transactions are folded; 0: none yet
  rebuilt_through   bigint not null default 0,                                     -- receipts up to this id and time were counted by a rebuild
  rebuilt_at        timestamptz not null default '-infinity'
);
insert into oba.rollup_receipts_state (system_identifier, folded_below) select system_identifier, '0' from pg_control_system ();

-- Adds the receipts of the transactions [from_xid, to_xid), but for those that a rebuild has counted. They are looked up one by one, by their transactions.
create function oba.fold_receipts_between (from_xid xid8, to_xid xid8, rebuilt_through bigint, rebuilt_at timestamptz) returns bigint
language plpgsql set enable_seqscan = off set jit = off
as $$
declare
  n bigint;
begin
  with r as materialized (
    select r.store_id, r.business_day, r.kind, r.total, r.discount, r.vat,
           (select coalesce (sum (l.points), 0) from oba.points_ledger l
             where l.customer_id = r.customer_id and l.occurred_at = r.sold_at and l.receipt_id = r.receipt_id) as points
      from oba.receipts r where r.xid >= from_xid and r.xid < to_xid
       and (r.receipt_id > fold_receipts_between.rebuilt_through or r.posted_at > fold_receipts_between.rebuilt_at)
  ), kept as (
    insert into oba.rollup_receipts as t (store_id, day, kind, receipts, revenue, discount, vat, points)
    select coalesce (store_id, 0), business_day, kind, count (*), sum (total), sum (discount), sum (vat), sum (points)
      from r group by grouping sets ((store_id, business_day, kind), (business_day, kind)) order by 1, 2, 3
    on conflict (store_id, day, kind) do update
    set receipts = t.receipts + excluded.receipts, revenue = t.revenue + excluded.revenue, discount = t.discount + excluded.discount,
        vat = t.vat + excluded.vat, points = t.points + excluded.points
    returning 1
  )
  select count (*) into n from r;
  return n;
end $$;

/*
 * A job (one at a time; others return 0 at once): folds every receipt whose transaction has finished, exactly once, as fold_rollups() does; in another
 * cluster (a restored dump) everything anew, while writers wait. Returns how many receipts were folded.
 */
create function oba.fold_receipt_totals () returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  s oba.rollup_receipts_state;
  cluster bigint := (select system_identifier from pg_control_system ());
  upper_xid xid8 := pg_snapshot_xmin (pg_current_snapshot ());
  n bigint;
begin
  if not pg_try_advisory_xact_lock (hashtext ('oba.fold_receipt_totals')) then
    return 0;
  end if;
  select * into s from oba.rollup_receipts_state for update;
  if s.system_identifier is distinct from cluster then
    lock table oba.receipts in share mode;
    truncate oba.rollup_receipts;
    n := oba.fold_receipts_between ('0', '18446744073709551615', 0, '-infinity');
    update oba.rollup_receipts_state
    set system_identifier = cluster, folded_below = pg_snapshot_xmin (pg_current_snapshot ()),
        rebuilt_through = (select last_value from oba.receipt_ids), rebuilt_at = clock_timestamp ();
    return n;
  end if;
  n := oba.fold_receipts_between (s.folded_below, upper_xid, s.rebuilt_through, s.rebuilt_at);
  if n > 0 or s.folded_below = '0' then
    update oba.rollup_receipts_state set folded_below = upper_xid;
  end if;
  return n;
end $$;

-- Whether the rollup can answer: whole days, stores and kinds only, and it was made in this cluster.
create function oba.receipt_is_rolled_up (filter jsonb) returns boolean
language sql stable
return filter - '{time,stores,kinds}'::text[] = '{}'
       and coalesce (filter #>> '{time,0}' like '%T00:00', true) and coalesce (filter #>> '{time,1}' like '%T23:59', true)
       and exists (select from oba.rollup_receipts_state s where s.folded_below <> '0' and s.system_identifier = (select c.system_identifier from pg_control_system () c));

create function oba.receipt_rollup (filter jsonb, out receipts bigint, out sales bigint, out revenue bigint, out discount bigint, out vat bigint, out points bigint)
language plpgsql stable set enable_seqscan = off
as $$
declare
  s oba.rollup_receipts_state := (select t from oba.rollup_receipts_state t);
  stores bigint[] := case when filter ? 'stores' then oba.json_numbers (filter -> 'stores') end;
  kinds text[] := case when filter ? 'kinds' then oba.json_names (filter -> 'kinds') end;
  first_day date := left (filter #>> '{time,0}', 10);
  last_day date := left (filter #>> '{time,1}', 10);
begin
  with parts as (
    select t.kind, t.receipts, t.revenue, t.discount, t.vat, t.points
      from oba.rollup_receipts t where t.store_id = any (coalesce (stores, '{0}')) and t.day >= coalesce (first_day, '-infinity') and t.day <= coalesce (last_day, 'infinity')
    union all
    select r.kind, 1, r.total, r.discount, r.vat, (select coalesce (sum (l.points), 0) from oba.points_ledger l
                                                    where l.customer_id = r.customer_id and l.occurred_at = r.sold_at and l.receipt_id = r.receipt_id)
      from oba.receipts r where r.xid >= s.folded_below and (r.receipt_id > s.rebuilt_through or r.posted_at > s.rebuilt_at)
       and (stores is null or r.store_id = any (stores)) and r.business_day >= coalesce (first_day, '-infinity') and r.business_day <= coalesce (last_day, 'infinity')
  )
  select coalesce (sum (p.receipts), 0), coalesce (sum (p.receipts) filter (where p.kind = 'sale'), 0), coalesce (sum (p.revenue), 0),
         coalesce (sum (p.discount), 0), coalesce (sum (p.vat), 0), coalesce (sum (p.points), 0)
    into receipts, sales, revenue, discount, vat, points
    from parts p where kinds is null or p.kind = any (kinds);
end $$;

-- All of them: how many receipts, how many of them sales, what was paid, the discount, the VAT.
create function oba.receipt_totals (filter jsonb, out receipts bigint, out sales bigint, out revenue bigint, out discount bigint, out vat bigint)
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
begin
  perform oba.receipt_filter_check (filter);
  if oba.receipt_is_rolled_up (filter) then
    select t.receipts, t.sales, t.revenue, t.discount, t.vat into receipts, sales, revenue, discount, vat from oba.receipt_rollup (filter) t;
    return;
  end if;
  execute 'select count (*), count (*) filter (where r.kind = ''sale''), coalesce (sum (r.total), 0)::bigint, coalesce (sum (r.discount), 0)::bigint,'
          ' coalesce (sum (r.vat), 0)::bigint from ' || oba.receipt_set_sql (filter)
    into receipts, sales, revenue, discount, vat
    using filter, null::timestamptz, null::bigint, null::integer,
          oba.receipt_moment (filter #>> '{time,0}', false), oba.receipt_moment (filter #>> '{time,1}', true);
end $$;

-- The points that these receipts gave and took.
create function oba.receipt_points (filter jsonb) returns bigint
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
declare
  points bigint;
begin
  perform oba.receipt_filter_check (filter);
  if oba.receipt_is_rolled_up (filter) then
    return (select t.points from oba.receipt_rollup (filter) t);
  end if;
  execute 'select coalesce (sum (p.points), 0)::bigint from oba.points_ledger p where p.receipt_id is not null and (p.customer_id, p.occurred_at, p.receipt_id) in'
          ' (select r.customer_id, r.sold_at, r.receipt_id from ' || oba.receipt_set_sql (filter) || ')'
          || case when filter #>> '{time,0}' is not null then ' and p.occurred_at >= $5' else '' end
          || case when filter #>> '{time,1}' is not null then ' and p.occurred_at < $6' else '' end
    into points
    using filter, null::timestamptz, null::bigint, null::integer,
          oba.receipt_moment (filter #>> '{time,0}', false), oba.receipt_moment (filter #>> '{time,1}', true);
  return points;
end $$;

-- ---------------------------------------------------------------- rows and one receipt

-- What of a person a list of receipts may say: nothing to those who may not see who a customer is.
create function oba.receipt_rows (customers bigint[], moments bigint[], receipts bigint[])
  returns table (receipt_id bigint, customer_id bigint, at bigint, kind text, store text, till_no integer, receipt_no text, cashier text, fiscal_id text,
                 total bigint, discount bigint, vat bigint, paid_points bigint, line_count integer, points bigint, person boolean, name text, answered boolean)
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off set plan_cache_mode = force_custom_plan
as $$
declare
  named boolean := has_column_privilege (session_user, 'oba.customers', 'phone', 'select');
begin
  return query
  select r.receipt_id, r.customer_id, k.moment, r.kind, coalesce (s.name, ''), r.till_no, r.receipt_no, coalesce (r.cashier, ''), coalesce (r.fiscal_id, ''),
         r.total, r.discount, r.vat, r.paid_points, r.line_count,
         coalesce ((select sum (l.points) from oba.points_ledger l
                     where l.customer_id = r.customer_id and l.occurred_at = r.sold_at and l.receipt_id = r.receipt_id), 0)::bigint,
         coalesce (c.kind = 'person', false),
         case when named and c.kind = 'person' then concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, '')) else '' end,
         exists (select from oba.receipts a where a.original_receipt_id = r.receipt_id and a.sold_at >= r.sold_at offset 0)
    from unnest (receipt_rows.customers, receipt_rows.moments, receipt_rows.receipts) k (customer, moment, receipt)
    cross join lateral (select x.* from oba.receipts x
                         where x.customer_id = k.customer and x.sold_at = timestamptz 'epoch' + k.moment * interval '1 microsecond' and x.receipt_id = k.receipt
                        offset 0) r
    left join oba.stores s on s.store_id = r.store_id
    left join oba.customers c on c.customer_id = r.customer_id;
end $$;

-- The whole family of a receipt: the one at its root, and everything that answers it, in the order of time.
create function oba.receipt_family (customer bigint, moment timestamptz, receipt bigint) returns setof oba.receipts
language sql stable
begin atomic
  with recursive up (customer_id, sold_at, receipt_id, original_customer_id, original_sold_at, original_receipt_id) as (
    select r.customer_id, r.sold_at, r.receipt_id, r.original_customer_id, r.original_sold_at, r.original_receipt_id from oba.receipts r
     where r.customer_id = customer and r.sold_at = moment and r.receipt_id = receipt
    union
    select o.customer_id, o.sold_at, o.receipt_id, o.original_customer_id, o.original_sold_at, o.original_receipt_id
      from up join oba.receipts o on o.customer_id = up.original_customer_id and o.sold_at = up.original_sold_at and o.receipt_id = up.original_receipt_id
  ), down (customer_id, sold_at, receipt_id) as (
    select up.customer_id, up.sold_at, up.receipt_id from up where up.original_receipt_id is null
    union
    select a.customer_id, a.sold_at, a.receipt_id from down join oba.receipts a on a.original_receipt_id = down.receipt_id and a.sold_at >= down.sold_at
  )
  select r.* from down join oba.receipts r using (customer_id, sold_at, receipt_id) order by r.sold_at, r.receipt_id;
end;

-- What the entries of a receipt in the ledger gave and took: by lot, with the rule and the version of it.
create function oba.receipt_points_of (customer bigint, moment timestamptz, receipt bigint) returns jsonb
language sql stable
begin atomic
  select coalesce (jsonb_agg (jsonb_build_object (
           'kind', l.kind, 'points', l.points, 'reason', coalesce (l.reason, ''), 'rule', coalesce (e.name, ''), 'version', coalesce (l.rule_version, 0),
           'lots', (select coalesce (jsonb_agg (jsonb_build_array (s.points, o.expires_on, o.points, o.remaining) order by o.expires_on, o.lot_id), '[]')
                      from (select p.lot_id, p.points from oba.points_lots p where p.customer_id = l.customer_id and p.entry_id = l.entry_id
                            union all
                            select a.lot_id, - sum (a.points) from oba.ledger_allocations a
                             where a.customer_id = l.customer_id and a.entry_id = l.entry_id group by a.lot_id) s
                      join oba.points_lots o on o.customer_id = l.customer_id and o.lot_id = s.lot_id))
           order by l.entry_id), '[]')
    from oba.points_ledger l
    left join oba.earning_rules e on e.rule_id = l.rule_id and e.version = l.rule_version
   where l.customer_id = customer and l.occurred_at = moment and l.receipt_id = receipt;
end;

/*
 * A receipt with its lines, payments, points, family and customer, or null. @moment in microseconds. Who may not see who a customer is gets the
 * customer's number only, and nothing that was typed about them.
 */
create function oba.receipt (customer bigint, moment bigint, receipt bigint) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
declare
  named boolean := has_column_privilege (session_user, 'oba.customers', 'phone', 'select');
  sold timestamptz := timestamptz 'epoch' + moment * interval '1 microsecond';
  r oba.receipts;
begin
  select x.* into r from oba.receipts x where x.customer_id = customer and x.sold_at = sold and x.receipt_id = receipt;
  if not found then
    return null;
  end if;
  return jsonb_build_object (
    'receipt_id', r.receipt_id, 'customer_id', r.customer_id, 'at', moment, 'kind', r.kind, 'till', r.till_no, 'receipt_no', r.receipt_no,
    'cashier', coalesce (r.cashier, ''), 'fiscal_id', coalesce (r.fiscal_id, ''), 'total', r.total, 'discount', r.discount, 'vat', r.vat,
    'cash', r.paid_cash, 'card', r.paid_card, 'paid_points', r.paid_points, 'other', r.paid_other,
    'store', (select jsonb_build_array (s.name, s.city, s.address, s.store_id) from oba.stores s where s.store_id = r.store_id),
    'customer', (select jsonb_build_object ('person', c.kind = 'person', 'language', c.language,
                          'name', case when named and c.kind = 'person' then concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, '')) else '' end,
                          'balance', coalesce (a.balance, 0))
                   from oba.customers c left join oba.points_accounts a using (customer_id) where c.customer_id = r.customer_id),
    'lines', (select jsonb_agg (jsonb_build_array (coalesce (p.name, ''), l.quantity, coalesce (p.unit, 'pcs'), l.unit_price, l.discount, l.vat, l.total,
                                                  coalesce (p.vat_permille, 0), coalesce (p.code, '')) order by l.line_no)
                from oba.receipt_lines l left join oba.products p using (product_id)
               where l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id),
    'points', oba.receipt_points_of (r.customer_id, r.sold_at, r.receipt_id),
    'family', (select jsonb_agg (jsonb_build_object (
                        'receipt_id', f.receipt_id, 'customer_id', f.customer_id, 'at', (extract (epoch from f.sold_at) * 1000000)::bigint, 'kind', f.kind,
                        'receipt_no', f.receipt_no, 'total', f.total, 'reason_code', coalesce (f.reason_code, ''),
                        'reason', case when named then coalesce (f.reason, '') else '' end, 'source', f.source,
                        'by', case f.source when 'staff' then coalesce ((select w.display_name from oba.staff w where w.login = f.posted_by), f.posted_by) else '' end,
                        'points', coalesce ((select sum (l.points) from oba.points_ledger l
                                              where l.customer_id = f.customer_id and l.occurred_at = f.sold_at and l.receipt_id = f.receipt_id), 0))
                        order by f.sold_at, f.receipt_id)
                 from oba.receipt_family (r.customer_id, r.sold_at, r.receipt_id) f));
end $$;

do $$
declare
  readers constant text := 'oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_marketing, oba_helper';
begin
  execute 'grant execute on function oba.receipt_page (jsonb, text, boolean, bigint, bigint, text, integer), oba.receipt_totals (jsonb), oba.receipt_points (jsonb), oba.receipt_set (jsonb),'
          ' oba.receipt_rows (bigint[], bigint[], bigint[]), oba.receipt (bigint, bigint, bigint) to ' || readers;
  execute 'grant select on oba.rollup_receipts, oba.rollup_receipts_state to ' || readers;
end $$;
grant execute on function oba.fold_receipt_totals () to oba_admin, oba_helper;

reset role;
