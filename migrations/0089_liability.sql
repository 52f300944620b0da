-- What the chain owes its customers in points: by tier, age and month of expiry, in points and in money, and what each month has added and taken.
--
-- Every entry of the ledger, every allocation and every change of a tier or an expiry date carries its transaction. A job adds what is finished to two small tables, exactly
-- once (as in 0008): liability_lots, which points are there, and liability_days, what came and went. What it has not added yet is added when somebody looks: the figures are
-- those of the ledger at any moment, to the point. Lots less the ledger is what is owed to us: points that were taken back after they had been spent.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- what tells the job what is new

-- Rows from before have none: they are counted below.
alter table oba.points_ledger add column xid xid8;
alter table oba.points_ledger alter column xid set default pg_current_xact_id ();
alter table oba.ledger_allocations add column xid xid8;
alter table oba.ledger_allocations alter column xid set default pg_current_xact_id ();
create index points_ledger_xid on oba.points_ledger (xid) where xid is not null;
create index ledger_allocations_xid on oba.ledger_allocations (xid) where xid is not null;

create function oba.month_of (day date) returns date
language sql immutable parallel safe
return date_trunc ('month', day::timestamp)::date;

-- A person came into another tier, or a lot's last day into another month: what it was before. The job removes what it has followed.
create table oba.liability_moves (
  move_id         bigint generated always as identity primary key,
  xid             xid8 not null default pg_current_xact_id (),
  customer_id     bigint not null,
  lot_id          bigint,                                                          -- null: the tier of all of the person's lots
  from_tier       bigint,
  from_expires    date,
  check ((lot_id is null) = (from_tier is not null) and (lot_id is null) = (from_expires is null))
);
create index liability_moves_xid on oba.liability_moves (xid);

create function oba.liability_moved () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if tg_table_name = 'points_lots' then
    insert into oba.liability_moves (customer_id, lot_id, from_expires) values (old.customer_id, old.lot_id, old.expires_on);
  else
    insert into oba.liability_moves (customer_id, from_tier) values (old.customer_id, old.tier_id);
  end if;
  return null;
end $$;
create trigger liability_moved after update of tier_id on oba.points_accounts for each row when (old.tier_id <> new.tier_id) execute function oba.liability_moved ();
-- Only into another month; also where another trigger moves it (lots_catch_up), whatever column is updated.
create trigger liability_moved after update on oba.points_lots
  for each row when (oba.month_of (old.expires_on) <> oba.month_of (new.expires_on)) execute function oba.liability_moved ();

-- ---------------------------------------------------------------- what is kept

create table oba.liability_lots (
  tier_id         bigint not null,
  earned          date not null,                                                   -- the first day of the month in which the lots were made
  expires         date not null,                                                   -- the first day of the month in which they end
  points          bigint not null,
  primary key (tier_id, earned, expires)
);
create table oba.liability_days (
  day             date not null,                                                   -- to which the entries are dated
  kind            text not null,                                                   -- of the ledger
  entries         bigint not null,
  points          bigint not null,
  primary key (day, kind)
);
create table oba.liability_state (
  only_row        boolean primary key default true check (only_row),
  system_identifier bigint not null,                                               -- transaction ids mean nothing in another cluster
  folded_below    xid8 not null,                                                   -- what older transactions did is in the tables
  folded_at       timestamptz not null,
  rebuilt_entry   bigint not null default 0,                                       -- entries and allocations up to these and this time were counted by a rebuild
  rebuilt_allocation bigint not null default 0,
  rebuilt_at      timestamptz not null default '-infinity'
);

-- ---------------------------------------------------------------- counting

/*
 * What the transactions from s.folded_below up to @to_xid (null: all that is visible) have changed in liability_lots. What they did to lots is added where the lots were before;
 * then the lots that moved are taken from there, as they are at @to_xid, and added where they are now.
 */
create function oba.liability_changes (s oba.liability_state, to_xid xid8) returns table (tier_id bigint, earned date, expires date, points bigint)
language plpgsql stable
set search_path = oba, pg_catalog, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
begin
  return query
  with entries as materialized (
    select e.customer_id, e.entry_id, e.xid >= to_xid as late
    from oba.points_ledger e
    where e.xid >= s.folded_below and (e.entry_id > s.rebuilt_entry or e.posted_at > s.rebuilt_at) and e.points > 0 and e.kind in ('earn', 'bonus', 'adjust', 'transfer')
  ), allocations as materialized (
    select a.customer_id, a.lot_id, a.points, a.xid >= to_xid as late
    from oba.ledger_allocations a where a.xid >= s.folded_below and (a.allocation_id > s.rebuilt_allocation or a.allocated_at > s.rebuilt_at)
  ), moves as materialized (
    select m.move_id, m.customer_id, m.lot_id, m.from_tier, m.from_expires, m.xid >= to_xid as late from oba.liability_moves m where m.xid >= s.folded_below
  ), tier_before as materialized (
    select distinct on (m.customer_id) m.customer_id, m.from_tier from moves m where m.lot_id is null order by m.customer_id, m.move_id
  ), tier_after as materialized (
    select distinct on (m.customer_id) m.customer_id, m.from_tier from moves m where m.lot_id is null and m.late order by m.customer_id, m.move_id
  ), end_before as materialized (
    select distinct on (m.customer_id, m.lot_id) m.customer_id, m.lot_id, m.from_expires from moves m where m.lot_id is not null order by m.customer_id, m.lot_id, m.move_id
  ), end_after as materialized (
    select distinct on (m.customer_id, m.lot_id) m.customer_id, m.lot_id, m.from_expires from moves m where m.lot_id is not null and m.late order by m.customer_id, m.lot_id, m.move_id
  ), made as materialized (
    -- The lot that an entry made is the newest of its customer, or nearly.
    select e.customer_id, l.lot_id, l.entry_at, l.expires_on, l.points, e.late
    from entries e cross join lateral (select x.lot_id, x.entry_at, x.expires_on, x.points from oba.points_lots x
                                       where x.customer_id = e.customer_id and x.entry_id = e.entry_id order by x.lot_id desc limit 1) l
  ), deltas as (
    select m.customer_id, m.lot_id, m.entry_at, m.expires_on, m.points from made m where m.late is not true
    union all
    select a.customer_id, a.lot_id, l.entry_at, l.expires_on, - a.points
    from allocations a join oba.points_lots l on l.customer_id = a.customer_id and l.lot_id = a.lot_id where a.late is not true
  ), moved as materialized (
    select l.customer_id, l.lot_id, l.entry_at, l.expires_on, l.remaining
    from (select distinct m.customer_id from moves m where m.lot_id is null and m.late is not true) p join oba.points_lots l on l.customer_id = p.customer_id and l.remaining > 0
    union
    select l.customer_id, l.lot_id, l.entry_at, l.expires_on, l.remaining
    from (select distinct m.customer_id, m.lot_id from moves m where m.lot_id is not null and m.late is not true) p
    join oba.points_lots l on l.customer_id = p.customer_id and l.lot_id = p.lot_id
    union
    -- Emptied since, by a transaction that is still to come.
    select l.customer_id, l.lot_id, l.entry_at, l.expires_on, l.remaining
    from (select distinct a.customer_id, a.lot_id from allocations a where a.late) p
    join (select distinct m.customer_id from moves m where m.lot_id is null and m.late is not true) t on t.customer_id = p.customer_id
    join oba.points_lots l on l.customer_id = p.customer_id and l.lot_id = p.lot_id
  ), held as (
    -- As they were at @to_xid: without what has been done since.
    select v.customer_id, v.lot_id, v.entry_at, v.expires_on,
           v.remaining + coalesce ((select sum (a.points) from allocations a where a.late and a.customer_id = v.customer_id and a.lot_id = v.lot_id), 0)
           - coalesce ((select sum (m.points) from made m where m.late and m.customer_id = v.customer_id and m.lot_id = v.lot_id), 0) as points
    from moved v
  ), cells as (
    select coalesce (t.from_tier, p.tier_id) as tier_id, d.entry_at, coalesce (e.from_expires, d.expires_on) as expires_on, d.points
    from deltas d join oba.points_accounts p on p.customer_id = d.customer_id
    left join tier_before t on t.customer_id = d.customer_id left join end_before e on e.customer_id = d.customer_id and e.lot_id = d.lot_id
    union all
    select case when x.sign < 0 then coalesce (tb.from_tier, p.tier_id) else coalesce (ta.from_tier, p.tier_id) end, h.entry_at,
           case when x.sign < 0 then coalesce (eb.from_expires, h.expires_on) else coalesce (ea.from_expires, h.expires_on) end, x.sign * h.points
    from held h join oba.points_accounts p on p.customer_id = h.customer_id
    left join tier_before tb on tb.customer_id = h.customer_id left join tier_after ta on ta.customer_id = h.customer_id
    left join end_before eb on eb.customer_id = h.customer_id and eb.lot_id = h.lot_id left join end_after ea on ea.customer_id = h.customer_id and ea.lot_id = h.lot_id
    cross join (values (-1), (1)) x (sign)
  )
  select c.tier_id, oba.month_of (oba.business_day (c.entry_at)), oba.month_of (c.expires_on), sum (c.points)::bigint from cells c group by 1, 2, 3 having sum (c.points) <> 0;
end $$;

-- The same for liability_days.
create function oba.liability_day_changes (s oba.liability_state, to_xid xid8) returns table (day date, kind text, entries bigint, points bigint)
language plpgsql stable
set search_path = oba, pg_catalog, pg_temp set enable_seqscan = off set jit = off
as $$
begin
  return query
  select oba.business_day (e.occurred_at), e.kind, count (*), sum (e.points)::bigint
  from oba.points_ledger e
  where e.xid >= s.folded_below and (to_xid is null or e.xid < to_xid) and (e.entry_id > s.rebuilt_entry or e.posted_at > s.rebuilt_at)
  group by 1, 2;
end $$;

-- What liability_lots has to be, from the lots themselves: for making it anew, and for verify. Reads all of them.
create function oba.count_liability_lots (s oba.liability_state) returns table (tier_id bigint, earned date, expires date, points bigint)
language plpgsql stable
set search_path = oba, pg_catalog, pg_temp set work_mem = '128MB' set jit = off set enable_nestloop = off
as $$
begin
  return query
  with allocations as materialized (
    select a.customer_id, a.lot_id, a.points
    from oba.ledger_allocations a where a.xid >= s.folded_below and (a.allocation_id > s.rebuilt_allocation or a.allocated_at > s.rebuilt_at)
  ), entries as materialized (
    select e.customer_id, e.entry_id from oba.points_ledger e
    where e.xid >= s.folded_below and (e.entry_id > s.rebuilt_entry or e.posted_at > s.rebuilt_at) and e.points > 0 and e.kind in ('earn', 'bonus', 'adjust', 'transfer')
  ), tiers as materialized (
    select distinct on (m.customer_id) m.customer_id, m.from_tier from oba.liability_moves m where m.xid >= s.folded_below and m.lot_id is null order by m.customer_id, m.move_id
  ), ends as materialized (
    select distinct on (m.customer_id, m.lot_id) m.customer_id, m.lot_id, m.from_expires from oba.liability_moves m
    where m.xid >= s.folded_below and m.lot_id is not null order by m.customer_id, m.lot_id, m.move_id
  ), lots as (
    select l.customer_id, l.lot_id, l.entry_at, l.expires_on, l.remaining as points from oba.points_lots l where l.remaining > 0
    union all
    select l.customer_id, l.lot_id, l.entry_at, l.expires_on, a.points from allocations a join oba.points_lots l on l.customer_id = a.customer_id and l.lot_id = a.lot_id
    union all
    select l.customer_id, l.lot_id, l.entry_at, l.expires_on, - l.points from entries e join oba.points_lots l on l.customer_id = e.customer_id and l.entry_id = e.entry_id
  )
  select coalesce (t.from_tier, p.tier_id), oba.month_of (oba.business_day (l.entry_at)), oba.month_of (coalesce (e.from_expires, l.expires_on)), sum (l.points)::bigint
  from lots l join oba.points_accounts p on p.customer_id = l.customer_id
  left join tiers t on t.customer_id = l.customer_id left join ends e on e.customer_id = l.customer_id and e.lot_id = l.lot_id
  group by 1, 2, 3 having sum (l.points) <> 0;
end $$;

create function oba.count_liability_days (s oba.liability_state) returns table (day date, kind text, entries bigint, points bigint)
language sql stable
set search_path = oba, pg_catalog, pg_temp set work_mem = '128MB' set jit = off
as $$
  select oba.business_day (e.occurred_at), e.kind, count (*), sum (e.points)::bigint
  from oba.points_ledger e
  where e.xid is null or e.xid < s.folded_below or (e.entry_id <= s.rebuilt_entry and e.posted_at <= s.rebuilt_at)
  group by 1, 2
$$;

/*
 * Everything anew from lots and ledger; writers of points wait meanwhile. For another cluster (a restored dump): rows carry transaction ids of the old one then, which may
 * lie ahead of ours, so what is counted here is remembered by id and time.
 */
create function oba.rebuild_liability () returns bigint
language plpgsql security definer
set search_path = oba, pg_catalog, pg_temp
as $$
declare
  s oba.liability_state;
begin
  perform pg_advisory_xact_lock (hashtext ('oba.fold_liability'));
  -- Entries of this very transaction would be counted now and folded again after its end.
  if exists (select from oba.points_ledger e where e.xid = pg_current_xact_id_if_assigned ()) then
    perform oba.refuse ('OB013', 'The totals are made anew in a transaction of their own, after the receipts are committed.');
  end if;
  lock table oba.points_accounts, oba.points_ledger, oba.points_lots, oba.ledger_allocations in share mode;
  update oba.liability_state
  set system_identifier = (select system_identifier from pg_control_system ()), folded_below = pg_snapshot_xmin (pg_current_snapshot ()), folded_at = clock_timestamp (),
      rebuilt_entry = (select last_value from oba.entry_ids), rebuilt_allocation = (select last_value from oba.allocation_ids), rebuilt_at = clock_timestamp ()
  returning * into s;
  truncate oba.liability_lots, oba.liability_days, oba.liability_moves;
  insert into oba.liability_lots select * from oba.count_liability_lots (s);
  insert into oba.liability_days select * from oba.count_liability_days (s);
  return (select coalesce (sum (d.entries), 0) from oba.liability_days d);
end $$;

/*
 * A job (one at a time; others return 0 at once): adds what finished transactions did to points, exactly once. Returns how many entries; tells {"entries"} on channel
 * oba_liability. In another cluster everything is made anew.
 */
create function oba.fold_liability () returns bigint
language plpgsql security definer
set search_path = oba, pg_catalog, pg_temp
as $$
declare
  s oba.liability_state;
  next oba.liability_state;
  upper_xid xid8 := pg_snapshot_xmin (pg_current_snapshot ());
  n bigint;
  moves bigint;
begin
  if not pg_try_advisory_xact_lock (hashtext ('oba.fold_liability')) then
    return 0;
  end if;
  select * into s from oba.liability_state for update;
  if s.system_identifier is distinct from (select system_identifier from pg_control_system ()) then
    return oba.rebuild_liability ();
  end if;
  with changes as materialized (
    select c.* from oba.liability_day_changes (s, upper_xid) c
  ), days as (
    insert into oba.liability_days as t (day, kind, entries, points) select c.* from changes c order by 1, 2
    on conflict (day, kind) do update set entries = t.entries + excluded.entries, points = t.points + excluded.points
  )
  select coalesce (sum (c.entries), 0) into n from changes c;
  -- After a file of millions, reading all lots once is faster than looking them up.
  if n > 20000 and n * 20 > (select c.reltuples from pg_class c where c.oid = 'oba.points_lots'::regclass) then
    delete from oba.liability_lots;
    next := s;
    next.folded_below := upper_xid;
    insert into oba.liability_lots select c.* from oba.count_liability_lots (next) c;
  else
    insert into oba.liability_lots as t (tier_id, earned, expires, points) select c.* from oba.liability_changes (s, upper_xid) c order by 1, 2, 3
    on conflict (tier_id, earned, expires) do update set points = t.points + excluded.points;
  end if;
  get diagnostics moves = row_count;
  if n = 0 and moves = 0 then
    return 0;
  end if;
  delete from oba.liability_lots l where l.points = 0;
  delete from oba.liability_moves m where m.xid < upper_xid;
  update oba.liability_state set folded_below = upper_xid, folded_at = clock_timestamp ();
  perform pg_notify ('oba_liability', '');
  return n + moves;
end $$;

-- What there is already. Nobody writes points meanwhile: the columns above keep them out until the end.
do $$
declare
  s oba.liability_state;
begin
  insert into oba.liability_state (system_identifier, folded_below, folded_at)
  select c.system_identifier, pg_snapshot_xmin (pg_current_snapshot ()), clock_timestamp () from pg_control_system () c returning * into s;
  insert into oba.liability_lots select * from oba.count_liability_lots (s);
  insert into oba.liability_days select * from oba.count_liability_days (s);
end $$;

-- ---------------------------------------------------------------- what a point is worth

/*
 * Append-only. Points are valued by the version that began last before a moment. By default a point is worth what it pays (spending_rules): one number in one place; finance
 * may value it otherwise, since a reward can cost less than it spares the customer. Breakage: the share of points that nobody will ever use.
 */
create table oba.liability_rules (
  version         integer primary key check (version >= 1),
  point_value     bigint check (point_value between 1 and 1000000),                -- hundredths of a qəpik; null: what it pays
  breakage        integer not null check (breakage between 0 and 10000),           -- hundredths of a percent
  reason          text not null check (length (reason) between 1 and 1000),
  valid_from      timestamptz not null default now (),
  created_by      text not null default session_user
);
insert into oba.liability_rules (version, point_value, breakage, reason, valid_from) values (1, null, 0, 'As paying with points has it; nothing is known of breakage yet', '-infinity');
create trigger append_only before update or delete on oba.liability_rules for each row execute function oba.refuse_change ();
create trigger append_only_all before truncate on oba.liability_rules for each statement execute function oba.refuse_change ();
create trigger notify after insert on oba.liability_rules for each statement execute function oba.notify_administration ();
create trigger notify after insert on oba.spending_rules for each statement execute function oba.notify_administration ();

-- {"point_value": hundredths of a qəpik or null: what a point pays, "breakage": hundredths of a percent, "reason", "version": the last one when they were looked at} -> the new version
create function oba.do_set_liability_rule (request jsonb) returns jsonb
language plpgsql
as $$
declare
  r oba.liability_rules;
  old oba.liability_rules;
  why text := nullif (btrim (request ->> 'reason'), '');
begin
  perform pg_advisory_xact_lock (hashtext ('oba.liability_rules'));
  select * into old from oba.liability_rules x order by x.version desc limit 1;
  if (request ->> 'version')::integer is distinct from old.version then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  elsif coalesce ((request ->> 'point_value')::bigint, 1) not between 1 and 1000000 or coalesce ((request ->> 'breakage')::integer, -1) not between 0 and 10000 then
    perform oba.refuse ('OB001', 'A point is valued at 0.01 to 10,000 qəpik, breakage is 0 to 100 percent.');
  elsif why is null or length (why) > 1000 then
    perform oba.refuse ('OB001', 'What points are valued at is changed with a reason of at most 1,000 characters.');
  end if;
  insert into oba.liability_rules (version, point_value, breakage, reason)
  values (old.version + 1, (request ->> 'point_value')::bigint, (request ->> 'breakage')::integer, why) returning * into r;
  perform oba.audit_add ('liability_rules.set', 'liability_rules', r.version::text, null,
                         jsonb_build_object ('point_value', jsonb_build_array (old.point_value, r.point_value), 'breakage', jsonb_build_array (old.breakage, r.breakage)), why);
  return to_jsonb (r);
end $$;

-- How points are valued at a moment: hundredths of a qəpik, of a percent.
create function oba.liability_value (at timestamptz, out version integer, out point_value bigint, out own_value boolean, out breakage integer)
language sql stable
as $$
  select r.version, coalesce (r.point_value, (oba.spending_rule (at)).point_value * 100), r.point_value is not null, r.breakage
  from oba.liability_rules r where r.valid_from <= at order by r.version desc limit 1
$$;

-- ---------------------------------------------------------------- reading

-- Which points are there now, to the point: what is folded and what is not.
create function oba.liability_now () returns table (tier_id bigint, earned date, expires date, points bigint)
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
#variable_conflict use_column
declare
  s oba.liability_state;
begin
  select * into s from oba.liability_state;
  -- Where very much waits to be folded, after a file, reading all lots once is faster than looking up what changed.
  if (select count (*) from (select from oba.points_ledger e where e.xid >= s.folded_below limit 20001) x) > 20000 then
    return query
    select p.tier_id, oba.month_of (oba.business_day (l.entry_at)), oba.month_of (l.expires_on), sum (l.remaining)::bigint
    from oba.points_lots l join oba.points_accounts p on p.customer_id = l.customer_id where l.remaining > 0 group by 1, 2, 3;
  else
    return query
    select x.tier_id, x.earned, x.expires, sum (x.points)::bigint
    from (select l.tier_id, l.earned, l.expires, l.points from oba.liability_lots l
          union all select c.* from oba.liability_changes (s, null) c) x
    group by 1, 2, 3 having sum (x.points) <> 0;
  end if;
end $$;

-- What came and went, by day.
create function oba.liability_movements () returns table (day date, kind text, entries bigint, points bigint)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select x.day, x.kind, sum (x.entries)::bigint, sum (x.points)::bigint
  from (select d.day, d.kind, d.entries, d.points from oba.liability_days d
        union all select c.* from oba.liability_state s cross join lateral oba.liability_day_changes (s, null) c) x
  group by 1, 2
$$;

-- How old a lot is at the end of a day, as reports group it: 0 made in that month, 1 up to 3 months before, 2 up to 6, 3 up to 12, 4 up to 18, 5 up to 24, 6 before that.
create function oba.liability_age (earned date, today date) returns integer
language sql immutable parallel safe
return width_bucket ((extract (year from today) - extract (year from earned)) * 12 + extract (month from today) - extract (month from earned), array[1, 4, 7, 13, 19, 25]);

/*
 * Months from @first to @last (days: parts of months count as far as they go; null: from the first entry, up to today), each
 * with opening + issued - redeemed - expired - clawed_back + adjusted = closing, in points as the ledger has them, debts included.
 */
create function oba.liability_months (first date, last date)
  returns table (month date, opening bigint, issued bigint, redeemed bigint, expired bigint, clawed_back bigint, adjusted bigint, closing bigint, entries bigint)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  with d as materialized (select * from oba.liability_movements ()),
  span as (select coalesce (first, (select min (d.day) from d), oba.business_day (now ())) as a, coalesce (last, oba.business_day (now ())) as z),
  m as (
    select g::date as month,
           coalesce (sum (d.points) filter (where d.kind in ('earn', 'bonus')), 0)::bigint as issued, coalesce (- sum (d.points) filter (where d.kind in ('redeem', 'restore')), 0)::bigint as redeemed,
           coalesce (- sum (d.points) filter (where d.kind = 'expire'), 0)::bigint as expired, coalesce (- sum (d.points) filter (where d.kind = 'clawback'), 0)::bigint as clawed_back,
           coalesce (sum (d.points) filter (where d.kind in ('adjust', 'transfer')), 0)::bigint as adjusted, coalesce (sum (d.points), 0)::bigint as points,
           coalesce (sum (d.entries), 0)::bigint as entries
    from span cross join generate_series (oba.month_of (span.a), oba.month_of (span.z), interval '1 month') g
    left join d on d.day >= greatest (g::date, span.a) and d.day <= least ((g + interval '1 month')::date - 1, span.z)
    group by 1
  ), w as (
    select m.*, (select coalesce (sum (d.points), 0) from d cross join span where d.day < span.a)::bigint + sum (m.points) over (order by m.month) as closing from m
  )
  select w.month, (w.closing - w.points)::bigint, w.issued, w.redeemed, w.expired, w.clawed_back, w.adjusted, w.closing::bigint, w.entries from w order by 1
$$;

-- ---------------------------------------------------------------- rights

select oba.add_action ('set_liability_rule', 'oba_admin');
grant execute on function oba.fold_liability () to oba_helper;
grant execute on function oba.month_of (date), oba.liability_now (), oba.liability_movements (), oba.liability_age (date, date), oba.liability_months (date, date),
  oba.liability_value (timestamptz) to oba_supervisor, oba_marketing, oba_admin, oba_auditor, oba_helper;
grant select on oba.liability_lots, oba.liability_days, oba.liability_state, oba.liability_rules to oba_supervisor, oba_marketing, oba_admin, oba_auditor, oba_helper;

reset role;
