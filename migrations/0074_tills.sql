-- Tills: are their receipts all here? And cashiers: is there something worth a look?
--
-- A job reads each day of a store anew after something was recorded in it, from the receipts themselves, so nothing has to be added up exactly once, and recording
-- a receipt costs nothing more than it did. What was read are the rollups below; what they show becomes a finding (tills) or a review (cashiers), which people explain
-- or decide. A finding about missing receipts ends by itself when they arrive.

set local role oba_owner;
set local search_path = oba, pg_catalog;

/*
 * What counts as something to look at.
 *   late          a receipt was recorded so long after it was sold                     widest_gap      more missing numbers than that: the till began anew
 *   wait          a missing number is on its way for so long                           silent_hours    hours in which the till regularly sells, at least
 *   silent_sales  sales it would have made meanwhile, at least                         again           receipts of a card at a cashier on a day beyond its first, at least
 *   at_cashier    receipts of a card at a cashier, at least                            returns         returns of a cashier, at least
 *   times         that many times the norm, at least                                   risk            chance of one false review in all of the chain's normal days
 *   days          the days a review looks at                                           history         the days that are read at all
 */
create function oba.till_limits (out late interval, out widest_gap integer, out wait interval, out silent_hours integer, out silent_sales integer, out again integer,
                                 out at_cashier integer, out returns integer, out times double precision, out risk double precision, out days integer, out history integer)
language sql immutable parallel safe
return (interval '1 hour', 1000, interval '30 minutes', 2, 20, 4, 10, 5, 3.0::double precision, 0.01::double precision, 28, 92);

-- ---------------------------------------------------------------- what was read

-- A till on a day.
create table oba.till_days (
  store_id      bigint not null,
  till_no       integer not null,
  day           date not null,
  sales         integer not null,
  returns       integer not null,                                                  -- returns and voids
  hours         integer not null,                                                  -- bit n: it sold in the hour from n on
  first_at      timestamptz not null,
  last_at       timestamptz not null,
  primary key (store_id, till_no, day)
);
create index till_days_day on oba.till_days (store_id, day);
-- Receipt numbers of a till and a day without one missing between them.
create table oba.till_runs (
  store_id      bigint not null,
  till_no       integer not null,
  series        text collate "C" not null,                                         -- what stands before the running number
  first_no      bigint not null,
  last_no       bigint not null,
  day           date not null,
  first_at      timestamptz not null,
  last_at       timestamptz not null,
  seen_at       timestamptz not null,                                              -- when the first of them was recorded
  primary key (store_id, till_no, series, first_no, day)
);
create index till_runs_day on oba.till_runs (store_id, day);
-- A cashier on a day.
create table oba.cashier_days (
  store_id      bigint not null,
  day           date not null,
  cashier       text not null,
  sales         integer not null,
  card_sales    integer not null,                                                  -- to known customers
  card_visits   integer not null,                                                  -- how many customers these were
  returns       integer not null,
  primary key (store_id, day, cashier)
);
-- A customer who came to the same cashier more than once on a day.
create table oba.cashier_cards (
  store_id      bigint not null,
  day           date not null,
  cashier       text not null,
  customer_id   bigint not null,
  receipts      integer not null check (receipts > 1),
  primary key (store_id, day, cashier, customer_id)
);
-- Days of stores that something was recorded in since they were read.
create table oba.till_stale (
  store_id      bigint not null,
  day           date not null,
  due_at        timestamptz not null,
  primary key (store_id, day)
);
create index till_stale_due on oba.till_stale (due_at);
create table oba.till_state (
  only_row          boolean primary key default true check (only_row),
  system_identifier bigint not null,                                               -- transaction ids mean nothing in another cluster
  seen_below        xid8 not null                                                  -- receipts of older transactions have made their days stale
);
insert into oba.till_state (system_identifier, seen_below) select system_identifier, '0' from pg_control_system ();

-- What a till sent and was refused, or sent again; kept by the helper, since the refusal itself leaves nothing behind.
create table oba.till_refusals (
  store_id      bigint not null,
  till_no       integer not null,
  receipt_no    text collate "C" not null check (length (receipt_no) between 1 and 64),
  code          text not null check (code ~ '^OB0[0-9][0-9]$' or code = 'again'),  -- again: the same once more, which is no fault
  sold_at       timestamptz,                                                       -- as it was sent
  total         bigint,
  times         integer not null default 1,
  first_at      timestamptz not null default now(),
  last_at       timestamptz not null default now(),
  primary key (store_id, till_no, receipt_no, code)
);

-- ---------------------------------------------------------------- findings and reviews

create table oba.till_findings (
  finding_id    bigint generated always as identity primary key,
  kind          text not null check (kind in ('gap', 'late', 'duplicate', 'silent')),
  store_id      bigint not null references oba.stores,
  till_no       integer not null,
  series        text collate "C" not null default '',                              -- of a gap; of a duplicate: its receipt number
  first_no      bigint,                                                            -- the missing numbers
  last_no       bigint,
  day           date not null,
  receipts      bigint not null,                                                   -- missing, late, refused; silent: would have been sold
  begins_at     timestamptz not null,                                              -- the receipt before, the first late one, the last one before the silence
  ends_at       timestamptz,                                                       -- the receipt after, the last late one
  figures       jsonb not null default '{}',
  state         text not null default 'open' check (state in ('open', 'explained', 'resolved')),
  state_at      timestamptz not null default now(),
  version       integer not null default 1
);
create unique index till_findings_live on oba.till_findings (store_id, till_no, kind, series, coalesce (first_no, 0), day) where state <> 'resolved' or kind <> 'gap';
create index till_findings_list on oba.till_findings (state, begins_at desc, finding_id desc);
create index till_findings_store on oba.till_findings (store_id, state, begins_at desc, finding_id desc);
create table oba.till_finding_events (
  finding_id    bigint not null references oba.till_findings,
  event_no      integer not null,
  at            timestamptz not null default now(),
  who           text,                                                              -- null: by itself
  state         text not null,
  reason_code   text,
  note          text check (length (note) between 1 and 500 and note !~ '[[:cntrl:]]'),
  receipts      bigint not null,
  primary key (finding_id, event_no)
);

create table oba.cashier_reviews (
  review_id     bigint generated always as identity primary key,
  kind          text not null check (kind in ('card', 'returns')),
  store_id      bigint not null references oba.stores,
  cashier       text not null,
  customer_id   bigint references oba.customers,                                   -- whose card
  from_day      date not null,
  to_day        date not null,
  figures       jsonb not null,
  weight        double precision not null,                                         -- how unlikely: the number of zeros of the chance
  state         text not null default 'open' check (state in ('open', 'follow_up', 'fine')),
  found_at      timestamptz not null default now(),
  state_at      timestamptz not null default now(),
  version       integer not null default 1,
  check ((kind = 'card') = (customer_id is not null))
);
create unique index cashier_reviews_live on oba.cashier_reviews (store_id, cashier, kind, coalesce (customer_id, 0)) where state <> 'fine';
create index cashier_reviews_list on oba.cashier_reviews (state, weight desc, review_id desc);
create index cashier_reviews_customer on oba.cashier_reviews (customer_id) where customer_id is not null;
create table oba.cashier_review_events (
  review_id     bigint not null references oba.cashier_reviews,
  event_no      integer not null,
  at            timestamptz not null default now(),
  who           text,
  state         text not null,
  note          text check (length (note) between 1 and 500 and note !~ '[[:cntrl:]]'),
  primary key (review_id, event_no)
);

create function oba.till_happened (finding bigint, by_whom text, code text, said text) returns void
language sql
as $$
  insert into oba.till_finding_events (finding_id, event_no, who, state, reason_code, note, receipts)
  select f.finding_id, 1 + (select count (*) from oba.till_finding_events e where e.finding_id = f.finding_id), by_whom, f.state, code, said, f.receipts
  from oba.till_findings f where f.finding_id = finding;
  select pg_notify ('oba_tills', finding::text);
$$;

-- ---------------------------------------------------------------- receipt numbers

/*
 * Tills number differently: 17, 000017, A3-17, 2026-11-23/0017, 202611230017. The running number is the digits at the end; what stands before them, with the day if
 * the till writes it there, is the series: numbers are compared within a series only, so a new day or shift is a new beginning and not a gap. Without digits: null.
 */
create function oba.receipt_number (receipt_no text, day date, out series text, out number bigint)
language plpgsql immutable parallel safe
as $$
declare
  tail text := substring (receipt_no from '[0-9]{1,18}$');
  form text;
  made text;
begin
  if tail is null then
    return;
  elsif length (tail) >= 8 then
    foreach form in array array['YYYYMMDD', 'DDMMYYYY', 'YYMMDD', 'DDMMYY'] loop
      made := to_char (day, form);
      if left (tail, length (made)) = made and length (tail) >= length (made) + 2 then
        tail := substr (tail, length (made) + 1);
        exit;
      end if;
    end loop;
  end if;
  series := left (receipt_no, length (receipt_no) - length (tail));
  number := tail::bigint;
end $$;

-- The longest row of ones.
create function oba.longest_row (bits integer) returns integer
language plpgsql immutable parallel safe
as $$
declare
  n integer := 0;
begin
  while bits <> 0 loop
    bits := bits & (bits << 1) & 16777215;
    n := n + 1;
  end loop;
  return n;
end $$;

-- ---------------------------------------------------------------- reading days of a store

create function oba.read_till_days (store bigint, of_days date[]) returns void
language plpgsql set enable_seqscan = off set jit = off
as $$
begin
  delete from oba.till_days t where t.store_id = store and t.day = any (of_days);
  delete from oba.till_runs t where t.store_id = store and t.day = any (of_days);
  delete from oba.cashier_days t where t.store_id = store and t.day = any (of_days);
  delete from oba.cashier_cards t where t.store_id = store and t.day = any (of_days);

  -- What head office entered has no till, or a number of its own; a receipt recorded from paper has the till's.
  with r as materialized (
    select r.business_day as day, r.till_no, r.kind, r.sold_at, r.cashier, r.customer_id, w.customer_id is null as person,
           n.series, n.number, case when r.source = 'till' then r.posted_at else r.sold_at end as seen_at
    from oba.receipts r
    left join oba.walk_ins w on w.store_id = store and w.customer_id = r.customer_id
    -- Most tills write nothing but a number; the function costs ten times as much.
    left join lateral (select '' as series, r.receipt_no::bigint as number where r.receipt_no ~ '^[0-9]{1,7}$'
                       union all
                       select f.series, f.number from oba.receipt_number (r.receipt_no, r.business_day) f where r.receipt_no !~ '^[0-9]{1,7}$') n on true
    where r.store_id = store and r.sold_at >= oba.day_start ((select min (x) from unnest (of_days) x)) and r.sold_at < oba.day_start ((select max (x) + 1 from unnest (of_days) x))
      and r.business_day = any (of_days) and r.till_no > 0 and not (r.source = 'staff' and r.receipt_no in ('R' || r.receipt_id, 'C' || r.receipt_id))
  ), days as (
    insert into oba.till_days (store_id, till_no, day, sales, returns, hours, first_at, last_at)
    select store, r.till_no, r.day, count (*) filter (where r.kind = 'sale'), count (*) filter (where r.kind in ('return', 'void')),
           bit_or (1 << extract (hour from r.sold_at at time zone 'Asia/Baku')::integer), min (r.sold_at), max (r.sold_at)
    from r group by r.till_no, r.day
  ), numbers as (
    select r.day, r.till_no, r.series, r.number, min (r.sold_at) as sold_at, min (r.seen_at) as seen_at,
           r.number - row_number () over (partition by r.till_no, r.series, r.day order by r.number) as run
    from r where r.number is not null group by r.day, r.till_no, r.series, r.number
  ), runs as (
    insert into oba.till_runs (store_id, till_no, series, first_no, last_no, day, first_at, last_at, seen_at)
    select store, n.till_no, n.series, min (n.number), max (n.number), n.day,
           (array_agg (n.sold_at order by n.number))[1], (array_agg (n.sold_at order by n.number desc))[1], (array_agg (n.seen_at order by n.number))[1]
    from numbers n group by n.till_no, n.series, n.day, n.run
  ), visits as materialized (
    select r.day, r.cashier, r.customer_id, r.person, count (*) filter (where r.kind = 'sale') as sales, count (*) filter (where r.kind in ('return', 'void')) as returns
    from r where r.cashier is not null group by r.day, r.cashier, r.customer_id, r.person
  ), cashiers as (
    insert into oba.cashier_days (store_id, day, cashier, sales, card_sales, card_visits, returns)
    select store, v.day, v.cashier, sum (v.sales), coalesce (sum (v.sales) filter (where v.person), 0), count (*) filter (where v.person and v.sales > 0), sum (v.returns)
    from visits v group by v.day, v.cashier
  )
  insert into oba.cashier_cards (store_id, day, cashier, customer_id, receipts)
  select store, v.day, v.cashier, v.customer_id, v.sales from visits v where v.person and v.sales > 1;
end $$;

-- ---------------------------------------------------------------- missing numbers

create type oba.till_gap as (till_no integer, series text, first_no bigint, last_no bigint, before_at timestamptz, after_at timestamptz, seen_at timestamptz);
/*
 * Missing receipt numbers of a store's tills about these days: between two runs of a series that follow each other in number and in time. Not a gap but a new beginning is
 * what is wider than widest_gap, goes back in time, or is more than the till could have sold meanwhile: three times its usual pace, and 50.
 */
create function oba.till_gaps (store bigint, days date[]) returns setof oba.till_gap
language sql stable
as $$
  with touched as (
    select distinct t.till_no, t.series from oba.till_runs t where t.store_id = store and t.day = any (days)
  ), pace as (
    select d.till_no, sum (d.sales)::double precision / sum (bit_count (d.hours::bit(24))) as hourly
    from oba.till_days d where d.store_id = store and d.day between (select min (x) - 28 from unnest (days) x) and (select max (x) from unnest (days) x) group by 1
  ), runs as (
    select t.till_no, t.series, t.first_no, t.first_at, t.seen_at,
           max (t.last_no) over before as reached, lag (t.last_at) over (partition by t.till_no, t.series order by t.first_no, t.last_no) as reached_at
    from oba.till_runs t join touched u using (till_no, series)
    where t.store_id = store and t.day between (select min (x) - 45 from unnest (days) x) and (select max (x) + 45 from unnest (days) x)
    window before as (partition by t.till_no, t.series order by t.first_no, t.last_no rows between unbounded preceding and 1 preceding)
  )
  select r.till_no, r.series, r.reached + 1, r.first_no - 1, r.reached_at, r.first_at, r.seen_at
  from runs r join pace p using (till_no) cross join oba.till_limits () l
  where r.first_no > r.reached + 1 and r.first_no - r.reached - 1 <= l.widest_gap and r.first_at > r.reached_at - interval '1 day'
    and r.first_no - r.reached - 1 <= 50 + 3 * p.hourly * (1 + greatest (0, extract (epoch from r.first_at - r.reached_at)) / 3600)
$$;

-- Brings a store's findings about missing numbers up to date. Returns when to look again, if a number may still be on its way.
create function oba.judge_gaps (store bigint, days date[]) returns timestamptz
language plpgsql
as $$
declare
  l record;
  missing oba.till_gap[] := array (select x from oba.till_gaps (store, days) x);
  g oba.till_gap;
  f oba.till_findings;
  again timestamptz;
  id bigint;
begin
  select * into l from oba.till_limits ();
  select min (x.seen_at + l.wait) into again from unnest (missing) x where x.seen_at > now() - l.wait;

  -- What came meanwhile: all of it, or a part.
  for f in select * from oba.till_findings x where x.store_id = store and x.kind = 'gap' and x.state <> 'resolved'
             and exists (select from oba.till_runs t where t.store_id = store and t.till_no = x.till_no and t.series = x.series and t.day = any (days)
                           and t.first_no <= x.last_no and t.last_no >= x.first_no) for update loop
    select * into g from unnest (missing) x where x.till_no = f.till_no and x.series = f.series and x.first_no <= f.last_no and x.last_no >= f.first_no
      order by x.first_no limit 1;
    if g.till_no is not null then
      update oba.till_findings x set first_no = g.first_no, last_no = g.last_no, receipts = g.last_no - g.first_no + 1, begins_at = g.before_at, ends_at = g.after_at,
             day = oba.business_day (g.after_at), state_at = now(), version = x.version + 1
        where x.finding_id = f.finding_id;
    else
      update oba.till_findings x set state = 'resolved', receipts = 0, state_at = now(), version = x.version + 1 where x.finding_id = f.finding_id;
    end if;
    perform oba.till_happened (f.finding_id, null, null, null);
  end loop;

  for g in select * from unnest (missing) x where x.seen_at <= now() - l.wait
             and not exists (select from oba.till_findings k where k.store_id = store and k.till_no = x.till_no and k.kind = 'gap' and k.state <> 'resolved'
                               and k.series = x.series and k.first_no <= x.last_no and k.last_no >= x.first_no) loop
    insert into oba.till_findings (kind, store_id, till_no, series, first_no, last_no, day, receipts, begins_at, ends_at)
    values ('gap', store, g.till_no, g.series, g.first_no, g.last_no, oba.business_day (g.after_at), g.last_no - g.first_no + 1, g.before_at, g.after_at)
    returning finding_id into id;
    perform oba.till_happened (id, null, null, null);
  end loop;
  return again;
end $$;

-- ---------------------------------------------------------------- late receipts, numbers used twice

-- Receipts that a till sent long after it sold them: a finding for each till and day, with how late. A till sends them when it has a connection again.
create function oba.judge_late (store bigint, days date[]) returns void
language plpgsql set enable_seqscan = off
as $$
declare
  l record;
  g record;
  id bigint;
begin
  select * into l from oba.till_limits ();
  for g in
    select r.till_no, r.business_day as day, count (*) as receipts, min (r.sold_at) as first_at, max (r.sold_at) as last_at, min (r.posted_at) as first_in, max (r.posted_at) as last_in,
           extract (epoch from max (r.posted_at - r.sold_at))::bigint / 60 as longest, extract (epoch from min (r.posted_at - r.sold_at))::bigint / 60 as shortest
    from unnest (days) d cross join lateral (
      select x.till_no, x.business_day, x.sold_at, x.posted_at from oba.receipts x
      where x.store_id = store and x.sold_at >= oba.day_start (d) and x.sold_at < oba.day_start (d + 1) and x.till_no > 0 and x.source = 'till'
        and x.posted_at > x.sold_at + l.late) r
    group by 1, 2
  loop
    id := null;
    insert into oba.till_findings as f (kind, store_id, till_no, day, receipts, begins_at, ends_at, figures)
    values ('late', store, g.till_no, g.day, g.receipts, g.first_at, g.last_at,
            jsonb_build_object ('longest', g.longest, 'shortest', g.shortest, 'arrived', jsonb_build_array (extract (epoch from g.first_in)::bigint, extract (epoch from g.last_in)::bigint)))
    on conflict (store_id, till_no, kind, series, coalesce (first_no, 0), day) where state <> 'resolved' or kind <> 'gap'
    do update set receipts = excluded.receipts, begins_at = excluded.begins_at, ends_at = excluded.ends_at, figures = excluded.figures,
                  state = 'open', state_at = now(), version = f.version + 1
      where f.receipts <> excluded.receipts
    returning finding_id into id;
    if id is not null then
      perform oba.till_happened (id, null, null, null);
    end if;
  end loop;
end $$;

-- What a till wrote as a time; null when it cannot be read.
create function oba.moment_of (said text) returns timestamptz
language plpgsql stable
as $$
begin
  return said::timestamptz;
exception when data_exception then
  return null;
end $$;

/*
 * The helper tells what it has refused a till, or what a till has sent again: {"code": "OB004" | ... | "again", "receipt_no", "sold_at", "total"} of the till @client. A number
 * used twice is a finding at once; the same receipt sent again is one only when it does not end: ten times.
 */
create function oba.note_refusal (client text, said jsonb) returns void
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  t oba.tills;
  no text := btrim (said ->> 'receipt_no');
  r oba.till_refusals;
  id bigint;
begin
  select * into t from oba.tills x where x.client_id = client;
  if not found or no is null or length (no) not between 1 and 64 or no ~ '[[:cntrl:]]' or coalesce (said ->> 'code', '') !~ '^(OB0[0-9][0-9]|again)$' then
    return;   -- nothing that could be found again
  end if;
  insert into oba.till_refusals as x (store_id, till_no, receipt_no, code, sold_at, total)
  values (t.store_id, t.till_no, no, said ->> 'code', oba.moment_of (said ->> 'sold_at'),
          case when jsonb_typeof (said -> 'total') = 'number' and abs ((said ->> 'total')::numeric) < 1e15 then trunc ((said ->> 'total')::numeric)::bigint end)
  on conflict (store_id, till_no, receipt_no, code) do update
  set times = x.times + 1, last_at = now(), sold_at = excluded.sold_at, total = excluded.total
  returning * into r;
  if r.code = 'OB004' or (r.code = 'again' and r.times >= 10 and not exists (select from oba.till_refusals x where x.store_id = t.store_id and x.till_no = t.till_no
                                                                               and x.receipt_no = no and x.code = 'OB004')) then
    insert into oba.till_findings as f (kind, store_id, till_no, series, day, receipts, begins_at, ends_at, figures)
    values ('duplicate', t.store_id, t.till_no, no, oba.business_day (r.first_at), r.times, r.first_at, r.last_at, jsonb_build_object ('code', r.code, 'sold_at', r.sold_at, 'total', r.total))
    on conflict (store_id, till_no, kind, series, coalesce (first_no, 0), day) where state <> 'resolved' or kind <> 'gap'
    do update set receipts = excluded.receipts, ends_at = excluded.ends_at, figures = excluded.figures, state = 'open', state_at = now(), version = f.version + 1
    returning finding_id into id;
    perform oba.till_happened (id, null, null, null);
  end if;
end $$;

-- ---------------------------------------------------------------- silent tills

/*
 * Tills of a store that are silent longer than they ever are. A till sells regularly in an hour of a weekday when it did so on at least three, and three quarters, of these days
 * of the four weeks before its last one; only hours count in which the store sold at another till, so a store that is closed is not silent. Silent is what has passed more such
 * hours than its longest silence of those weeks, and so many that silent_sales sales are missing at its usual pace: by chance (Poisson) none of them would come once in 5e8 times.
 */
create function oba.till_silences (store bigint) returns table (till_no integer, last_at timestamptz, hours integer, norm integer, missing integer)
language sql stable
as $$
  with open_days as materialized (
    select d.day, bit_or (d.hours) as hours, extract (isodow from d.day)::integer as dow from oba.till_days d
    where d.store_id = store and d.day > (select max (x.day) from oba.till_days x where x.store_id = store) - 92 group by d.day
  ), quiet as materialized (
    select t.till_no, t.last_at, oba.business_day (t.last_at) as last_day,
           ~ ((2 << extract (hour from t.last_at at time zone 'Asia/Baku')::integer) - 1) as later
    from (select d.till_no, max (d.last_at) as last_at from oba.till_days d where d.store_id = store and d.day >= (select min (o.day) from open_days o) group by d.till_no) t
    cross join oba.till_limits () l
    where (select sum (bit_count ((o.hours & case when o.day > oba.business_day (t.last_at) then -1
                                                  else ~ ((2 << extract (hour from t.last_at at time zone 'Asia/Baku')::integer) - 1) end)::bit(24)))
           from open_days o where o.day >= oba.business_day (t.last_at)) >= l.silent_hours
      -- Not one that was taken out of use.
      and not (exists (select from oba.tills k where k.store_id = store and k.till_no = t.till_no and k.revoked_at is not null)
               and not exists (select from oba.tills k where k.store_id = store and k.till_no = t.till_no and k.revoked_at is null))
  ), known as materialized (
    select q.till_no, o.day, o.dow, o.hours as open_hours, coalesce (d.hours, 0) as hours, coalesce (d.sales, 0) as sales
    from quiet q join open_days o on o.day between q.last_day - 28 and q.last_day - 1
    left join oba.till_days d on d.store_id = store and d.till_no = q.till_no and d.day = o.day
  ), regular as materialized (
    select x.till_no, x.dow, sum (1 << x.h)::integer as hours
    from (select k.till_no, k.dow, h from known k cross join generate_series (0, 23) h
          group by k.till_no, k.dow, h
          having count (*) filter (where k.hours & (1 << h) <> 0) >= 3 and 4 * count (*) filter (where k.hours & (1 << h) <> 0) >= 3 * count (*)) x
    group by x.till_no, x.dow
  ), usual as (
    select k.till_no, max (oba.longest_row (r.hours & k.open_hours & ~ k.hours)) as norm,
           sum (k.sales)::double precision / nullif (sum (bit_count (k.hours::bit(24))), 0) as hourly
    from known k join regular r using (till_no, dow) group by k.till_no
  ), now_silent as (
    select q.till_no, q.last_at, sum (bit_count ((r.hours & o.hours & case when o.day > q.last_day then -1 else q.later end)::bit(24)))::integer as hours
    from quiet q join open_days o on o.day >= q.last_day join regular r on r.till_no = q.till_no and r.dow = o.dow group by q.till_no, q.last_at
  )
  select s.till_no, s.last_at, s.hours, u.norm, (s.hours * u.hourly)::integer
  from now_silent s join usual u using (till_no) cross join oba.till_limits () l
  where s.hours >= l.silent_hours and s.hours > u.norm and s.hours * u.hourly >= l.silent_sales
$$;

-- Makes or ends a store's findings about silence. Till 0 is the whole store, see judge_silent_stores().
create function oba.judge_silence (store bigint) returns void
language plpgsql
as $$
declare
  g record;
  id bigint;
begin
  for id in
    update oba.till_findings f set state = 'resolved', ends_at = x.first_at, state_at = now(), version = f.version + 1
    from (select s.finding_id, min (case when d.first_at > s.begins_at then d.first_at else d.last_at end) as first_at from oba.till_findings s join oba.till_days d on d.store_id = s.store_id and (d.till_no = s.till_no or s.till_no = 0)
            and d.day >= s.day and d.last_at > s.begins_at
          where s.store_id = store and s.kind = 'silent' and s.state <> 'resolved' group by s.finding_id) x
    where f.finding_id = x.finding_id returning f.finding_id
  loop
    perform oba.till_happened (id, null, null, null);
  end loop;
  for g in select * from oba.till_silences (store) loop
    id := null;
    insert into oba.till_findings as f (kind, store_id, till_no, day, receipts, begins_at, figures)
    values ('silent', store, g.till_no, oba.business_day (g.last_at), g.missing, g.last_at, jsonb_build_object ('hours', g.hours, 'norm', g.norm))
    on conflict (store_id, till_no, kind, series, coalesce (first_no, 0), day) where state <> 'resolved' or kind <> 'gap'
    do update set receipts = excluded.receipts, begins_at = excluded.begins_at, ends_at = null, figures = excluded.figures, version = f.version + 1,
                  state = case when f.state = 'resolved' then 'open' else f.state end, state_at = case when f.state = 'resolved' then now() else f.state_at end
      where f.state = 'resolved' or f.receipts <> excluded.receipts
    returning finding_id into id;
    if id is not null and not exists (select from oba.till_finding_events e where e.finding_id = id and e.state <> 'resolved'
                                      and e.event_no = (select max (y.event_no) from oba.till_finding_events y where y.finding_id = id)) then
      perform oba.till_happened (id, null, null, null);
    end if;
  end loop;
end $$;

-- A store whose tills are all silent: it sold on nine days of ten before, nothing for two whole days since, while most of the chain sold. One day is a closed day.
create function oba.judge_silent_stores () returns integer
language plpgsql
as $$
declare
  latest date := (select max (r.day) from oba.rollup_store_days r);
  id bigint;
  n integer := 0;
begin
  for id in
    with usual as (
      select r.store_id, max (r.day) as last_day from oba.rollup_store_days r join oba.stores s using (store_id)
      where r.day between latest - 58 and latest and r.receipts > 0 and s.closed_on is null group by 1
    ), sold as (
      select r.day, count (*) as stores from oba.rollup_store_days r where r.day > latest - 30 and r.receipts > 0 group by 1
    ), silent as (
      select u.store_id, u.last_day, (select count (*) from oba.rollup_store_days r where r.store_id = u.store_id and r.day between u.last_day - 29 and u.last_day and r.receipts > 0) as days,
             (select coalesce (sum (r.receipts), 0) / 30 from oba.rollup_store_days r where r.store_id = u.store_id and r.day between u.last_day - 29 and u.last_day) as daily,
             (select count (*) from sold d where d.day > u.last_day and d.day < latest and 2 * d.stores > (select max (x.stores) from sold x)) as missed
      from usual u where u.last_day < latest - 2
    )
    insert into oba.till_findings (kind, store_id, till_no, day, receipts, begins_at, figures)
    select 'silent', s.store_id, 0, s.last_day, s.missed * s.daily,
           (select max (t.last_at) from oba.till_days t where t.store_id = s.store_id and t.day = s.last_day), jsonb_build_object ('days', s.missed)
    from silent s
    where s.days >= 27 and s.missed >= 2 and exists (select from oba.till_days t where t.store_id = s.store_id and t.day = s.last_day)
    on conflict do nothing returning finding_id
  loop
    perform oba.till_happened (id, null, null, null);
    n := n + 1;
  end loop;
  return n;
end $$;

-- ---------------------------------------------------------------- cashiers

/*
 * How unlikely it is that something which happens @expected times by its norm happens @seen times or more: -log10 of the upper tail of the Poisson distribution
 * (the sum over k >= seen of exp (-m) m^k / k!; Johnson, Kemp, Kotz: Univariate Discrete Distributions, ch. 4). For trials of different chances it is an upper bound
 * (Hoeffding 1956), so it accuses nobody who is not unusual. ln k! for large k by Stirling's series.
 */
create function oba.unlikely (seen bigint, expected double precision) returns double precision
language plpgsql immutable parallel safe
as $$
declare
  log_term double precision;
  term double precision := 1;
  total double precision := 1;
  k bigint := seen;
begin
  if seen <= expected or seen <= 0 then
    return 0;
  elsif expected <= 0 then
    return 300;
  end if;
  if seen < 40 then
    select sum (ln (i::double precision)) into log_term from generate_series (1, seen) i;
  else
    log_term := seen * ln (seen::double precision) - seen + 0.5 * ln (2 * pi () * seen) + 1.0 / (12 * seen);
  end if;
  log_term := seen * ln (expected) - expected - log_term;
  while term > 1e-12 loop
    k := k + 1;
    term := term * expected / k;
    total := total + term;
  end loop;
  return least (300, - (log_term + ln (total)) / ln (10::double precision));
end $$;

/*
 * A card at a cashier, from the receipts: {"receipts", "days", "again": beyond the first of each day; "norm_again": what these would be by the store's other cashiers;
 * "norm": how many of the customer's receipts in this store would be at this cashier, by who served the others in the same hours; "in_store", "elsewhere": all receipts of
 * the customer in this store, in others; "amount"}. @rate: second receipts a visit at the store's other cashiers.
 */
create function oba.cashier_card_figures (store bigint, at_cashier text, customer bigint, from_day date, to_day date, rate double precision) returns jsonb
language sql stable
as $$
  with own as materialized (
    select r.store_id, r.cashier, r.business_day as day, extract (hour from r.sold_at at time zone 'Asia/Baku')::integer as hour, r.total
    from oba.receipts r where r.customer_id = customer and r.sold_at >= oba.day_start (from_day) and r.sold_at < oba.day_start (to_day + 1) and r.kind = 'sale'
  ), hours as (
    select o.day, o.hour, count (*) as visits from own o where o.store_id = store and o.cashier is not null group by 1, 2
  ), duty as (
    select h.visits, (select (count (*) filter (where r.cashier = at_cashier) + 1.0) / (count (*) + 1.0) from oba.receipts r
                      where r.store_id = store and r.sold_at >= oba.day_start (h.day) + h.hour * interval '1 hour' and r.sold_at < oba.day_start (h.day) + (h.hour + 1) * interval '1 hour'
                        and r.kind = 'sale' and r.cashier is not null and r.customer_id <> customer) as share
    from hours h
  ), here as (
    select count (*) as receipts, count (distinct o.day) as days, coalesce (sum (o.total), 0) as amount from own o where o.store_id = store and o.cashier = at_cashier
  )
  select jsonb_build_object ('receipts', here.receipts, 'days', here.days, 'again', here.receipts - here.days, 'norm_again', round ((here.days * rate)::numeric, 2),
                             'norm', round (coalesce ((select sum (d.visits * d.share) from duty d), 0), 1), 'amount', here.amount,
                             'in_store', (select count (*) from own o where o.store_id = store), 'elsewhere', (select count (*) from own o where o.store_id <> store))
  from here
$$;

-- A review that is not decided as fine gets new figures; else a new one begins.
create function oba.keep_review (of_kind text, store bigint, who text, customer bigint, from_day date, to_day date, figures jsonb, weight double precision) returns integer
language plpgsql
as $$
declare
  id bigint;
begin
  update oba.cashier_reviews v set from_day = least (v.from_day, keep_review.from_day), to_day = keep_review.to_day, figures = keep_review.figures, weight = keep_review.weight
    where v.store_id = store and v.cashier = who and v.kind = of_kind and coalesce (v.customer_id, 0) = coalesce (customer, 0) and v.state <> 'fine';
  if found then
    return 0;
  end if;
  insert into oba.cashier_reviews (kind, store_id, cashier, customer_id, from_day, to_day, figures, weight)
  values (of_kind, store, who, customer, from_day, to_day, figures, weight) returning review_id into id;
  insert into oba.cashier_review_events (review_id, event_no, state) values (id, 1, 'open');
  perform pg_notify ('oba_cashiers', id::text);
  return 1;
end $$;

/*
 * Looks through a store's cashiers in the last 28 days. Worth a look is
 *   card      a customer who came again on the same day to the same cashier so often (again), or who came to this cashier so often (at_cashier, and times the norm) though others
 *             served the store in the same hours, that chance does not explain it;
 *   returns   a cashier who took back so much (returns, and times the norm) more than the store's others, a sale.
 * The norm is that of the store's other cashiers, so that one who is unusual does not make the norm. By chance does not explain: less likely than risk divided by the number of
 * all cards and cashiers that are compared in the chain (Bonferroni; Dunn 1961). What was looked at and found fine begins anew the day after. Returns how many are new.
 */
create function oba.judge_cashiers (store bigint) returns integer
language plpgsql set enable_seqscan = off set jit = off
as $$
declare
  l record;
  last_day date := (select max (d.day) from oba.cashier_days d where d.store_id = store);
  first_day date := last_day - (oba.till_limits ()).days + 1;
  stores bigint := (select count (*) from oba.stores s where s.closed_on is null);
  all_days record;
  c record;
  k record;
  fresh date;
  norm double precision;
  figures jsonb;
  weight double precision;
  n integer := 0;
begin
  select * into l from oba.till_limits ();
  select sum (d.sales) as sales, sum (d.card_sales) as card_sales, sum (d.card_visits) as card_visits, sum (d.returns) as returns, count (distinct d.cashier) as cashiers into all_days
    from oba.cashier_days d where d.store_id = store and d.day >= first_day;
  for c in select d.cashier, sum (d.sales) as sales, sum (d.card_sales) as card_sales, sum (d.card_visits) as card_visits, sum (d.returns) as returns
           from oba.cashier_days d where d.store_id = store and d.day >= first_day group by d.cashier loop
    norm := (all_days.card_sales - all_days.card_visits - (c.card_sales - c.card_visits) + 1.0) / (all_days.card_visits - c.card_visits + 50.0);
    for k in select x.customer_id from oba.cashier_cards x where x.store_id = store and x.day >= first_day and x.cashier = c.cashier
             group by 1 having sum (x.receipts - 1) >= l.again or sum (x.receipts) >= l.at_cashier loop
      select greatest (first_day, max (v.to_day) + 1) into fresh from oba.cashier_reviews v
        where v.store_id = store and v.cashier = c.cashier and v.kind = 'card' and v.customer_id = k.customer_id and v.state = 'fine';
      fresh := coalesce (fresh, first_day);
      figures := oba.cashier_card_figures (store, c.cashier, k.customer_id, fresh, last_day, norm);
      weight := case when (figures ->> 'again')::bigint >= l.again then oba.unlikely ((figures ->> 'again')::bigint, norm * (figures ->> 'days')::bigint) else 0 end;
      if (figures ->> 'receipts')::bigint >= l.at_cashier and (figures ->> 'receipts')::bigint >= l.times * (figures ->> 'norm')::double precision then
        weight := greatest (weight, oba.unlikely ((figures ->> 'receipts')::bigint, (figures ->> 'norm')::double precision));
      end if;
      if weight >= log (stores * all_days.card_visits / l.risk) then
        n := n + oba.keep_review ('card', store, c.cashier, k.customer_id, fresh, last_day,
                                  figures || jsonb_build_object ('card_sales', c.card_sales, 'rate', round (norm::numeric, 5)), weight);
      end if;
    end loop;

    select max (v.to_day) + 1 into fresh from oba.cashier_reviews v where v.store_id = store and v.cashier = c.cashier and v.kind = 'returns' and v.state = 'fine';
    if fresh > first_day then
      select sum (d.sales) as sales, sum (d.returns) as returns into k from oba.cashier_days d where d.store_id = store and d.day >= fresh and d.cashier = c.cashier;
    else
      fresh := first_day;
      select c.sales as sales, c.returns as returns into k;
    end if;
    if k.returns >= l.returns then
      norm := (all_days.returns - c.returns + 1.0) / (all_days.sales - c.sales + 50.0);
      weight := oba.unlikely (k.returns::bigint, norm * k.sales);
      if k.returns >= l.times * norm * k.sales and weight >= log (stores * all_days.cashiers / l.risk) then
        n := n + oba.keep_review ('returns', store, c.cashier, null, fresh, last_day,
                                  jsonb_build_object ('returns', k.returns, 'sales', k.sales, 'norm', round ((norm * k.sales)::numeric, 1), 'rate', round (norm::numeric, 5)), weight);
      end if;
    end if;
  end loop;
  return n;
end $$;

-- ---------------------------------------------------------------- the job

-- When a store's cashiers were looked through.
create table oba.till_stores (
  store_id      bigint primary key references oba.stores,
  judged_at     timestamptz not null
);

-- The first day that is read: receipts from before it are history.
create function oba.till_horizon () returns date
language sql stable
return oba.business_day ((select max (r.sold_at) from oba.receipts r)) - (oba.till_limits ()).history;

-- The days of stores in which the transactions [from_xid, to_xid) recorded something.
create function oba.mark_till_days (from_xid xid8, to_xid xid8) returns void
language sql set enable_seqscan = off set jit = off
begin atomic
  insert into oba.till_stale (store_id, day, due_at)
  -- A day that goes on is read again after some minutes, one that is over at once.
  select x.store_id, x.day, case when x.day < oba.business_day (now()) then now() else now() + interval '5 minutes' end
  from (select distinct r.store_id, r.business_day as day from oba.receipts r where r.xid >= from_xid and r.xid < to_xid) x
  where x.day >= oba.till_horizon ()
  on conflict do nothing;
end;

-- Marks the days of stores in which receipts were recorded since the last time; the first time, and in a restored dump, all that are read at all.
create function oba.mark_till_days () returns void
language plpgsql set jit = off
as $$
declare
  s oba.till_state;
  cluster bigint := (select system_identifier from pg_control_system ());
  upper_xid xid8 := pg_snapshot_xmin (pg_current_snapshot ());
begin
  select * into s from oba.till_state for update;
  if s.system_identifier is distinct from cluster or s.seen_below = '0' then
    insert into oba.till_stale (store_id, day, due_at)
    select distinct r.store_id, r.business_day, now() from oba.receipts r where r.sold_at >= oba.day_start (oba.till_horizon ())
    on conflict do nothing;
  else
    perform oba.mark_till_days (s.seen_below, upper_xid);
  end if;
  update oba.till_state set system_identifier = cluster, seen_below = upper_xid;
end $$;

/*
 * A job (one at a time; others return 0 at once): marks the days of stores in which something was recorded, and reads up to @most of them that are due. Returns how many were read.
 */
create function oba.check_tills (most integer) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp set client_min_messages = warning
as $$
declare
  g record;
  again timestamptz;
  n integer := 0;
begin
  if not pg_try_advisory_xact_lock (hashtext ('oba.check_tills')) then
    return 0;
  end if;
  perform oba.mark_till_days ();
  for g in
    with due as (
      delete from oba.till_stale t where (t.store_id, t.day) in (select x.store_id, x.day from oba.till_stale x where x.due_at <= now() order by x.due_at, x.store_id, x.day limit most)
      returning t.store_id, t.day
    )
    select due.store_id, array_agg (due.day order by due.day) as days from due group by 1 order by 1
  loop
    perform oba.read_till_days (g.store_id, g.days);
    again := oba.judge_gaps (g.store_id, g.days);
    if again is not null then
      insert into oba.till_stale (store_id, day, due_at) select g.store_id, max (x), again from unnest (g.days) x on conflict do nothing;
    end if;
    perform oba.judge_late (g.store_id, g.days);
    perform oba.judge_silence (g.store_id);
    if not exists (select from oba.till_stores s where s.store_id = g.store_id and s.judged_at > now() - interval '1 hour')
       and not exists (select from oba.till_stale t where t.store_id = g.store_id and t.due_at <= now()) then
      perform oba.judge_cashiers (g.store_id);
      insert into oba.till_stores (store_id, judged_at) values (g.store_id, now()) on conflict (store_id) do update set judged_at = excluded.judged_at;
    end if;
    n := n + cardinality (g.days);
  end loop;
  if n > 0 and n < most then
    perform oba.judge_silent_stores ();
  end if;
  return n;
end $$;

-- ---------------------------------------------------------------- what people say to it

-- {"finding_id", "version": as it was looked at, "state": "explained" | "open", "reason_code", "note": up to 500 characters} -> {"finding_id", "version"}
create function oba.do_explain_finding (request jsonb) returns jsonb
language plpgsql
as $$
declare
  f oba.till_findings;
  into_state text := request ->> 'state';
  code text := nullif (request ->> 'reason_code', '');
  said text := nullif (btrim (request ->> 'note'), '');
begin
  select * into f from oba.till_findings x where x.finding_id = (request ->> 'finding_id')::bigint for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such finding.');
  end if;
  perform oba.check_scope (f.store_id);
  if coalesce (into_state, '') not in ('explained', 'open') then
    perform oba.refuse ('OB001', 'A finding is explained or opened again.');
  elsif f.version <> coalesce ((request ->> 'version')::integer, -1) then
    perform oba.refuse ('OB003', 'This finding has changed meanwhile.', 'Look at what it says now, then decide.');
  elsif f.state = 'resolved' then
    perform oba.refuse ('OB013', 'This finding has ended by itself.');
  elsif into_state = f.state then
    perform oba.refuse ('OB013', 'Somebody has done this already.', 'Look at what it says now, then decide.');
  elsif into_state = 'explained' and (code is null or code not in ('replaced', 'sent_later', 'cancelled', 'training', 'technical', 'not_used', 'closed', 'other')) then
    perform oba.refuse ('OB001', 'An explanation needs a reason from the list.');
  elsif code = 'other' and said is null then
    perform oba.refuse ('OB001', 'Say what the reason is.');
  elsif length (said) > 500 or said ~ '[[:cntrl:]]' then
    perform oba.refuse ('OB001', 'A note has up to 500 characters, in one line.');
  end if;
  update oba.till_findings x set state = into_state, state_at = now(), version = x.version + 1 where x.finding_id = f.finding_id returning * into f;
  perform oba.till_happened (f.finding_id, session_user::text, code, said);
  perform oba.audit_add ('till_finding.' || into_state, 'till_finding', f.finding_id::text, null, jsonb_build_object ('state', jsonb_build_array (null, into_state)), null);
  return jsonb_build_object ('finding_id', f.finding_id, 'version', f.version);
end $$;

-- {"review_id", "version", "state": "fine" | "follow_up" | "open", "note"} -> {"review_id", "version"}. Kept about people who work here: the note is about receipts, not about customers.
create function oba.do_decide_review (request jsonb) returns jsonb
language plpgsql
as $$
declare
  v oba.cashier_reviews;
  into_state text := request ->> 'state';
  said text := nullif (btrim (request ->> 'note'), '');
  family bigint[];
  was text;
begin
  select * into v from oba.cashier_reviews x where x.review_id = (request ->> 'review_id')::bigint for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such review.');
  end if;
  perform oba.check_scope (v.store_id);
  if coalesce (into_state, '') not in ('fine', 'follow_up', 'open') then
    perform oba.refuse ('OB001', 'A review is fine, to follow up, or open again.');
  elsif v.version <> coalesce ((request ->> 'version')::integer, -1) then
    perform oba.refuse ('OB003', 'Somebody else decided this review meanwhile.', 'Look at what it says now, then decide.');
  elsif into_state = v.state then
    perform oba.refuse ('OB013', 'Somebody has done this already.', 'Look at what it says now, then decide.');
  elsif into_state = 'follow_up' and said is null then
    perform oba.refuse ('OB001', 'Say what is to be followed up.');
  elsif length (said) > 500 or said ~ '[[:cntrl:]]' then
    perform oba.refuse ('OB001', 'A note has up to 500 characters, in one line.');
  elsif into_state <> 'fine' and exists (select from oba.cashier_reviews x where x.store_id = v.store_id and x.cashier = v.cashier and x.kind = v.kind
                                           and coalesce (x.customer_id, 0) = coalesce (v.customer_id, 0) and x.state <> 'fine' and x.review_id <> v.review_id) then
    perform oba.refuse ('OB013', 'There is a newer review of the same.', 'Decide that one.');
  end if;
  if v.customer_id is not null and said is not null then
    family := oba.whole_family (v.customer_id);
    if oba.names_person (said, family, oba.contacts_of (family)) then
      perform oba.refuse ('OB001', 'The note says who the customer is.', 'The customer is shown beside it; write what the receipts say.');
    end if;
  end if;
  was := v.state;
  update oba.cashier_reviews x set state = into_state, state_at = now(), version = x.version + 1 where x.review_id = v.review_id returning * into v;
  insert into oba.cashier_review_events (review_id, event_no, who, state, note)
  values (v.review_id, 1 + (select count (*) from oba.cashier_review_events e where e.review_id = v.review_id), session_user, into_state, said);
  perform oba.audit_add ('cashier_review.' || into_state, 'cashier_review', v.review_id::text, null, jsonb_build_object ('state', jsonb_build_array (was, into_state)), null);
  perform pg_notify ('oba_cashiers', v.review_id::text);
  return jsonb_build_object ('review_id', v.review_id, 'version', v.version);
end $$;

-- ---------------------------------------------------------------- erasure

-- Notes that name who is being erased.
create function oba.erase_till_notes (family bigint[], contacts text[]) returns void
language sql
as $$
  update oba.till_finding_events e set note = null where e.note is not null and oba.names_person (e.note, family, contacts);
  update oba.cashier_review_events e set note = null
  where e.note is not null and (oba.names_person (e.note, family, contacts)
                                or exists (select from oba.cashier_reviews v where v.review_id = e.review_id and v.customer_id = any (family)));
$$;
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
select oba.patch_function ('oba.erase_halves', '  perform oba.erase_corrections (family);', '  perform oba.erase_corrections (family);
  perform oba.erase_till_notes (family, contacts);');
drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- rights

-- Who cashiers are and how they work is for those who answer for them.
grant select on oba.till_days, oba.till_runs, oba.till_stale, oba.till_state, oba.till_refusals, oba.till_findings, oba.till_finding_events
  to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.cashier_days, oba.cashier_cards, oba.cashier_reviews, oba.cashier_review_events to oba_supervisor, oba_admin, oba_auditor;
select oba.add_action ('explain_finding', 'oba_clerk', 'oba_supervisor', 'oba_admin');
select oba.add_action ('decide_review', 'oba_supervisor', 'oba_admin');
grant execute on function oba.till_limits () to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.check_tills (integer) to oba_admin, oba_helper;
grant execute on function oba.note_refusal (text, jsonb) to oba_helper;

reset role;
