-- Receipts as a clerk walks through them: a preview says when a closed month moves an entry, and whoever looks at a receipt learns that it was corrected.
-- What a store sells best and to how many people, and how customers of a tier buy.

set local role oba_owner;
set local search_path = oba, pg_catalog;

create function oba.patch_function (name text, old_text text, new_text text) returns void
language plpgsql
as $$
declare
  source text := pg_get_functiondef (name::regproc);
begin
  if length (source) - length (replace (source, old_text, '')) <> length (old_text) then
    raise exception 'The text to change is not in % once: %', name, old_text;
  end if;
  execute replace (source, old_text, new_text);
end $$;

-- ---------------------------------------------------------------- corrections

/*
 * As in 0060, and when the month of a receipt is closed, so that its entry is dated to the open month: "closed": {"day": of the receipt, "entry": of the entry}.
 * A return is dated to when it happens, whatever month that is.
 */
create or replace function oba.correction_preview (what text, o oba.receipts, back oba.receipts, new oba.receipts, c oba.corrections, true_at timestamptz, proposer text, customers jsonb) returns jsonb
language sql stable
return jsonb_build_object (
  'kind', what, 'money', jsonb_build_object ('taken_back', - coalesce (back.total, 0), 'put_in', coalesce (new.total, 0)),
  'entries', (select coalesce (jsonb_agg (jsonb_build_object ('kind', e.kind, 'day', e.business_day, 'store', e.store_id, 'total', e.total) order by e.receipt_id), '[]')
              from (select back.receipt_id as receipt_id, back.kind as kind, back.business_day as business_day, back.store_id as store_id, back.total as total where back.receipt_id is not null
                    union all select new.receipt_id, new.kind, new.business_day, new.store_id, new.total where new.receipt_id is not null) e),
  'rollups', (select coalesce (jsonb_agg (jsonb_build_object ('day', d.day, 'store', d.store, 'receipts', d.receipts, 'returns', d.returns, 'revenue', d.revenue) order by d.day, d.store), '[]')
              from (select e.day, e.store, sum (e.receipts) as receipts, sum (e.returns) as returns, sum (e.total) as revenue
                    from (select back.business_day as day, back.store_id as store, 0 as receipts, 1 as returns, back.total as total where back.receipt_id is not null
                          union all select new.business_day, new.store_id, 1, 0, new.total where new.receipt_id is not null) e
                    group by 1, 2) d),
  'customers', customers,
  'needs', oba.second_person (what, o, back, new, c, true_at, proposer, customers))
  || case when true_at is not null then jsonb_build_object ('closed', jsonb_build_object ('day', oba.business_day (true_at), 'entry', new.business_day))
          when back.kind = 'void' and back.sold_at <> o.sold_at then jsonb_build_object ('closed', jsonb_build_object ('day', o.business_day, 'entry', back.business_day))
          else '{}' end;

-- Who looks at a receipt is told by its number that something answers it now, be it by a till or a colleague.
select oba.patch_function ('oba.do_return_lines', '  root := oba.lock_path (o.customer_id);
', '  root := oba.lock_path (o.customer_id);
  perform pg_notify (''oba_receipts'', o.receipt_id::text);
');
select oba.patch_function ('oba.post_correction', '  perform pg_notify (''oba_customers'', a::text) from unnest (about) a;
', '  perform pg_notify (''oba_customers'', a::text) from unnest (about) a;
  perform pg_notify (''oba_receipts'', i::text) from unnest (array[o.receipt_id, c.original_receipt_id, new.receipt_id]) i where i is not null;
');

drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- what stores sell to whom, how tiers buy

/*
 * One row a store and day holds all products and buyers of it in arrays: a row each would be a billion a year. A fold adds a small piece, a correction's negative; the pieces of
 * a day are packed into its row when it is over, and now and then before. So a fold writes what is new only, and reading a period adds up as many rows as it has days.
 * A buyer is a basket: of the hour h and the customer c it is c * 32 + h; less than 0 for a basket that was taken out.
 */
create table oba.rollup_store_sales (
  store_id      bigint not null,
  day           date not null,
  products      bigint[] not null,
  quantities    bigint[] not null,                                                 -- thousandths of the unit, less returns
  revenues      bigint[] not null,
  buyers        bigint[] not null,
  primary key (store_id, day),
  check (cardinality (products) = cardinality (quantities) and cardinality (products) = cardinality (revenues))
);
create table oba.rollup_store_pieces (
  store_id      bigint not null,
  day           date not null,
  piece_id      bigint generated always as identity,
  products      bigint[] not null,
  quantities    bigint[] not null,
  revenues      bigint[] not null,
  buyers        bigint[] not null,
  primary key (store_id, day, piece_id),
  check (cardinality (products) = cardinality (quantities) and cardinality (products) = cardinality (revenues))
);
-- A basket and a line belong to the tier that the customer had at that moment, as far as it was known when they were folded.
create table oba.rollup_tier_baskets (
  tier_id       bigint not null,
  day           date not null,
  measure       text not null check (measure in ('amount', 'lines')),
  bucket        smallint not null,                                                 -- as in rollup_store_baskets
  receipts      bigint not null default 0,
  primary key (tier_id, day, measure, bucket)
);
create table oba.rollup_tier_categories (
  tier_id       bigint not null,
  day           date not null,
  category_id   bigint not null,                                                   -- as in rollup_store_categories
  lines         bigint not null default 0,
  revenue       bigint not null default 0,
  discount      bigint not null default 0,
  discounted    bigint not null default 0,
  primary key (tier_id, day, category_id)
);
create table oba.rollup_sales_state (
  only_row          boolean primary key default true check (only_row),
  system_identifier bigint not null,                                               -- as in rollup_receipts_state
  folded_below      xid8 not null,
  rebuilt_through   bigint not null default 0,
  rebuilt_at        timestamptz not null default '-infinity'
);
insert into oba.rollup_sales_state (system_identifier, folded_below) select system_identifier, '0' from pg_control_system ();

-- The tier that a customer had at a moment; null: they have no account.
create function oba.tier_at (customer bigint, moment timestamptz) returns bigint
language sql stable
return coalesce ((select c.to_tier from oba.tier_changes c where c.customer_id = customer and c.at <= moment order by c.at desc, c.change_id desc limit 1),
                 (select c.from_tier from oba.tier_changes c where c.customer_id = customer order by c.at, c.change_id limit 1),
                 (select a.tier_id from oba.points_accounts a where a.customer_id = customer));

/*
 * Adds the receipts of the transactions [from_xid, to_xid), but for those that a rebuild has counted: as pieces, or when there are @many, straight to the days.
 * The caller chooses the plans. A sale is taken out once, as in fold_patterns().
 */
create function oba.fold_sales_between (from_xid xid8, to_xid xid8, rebuilt_through bigint, rebuilt_at timestamptz, many boolean) returns bigint
language plpgsql
as $$
declare
  mains constant jsonb := oba.main_categories ();
  n bigint;
begin
  with r as materialized (
    -- The tier is looked up here and not by tier_at (), which would be called for every receipt.
    select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.business_day as day, r.store_id, r.total, r.line_count, r.original_customer_id, r.original_sold_at, r.original_receipt_id,
           extract (hour from r.sold_at at time zone 'Asia/Baku')::integer as hour,
           case when a.tier_since <= r.sold_at then a.tier_id
                when a.customer_id is not null
                then coalesce ((select c.to_tier from oba.tier_changes c where c.customer_id = r.customer_id and c.at <= r.sold_at order by c.at desc, c.change_id desc limit 1),
                               (select c.from_tier from oba.tier_changes c where c.customer_id = r.customer_id order by c.at, c.change_id limit 1), a.tier_id) end as tier_id
    from oba.receipts r left join oba.points_accounts a on a.customer_id = r.customer_id
    where r.xid >= from_xid and r.xid < to_xid and (r.receipt_id > fold_sales_between.rebuilt_through or r.posted_at > fold_sales_between.rebuilt_at)
  ), voided as (
    select distinct v.original_customer_id as customer_id, v.original_sold_at as sold_at, v.original_receipt_id as receipt_id
    from r v where v.kind = 'void'
      and not exists (select from oba.receipts b where b.original_receipt_id = v.original_receipt_id and b.kind = 'void'
                        and (b.xid < from_xid or (b.receipt_id <= fold_sales_between.rebuilt_through and b.posted_at <= fold_sales_between.rebuilt_at)))
  ), baskets as materialized (
    select r.customer_id, r.store_id, r.day, r.hour, r.tier_id, r.total, r.line_count, 1 as n from r where r.kind = 'sale' and r.tier_id is not null
    union all
    select o.customer_id, o.store_id, o.business_day, extract (hour from o.sold_at at time zone 'Asia/Baku')::integer, oba.tier_at (o.customer_id, o.sold_at), o.total, o.line_count, -1
    from voided v join oba.receipts o on o.customer_id = v.customer_id and o.sold_at = v.sold_at and o.receipt_id = v.receipt_id and o.kind = 'sale'
    where exists (select from oba.points_accounts a where a.customer_id = o.customer_id)
  ), lines as materialized (
    select r.store_id, r.day, r.tier_id, r.kind, l.product_id, l.quantity, l.discount, l.total
    from r join oba.receipt_lines l on l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id
  ), pieces as materialized (
    select x.store_id, x.day, coalesce (array_agg (x.product_id) filter (where x.product_id is not null), '{}') as products,
           coalesce (array_agg (x.quantity) filter (where x.product_id is not null), '{}') as quantities,
           coalesce (array_agg (x.total) filter (where x.product_id is not null), '{}') as revenues,
           coalesce (array_agg (x.buyer) filter (where x.buyer is not null), '{}') as buyers
    from (select l.store_id, l.day, l.product_id, l.quantity, l.total, null::bigint as buyer from lines l
          union all select b.store_id, b.day, null, null, null, b.n * (b.customer_id * 32 + b.hour) from baskets b) x
    group by 1, 2
  ), small as (
    insert into oba.rollup_store_pieces (store_id, day, products, quantities, revenues, buyers)
    select p.store_id, p.day, p.products, p.quantities, p.revenues, p.buyers from pieces p where not many
  ), whole as (
    insert into oba.rollup_store_sales as t (store_id, day, products, quantities, revenues, buyers)
    select p.store_id, p.day, p.products, p.quantities, p.revenues, p.buyers from pieces p where many order by 1, 2
    on conflict (store_id, day) do update
    set products = t.products || excluded.products, quantities = t.quantities || excluded.quantities, revenues = t.revenues || excluded.revenues, buyers = t.buyers || excluded.buyers
  ), sizes as (
    insert into oba.rollup_tier_baskets as t (tier_id, day, measure, bucket, receipts)
    select x.tier_id, x.day, x.measure, x.bucket, sum (x.n)
    from (select b.tier_id, b.day, 'amount' as measure, width_bucket (b.total, oba.amount_bounds ()) as bucket, b.n from baskets b
          union all select b.tier_id, b.day, 'lines', width_bucket (b.line_count, oba.line_bounds ()), b.n from baskets b) x
    group by 1, 2, 3, 4 having sum (x.n) <> 0 order by 1, 2, 3, 4
    on conflict (tier_id, day, measure, bucket) do update set receipts = t.receipts + excluded.receipts
  ), sold as materialized (
    select l.tier_id, l.day, p.category_id, count (*) filter (where l.kind = 'sale') as lines, sum (l.total) as revenue, sum (l.discount) as discount,
           coalesce (sum (l.total) filter (where l.discount <> 0), 0) as discounted
    from lines l left join oba.products p on p.product_id = l.product_id where l.tier_id is not null group by 1, 2, 3
  ), categories as (
    insert into oba.rollup_tier_categories as t (tier_id, day, category_id, lines, revenue, discount, discounted)
    select s.tier_id, s.day, coalesce ((mains ->> s.category_id::text)::bigint, 0), sum (s.lines), sum (s.revenue), sum (s.discount), sum (s.discounted) from sold s
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (tier_id, day, category_id) do update
    set lines = t.lines + excluded.lines, revenue = t.revenue + excluded.revenue, discount = t.discount + excluded.discount, discounted = t.discounted + excluded.discounted
  )
  select count (*) into n from r;
  return n;
end $$;

create function oba.fold_few_sales (s oba.rollup_sales_state, to_xid xid8) returns bigint
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
begin
  return oba.fold_sales_between (s.folded_below, to_xid, s.rebuilt_through, s.rebuilt_at, false);
end $$;

create function oba.fold_many_sales (s oba.rollup_sales_state, to_xid xid8) returns bigint
language plpgsql
set enable_nestloop = off set work_mem = '256MB' set jit = off
as $$
begin
  return oba.fold_sales_between (s.folded_below, to_xid, s.rebuilt_through, s.rebuilt_at, true);
end $$;

/*
 * Packs the pieces of up to @most days of stores: of days that are over, and of those that have many. What was sold and taken back as a whole is left out, and so is a basket that
 * was taken out. Returns how many days were packed.
 */
create function oba.pack_store_sales (most integer) returns integer
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
declare
  today date := oba.business_day (now ());
  n integer;
begin
  with ready as materialized (
    select p.store_id, p.day from oba.rollup_store_pieces p group by 1, 2 having p.day < today or count (*) >= 48 order by p.day, p.store_id limit most
  ), gone as (
    delete from oba.rollup_store_pieces p using ready r where p.store_id = r.store_id and p.day = r.day returning p.store_id, p.day, p.products, p.quantities, p.revenues, p.buyers
  ), pieces as materialized (
    select g.* from gone g
    union all
    select t.store_id, t.day, t.products, t.quantities, t.revenues, t.buyers from ready r join oba.rollup_store_sales t on t.store_id = r.store_id and t.day = r.day
  ), goods as materialized (
    select x.store_id, x.day, array_agg (x.product_id order by x.product_id) as products, array_agg (x.quantity order by x.product_id) as quantities,
           array_agg (x.revenue order by x.product_id) as revenues
    from (select p.store_id, p.day, u.product_id, sum (u.quantity)::bigint as quantity, sum (u.revenue)::bigint as revenue
          from pieces p cross join lateral unnest (p.products, p.quantities, p.revenues) u (product_id, quantity, revenue) group by 1, 2, 3) x
    where x.quantity <> 0 or x.revenue <> 0 group by 1, 2
  ), people as materialized (
    select x.store_id, x.day, array_agg (sign (x.n)::bigint * x.buyer order by x.buyer) as buyers
    from (select p.store_id, p.day, abs (u.buyer) as buyer, sum (sign (u.buyer))::integer as n from pieces p cross join lateral unnest (p.buyers) u (buyer) group by 1, 2, 3) x
    cross join lateral generate_series (1, abs (x.n)) group by 1, 2
  ), packed as (
    insert into oba.rollup_store_sales (store_id, day, products, quantities, revenues, buyers)
    select r.store_id, r.day, coalesce (g.products, '{}'), coalesce (g.quantities, '{}'), coalesce (g.revenues, '{}'), coalesce (p.buyers, '{}')
    from ready r left join goods g on g.store_id = r.store_id and g.day = r.day left join people p on p.store_id = r.store_id and p.day = r.day order by 1, 2
    on conflict (store_id, day) do update set products = excluded.products, quantities = excluded.quantities, revenues = excluded.revenues, buyers = excluded.buyers
    returning 1
  )
  select count (*) into n from packed;
  return n;
end $$;

/*
 * A job (one at a time; others return 0 at once): folds every receipt whose transaction has finished, exactly once, as fold_receipt_totals() does, and packs. Returns how many
 * receipts were folded.
 */
create function oba.fold_store_sales () returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  s oba.rollup_sales_state;
  cluster bigint := (select system_identifier from pg_control_system ());
  upper_xid xid8 := pg_snapshot_xmin (pg_current_snapshot ());
  n bigint;
begin
  if not pg_try_advisory_xact_lock (hashtext ('oba.fold_store_sales')) then
    return 0;
  end if;
  select * into s from oba.rollup_sales_state for update;
  if s.system_identifier is distinct from cluster then
    lock table oba.receipts in share mode;
    truncate oba.rollup_store_sales, oba.rollup_store_pieces, oba.rollup_tier_baskets, oba.rollup_tier_categories;
    s.folded_below := '0';
    s.rebuilt_through := 0;
    s.rebuilt_at := '-infinity';
    n := oba.fold_many_sales (s, '18446744073709551615');
    update oba.rollup_sales_state
    set system_identifier = cluster, folded_below = pg_snapshot_xmin (pg_current_snapshot ()),
        rebuilt_through = (select last_value from oba.receipt_ids), rebuilt_at = clock_timestamp ();
    return n;
  end if;
  select count (*) into n from oba.receipts r where r.xid >= s.folded_below and r.xid < upper_xid and (r.receipt_id > s.rebuilt_through or r.posted_at > s.rebuilt_at);
  if n > 20000 then
    perform oba.fold_many_sales (s, upper_xid);
  elsif n > 0 then
    perform oba.fold_few_sales (s, upper_xid);
  end if;
  if n > 0 then
    update oba.rollup_sales_state set folded_below = upper_xid;
  end if;
  perform oba.pack_store_sales (200);
  return n;
end $$;

-- ---------------------------------------------------------------- reading them

/*
 * What a store sold best in the last @days days, today included, and to how many people, against as many days before, up to the same time of day:
 * {"customers": [persons with a card, before, their receipts, before], "products": [[id, name, unit, thousandths, revenue, revenue before, the chain's]], ten of them}. Whoever was merged into another is one person.
 * Of the last day of before, a product counts with the part of it that the store had sold by then; persons by the hour.
 */
create function oba.store_goods (store bigint, days integer, moment timestamptz default now ()) returns jsonb
language plpgsql stable
set search_path = oba, pg_catalog, pg_temp set jit = off set work_mem = '64MB'
as $$
declare
  last_day date := oba.business_day (moment);
  first_day date := last_day - days + 1;
  edge_day date := last_day - days;
  now_hour numeric := extract (hour from moment at time zone 'Asia/Baku') + extract (minute from moment at time zone 'Asia/Baku') / 60.0;
  share numeric;
  answer jsonb;
begin
  select coalesce (sum (h.revenue * least (1, greatest (0, now_hour - h.hour))) / nullif (sum (h.revenue), 0), 1) into share
  from oba.rollup_store_hours h where h.store_id = store and h.day = edge_day;
  with d as materialized (
    select t.day, t.products, t.quantities, t.revenues, t.buyers from oba.rollup_store_sales t where t.store_id = store and t.day between first_day - days and last_day
    union all
    select t.day, t.products, t.quantities, t.revenues, t.buyers from oba.rollup_store_pieces t where t.store_id = store and t.day between first_day - days and last_day
  ), goods as (
    select u.product_id, coalesce (sum (u.quantity) filter (where d.day >= first_day), 0)::bigint as quantity, coalesce (sum (u.revenue) filter (where d.day >= first_day), 0)::bigint as revenue,
           coalesce (sum (u.revenue) filter (where d.day < edge_day), 0) as before, coalesce (sum (u.revenue) filter (where d.day = edge_day), 0) as edge
    from d cross join lateral unnest (d.products, d.quantities, d.revenues) u (product_id, quantity, revenue) group by 1
  ), best as materialized (
    select g.product_id, g.quantity, g.revenue, round (g.before + g.edge * share)::bigint as before from goods g where g.revenue > 0 order by g.revenue desc, g.product_id limit 10
  ), baskets as (
    select abs (u.buyer) / 32 as customer_id, coalesce (sum (sign (u.buyer)) filter (where d.day >= first_day), 0) as now,
           coalesce (sum (sign (u.buyer)) filter (where d.day < edge_day or d.day = edge_day and abs (u.buyer) % 32 + 0.5 <= now_hour), 0) as before
    from d cross join lateral unnest (d.buyers) u (buyer) group by 1
  ), people as (
    select coalesce (m.root, b.customer_id) as customer_id, sum (b.now) as now, sum (b.before) as before
    from baskets b left join (select c.customer_id, oba.customer_root (c.customer_id) as root from oba.customers c where c.merged_into is not null) m on m.customer_id = b.customer_id
    group by 1
  )
  select jsonb_build_object (
    'customers', (select jsonb_build_array (count (*) filter (where p.now > 0), count (*) filter (where p.before > 0), coalesce (sum (p.now), 0), coalesce (sum (p.before), 0)) from people p),
    'products', (select coalesce (jsonb_agg (jsonb_build_array (b.product_id, coalesce (p.name, ''), coalesce (p.unit, 'pcs'), b.quantity, b.revenue, b.before,
                                                                (select coalesce (sum (c.revenue), 0)::bigint from oba.rollup_product_days c
                                                                 where c.product_id = b.product_id and c.day between first_day and last_day))
                                             order by b.revenue desc, b.product_id), '[]')
                 from best b left join oba.products p using (product_id)))
  into answer;
  return answer;
end $$;

/*
 * How customers bought while they had the tier that this one has now, in the months of customer_patterns():
 * {"tier": its name, "tier_amounts", "tier_lines", "tier_price", "tier_revenue", "tier_categories": [[id, revenue]]}; {}: they have no account
 */
create function oba.tier_patterns (customer bigint, lang text, moment timestamptz default now ()) returns jsonb
language plpgsql stable
set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
declare
  t oba.tiers := (select x from oba.points_accounts a join oba.tiers x using (tier_id) where a.customer_id = oba.customer_root (customer));
  last_day date := oba.business_day (moment);
  first_day date := (date_trunc ('month', last_day) - interval '11 months')::date;
  answer jsonb;
begin
  if t.tier_id is null then
    return '{}';
  end if;
  with sizes as materialized (
    select b.measure, b.bucket, sum (b.receipts)::bigint as n from oba.rollup_tier_baskets b where b.tier_id = t.tier_id and b.day between first_day and last_day group by 1, 2
  ), sold as materialized (
    select c.category_id, sum (c.revenue)::bigint as revenue, sum (c.discount)::bigint as discount, sum (c.discounted)::bigint as discounted
    from oba.rollup_tier_categories c where c.tier_id = t.tier_id and c.day between first_day and last_day group by 1
  )
  select jsonb_build_object (
    'tier', case lang when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end,
    'tier_amounts', (select jsonb_agg (greatest (coalesce (s.n, 0), 0) order by g) from generate_series (0, cardinality (oba.amount_bounds ())) g left join sizes s on s.measure = 'amount' and s.bucket = g),
    'tier_lines', (select jsonb_agg (greatest (coalesce (s.n, 0), 0) order by g) from generate_series (0, cardinality (oba.line_bounds ())) g left join sizes s on s.measure = 'lines' and s.bucket = g),
    'tier_price', (select jsonb_build_array (coalesce (sum (s.revenue + s.discount), 0), coalesce (sum (s.discount), 0), coalesce (sum (s.discounted), 0), coalesce (sum (s.revenue), 0)) from sold s),
    'tier_revenue', (select coalesce (sum (s.revenue), 0) from sold s),
    'tier_categories', (select coalesce (jsonb_agg (jsonb_build_array (s.category_id, s.revenue) order by s.category_id), '[]') from sold s))
  into answer;
  return answer;
end $$;

do $$
declare
  readers constant text := 'oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_marketing, oba_helper';
begin
  execute 'grant select on oba.rollup_store_sales, oba.rollup_store_pieces, oba.rollup_tier_baskets, oba.rollup_tier_categories to ' || readers;
  execute 'grant execute on function oba.store_goods (bigint, integer, timestamptz), oba.tier_patterns (bigint, text, timestamptz) to ' || readers;
end $$;
grant execute on function oba.fold_store_sales () to oba_admin, oba_helper;
grant select on oba.rollup_sales_state to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_marketing, oba_helper;

reset role;
