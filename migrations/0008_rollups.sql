-- Rollups: what dashboards and the customer list read instead of receipts.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- Adds the receipts of the transactions [from_xid, to_xid) to every rollup, but for those that a rebuild has counted.
create function oba.fold_range (from_xid xid8, to_xid xid8, rebuilt_through bigint, rebuilt_at timestamptz) returns void
language sql
begin atomic
  with r as materialized (
    select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.business_day, r.store_id, r.total, r.discount, r.line_count, k.kind = 'person' as person
    from oba.receipts r join oba.customers k using (customer_id) where r.xid >= from_xid and r.xid < to_xid
      and (r.receipt_id > rebuilt_through or r.posted_at > rebuilt_at)
  ), per_store as materialized (
    select business_day, store_id, count (*) filter (where kind = 'sale') as receipts, count (*) filter (where kind in ('return', 'void')) as returns,
           count (*) filter (where kind = 'sale' and person) as card_receipts, sum (total)::bigint as revenue,
           coalesce (sum (total) filter (where person), 0)::bigint as card_revenue, sum (discount)::bigint as discount,
           coalesce (sum (line_count) filter (where kind = 'sale'), 0)::bigint as lines
    from r group by 1, 2
  ), stores as (
    insert into oba.rollup_store_days as t (day, store_id, receipts, returns, card_receipts, revenue, card_revenue, discount, lines) select * from per_store
    on conflict (day, store_id) do update
    set receipts = t.receipts + excluded.receipts, returns = t.returns + excluded.returns, card_receipts = t.card_receipts + excluded.card_receipts,
        revenue = t.revenue + excluded.revenue, card_revenue = t.card_revenue + excluded.card_revenue, discount = t.discount + excluded.discount,
        lines = t.lines + excluded.lines
  ), days as (
    insert into oba.rollup_days as t (day, receipts, returns, card_receipts, revenue, card_revenue, discount, lines)
    select business_day, sum (receipts), sum (returns), sum (card_receipts), sum (revenue), sum (card_revenue), sum (discount), sum (lines) from per_store group by 1
    on conflict (day) do update
    set receipts = t.receipts + excluded.receipts, returns = t.returns + excluded.returns, card_receipts = t.card_receipts + excluded.card_receipts,
        revenue = t.revenue + excluded.revenue, card_revenue = t.card_revenue + excluded.card_revenue, discount = t.discount + excluded.discount,
        lines = t.lines + excluded.lines
  ), hours as (
    insert into oba.rollup_hours as t (day, hour, receipts, revenue)
    select business_day, extract (hour from sold_at at time zone 'Asia/Baku')::smallint, count (*) filter (where kind = 'sale'), sum (total)::bigint from r group by 1, 2
    on conflict (day, hour) do update set receipts = t.receipts + excluded.receipts, revenue = t.revenue + excluded.revenue
  ), products as (
    insert into oba.rollup_product_days as t (day, product_id, sales, quantity, revenue, discount)
    select r.business_day, l.product_id, count (*) filter (where r.kind = 'sale'), sum (l.quantity)::bigint, sum (l.total)::bigint, sum (l.discount)::bigint
    from r cross join lateral (select * from oba.receipt_lines l where l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id) l
    group by 1, 2
    on conflict (day, product_id) do update
    set sales = t.sales + excluded.sales, quantity = t.quantity + excluded.quantity, revenue = t.revenue + excluded.revenue, discount = t.discount + excluded.discount
  )
  update oba.customer_stats t
  set receipts = t.receipts + s.receipts, returns = t.returns + s.returns, revenue = t.revenue + s.revenue, discount = t.discount + s.discount,
      first_purchase_at = least (t.first_purchase_at, s.first_at), last_purchase_at = greatest (t.last_purchase_at, s.last_at)
  from (select customer_id, count (*) filter (where kind = 'sale') as receipts, count (*) filter (where kind in ('return', 'void')) as returns,
               sum (total)::bigint as revenue, sum (discount)::bigint as discount,
               min (sold_at) filter (where kind = 'sale') as first_at, max (sold_at) filter (where kind = 'sale') as last_at
        from r where person group by 1) s
  where t.customer_id = s.customer_id;
end;

-- The planner knows nothing of a range of transaction ids: the few receipts of some seconds are looked up one by one.
create function oba.fold_few (s oba.rollup_state, to_xid xid8) returns void
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
begin
  perform oba.fold_range (s.folded_below, to_xid, s.rebuilt_through, s.rebuilt_at);
end $$;

-- The same for millions: joined and grouped at one go, and inserted in the order of the key, which is three times as fast as fold_range().
create function oba.fold_many (s oba.rollup_state, to_xid xid8) returns void
language plpgsql
set search_path = oba, pg_catalog, pg_temp set enable_nestloop = off set work_mem = '256MB' set jit = off set client_min_messages = warning
as $$
begin
  drop table if exists pg_temp.folding, pg_temp.folded;
  create temp table folding on commit drop as
  select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.business_day, r.store_id, r.total, r.discount, r.line_count, k.kind = 'person' as person
  from oba.receipts r join oba.customers k using (customer_id)
  where r.xid >= s.folded_below and r.xid < to_xid and (r.receipt_id > s.rebuilt_through or r.posted_at > s.rebuilt_at);
  analyze pg_temp.folding;

  create temp table folded on commit drop as
  select business_day as day, store_id, count (*) filter (where kind = 'sale') as receipts, count (*) filter (where kind in ('return', 'void')) as returns,
         count (*) filter (where kind = 'sale' and person) as card_receipts, sum (total)::bigint as revenue,
         coalesce (sum (total) filter (where person), 0)::bigint as card_revenue, sum (discount)::bigint as discount,
         coalesce (sum (line_count) filter (where kind = 'sale'), 0)::bigint as lines
  from pg_temp.folding group by 1, 2 order by 1, 2;
  with known as (
    update oba.rollup_store_days t
    set receipts = t.receipts + f.receipts, returns = t.returns + f.returns, card_receipts = t.card_receipts + f.card_receipts, revenue = t.revenue + f.revenue,
        card_revenue = t.card_revenue + f.card_revenue, discount = t.discount + f.discount, lines = t.lines + f.lines
    from pg_temp.folded f where t.day = f.day and t.store_id = f.store_id
    returning t.day, t.store_id
  )
  insert into oba.rollup_store_days (day, store_id, receipts, returns, card_receipts, revenue, card_revenue, discount, lines)
  select f.* from pg_temp.folded f where not exists (select from known u where u.day = f.day and u.store_id = f.store_id) order by f.day, f.store_id;

  insert into oba.rollup_days as t (day, receipts, returns, card_receipts, revenue, card_revenue, discount, lines)
  select day, sum (receipts), sum (returns), sum (card_receipts), sum (revenue), sum (card_revenue), sum (discount), sum (lines) from pg_temp.folded group by 1
  on conflict (day) do update
  set receipts = t.receipts + excluded.receipts, returns = t.returns + excluded.returns, card_receipts = t.card_receipts + excluded.card_receipts,
      revenue = t.revenue + excluded.revenue, card_revenue = t.card_revenue + excluded.card_revenue, discount = t.discount + excluded.discount,
      lines = t.lines + excluded.lines;

  insert into oba.rollup_hours as t (day, hour, receipts, revenue)
  select business_day, extract (hour from sold_at at time zone 'Asia/Baku')::smallint, count (*) filter (where kind = 'sale'), sum (total)::bigint
  from pg_temp.folding group by 1, 2
  on conflict (day, hour) do update set receipts = t.receipts + excluded.receipts, revenue = t.revenue + excluded.revenue;

  drop table pg_temp.folded;
  create temp table folded on commit drop as
  select r.business_day as day, l.product_id, count (*) filter (where r.kind = 'sale') as sales, sum (l.quantity)::bigint as quantity,
         sum (l.total)::bigint as revenue, sum (l.discount)::bigint as discount
  from pg_temp.folding r join oba.receipt_lines l using (customer_id, sold_at, receipt_id) group by 1, 2;
  analyze pg_temp.folded;
  with known as (
    update oba.rollup_product_days t
    set sales = t.sales + f.sales, quantity = t.quantity + f.quantity, revenue = t.revenue + f.revenue, discount = t.discount + f.discount
    from pg_temp.folded f where t.day = f.day and t.product_id = f.product_id
    returning t.day, t.product_id
  )
  insert into oba.rollup_product_days (day, product_id, sales, quantity, revenue, discount)
  select f.* from pg_temp.folded f where not exists (select from known u where u.day = f.day and u.product_id = f.product_id) order by f.day, f.product_id;

  update oba.customer_stats t
  set receipts = t.receipts + f.receipts, returns = t.returns + f.returns, revenue = t.revenue + f.revenue, discount = t.discount + f.discount,
      first_purchase_at = least (t.first_purchase_at, f.first_at), last_purchase_at = greatest (t.last_purchase_at, f.last_at)
  from (select customer_id, count (*) filter (where kind = 'sale') as receipts, count (*) filter (where kind in ('return', 'void')) as returns,
               sum (total)::bigint as revenue, sum (discount)::bigint as discount,
               min (sold_at) filter (where kind = 'sale') as first_at, max (sold_at) filter (where kind = 'sale') as last_at
        from pg_temp.folding where person group by 1) f
  where t.customer_id = f.customer_id;
  drop table pg_temp.folding, pg_temp.folded;
end $$;

/*
 * Everything anew, from the receipts; writers of receipts wait meanwhile. For another cluster (a restored dump): receipts carry transaction ids
 * of the old one then, which may lie ahead of ours, so what is counted here is remembered by id and time.
 */
create function oba.rebuild_rollups () returns bigint
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
  truncate oba.rollup_days, oba.rollup_store_days, oba.rollup_hours, oba.rollup_product_days;
  update oba.customer_stats set receipts = 0, returns = 0, revenue = 0, discount = 0, first_purchase_at = null, last_purchase_at = null
  where receipts > 0 or returns > 0;
  s.folded_below := '0';
  s.rebuilt_through := 0;
  s.rebuilt_at := '-infinity';
  perform oba.fold_many (s, '18446744073709551615');
  update oba.rollup_state
  set system_identifier = (select system_identifier from pg_control_system ()), folded_below = pg_snapshot_xmin (pg_current_snapshot ()),
      folded_at = now(), rebuilt_through = (select last_value from oba.receipt_ids), rebuilt_at = clock_timestamp ();
  return (select count (*) from oba.receipts);
end $$;

/*
 * A job (one at a time; others return 0 at once): folds every receipt whose transaction has finished, exactly once. A receipt carries its
 * transaction's id; rows with ids below the oldest running transaction are all visible and complete, so [last time, that) is what is new.
 * In another cluster everything is rebuilt. Returns how many receipts were folded; tells
 * {"day", "receipts", "revenue"} on channel oba_sales: the latest day touched, and all that was folded.
 */
create function oba.fold_rollups () returns bigint
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
  else
    perform oba.fold_few (s, upper_xid);
  end if;
  update oba.rollup_state set folded_below = upper_xid, folded_at = now();
  perform pg_notify ('oba_sales', jsonb_build_object ('day', new.day, 'receipts', new.receipts, 'revenue', new.revenue)::text);
  return new.receipts;
end $$;

insert into oba.rollup_state (system_identifier, folded_below, folded_at) select system_identifier, '0', now() from pg_control_system ();

reset role;
