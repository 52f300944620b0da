-- Spending patterns: how large baskets are, when they are bought, of what, and how much of it with a discount, for a customer and for a store.
--
-- A store's come from rollups that are folded together with those of 0008, by the same job and of the same receipts; store 0 is the chain. A basket is a sale
-- that stands: a sale that is voided, or replaced by a correction, is taken out again where it was counted, on its own day and hour. Money is counted where
-- its entry is dated, as in all rollups, so that a store's categories make its revenue. A person's patterns are read from their own receipts.

set local role oba_owner;
set local search_path = oba, pg_catalog;

create table oba.rollup_store_hours (
  store_id      bigint not null,
  day           date not null,
  hour          smallint not null check (hour between 0 and 23),
  receipts      bigint not null default 0,                                         -- sales that stand
  revenue       bigint not null default 0,                                         -- sales less returns
  primary key (store_id, day, hour)
);
create table oba.rollup_store_baskets (
  store_id      bigint not null,
  day           date not null,
  measure       text not null check (measure in ('amount', 'lines')),
  bucket        smallint not null,                                                 -- counted from 0, see amount_bounds() and line_bounds()
  receipts      bigint not null default 0,                                         -- sales that stand
  primary key (store_id, day, measure, bucket)
);
-- A product belongs to the main category in which it was when its line was folded: what was sold as tea stays tea when the catalogue is put in another order.
create table oba.rollup_store_categories (
  store_id      bigint not null,
  day           date not null,
  category_id   bigint not null,                                                   -- a main one; 0: none
  lines         bigint not null default 0,                                         -- of sales
  revenue       bigint not null default 0,
  discount      bigint not null default 0,                                         -- already taken off the revenue
  discounted    bigint not null default 0,                                         -- revenue of lines with a discount
  primary key (store_id, day, category_id)
);
-- A year of one store, of 1,600.
create index rollup_store_days_store on oba.rollup_store_days (store_id, day);

-- The lowest amount, in qəpik, of every bucket but the first, which begins at 0; the same of numbers of lines, whose first bucket is 1.
create function oba.amount_bounds () returns bigint[]
language sql immutable parallel safe
return array[200, 500, 1000, 1500, 2000, 3000, 5000, 7500, 10000, 15000, 20000]::bigint[];
create function oba.line_bounds () returns integer[]
language sql immutable parallel safe
return array[2, 3, 4, 5, 6, 8, 11, 16, 21, 31];

-- {"category": its main category}: few, and looked up a million times.
create function oba.main_categories () returns jsonb
language sql stable
begin atomic
  with recursive root (category_id, root_id) as (
    select c.category_id, c.category_id from oba.categories c where c.parent_id is null
    union all select c.category_id, r.root_id from oba.categories c join root r on c.parent_id = r.category_id
  )
  select coalesce (jsonb_object_agg (category_id, root_id), '{}') from root;
end;

/*
 * Adds the receipts of the transactions [from_xid, to_xid) to the rollups above, but for those that a rebuild has counted. The caller chooses the plans
 * (see fold_few() and fold_many()). A sale is taken out once, however many voids it has: by the first of them that is folded.
 */
create function oba.fold_patterns (from_xid xid8, to_xid xid8, rebuilt_through bigint, rebuilt_at timestamptz) returns void
language plpgsql
as $$
declare
  mains constant jsonb := oba.main_categories ();
begin
  with r as materialized (
    select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.business_day, r.store_id, r.total, r.line_count, r.original_customer_id, r.original_sold_at, r.original_receipt_id,
           extract (hour from r.sold_at at time zone 'Asia/Baku')::smallint as hour
    from oba.receipts r where r.xid >= from_xid and r.xid < to_xid
      and (r.receipt_id > fold_patterns.rebuilt_through or r.posted_at > fold_patterns.rebuilt_at)
  ), voided as (
    select distinct v.original_customer_id as customer_id, v.original_sold_at as sold_at, v.original_receipt_id as receipt_id
    from r v where v.kind = 'void'
      and not exists (select from oba.receipts b where b.original_receipt_id = v.original_receipt_id and b.kind = 'void'
                        and (b.xid < from_xid or (b.receipt_id <= fold_patterns.rebuilt_through and b.posted_at <= fold_patterns.rebuilt_at)))
  ), baskets as materialized (
    select r.store_id, r.business_day as day, r.hour, r.total, r.line_count, 1 as n from r where r.kind = 'sale'
    union all
    select o.store_id, o.business_day, extract (hour from o.sold_at at time zone 'Asia/Baku')::smallint, o.total, o.line_count, -1
    from voided v join oba.receipts o on o.customer_id = v.customer_id and o.sold_at = v.sold_at and o.receipt_id = v.receipt_id and o.kind = 'sale'
  ), hours as (
    insert into oba.rollup_store_hours as t (store_id, day, hour, receipts, revenue)
    select coalesce (store_id, 0), day, hour, sum (n), sum (revenue)
    from (select store_id, day, hour, n, 0 as revenue from baskets
          union all select store_id, business_day, hour, 0, total from r) x
    group by grouping sets ((store_id, day, hour), (day, hour)) order by 1, 2, 3
    on conflict (store_id, day, hour) do update set receipts = t.receipts + excluded.receipts, revenue = t.revenue + excluded.revenue
  ), sizes as (
    insert into oba.rollup_store_baskets as t (store_id, day, measure, bucket, receipts)
    select coalesce (store_id, 0), day, measure, bucket, sum (n)
    from (select store_id, day, 'amount' as measure, width_bucket (total, oba.amount_bounds ()) as bucket, n from baskets
          union all select store_id, day, 'lines', width_bucket (line_count, oba.line_bounds ()), n from baskets) x
    group by grouping sets ((store_id, day, measure, bucket), (day, measure, bucket)) having sum (n) <> 0 order by 1, 2, 3, 4
    on conflict (store_id, day, measure, bucket) do update set receipts = t.receipts + excluded.receipts
  ), lines as materialized (
    select r.store_id, r.business_day as day, p.category_id, count (*) filter (where r.kind = 'sale') as lines, sum (l.total) as revenue, sum (l.discount) as discount,
           coalesce (sum (l.total) filter (where l.discount <> 0), 0) as discounted
    from r join oba.receipt_lines l on l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id
    left join oba.products p on p.product_id = l.product_id
    group by 1, 2, 3
  )
  insert into oba.rollup_store_categories as t (store_id, day, category_id, lines, revenue, discount, discounted)
  select coalesce (store_id, 0), day, category_id, sum (lines), sum (revenue), sum (discount), sum (discounted)
  from (select l.store_id, l.day, coalesce ((mains ->> l.category_id::text)::bigint, 0) as category_id, l.lines, l.revenue, l.discount, l.discounted from lines l) x
  group by grouping sets ((store_id, day, category_id), (day, category_id)) order by 1, 2, 3
  on conflict (store_id, day, category_id) do update
  set lines = t.lines + excluded.lines, revenue = t.revenue + excluded.revenue, discount = t.discount + excluded.discount, discounted = t.discounted + excluded.discounted;
end $$;

-- As in 0008; the patterns with the rest.
create or replace function oba.fold_few (s oba.rollup_state, to_xid xid8) returns void
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
begin
  perform oba.fold_range (s.folded_below, to_xid, s.rebuilt_through, s.rebuilt_at);
  perform oba.fold_patterns (s.folded_below, to_xid, s.rebuilt_through, s.rebuilt_at);
end $$;

create function oba.fold_many_patterns (s oba.rollup_state, to_xid xid8) returns void
language plpgsql
set enable_nestloop = off set work_mem = '256MB' set jit = off
as $$
begin
  perform oba.fold_patterns (s.folded_below, to_xid, s.rebuilt_through, s.rebuilt_at);
end $$;

create or replace function oba.rebuild_rollups () returns bigint
language plpgsql security definer
set search_path = oba, pg_catalog, pg_temp
as $$
declare
  s oba.rollup_state;
begin
  -- Receipts of this very transaction would be counted now and folded again after its end.
  if exists (select from oba.receipts r where r.xid = pg_current_xact_id ()) then
    perform oba.refuse ('OB013', 'The totals are made anew in a transaction of their own, after the receipts are committed.');
  end if;
  perform pg_advisory_xact_lock (hashtext ('oba.fold_rollups'));
  lock table oba.receipts in share mode;
  truncate oba.rollup_days, oba.rollup_store_days, oba.rollup_hours, oba.rollup_product_days,
           oba.rollup_store_hours, oba.rollup_store_baskets, oba.rollup_store_categories;
  update oba.customer_stats set receipts = 0, returns = 0, revenue = 0, discount = 0, first_purchase_at = null, last_purchase_at = null
  where receipts > 0 or returns > 0;
  s.folded_below := '0';
  s.rebuilt_through := 0;
  s.rebuilt_at := '-infinity';
  perform oba.fold_many (s, '18446744073709551615');
  perform oba.fold_many_patterns (s, '18446744073709551615');
  update oba.rollup_state
  set system_identifier = (select system_identifier from pg_control_system ()), folded_below = pg_snapshot_xmin (pg_current_snapshot ()),
      folded_at = now(), rebuilt_through = (select last_value from oba.receipt_ids), rebuilt_at = clock_timestamp ();
  return (select count (*) from oba.receipts);
end $$;

create or replace function oba.fold_rollups () returns bigint
language plpgsql security definer
set search_path = oba, pg_catalog, pg_temp
as $$
declare
  s oba.rollup_state;
  cluster bigint := (select system_identifier from pg_control_system ());
  upper_xid xid8 := pg_snapshot_xmin (pg_current_snapshot ());
  new record;
begin
  if not pg_try_advisory_xact_lock (hashtext ('oba.fold_rollups')) then
    return 0;
  end if;
  select * into s from oba.rollup_state for update;
  if s.system_identifier is distinct from cluster then
    return oba.rebuild_rollups ();
  end if;

  select count (*) as receipts, coalesce (sum (r.total), 0) as revenue, max (r.business_day) as day into new
  from oba.receipts r where r.xid >= s.folded_below and r.xid < upper_xid
    and (r.receipt_id > s.rebuilt_through or r.posted_at > s.rebuilt_at);
  if new.receipts = 0 then
    return 0;
  elsif new.receipts > 20000 then
    perform oba.fold_many (s, upper_xid);
    perform oba.fold_many_patterns (s, upper_xid);
  else
    perform oba.fold_few (s, upper_xid);
  end if;
  update oba.rollup_state set folded_below = upper_xid, folded_at = now();
  perform pg_notify ('oba_sales', jsonb_build_object ('day', new.day, 'receipts', new.receipts, 'revenue', new.revenue)::text);
  return new.receipts;
end $$;

-- What the other rollups have counted before, at one go: a minute for some million receipts. A restored database is counted anew as a whole.
do $$
declare
  s oba.rollup_state;
begin
  perform pg_advisory_xact_lock (hashtext ('oba.fold_rollups'));
  select * into s from oba.rollup_state for update;
  if s.system_identifier is distinct from (select system_identifier from pg_control_system ()) or not exists (select from oba.rollup_days) then
    return;
  elsif s.rebuilt_through > 0 then
    perform oba.rebuild_rollups ();
  else
    perform oba.fold_many_patterns (row (true, s.system_identifier, '0', s.folded_at, 0, '-infinity')::oba.rollup_state, s.folded_below);
  end if;
end $$;

-- ---------------------------------------------------------------- reading

-- [[store's or person's receipts in a bucket, the chain's], ...] of the days.
create function oba.basket_sizes (store bigint, measure text, first_day date, last_day date) returns jsonb
language sql stable
return (select jsonb_agg (coalesce (x.n, 0) order by b.bucket)
        from generate_series (0, case basket_sizes.measure when 'amount' then cardinality (oba.amount_bounds ()) else cardinality (oba.line_bounds ()) end) b (bucket)
        left join (select t.bucket, sum (t.receipts)::bigint as n from oba.rollup_store_baskets t
                    where t.store_id = store and t.day between first_day and last_day and t.measure = basket_sizes.measure group by 1) x using (bucket));

create function oba.category_name (c oba.categories, lang text) returns text
language sql immutable parallel safe
return coalesce (nullif (case lang when 'ru' then c.name_ru when 'en' then c.name_en end, ''), c.name_az);

-- What was sold with a discount, of all that was sold: [before discounts, discount, revenue of lines with one].
create function oba.store_price (store bigint, first_day date, last_day date) returns jsonb
language sql stable
return (select jsonb_build_array (coalesce (sum (t.revenue + t.discount), 0), coalesce (sum (t.discount), 0), coalesce (sum (t.discounted), 0), coalesce (sum (t.revenue), 0))
        from oba.rollup_store_categories t where t.store_id = store and t.day between first_day and last_day);

/*
 * The last 12 months of a person and of those merged into them, this one included, beside the chain's:
 * {"receipts", "median_amount", "median_lines", "amounts": [receipts by bucket], "lines", "chain_amounts", "chain_lines", "amount_bounds", "line_bounds",
 *  "months": [[year, month, receipts, qəpik of them]], "heat": [[weekday from 1, hour, receipts]], "categories": [[id, name, revenue, the chain's]],
 *  "price": [before discounts, discount, revenue of lines with a discount, revenue], "chain_price"}; null: there is no such person
 */
create function oba.customer_patterns (customer bigint, lang text, moment timestamptz default now()) returns jsonb
language plpgsql stable
set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
declare
  family bigint[] := array (select f from oba.customer_family (customer) f);
  last_day date := oba.business_day (moment);
  first_day date := (date_trunc ('month', last_day) - interval '11 months')::date;
  since timestamptz := oba.day_start (first_day);
  until timestamptz := oba.day_start (last_day + 1);
  mains constant jsonb := oba.main_categories ();
  answer jsonb;
begin
  if not exists (select from oba.customers c where c.customer_id = customer and c.kind = 'person') then
    return null;
  end if;
  with r as materialized (
    select r.receipt_id, r.sold_at at time zone 'Asia/Baku' as at, r.kind, r.total, r.line_count, r.original_receipt_id
    from oba.receipts r where r.customer_id = any (family) and r.sold_at >= since and r.sold_at < until
  ), b as materialized (
    select r.* from r where r.kind = 'sale' and r.receipt_id not in (select v.original_receipt_id from r v where v.kind = 'void')
  ), l as materialized (
    select l.product_id, sum (l.total) as revenue, sum (l.discount) as discount, coalesce (sum (l.total) filter (where l.discount <> 0), 0) as discounted
    from oba.receipt_lines l where l.customer_id = any (family) and l.sold_at >= since and l.sold_at < until group by 1
  ), own as (
    select coalesce ((mains ->> p.category_id::text)::bigint, 0) as category_id, sum (l.revenue)::bigint as revenue
    from l left join oba.products p using (product_id) group by 1
  ), chain as (
    select t.category_id, sum (t.revenue)::bigint as revenue from oba.rollup_store_categories t where t.store_id = 0 and t.day between first_day and last_day group by 1
  )
  select jsonb_build_object (
    'receipts', (select count (*) from b),
    'median_amount', (select round (percentile_cont (0.5) within group (order by total))::bigint from b),
    'median_lines', (select round (percentile_cont (0.5) within group (order by line_count))::bigint from b),
    'amounts', (select jsonb_agg (coalesce (x.n, 0) order by s.bucket) from generate_series (0, cardinality (oba.amount_bounds ())) s (bucket)
                left join (select width_bucket (total, oba.amount_bounds ()) as bucket, count (*) as n from b group by 1) x using (bucket)),
    'lines', (select jsonb_agg (coalesce (x.n, 0) order by s.bucket) from generate_series (0, cardinality (oba.line_bounds ())) s (bucket)
              left join (select width_bucket (line_count, oba.line_bounds ()) as bucket, count (*) as n from b group by 1) x using (bucket)),
    'months', (select jsonb_agg (jsonb_build_array (extract (year from m)::integer, extract (month from m)::integer, coalesce (x.n, 0), coalesce (x.total, 0)) order by m)
               from generate_series (first_day, last_day, interval '1 month') m
               left join (select date_trunc ('month', at) as month, count (*) as n, sum (total)::bigint as total from b group by 1) x on x.month = m),
    'heat', (select jsonb_agg (jsonb_build_array (weekday, hour, n)) from (select extract (isodow from at)::integer as weekday, extract (hour from at)::integer as hour, count (*) as n from b group by 1, 2) x),
    'categories', (select jsonb_agg (jsonb_build_array (o.category_id, coalesce (oba.category_name (g, lang), ''), o.revenue, coalesce (n.revenue, 0)) order by o.revenue desc, o.category_id)
                   from own o left join chain n using (category_id) left join oba.categories g using (category_id)),
    'chain_revenue', (select coalesce (sum (revenue), 0) from chain),
    'price', (select jsonb_build_array (coalesce (sum (revenue + discount), 0), coalesce (sum (discount), 0), coalesce (sum (discounted), 0), coalesce (sum (revenue), 0)) from l))
  into answer;
  return answer || jsonb_build_object (
    'chain_amounts', oba.basket_sizes (0, 'amount', first_day, last_day), 'chain_lines', oba.basket_sizes (0, 'lines', first_day, last_day),
    'amount_bounds', oba.amount_bounds (), 'line_bounds', oba.line_bounds (), 'chain_price', oba.store_price (0, first_day, last_day));
end $$;

/*
 * A store in the last @days days, today included, and against as many before, up to the same time of day:
 * {"name", "city", "open", "today", "folded_at", "first_day", "now": [revenue, receipts; and of whole days: with a card, returns, discount, receipts, revenue], "before",
 *  "days": [[revenue, receipts] or null before the first sale], and as for a person: "months" (12, whatever @days says), "heat", "amounts" ... "chain_price"};
 * null: there is no such store. From the rollups only.
 */
create function oba.store_patterns (store bigint, days integer, lang text, moment timestamptz default now()) returns jsonb
language plpgsql stable
set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
declare
  s oba.stores;
  last_day date := oba.business_day (moment);
  first_day date := last_day - days + 1;
  opening date := (select min (t.day) from oba.rollup_store_days t where t.store_id = store);
  now_hour integer := extract (hour from moment at time zone 'Asia/Baku');
  now_part numeric := extract (minute from moment at time zone 'Asia/Baku') / 60.0;
  answer jsonb;
begin
  select * into s from oba.stores x where x.store_id = store;
  if not found then
    return null;
  end if;
  with edge as (
    -- A day of the rollups cannot be cut: the last day of the period before comes from its hours, the running hour by its minutes.
    select coalesce (sum (h.revenue * w.share), 0) as revenue, coalesce (sum (h.receipts * w.share), 0) as receipts
    from oba.rollup_store_hours h cross join lateral (select case when h.hour < now_hour then 1 else now_part end as share) w
    where h.store_id = store and h.day = last_day - days and h.hour <= now_hour
  ), whole as (
    select d.day, d.revenue, d.receipts, d.card_receipts, d.returns, d.discount
    from oba.rollup_store_days d where d.store_id = store and d.day between last_day - 2 * days + 1 and last_day
  ), own as (
    select t.category_id, sum (t.revenue)::bigint as revenue from oba.rollup_store_categories t where t.store_id = store and t.day between first_day and last_day group by 1
  ), chain as (
    select t.category_id, sum (t.revenue)::bigint as revenue from oba.rollup_store_categories t where t.store_id = 0 and t.day between first_day and last_day group by 1
  ), month_days as (
    select date_trunc ('month', d.day) as month, sum (d.receipts)::bigint as n, sum (d.revenue)::bigint as total
    from oba.rollup_store_days d where d.store_id = store and d.day between (date_trunc ('month', last_day) - interval '11 months')::date and last_day group by 1
  )
  select jsonb_build_object (
    'name', s.name, 'city', s.city, 'open', s.closed_on is null or s.closed_on > last_day, 'closed_on', s.closed_on, 'today', last_day, 'first_day', first_day,
    'folded_at', (select t.folded_at from oba.rollup_state t),
    'now', (select jsonb_build_array (coalesce (sum (w.revenue), 0), coalesce (sum (w.receipts), 0), coalesce (sum (w.card_receipts), 0), coalesce (sum (w.returns), 0),
                                      coalesce (sum (w.discount), 0), coalesce (sum (w.receipts), 0), coalesce (sum (w.revenue), 0)) from whole w where w.day >= first_day),
    -- Shares are of whole days: the edge changes them less than a day changes.
    'before', (select jsonb_build_array (round (coalesce (sum (w.revenue) filter (where w.day < last_day - days), 0) + (select e.revenue from edge e))::bigint,
                                         round (coalesce (sum (w.receipts) filter (where w.day < last_day - days), 0) + (select e.receipts from edge e))::bigint,
                                         coalesce (sum (w.card_receipts), 0), coalesce (sum (w.returns), 0), coalesce (sum (w.discount), 0),
                                         coalesce (sum (w.receipts), 0), coalesce (sum (w.revenue), 0)) from whole w where w.day < first_day),
    'days', (select jsonb_agg (case when n::date >= opening then jsonb_build_array (coalesce (w.revenue, 0), coalesce (w.receipts, 0)) end order by n)
             from generate_series (first_day, last_day, interval '1 day') n left join whole w on w.day = n::date),
    'receipts', (select coalesce (sum (t.receipts), 0) from oba.rollup_store_hours t where t.store_id = store and t.day between first_day and last_day),
    'months', (select jsonb_agg (jsonb_build_array (extract (year from m)::integer, extract (month from m)::integer, coalesce (x.n, 0), coalesce (x.total, 0)) order by m)
               from generate_series (date_trunc ('month', last_day) - interval '11 months', last_day, interval '1 month') m left join month_days x on x.month = m),
    'heat', (select jsonb_agg (jsonb_build_array (weekday, hour, n))
             from (select extract (isodow from t.day)::integer as weekday, t.hour, sum (t.receipts)::bigint as n
                   from oba.rollup_store_hours t where t.store_id = store and t.day between first_day and last_day group by 1, 2) x where n <> 0),
    'categories', (select jsonb_agg (jsonb_build_array (o.category_id, coalesce (oba.category_name (g, lang), ''), o.revenue, coalesce (n.revenue, 0)) order by o.revenue desc, o.category_id)
                   from own o left join chain n using (category_id) left join oba.categories g using (category_id)),
    'chain_revenue', (select coalesce (sum (revenue), 0) from chain))
  into answer;
  return answer || jsonb_build_object (
    'amounts', oba.basket_sizes (store, 'amount', first_day, last_day), 'lines', oba.basket_sizes (store, 'lines', first_day, last_day),
    'chain_amounts', oba.basket_sizes (0, 'amount', first_day, last_day), 'chain_lines', oba.basket_sizes (0, 'lines', first_day, last_day),
    'amount_bounds', oba.amount_bounds (), 'line_bounds', oba.line_bounds (),
    'price', oba.store_price (store, first_day, last_day), 'chain_price', oba.store_price (0, first_day, last_day));
end $$;

do $$
declare
  readers constant text := 'oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_marketing, oba_helper';
begin
  execute 'grant select on oba.rollup_store_hours, oba.rollup_store_baskets, oba.rollup_store_categories to ' || readers;
  execute 'grant execute on function oba.amount_bounds (), oba.line_bounds (), oba.main_categories (), oba.basket_sizes (bigint, text, date, date),'
          ' oba.category_name (oba.categories, text), oba.store_price (bigint, date, date), oba.customer_patterns (bigint, text, timestamptz),'
          ' oba.store_patterns (bigint, integer, text, timestamptz) to ' || readers;
end $$;

reset role;
