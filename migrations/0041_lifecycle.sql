-- Lifecycle: where a person stands with us (new, active, lapsing, lost, won back), by the person's own rhythm.
--
-- A visit day is a business day (Baku) with a sale that was not voided; several receipts of a day are one visit, a return is none. The gap
-- is the number of days between two following visit days. The rhythm is the person's last 10 gaps, of which an absence counts as 90 days at most;
-- with m their mean and s their standard deviation, a person
--   * is lapsing after  m + 2 s  days without a visit, but not before 2 m and not after 3 m, and always between 14 and 120 days;
--   * is lost after three times as many, at least 60.
-- For a regular weekly buyer that is 14 and 60 days, for an irregular one 21 and 63; fewer than 3 gaps are no rhythm yet: 60 and 180 days.
-- (m + 2 s: a gap that two standard deviations are not enough for is rare in any distribution: Chebyshev. 3 m: for somebody who comes by
-- chance, one gap in twenty is longer: exp (-3). The bounds are what a grocer calls absent.)
-- States:
--   * new       from the first visit up to the fourth, which shows the rhythm; then active
--   * won_back  from the first visit after having been lost, up to the fourth; then active
--   * lapsing, lost: from the day on which so many days have passed since the last visit. Who buys again while lapsing is active.
--   * none (null): never bought, or all of it was voided. Nothing can lapse that has not begun.
-- A change is dated to the midnight of the day on which it became so, whenever it was noticed; blocked and erased are not part of this: they
-- are the status of the customer. Everything follows from the receipts that fold_rollups() has counted, and verify recomputes it.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- the person and those merged into it

-- The persons whose history this one has. Nobody has merged anybody yet.
create function oba.customer_family (customer_id bigint) returns setof bigint
language sql stable parallel safe rows 1
as $$ select $1 $$;

-- ---------------------------------------------------------------- what is kept

alter table oba.customer_stats
  add column visit_days      integer not null default 0,                           -- in all
  add column last_visit_day  date,
  add column gaps            integer not null default 0 check (gaps between 0 and 10),      -- how many the rhythm stands on
  add column gap_sum         integer not null default 0,                           -- days
  add column gap_squares     integer not null default 0,
  add column lifecycle       text check (lifecycle in ('new', 'active', 'lapsing', 'lost', 'won_back')),
  add column lifecycle_since timestamptz,
  add column lifecycle_due   date,                                                 -- when it changes without a visit; null: never
  add column lifecycle_seen  bigint not null default 0,                            -- receipts + returns when it was computed
  add check ((lifecycle is null) = (lifecycle_since is null));
create index customer_stats_due on oba.customer_stats (lifecycle_due, customer_id) where lifecycle_due is not null;
create index customer_stats_unseen on oba.customer_stats (customer_id) where receipts + returns <> lifecycle_seen;
create index customer_stats_by_lifecycle on oba.customer_stats (lifecycle, lifecycle_since, customer_id);

-- Append-only. What receipts that came late have disproved is named in lifecycle_withdrawals; the rest stands: lifecycle_history.
create table oba.lifecycle_changes (
  customer_id     bigint not null,
  change_id       bigint generated always as identity,
  at              timestamptz not null,                                            -- the midnight on which it became so
  from_state      text check (from_state in ('new', 'active', 'lapsing', 'lost', 'won_back')),
  to_state        text not null check (to_state in ('new', 'active', 'lapsing', 'lost', 'won_back')),
  -- Why: the rhythm at the last visit, and how long the person had been away.
  visits          integer not null,                                                -- visit days up to then
  last_visit_day  date not null,                                                   -- the visit itself, when that made the change
  absent_days     integer,                                                         -- before the visit, or since it; null: the first visit
  gaps            integer not null,
  gap_sum         integer not null,
  gap_squares     integer not null,
  recorded_at     timestamptz not null default now(),
  primary key (customer_id, change_id),
  check (from_state is distinct from to_state)
);
create table oba.lifecycle_withdrawals (
  customer_id     bigint not null,
  change_id       bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (customer_id, change_id)
);
do $$
declare
  t text;
begin
  foreach t in array array['lifecycle_changes', 'lifecycle_withdrawals'] loop
    execute format ('create trigger append_only before update or delete on oba.%I for each row execute function oba.refuse_change ()', t);
    execute format ('create trigger append_only_all before truncate on oba.%I for each statement execute function oba.refuse_change ()', t);
  end loop;
end $$;

create view oba.lifecycle_history as
select c.* from oba.lifecycle_changes c
where not exists (select from oba.lifecycle_withdrawals w where w.customer_id = c.customer_id and w.change_id = c.change_id);

-- ---------------------------------------------------------------- the formula

-- Days without a visit after which a person of this rhythm is lapsing. Whole numbers until the last step, so that it is the same everywhere.
create function oba.lapsing_after (gaps integer, gap_sum integer, gap_squares integer) returns integer
language sql immutable parallel safe
return case when gaps < 3 then 60
            else greatest (14, least (120, ceil (least (greatest (2.0::float8 * gap_sum,
                                                                  gap_sum + 2.0::float8 * sqrt ((gaps::bigint * gap_squares - gap_sum::bigint * gap_sum)::float8)),
                                                        3.0::float8 * gap_sum) / gaps)::integer)) end;

create function oba.lost_after (gaps integer, gap_sum integer, gap_squares integer) returns integer
language sql immutable parallel safe
return greatest (60, 3 * oba.lapsing_after (gaps, gap_sum, gap_squares));

/*
 * All changes of the lifecycle of @customers up to @today, and the last event of each (is_last), changed or not, with the rhythm that holds since.
 * From receipts that are folded, of the customer's whole family.
 */
create function oba.lifecycle_events (customers bigint[], today date)
returns table (customer_id bigint, event_no bigint, at timestamptz, from_state text, to_state text, visits integer, last_visit_day date,
               absent_days integer, gaps integer, gap_sum integer, gap_squares integer, changed boolean, is_last boolean)
language sql stable
as $$
  with mine as materialized (
    select c.customer_id, r.kind, r.receipt_id, r.original_receipt_id, r.business_day as day
    from unnest (customers) c (customer_id) cross join lateral oba.customer_family (c.customer_id) f (id)
    join oba.receipts r on r.customer_id = f.id cross join (select * from oba.rollup_state limit 1) s
    where r.kind in ('sale', 'void')
      and (r.xid < s.folded_below or (r.receipt_id <= s.rebuilt_through and r.posted_at <= s.rebuilt_at))
  ), days as (
    select m.customer_id, m.day from mine m
    where m.kind = 'sale' and not exists (select from mine v where v.kind = 'void' and v.original_receipt_id = m.receipt_id)
    group by 1, 2
  ), visit as (
    select d.customer_id, d.day, row_number () over w as n, lead (d.day) over w - d.day as gap_after, d.day - lag (d.day) over w as gap_before
    from days d window w as (partition by d.customer_id order by d.day)
  ), rhythm as (
    select v.*, count (v.counted) over w as gaps, coalesce (sum (v.counted) over w, 0) as gap_sum,
           coalesce (sum (v.counted * v.counted) over w, 0) as gap_squares
    from (select x.*, case when x.gap_before > 90 then 90 else x.gap_before end as counted from visit x) v window w as (partition by v.customer_id order by v.day rows between 9 preceding and current row)
  ), measured as (
    select y.customer_id, y.day, y.n, y.gap_after, y.gap_before, y.gaps::integer as gaps, y.gap_sum::integer as gap_sum, y.gap_squares::integer as gap_squares,
           oba.lapsing_after (y.gaps::integer, y.gap_sum::integer, y.gap_squares::integer) as lapsing,
           oba.lost_after (y.gaps::integer, y.gap_sum::integer, y.gap_squares::integer) as lost
    from rhythm y
  ), returned as (
    select x.*, coalesce (x.gap_before >= lag (x.lost) over w, false) as from_lost, coalesce (x.gap_before >= lag (x.lapsing) over w, false) as from_lapsing
    from measured x window w as (partition by x.customer_id order by x.day)
  ), placed as (
    select b.*, max (b.n) filter (where b.n = 1 or b.from_lost) over w as start_no,
           max (b.n) filter (where b.from_lapsing and not b.from_lost) over w as relapse_no
    from returned b window w as (partition by b.customer_id order by b.day)
  ), event as (
    select p.customer_id, p.n * 4 + e.step as event_no, p.day + e.after as day, e.state, p.n, p.day as last_visit_day,
           case e.step when 0 then p.gap_before else e.after end as absent_days, p.gaps, p.gap_sum, p.gap_squares
    from placed p
    cross join lateral (values (0, 0, case when p.n - p.start_no >= 3 or p.relapse_no > p.start_no then 'active' when p.start_no = 1 then 'new' else 'won_back' end),
                               (1, p.lapsing, 'lapsing'), (2, p.lost, 'lost')) as e (step, after, state)
    where e.step = 0 or e.after <= coalesce (p.gap_after, today - p.day)
  ), judged as (
    select e.*, lag (e.state) over w as before, lead (e.event_no) over w is null as is_last
    from event e window w as (partition by e.customer_id order by e.event_no)
  )
  select j.customer_id, j.event_no, oba.day_start (j.day), j.before, j.state, j.n::integer, j.last_visit_day, j.absent_days, j.gaps, j.gap_sum, j.gap_squares,
         j.before is distinct from j.state, j.is_last
  from judged j where j.is_last or j.before is distinct from j.state
$$;

-- ---------------------------------------------------------------- the job

/*
 * Brings the lifecycle of at most @max_rows customers up to @as_of: those with receipts that were not looked at yet, and those whom a day
 * has made lapsing or lost. Call it until it returns 0. One at a time: others return 0.
 */
create function oba.refresh_lifecycle (max_rows integer default 1000, as_of date default null) returns integer
language plpgsql security definer
set search_path = oba, pg_catalog, pg_temp set work_mem = '128MB' set jit = off set plan_cache_mode = force_custom_plan
as $$
declare
  today date := coalesce (least (as_of, oba.business_day (now())), oba.business_day (now()));
  ids bigint[];
  seen bigint[];
  touched bigint[];
begin
  if not pg_try_advisory_xact_lock (hashtext ('oba.refresh_lifecycle')) then
    return 0;
  end if;
  -- The rows are locked before the receipts are read: what fold_rollups() adds to them after this is seen the next time.
  select array_agg (l.customer_id), array_agg (l.receipts + l.returns) into ids, seen
  from (select t.customer_id, t.receipts, t.returns from oba.customer_stats t
        where t.customer_id in ((select u.customer_id from oba.customer_stats u where u.receipts + u.returns <> u.lifecycle_seen limit max_rows)
                                union (select d.customer_id from oba.customer_stats d where d.lifecycle_due <= today order by d.lifecycle_due limit max_rows))
        limit max_rows for update skip locked) l;
  if ids is null then
    return 0;
  end if;

  with told as materialized (
    select * from oba.lifecycle_events (ids, today)
  ), standing as materialized (
    select h.* from oba.lifecycle_history h where h.customer_id = any (ids)
  ), withdrawn as (
    insert into oba.lifecycle_withdrawals (customer_id, change_id)
    select s.customer_id, s.change_id from standing s
    where not exists (select from told t where t.customer_id = s.customer_id and t.changed
                      and (t.at, t.to_state, t.visits, t.last_visit_day, t.gaps, t.gap_sum, t.gap_squares) = (s.at, s.to_state, s.visits, s.last_visit_day, s.gaps, s.gap_sum, s.gap_squares)
                      and t.from_state is not distinct from s.from_state and t.absent_days is not distinct from s.absent_days)
    returning customer_id, change_id
  ), added as (
    insert into oba.lifecycle_changes (customer_id, at, from_state, to_state, visits, last_visit_day, absent_days, gaps, gap_sum, gap_squares)
    select t.customer_id, t.at, t.from_state, t.to_state, t.visits, t.last_visit_day, t.absent_days, t.gaps, t.gap_sum, t.gap_squares from told t
    where t.changed and not exists (select from standing s where s.customer_id = t.customer_id
                                    and (t.at, t.to_state, t.visits, t.last_visit_day, t.gaps, t.gap_sum, t.gap_squares) = (s.at, s.to_state, s.visits, s.last_visit_day, s.gaps, s.gap_sum, s.gap_squares)
                                    and t.from_state is not distinct from s.from_state and t.absent_days is not distinct from s.absent_days)
    order by t.customer_id, t.event_no
    returning customer_id
  ), kept as (
    update oba.customer_stats k
    set lifecycle_seen = i.seen, visit_days = coalesce (e.visits, 0), last_visit_day = e.last_visit_day, gaps = coalesce (e.gaps, 0),
        gap_sum = coalesce (e.gap_sum, 0), gap_squares = coalesce (e.gap_squares, 0), lifecycle = e.to_state, lifecycle_since = e.since,
        lifecycle_due = e.last_visit_day + case e.to_state when 'lost' then null when 'lapsing' then oba.lost_after (e.gaps, e.gap_sum, e.gap_squares)
                                           else oba.lapsing_after (e.gaps, e.gap_sum, e.gap_squares) end
    from unnest (ids, seen) i (customer_id, seen)
    left join (select t.*, max (t.at) filter (where t.changed) over (partition by t.customer_id) as since from told t) e
      on e.customer_id = i.customer_id and e.is_last
    where k.customer_id = i.customer_id
  )
  select array (select customer_id from added union select customer_id from withdrawn limit 101) into touched;
  -- Whoever has one of them open is told; a list of hundreds is looked at again by itself.
  if cardinality (touched) <= 100 then
    perform pg_notify ('oba_customers', c::text) from unnest (touched) c;
  end if;
  return array_length (ids, 1);
end $$;

-- ---------------------------------------------------------------- rights

grant select on oba.lifecycle_changes, oba.lifecycle_withdrawals, oba.lifecycle_history to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.customer_family (bigint), oba.lapsing_after (integer, integer, integer), oba.lost_after (integer, integer, integer)
  to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.lifecycle_events (bigint[], date) to oba_admin, oba_auditor;               -- verify recomputes it
grant execute on function oba.refresh_lifecycle (integer, date) to oba_admin, oba_helper;

reset role;
