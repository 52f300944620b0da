-- Loading many receipts at once: the importer and the demo chain.

set local role oba_owner;
set local search_path = oba, pg_catalog;

/*
 * oba.post_batch (batch): gives receipts that were loaded with COPY or INSERT what record_receipt() and return_lines() would have given them
 * one by one in the order of their time: receipt keys, points, lots, clawbacks, balances, tiers. Returns how many receipts. A batch is
 * posted once; afterwards its state is 'posted'. Rollups follow with fold_rollups(), as always.
 *
 * What the loader does, as a member of oba_owner (nobody else may insert):
 *   1. insert into oba.import_batches (kind, file_name, ...) values (...) returning batch_id;
 *   2. select oba.ensure_partitions (first day, last day);
 *   3. take ids: select oba.reserve_ids ('receipt', n)  (returns the first), commit;
 *   4. COPY or INSERT into oba.receipts (customer_id, sold_at, receipt_id, kind, store_id, till_no, receipt_no, total, discount, vat,
 *      paid_cash, paid_card, paid_other, line_count, original_customer_id, original_sold_at, original_receipt_id, reason_code, source, batch_id),
 *      the rest by default; and oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, discount, vat, total,
 *      original_line_no). In one transaction or several, also from several connections; then
 *   5. select oba.post_batch (batch)  in the same transaction as 4, or, if loading took several, in one of its own.
 *   6. afterwards, outside: analyze; select oba.fold_rollups ();
 * Contract, which `verify` proves: the lines' totals, discounts and vat make the receipt's; payments make the total; line_count is right; a walk-in
 * receipt belongs to its store's walk-in customer; store, product and customer exist; (store, till, receipt_no) is new; a return is of kind
 * 'return' or 'void', is negative in quantity and money, names its sale (which is in this batch or was posted before) and its sale's lines,
 * and returns no more than was sold.
 * It is not allowed for a batch to hold sales of a customer from before what expire_points() has expired for that customer since.
 */
create function oba.post_batch (batch bigint) returns bigint
language plpgsql security definer
set search_path = oba, pg_catalog, pg_temp set work_mem = '128MB' set jit = off set client_min_messages = warning
as $$
declare
  b oba.import_batches;
  n bigint;
  money bigint;
begin
  select * into b from oba.import_batches where batch_id = batch for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no batch %s.', batch));
  elsif b.state <> 'loading' then
    perform oba.refuse ('OB013', format ('Batch %s is %s.', batch, b.state));
  end if;

  drop table if exists pg_temp.posting, pg_temp.clawing;
  create temp table posting on commit drop as
  select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.business_day, r.total, r.original_sold_at, r.original_receipt_id, r.source,
         q.rule_id, q.version, q.qepik_per_point, q.valid_months, k.status = 'active' as earns, k.kind = 'person' as person,
         case when r.kind = 'sale' and k.kind = 'person' and r.total >= q.qepik_per_point then nextval ('oba.entry_ids') end as entry_id
  from (select * from oba.receipts where batch_id = batch order by sold_at, receipt_id) r
  join oba.customers k on k.customer_id = r.customer_id
  left join lateral (
    select e.rule_id, e.version, (e.parameters ->> 'qepik_per_point')::bigint as qepik_per_point, (e.parameters ->> 'valid_months')::integer as valid_months
    from oba.earning_rules e where e.kind = 'base' and e.state = 'live' and r.sold_at >= e.valid_from and r.sold_at < e.valid_to
    order by e.version desc limit 1) q on true;
  get diagnostics n = row_count;
  analyze pg_temp.posting;

  perform from oba.points_accounts a where a.customer_id in (select p.customer_id from pg_temp.posting p where p.person)
    order by a.customer_id for update;

  insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id)
  select store_id, till_no, receipt_no, customer_id, sold_at, receipt_id from oba.receipts where batch_id = batch
  order by store_id, till_no, receipt_no;

  perform oba.post_batch_points (batch);
  perform oba.post_batch_tiers (batch);

  select coalesce (sum (total), 0) into money from pg_temp.posting;
  update oba.import_batches set state = 'posted', finished_at = clock_timestamp (), control_total = money,
         rows_new = case when rows_new = 0 then n else rows_new end
  where batch_id = batch;
  drop table pg_temp.posting, pg_temp.clawing;
  return n;
end $$;

create function oba.post_batch_points (batch bigint) returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  c record;
  o oba.receipts;
begin
  -- Returns of sales of this very batch: nobody has spent those points yet, so the sale's own lot has them.
  create temp table clawing on commit drop as
  select t.*, nextval ('oba.entry_ids') as entry_id
  from (select r.customer_id, r.sold_at, r.receipt_id, r.source, s.entry_id as earned_id, s.sold_at as earned_at, s.rule_id, s.version, s.total,
               s.receipt_id as sale_id, r.returned,
               (s.total / s.qepik_per_point - greatest (0, s.total - r.returned) / s.qepik_per_point)
               - (s.total / s.qepik_per_point - greatest (0, s.total - r.returned - r.amount) / s.qepik_per_point) as points
        from (select customer_id, sold_at, receipt_id, source, original_sold_at, original_receipt_id, total as amount,
                     (- sum (total) over (partition by original_receipt_id order by sold_at, receipt_id rows unbounded preceding))::bigint as returned
              from pg_temp.posting where kind in ('return', 'void')) r
        join pg_temp.posting s on s.receipt_id = r.original_receipt_id and s.entry_id is not null and s.earns) t
  where t.points > 0
  order by t.sold_at, t.receipt_id;

  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source, batch_id)
  select customer_id, sold_at, entry_id, 'earn', case when earns then total / qepik_per_point else 0 end, rule_id, version,
         case when earns then jsonb_build_object ('total', total) else jsonb_build_object ('total', total, 'withheld', 'blocked') end,
         receipt_id, sold_at, source, batch
  from pg_temp.posting where entry_id is not null order by sold_at;

  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at,
                                 reverses_id, reverses_at, source, batch_id)
  select customer_id, sold_at, entry_id, 'clawback', - points, rule_id, version, jsonb_build_object ('total', total, 'returned', returned),
         receipt_id, sold_at, earned_id, earned_at, source, batch
  from pg_temp.clawing;

  with made as (
    insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on)
    select p.customer_id, p.entry_id, p.sold_at, p.receipt_id, p.total / p.qepik_per_point, p.total / p.qepik_per_point - coalesce (x.points, 0),
           (p.business_day + make_interval (months => p.valid_months))::date
    from pg_temp.posting p left join (select sale_id, sum (points)::bigint as points from pg_temp.clawing group by sale_id) x on x.sale_id = p.receipt_id
    where p.entry_id is not null and p.earns
    order by p.customer_id, p.sold_at
    returning customer_id, receipt_id, lot_id
  )
  insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points)
  select x.customer_id, x.entry_id, m.lot_id, x.points from pg_temp.clawing x join made m on m.receipt_id = x.sale_id;

  update oba.points_accounts a
  set balance = a.balance + s.points, lifetime = a.lifetime + s.points, updated_at = now()
  from (select customer_id, sum (points)::bigint as points
        from (select customer_id, total / qepik_per_point as points from pg_temp.posting where entry_id is not null and earns
              union all select customer_id, - points from pg_temp.clawing) u
        group by customer_id) s
  where a.customer_id = s.customer_id;

  for c in
    select a.customer_id, max (p.business_day) as day from oba.points_accounts a join pg_temp.posting p using (customer_id)
    where a.owed > 0 and p.entry_id is not null group by a.customer_id order by a.customer_id
  loop
    perform oba.settle_debts (c.customer_id, c.day);
  end loop;

  -- Returns of sales from before: their points may have been spent, so one by one.
  for c in
    select r.* from pg_temp.posting r
    where r.kind in ('return', 'void') and r.person and not exists (select from pg_temp.posting s where s.receipt_id = r.original_receipt_id)
    order by r.sold_at, r.receipt_id
  loop
    select * into o from oba.receipts s where s.customer_id = c.customer_id and s.sold_at = c.original_sold_at and s.receipt_id = c.original_receipt_id;
    perform oba.claw_back (o, c.receipt_id, c.sold_at, c.source);
  end loop;
end $$;

-- Tiers rise at the receipt that reached the threshold, from the spend of the twelve months of days that end with its day.
create function oba.post_batch_tiers (batch bigint) returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  thresholds bigint[] := array (select threshold from oba.tiers order by tier_id);
  ids bigint[] := array (select tier_id from oba.tiers order by tier_id);
  since timestamptz := (select oba.day_start (oba.tier_window_start (min (business_day))) from pg_temp.posting);
begin
  with rolling as materialized (
    -- One sort for all: day is the business day as a timestamp, because a frame of an interval needs one.
    select w.*, ids[width_bucket (w.spend, thresholds)] as reached
    from (select r.customer_id, r.sold_at, r.receipt_id, r.day, r.batch_id = batch as mine,
                 (sum (r.total) over (partition by r.customer_id order by r.day range between interval '1 year -1 day' preceding and current row)
                  - sum (r.total) over (partition by r.customer_id, r.day)
                  + sum (r.total) over (partition by r.customer_id, r.day order by r.sold_at, r.receipt_id rows unbounded preceding))::bigint as spend,
                 lead (r.receipt_id) over (partition by r.customer_id order by r.day, r.sold_at, r.receipt_id) is null as is_last
          from (select customer_id, sold_at, receipt_id, business_day::timestamp as day, total, batch_id from oba.receipts
                where sold_at >= since and customer_id in (select x.customer_id from pg_temp.posting x where x.person)) r) w
  ), climbing as (
    select r.*, max (r.reached) filter (where r.mine) over (partition by r.customer_id order by r.day, r.sold_at, r.receipt_id
                                                            rows between unbounded preceding and 1 preceding) as before
    from rolling r
  ), changes as (
    insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day, receipt_id)
    select m.customer_id, m.sold_at, greatest (m.before, a.tier_id), m.reached, 'spend', m.spend, m.day, m.receipt_id
    from climbing m join oba.points_accounts a using (customer_id)
    where m.mine and m.reached > greatest (m.before, a.tier_id)
    order by m.sold_at, m.receipt_id
    returning customer_id, to_tier, at
  )
  update oba.points_accounts a
  set tier_day = greatest (a.tier_day, r.day::date), tier_spend = r.spend, tier_id = coalesce (c.to_tier, a.tier_id), tier_since = coalesce (c.at, a.tier_since)
  from rolling r left join (select customer_id, max (to_tier) as to_tier, max (at) as at from changes group by customer_id) c using (customer_id)
  where r.is_last and a.customer_id = r.customer_id;

  -- A customer whose window had moved past the batch already: what falls into it is added, and may raise the tier now.
  update oba.points_accounts a
  set tier_spend = (select coalesce (sum (r.total), 0) from oba.receipts r
                    where r.customer_id = a.customer_id and r.sold_at >= oba.day_start (oba.tier_window_start (a.tier_day))
                      and r.sold_at < oba.day_start (a.tier_day + 1))
  from (select customer_id, max (business_day) as day from pg_temp.posting where person group by customer_id) p
  where a.customer_id = p.customer_id and a.tier_day > p.day;
  perform oba.follow_tier (a.customer_id, now(), a.tier_day, 0, null)
  from oba.points_accounts a join (select customer_id, max (business_day) as day from pg_temp.posting where person group by customer_id) p using (customer_id)
  where a.tier_day > p.day;
end $$;

reset role;
