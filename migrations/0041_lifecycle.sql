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
  with sale as (
    -- A sale and what voided it, together: a join would be at the mercy of estimates.
    select c.customer_id, min (r.business_day) filter (where r.kind = 'sale') as day
    from unnest (customers) c (customer_id) cross join lateral oba.customer_family (c.customer_id) f (id)
    join oba.receipts r on r.customer_id = f.id cross join (select * from oba.rollup_state limit 1) s
    where r.kind in ('sale', 'void')
      and (r.xid < s.folded_below or (r.receipt_id <= s.rebuilt_through and r.posted_at <= s.rebuilt_at))
    group by c.customer_id, case r.kind when 'sale' then r.receipt_id else r.original_receipt_id end
    having not bool_or (r.kind = 'void')
  ), days as (
    select distinct x.customer_id, x.day from sale x
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

-- ---------------------------------------------------------------- churn

/*
 * How likely it is, in percent, that a person who has been away for @days does not come back by themselves; null: never came.
 * Before the silence, one in @visits + 1 stops after a visit, but never fewer than one in twenty (the mean of a beta distribution after so many
 * returns: who came once is an even bet). Of those who go on, so many are away that long: gaps are taken as log-logistic with the person's mean m and
 * variance (fewer than 3 gaps: 30 days, as spread as chance), its logarithm's deviation g = sqrt (ln (1 + v / m2)), between 0.3 and 1.2:
 * exceed = 1 / (1 + (days / median) ^ (pi / (g sqrt 3))), median = m / sqrt (1 + v / m2). Bayes: p / (p + (1 - p) exceed).
 */
create function oba.churn_percent (days integer, visits integer, gaps integer, gap_sum integer, gap_squares integer) returns integer
language sql immutable parallel safe
as $$
  select case when visits > 0 and days is not null then round (100 * p / (p + (1 - p) / (1 + power (greatest (days, 0) / median, pi () / (g * sqrt (3::float8))))))::integer end
  from (select greatest (1 / (visits + 1)::float8, 0.05) as p, m / sqrt (1 + cv2) as median, least (greatest (sqrt (ln (1 + cv2)), 0.3), 1.2) as g
        from (select case when gaps < 3 then 30::float8 else gap_sum / gaps::float8 end as m,
                     case when gaps < 3 then 1::float8 else (gaps::bigint * gap_squares - gap_sum::bigint * gap_sum) / (gap_sum::float8 * gap_sum) end as cv2) a) b
$$;

-- ---------------------------------------------------------------- one timeline

create index outbox_customer on oba.outbox (customer_id, created_at, message_id);
create index telegram_updates_timeline on oba.telegram_updates (chat_id, received_at) where chat_id is not null;

-- A member of the staff, by their login; '' for a job, the bot, or whoever set the system up.
create function oba.staff_login (login text) returns text
language sql stable
return coalesce ((select s.login from oba.staff s where s.login = staff_login.login and s.role <> 'helper'), '');

/*
 * At most @n events of each kind (bits of @kinds: 1 registration, 2 consent, 4 card, 8 lifecycle, 16 receipt, 32 points, 64 redemption, 128 tier, 256 message,
 * 512 staff action) that come before (@at, @rank, @id) in the timeline of a person and those merged into them; the caller merges them:
 * order by at desc, rank desc, id desc limit n. Each is read backwards along an index, the newest month first. It looks where its caller may
 * not, and gives no more than the caller's role is to see.
 */
create function oba.customer_timeline (customer bigint, kinds integer, before_at timestamptz, before_rank integer, before_id bigint, n integer, lang text)
returns table (at timestamptz, rank integer, id bigint, what text, before text, name text, amount bigint, points bigint, granted boolean, store text, who text,
               through text, state text, reason text, owner bigint, receipt_id bigint, redemption_id bigint, rule_id bigint, rule_version integer,
               days integer, usual_days integer, values_shown boolean, changes jsonb)
language plpgsql stable security definer
set search_path = oba, pg_catalog, pg_temp set jit = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  family bigint[] := array (select f from oba.customer_family (customer) f);
  auditing boolean := pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member')
                      or pg_has_role (session_user, 'oba_auditor', 'member');
  people boolean := auditing or pg_has_role (session_user, 'oba_clerk', 'member') or pg_has_role (session_user, 'oba_helper', 'member');
  until timestamptz := coalesce (before_at, 'infinity');
  -- The last id that may still come, by rank: of a lower rank all of the moment, of a higher one none.
  last bigint[] := array (select case when k < before_rank or before_rank is null then 9223372036854775807 when k = before_rank then before_id
                                      else -9223372036854775808 end from generate_series (0, 9) k order by k);
begin
  n := least (greatest (coalesce (n, 50), 1), 500);

  if kinds & 1 <> 0 then
    return query
    select c.registered_at, 0, c.customer_id, c.registered_through, '', '', 0::bigint, 0::bigint, false, coalesce (s.name, ''),
           case when people then oba.staff_login (c.registered_by) else '' end, c.registered_through, '', '', c.customer_id, null::bigint, null::bigint, null::bigint,
           null::integer, null::integer, null::integer, false, null::jsonb
    from oba.customers c left join oba.stores s on s.store_id = c.registered_store_id
    where c.customer_id = any (family) and (c.registered_at, c.customer_id) < (until, last[1]);
  end if;

  if kinds & 2 <> 0 and people then
    return query
    select x.at, 1, x.consent_id, x.channel, '', '', 0::bigint, 0::bigint, x.granted, coalesce (s.name, ''), oba.staff_login (x.by_whom), x.through, '', '',
           x.customer_id, null::bigint, null::bigint, null::bigint, null::integer, null::integer, null::integer, false, null::jsonb
    from oba.consent_history x left join oba.stores s on s.store_id = x.store_id
    where x.customer_id = any (family) and (x.at, x.consent_id) < (until, last[2])
    order by x.at desc, x.consent_id desc limit n;
  end if;

  if kinds & 4 <> 0 and people then
    -- A card that was printed before is handed out when it becomes active.
    return query
    select x.at, 2, x.id, 'issued', '', x.number, 0::bigint, 0::bigint, false, '', oba.staff_login (x.issued_by), '', x.state, '', x.customer_id, null::bigint,
           null::bigint, null::bigint, null::integer, null::integer, null::integer, false, null::jsonb
    from (select c.*, case c.state when 'active' then c.state_since else c.issued_at end as at, hashtextextended (c.number, 41) as id
          from oba.cards c where c.customer_id = any (family)) x
    where (x.at, x.id) < (until, last[3])
    order by x.at desc, x.id desc limit n;
  end if;

  if kinds & 8 <> 0 then
    return query
    select x.at, 3, x.change_id, x.to_state, coalesce (x.from_state, ''), '', 0::bigint, 0::bigint, false, '', '', '', '', '', x.customer_id, null::bigint,
           null::bigint, null::bigint, null::integer, coalesce (x.absent_days, -1), case when x.gaps < 3 then 0 else round (x.gap_sum / x.gaps::float8)::integer end,
           false, null::jsonb
    from oba.lifecycle_history x
    where x.customer_id = customer and (x.at, x.change_id) < (until, last[4])
    order by x.at desc, x.change_id desc limit n;
  end if;

  if kinds & 16 <> 0 then
    return query
    select x.sold_at, 4, x.receipt_id, x.kind, '', x.receipt_no, x.total,
           coalesce ((select sum (l.points) from oba.points_ledger l
                      where l.customer_id = x.customer_id and l.occurred_at = x.sold_at and l.receipt_id = x.receipt_id), 0)::bigint,
           false, coalesce (s.name, ''), case x.source when 'staff' then oba.staff_login (x.posted_by) else '' end, x.source, '', coalesce (x.reason, x.reason_code, ''),
           x.customer_id, x.receipt_id, null::bigint, null::bigint, null::integer, null::integer, null::integer, false, null::jsonb
    from (select r.* from unnest (family) f (member)
          cross join lateral (select * from oba.receipts y
                              where y.customer_id = f.member and y.sold_at <= until and (y.sold_at, y.receipt_id) < (until, last[5])
                              order by y.sold_at desc, y.receipt_id desc limit n) r
          order by r.sold_at desc, r.receipt_id desc limit n) x
    left join oba.stores s on s.store_id = x.store_id;
  end if;

  if kinds & 32 <> 0 then
    return query
    select x.occurred_at, 5, x.entry_id, x.kind, '', coalesce (e.name, ''), 0::bigint, x.points, false, '',
           case x.source when 'staff' then oba.staff_login (x.posted_by) else '' end, x.source, '', coalesce (x.reason, ''), x.customer_id, x.receipt_id, x.redemption_id,
           x.rule_id, x.rule_version, null::integer, null::integer, false, null::jsonb
    from (select p.* from unnest (family) f (member)
          cross join lateral (select * from oba.points_ledger y
                              where y.customer_id = f.member and y.occurred_at <= until and (y.occurred_at, y.entry_id) < (until, last[6])
                              order by y.occurred_at desc, y.entry_id desc limit n) p
          order by p.occurred_at desc, p.entry_id desc limit n) x
    left join oba.earning_rules e on e.rule_id = x.rule_id and e.version = x.rule_version;
  end if;

  if kinds & 64 <> 0 then
    return query
    select x.at, 6, x.id, x.to_state, coalesce (x.from_state, ''),
           coalesce (case lang when 'az' then w.name_az when 'ru' then coalesce (nullif (w.name_ru, ''), w.name_az) else coalesce (nullif (w.name_en, ''), w.name_az) end, ''),
           0::bigint, d.points, false, coalesce (s.name, ''), oba.staff_login (x.by_whom), d.through, d.state, coalesce (x.reason, ''), x.customer_id, null::bigint,
           x.redemption_id, null::bigint, null::integer, null::integer, null::integer, false, null::jsonb
    from (select y.*, y.redemption_id * 1000 + y.event_no as id from oba.redemption_events y
          where y.customer_id = any (family) and (y.at, y.redemption_id * 1000 + y.event_no) < (until, last[7])
          order by y.at desc, y.redemption_id * 1000 + y.event_no desc limit n) x
    join oba.redemptions d on d.customer_id = x.customer_id and d.redemption_id = x.redemption_id
    left join oba.rewards w on w.reward_id = d.reward_id
    left join oba.stores s on s.store_id = x.store_id;
  end if;

  if kinds & 128 <> 0 then
    return query
    select x.at, 7, x.change_id, x.why, case lang when 'az' then b.name_az when 'ru' then b.name_ru else b.name_en end,
           case lang when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end, coalesce (x.spend, 0), 0::bigint, false, '',
           case when people then oba.staff_login (x.by_whom) else '' end, '', '', coalesce (x.reason, ''), x.customer_id, x.receipt_id, null::bigint, null::bigint, null::integer,
           null::integer, null::integer, false, null::jsonb
    from oba.tier_changes x join oba.tiers b on b.tier_id = x.from_tier join oba.tiers t on t.tier_id = x.to_tier
    where x.customer_id = any (family) and (x.at, x.change_id) < (until, last[8])
    order by x.at desc, x.change_id desc limit n;
  end if;

  if kinds & 256 <> 0 and people then
    return query
    select x.created_at, 8, x.message_id, x.kind, '', '', 0::bigint, 0::bigint, false, '', '', x.channel, x.state, '', x.customer_id, null::bigint, null::bigint,
           null::bigint, null::integer, null::integer, null::integer, false, null::jsonb
    from unnest (family) f (member)
    cross join lateral (select * from oba.outbox y
                        where y.customer_id = f.member and y.created_at <= until and (y.created_at, y.message_id) < (until, last[9])
                        order by y.created_at desc, y.message_id desc limit n) x;
    -- What the customer sent: the command, not the words. Below zero, so that no message of ours has the same id.
    return query
    select x.received_at, 8, - x.update_id, 'command', '', coalesce (substring (x.payload #>> '{message,text}' from '^/[a-z_]{1,40}'), ''), 0::bigint, 0::bigint, false, '',
           '', 'telegram', 'received', '', x.customer_id, null::bigint, null::bigint, null::bigint, null::integer, null::integer, null::integer, false, null::jsonb
    from (select u.*, l.customer_id from oba.telegram_links l
          cross join lateral (select * from oba.telegram_updates y
                              where y.chat_id = l.chat_id and y.received_at <= until and (y.received_at, - y.update_id) < (until, last[9])
                              order by y.received_at desc, y.update_id limit n) u
          where l.customer_id = any (family) and u.payload is not null) x;
  end if;

  if kinds & 512 <> 0 and people then
    -- What is one of the other kinds is not told twice.
    return query
    select x.at, 9, x.audit_id, x.action, '', '', 0::bigint, 0::bigint, false, '', oba.staff_login (x.who), '', '', case when auditing then coalesce (e.reason, '') else '' end,
           x.customer_id, null::bigint, null::bigint, null::bigint, null::integer, null::integer, null::integer, auditing,
           case when auditing then e.changes else (select jsonb_object_agg (k, null) from jsonb_object_keys (x.changes) k) end
    from (select a.* from unnest (family) f (member)
          cross join lateral (select * from oba.audit y
                              where y.customer_id = f.member and y.at <= until and (y.at, y.audit_id) < (until, last[10])
                                and y.action not in ('customer.register', 'consent.set', 'card.issue', 'points.adjust', 'receipt.record', 'receipt.return', 'receipt.void')
                                and not (y.action = 'card.update' and y.changes ? 'customer_id')
                              order by y.at desc, y.audit_id desc limit n) a
          order by a.at desc, a.audit_id desc limit n) x
    left join lateral (select v.changes, v.reason from oba.audit_entries v where v.audit_id = x.audit_id and v.at = x.at and v.customer_id = x.customer_id and auditing) e on true;
  end if;
end $$;

-- ---------------------------------------------------------------- habits and what else a profile tells

-- Does a person fit the rule of a segment? A rule names no other rule, so that segments it names are those with members of their own.
create function oba.customer_fits (customer bigint, filter jsonb) returns boolean
language plpgsql stable
as $$
declare
  fits boolean;
begin
  if filter ? 'segments' and not exists (select from oba.segment_members m
                                         where m.customer_id = customer and m.segment_id in (select v::bigint from jsonb_array_elements_text (filter -> 'segments') v)) then
    return false;
  end if;
  execute 'select exists (' || oba.filter_statement (filter - 'segments') || ' and c.customer_id = $2)' into fits using filter - 'segments', customer;
  return fits;
end $$;

/*
 * Everything that a person's purchases tell, and what they own and allow, in one answer: see oba-customer-insight.h. Null: there is no such person.
 * Contacts and consents' history are left out for those who may not see who a customer is.
 */
create function oba.customer_insight (customer bigint, lang text) returns jsonb
language plpgsql stable security definer
set search_path = oba, pg_catalog, pg_temp set jit = off set plan_cache_mode = force_generic_plan
as $$
declare
  family bigint[] := array (select f from oba.customer_family (customer) f);
  people boolean := exists (select from unnest (array['oba_clerk', 'oba_supervisor', 'oba_admin', 'oba_auditor', 'oba_helper']) r
                            where pg_has_role (session_user, r, 'member'));
  today date := oba.business_day (now ());
  year_start timestamptz := oba.day_start ((oba.business_day (now ()) - interval '1 year' + interval '1 day')::date);
  months_start timestamptz := oba.day_start ((date_trunc ('month', oba.business_day (now ())) - interval '23 months')::date);
  stated_store bigint;
  answer jsonb;
  part jsonb;
begin
  select k.preferred_store_id,
         jsonb_build_object ('id', k.customer_id, 'lifecycle', s.lifecycle, 'lifecycle_since', s.lifecycle_since,
           'lifecycle_due', s.lifecycle_due, 'visits', coalesce (s.visit_days, 0), 'last_visit', s.last_visit_day, 'days_away', today - s.last_visit_day,
           'usual_days', case when s.gaps >= 3 then s.gap_sum / s.gaps::float8 else 0 end,
           'usual_spread', case when s.gaps >= 3 then sqrt ((s.gaps::bigint * s.gap_squares - s.gap_sum::bigint * s.gap_sum)::float8) / s.gaps else 0 end,
           'lapsing_after', oba.lapsing_after (s.gaps, s.gap_sum, s.gap_squares), 'lost_after', oba.lost_after (s.gaps, s.gap_sum, s.gap_squares),
           'churn_percent', oba.churn_percent (today - s.last_visit_day, s.visit_days, s.gaps, s.gap_sum, s.gap_squares))
  into stated_store, answer
  from oba.customers k left join oba.customer_stats s on s.customer_id = k.customer_id
  where k.customer_id = customer and k.kind = 'person';
  if not found then
    return null;
  end if;

  answer := answer || jsonb_build_object (
    'changes', (select jsonb_agg (jsonb_build_array (h.from_state, h.to_state, h.at, coalesce (h.absent_days, -1),
                                                     case when h.gaps >= 3 then h.gap_sum / h.gaps::float8 else 0 end) order by h.at desc, h.change_id desc)
                from oba.lifecycle_history h where h.customer_id = customer),
    'expiries', (select jsonb_agg (jsonb_build_array (e.expires_on, e.points) order by e.expires_on)
                 from (select l.expires_on, sum (l.remaining) as points from oba.points_lots l
                       where l.customer_id = any (family) and l.remaining > 0 group by l.expires_on) e));

  with r as materialized (
    select x.kind, x.business_day, x.store_id, x.total, x.sold_at >= year_start as recent, extract (hour from x.sold_at at time zone 'Asia/Baku')::integer as hour
    from oba.receipts x where x.customer_id = any (family) and x.sold_at >= months_start
  ), stores as (
    select r.store_id, count (*) filter (where r.kind = 'sale') as receipts, sum (r.total)::bigint as revenue from r where r.recent group by 1
  )
  select jsonb_build_object (
    'months', (select jsonb_agg (jsonb_build_array (extract (year from m.month)::integer, extract (month from m.month)::integer, coalesce (s.receipts, 0), coalesce (s.revenue, 0)) order by m.month)
               from generate_series (date_trunc ('month', today::timestamp) - interval '23 months', date_trunc ('month', today::timestamp), interval '1 month') m (month)
               left join (select date_trunc ('month', r.business_day::timestamp) as month, count (*) filter (where r.kind = 'sale') as receipts, sum (r.total)::bigint as revenue
                          from r group by 1) s using (month)),
    'weekdays', (select jsonb_object_agg (d.n, d.visits) from (select extract (isodow from b.business_day)::integer - 1 as n, count (*) as visits
                 from (select distinct r.business_day from r where r.recent and r.kind = 'sale') b group by 1) d),
    'hours', (select jsonb_object_agg (h.hour, h.sales) from (select r.hour, count (*) as sales from r where r.recent and r.kind = 'sale' group by 1) h),
    'stores', (select jsonb_agg (jsonb_build_array (t.store_id, t.name, t.receipts, t.revenue, t.stated) order by t.receipts desc, t.revenue desc, t.store_id)
               from (select coalesce (b.store_id, stated_store) as store_id, coalesce (n.name, '') as name, coalesce (b.receipts, 0) as receipts, coalesce (b.revenue, 0) as revenue,
                            coalesce (b.store_id, stated_store) = stated_store is true as stated
                     from (select y.* from stores y order by y.receipts desc, y.revenue desc, y.store_id limit 5) b
                     full join (select stated_store as store_id where stated_store is not null) w using (store_id)
                     left join oba.stores n on n.store_id = coalesce (b.store_id, stated_store)) t))
  into part;
  answer := answer || part;

  with recursive root (category_id, root_id) as (
    select c.category_id, c.category_id from oba.categories c where c.parent_id is null
    union all select c.category_id, r.root_id from oba.categories c join root r on c.parent_id = r.category_id
  ), bought as (
    select l.product_id, l.receipt_id, sum (l.total)::bigint as revenue, bool_or (l.quantity > 0) as sold
    from oba.receipt_lines l where l.customer_id = any (family) and l.sold_at >= year_start group by 1, 2
  ), by_category as (
    select o.root_id as category_id, count (distinct b.receipt_id) filter (where b.sold) as receipts, sum (b.revenue)::bigint as revenue
    from bought b join oba.products p using (product_id) join root o on o.category_id = p.category_id group by 1
  ), named as (
    select cc.category_id from oba.customer_categories cc where cc.customer_id = customer
  )
  select jsonb_build_object ('categories',
    (select jsonb_agg (jsonb_build_array (t.category_id, case lang when 'az' then g.name_az when 'ru' then coalesce (nullif (g.name_ru, ''), g.name_az)
                                                         else coalesce (nullif (g.name_en, ''), g.name_az) end, t.receipts, t.revenue, t.stated)
                       order by t.revenue desc, g.position, t.category_id)
     from (select category_id, coalesce (b.receipts, 0) as receipts, coalesce (b.revenue, 0) as revenue, w.category_id is not null as stated
           from by_category b full join named w using (category_id)) t
     join oba.categories g using (category_id)))
  into part;
  answer := answer || part;

  if people then
    answer := answer || jsonb_build_object (
      'consents', (select jsonb_agg (jsonb_build_array (k.channel, k.granted, k.since, coalesce (h.through, ''), coalesce (s.name, ''),
                                                        oba.staff_login (h.by_whom), coalesce (h.wording, '')) order by k.channel)
                   from oba.consents k
                   left join lateral (select * from oba.consent_history y where y.customer_id = k.customer_id and y.channel = k.channel and y.granted = k.granted
                                      order by abs (extract (epoch from y.at - k.since)), y.consent_id desc limit 1) h on true
                   left join oba.stores s on s.store_id = h.store_id
                   where k.customer_id = customer),
      'consent_history', (select jsonb_agg (jsonb_build_array (h.channel, h.granted, h.at, h.through, coalesce (s.name, ''),
                                                               oba.staff_login (h.by_whom), h.wording) order by h.at desc, h.consent_id desc)
                          from oba.consent_history h left join oba.stores s on s.store_id = h.store_id where h.customer_id = any (family)),
      'cards', (select jsonb_agg (jsonb_build_array (c.number, c.state, c.issued_at, oba.staff_login (c.issued_by),
                                                     c.state_since) order by c.state, c.issued_at desc, c.number)
                from oba.cards c where c.customer_id = any (family)),
      'telegram', (select jsonb_build_array (coalesce (l.username, ''), l.linked_at, oba.staff_login (l.linked_by),
                                             l.unreachable_at)
                   from oba.telegram_links l where l.customer_id = any (family) order by l.customer_id = customer desc, l.linked_at desc limit 1));
  end if;
  answer := answer || jsonb_build_object (
    'segments', (select jsonb_agg (jsonb_build_array (g.segment_id, g.name, g.kind, m.added_at) order by g.name, g.segment_id)
                 from oba.segments g left join oba.segment_members m on m.segment_id = g.segment_id and m.customer_id = customer
                 where g.archived_at is null and (m.customer_id is not null or (g.kind = 'rule' and oba.customer_fits (customer, g.filter)))));
  return answer;
end $$;

-- ---------------------------------------------------------------- rights

grant select on oba.lifecycle_changes, oba.lifecycle_withdrawals, oba.lifecycle_history to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.customer_family (bigint), oba.lapsing_after (integer, integer, integer), oba.lost_after (integer, integer, integer)
  to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.lifecycle_events (bigint[], date) to oba_admin, oba_auditor;               -- verify recomputes it
grant execute on function oba.refresh_lifecycle (integer, date) to oba_admin, oba_helper;
grant execute on function oba.customer_timeline (bigint, integer, timestamptz, integer, bigint, integer, text), oba.customer_insight (bigint, text),
                          oba.churn_percent (integer, integer, integer, integer, integer)
  to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
