-- Tiers: a scheme with versions, grace, how one goes down, tiers that somebody gives for a while, and why each change was.
--
-- A scheme says what counts (qəpik spent, or points earned, in the twelve months of days that end with a day), from how much on each tier is reached, and what happens to those
-- who fall below theirs: they keep it for good (never), lose it on that day (at_once), when the grace is over (after_grace), or go down one tier then, and the next one after
-- another grace (one_step). With a grace of n days a tier is kept on the day of falling and n - 1 days after it.
-- The lowest tier has number 1 and begins at 0. Tiers are ordered by their thresholds, not by their numbers; one that was retired has no threshold.
-- A new version holds at once for whoever buys. Everybody else is looked at by carry_out_tiers (), in small batches.
--
-- points_accounts: tier_spend and tier_points (null: not counted by the present scheme) are those of the twelve months that end with tier_day. tier_override says that an
-- override holds: at_least its tier, or at_most.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- tables

alter table oba.tiers
  alter column threshold drop not null,
  add column benefits   jsonb not null default '[]' check (jsonb_typeof (benefits) = 'array'),   -- [{"az", "ru", "en"}], in the order in which they are told
  add column retired_at timestamptz;
-- Deferred: two tiers may change places. And a threshold is no key, so that nobody who records a receipt waits for a new scheme.
alter table oba.tiers drop constraint tiers_threshold_key;
alter table oba.tiers add constraint tiers_threshold_key unique (threshold) deferrable initially deferred;
alter table oba.tiers add constraint tiers_retired check ((threshold is null) = (retired_at is not null)) not valid;
alter table oba.tiers add constraint tiers_lowest check (tier_id <> 1 or threshold = 0) not valid;

-- Append-only; the last version holds.
create table oba.tier_schemes (
  version     integer primary key check (version >= 1),
  basis       text not null check (basis in ('spend', 'points')),
  downgrade   text not null check (downgrade in ('never', 'at_once', 'after_grace', 'one_step')),
  grace_days  integer not null check (grace_days between 0 and 366),
  note        text check (length (note) between 1 and 200),
  made_at     timestamptz not null default now(),
  made_by     text not null default session_user,
  check ((grace_days > 0) = (downgrade in ('after_grace', 'one_step')))
);
create table oba.tier_scheme_steps (
  version     integer not null references oba.tier_schemes,
  tier_id     bigint not null references oba.tiers,
  threshold   bigint not null check (threshold >= 0),
  primary key (version, tier_id),
  unique (version, threshold)
);
-- How far a version is carried out: all customers up to @through. Not before every transaction older than @after_xid is over: it may have read the version before.
create table oba.tier_carrying (
  version     integer primary key references oba.tier_schemes,
  after_xid   xid8,
  through     bigint not null default 0,
  raised      bigint not null default 0,
  lowered     bigint not null default 0,
  done_at     timestamptz,
  superseded  boolean not null default false
);

create table oba.tier_overrides (
  customer_id bigint not null references oba.customers,
  override_id bigint generated always as identity,
  tier_id     bigint not null references oba.tiers,
  from_tier   bigint not null references oba.tiers,
  holds       text not null check (holds in ('at_least', 'at_most')),
  until       date not null,                                                        -- its last day
  reason      text check (length (reason) between 1 and 1000),                      -- null: erased
  given_at    timestamptz not null default now(),
  given_by    text not null default session_user,
  ended_at    timestamptz,
  ended_by    text,
  end_why     text check (end_why in ('over', 'staff', 'replaced', 'merge', 'scheme')),
  end_reason  text check (length (end_reason) between 1 and 1000),
  primary key (customer_id, override_id),
  check ((ended_at is null) = (end_why is null) and (ended_at is null) = (ended_by is null))
);
create unique index tier_overrides_running on oba.tier_overrides (customer_id) where ended_at is null;
create index tier_overrides_until on oba.tier_overrides (until, customer_id) where ended_at is null;

alter table oba.points_accounts
  add column tier_points      bigint,
  add column tier_below_since date,                                                 -- since when the tier is no longer reached; null: it is, or was not looked at
  add column tier_override    text check (tier_override in ('at_least', 'at_most'));

create index points_accounts_below on oba.points_accounts (tier_below_since, customer_id) where tier_below_since is not null;

alter table oba.tier_changes drop constraint tier_changes_why_check;
alter table oba.tier_changes
  add constraint tier_changes_why_check check (why in ('spend', 'downgrade', 'override', 'override_end', 'scheme', 'merge')),
  add column scheme_version integer references oba.tier_schemes,                    -- null: before there were versions
  add column override_id    bigint;

insert into oba.tier_schemes (version, basis, downgrade, grace_days) values (1, 'spend', 'at_once', 0);
insert into oba.tier_scheme_steps (version, tier_id, threshold) select 1, t.tier_id, t.threshold from oba.tiers t;
insert into oba.tier_carrying (version, done_at) values (1, now());

do $$
declare
  t text;
begin
  foreach t in array array['tier_schemes', 'tier_scheme_steps'] loop
    execute format ('create trigger append_only before update or delete on oba.%I for each row execute function oba.refuse_change ()', t);
    execute format ('create trigger append_only_all before truncate on oba.%I for each statement execute function oba.refuse_change ()', t);
  end loop;
end $$;
create trigger notify after insert on oba.tier_schemes for each statement execute function oba.notify_administration ();
create trigger notify after update of done_at on oba.tier_carrying for each statement execute function oba.notify_administration ();
create trigger append_only before delete on oba.tier_overrides for each row execute function oba.refuse_change ();

-- Who was merged into somebody has no tier any more, as they have no points.
insert into oba.tier_changes (customer_id, from_tier, to_tier, why, scheme_version)
select a.customer_id, a.tier_id, 1, 'merge', 1 from oba.points_accounts a join oba.customers c using (customer_id) where c.merged_into is not null and a.tier_id <> 1;
update oba.points_accounts a set tier_id = 1, tier_since = now() from oba.customers c where c.customer_id = a.customer_id and c.merged_into is not null and a.tier_id <> 1;
-- Nobody has sent these, and they are no news any more.
update oba.outbox o set state = 'failed', error = 'Written before messages about tiers were sent.' where o.kind = 'tier' and o.state = 'queued';

-- ---------------------------------------------------------------- what counts

create function oba.tier_scheme_now () returns oba.tier_schemes
language sql stable
return (select s from oba.tier_schemes s order by s.version desc limit 1);

-- The tier that an amount reaches.
create function oba.tier_for (amount bigint) returns bigint
language sql stable
return coalesce ((select t.tier_id from oba.tiers t where t.threshold <= amount order by t.threshold desc limit 1), 1);

-- Is a tier as high as another, or higher? What was retired is no tier any more: nobody reaches it, and it reaches the lowest alone.
create function oba.tier_reaches (tier bigint, other bigint) returns boolean
language sql stable
return coalesce ((select t.threshold from oba.tiers t where t.tier_id = tier), 0) >= (select coalesce (t.threshold, 9223372036854775807) from oba.tiers t where t.tier_id = other);

-- The first day on whose evening a day is no longer one of the twelve months.
create function oba.tier_leave_day (day date) returns date
language sql immutable parallel safe
return case when oba.tier_window_start ((day + interval '1 year')::date) > day then (day + interval '1 year')::date else (day + interval '1 year')::date + 1 end;

-- What counts of each day of a person, from @first to @last.
create function oba.tier_days (customer bigint, basis text, first date, last date) returns table (day date, amount bigint)
language plpgsql   -- not STABLE: as tier_spend ()
as $$
#variable_conflict use_column
declare
  family bigint[] := array (select oba.customer_family (customer));
begin
  if basis = 'spend' then
    return query
    select r.business_day, sum (r.total)::bigint from oba.receipts r
    where r.customer_id = any (family) and r.sold_at >= oba.day_start (first) and r.sold_at < oba.day_start (last + 1) group by 1;
  else
    return query
    select oba.business_day (l.occurred_at), sum (l.points)::bigint from oba.points_ledger l
    where l.customer_id = any (family) and l.occurred_at >= oba.day_start (first) and l.occurred_at < oba.day_start (last + 1)
      and l.kind in ('earn', 'bonus', 'clawback') group by 1;
  end if;
end $$;

-- What counts of the twelve months up to a day.
create function oba.tier_amount_on (customer bigint, basis text, day date) returns bigint
language plpgsql
as $$
begin
  return (select coalesce (sum (d.amount), 0)::bigint from oba.tier_days (customer, basis, oba.tier_window_start (day), day) d);
end $$;

/*
 * The first day on which @amount, which is that of @known, is less than @own, when nothing comes: @known itself, or a later one up to @last (null: whichever). Null: none.
 */
create function oba.tier_falls_on (customer bigint, basis text, amount bigint, known date, last date, own bigint) returns date
language plpgsql
as $$
#variable_conflict use_variable
begin
  if amount < own then
    return known;
  end if;
  return (select min (x.leaves)
          from (select d.leaves, amount - sum (d.gone) over (order by d.leaves) as what_stays
                from (select oba.tier_leave_day (t.day) as leaves, sum (t.amount) as gone
                      from oba.tier_days (customer, basis, oba.tier_window_start (known), coalesce (oba.tier_window_start (last) - 1, known)) t group by 1) d) x
          where x.what_stays < own);
end $$;

-- Where those of a retired tier stand instead: in the next lower one of the scheme that had it, of those in @remaining.
create function oba.tier_instead (tier bigint, remaining bigint[]) returns bigint
language sql stable
return coalesce ((select s.tier_id
                  from oba.tier_scheme_steps own join oba.tier_scheme_steps s on s.version = own.version and s.threshold < own.threshold
                  where own.tier_id = tier and own.version = (select max (x.version) from oba.tier_scheme_steps x where x.tier_id = tier) and s.tier_id = any (remaining)
                  order by s.threshold desc limit 1), 1);

-- ---------------------------------------------------------------- one change, and what is decided

-- Keeps why, and writes to the customer. The account is changed by the caller, who holds it.
create function oba.note_tier (customer bigint, moment timestamptz, before bigint, after bigint, cause text, amount bigint, day date, receipt bigint, said text, override bigint,
                               quiet boolean) returns void
language plpgsql
as $$
begin
  insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day, receipt_id, reason, scheme_version, override_id)
  values (customer, moment, before, after, cause, amount, day, receipt, said, (oba.tier_scheme_now ()).version, override);
  if not quiet then
    insert into oba.outbox (customer_id, chat_id, kind, payload)
    select customer, l.chat_id, 'tier', jsonb_build_object ('from', before, 'to', after, 'why', cause)
    from oba.telegram_links l where l.customer_id = customer and l.unreachable_at is null;
  end if;
end $$;

/*
 * Gives a customer the tier that is theirs on @day by the scheme, by what they have spent in the twelve months up to it, and by an override. @fell: the day since which they
 * are below their tier, when that is known to be earlier. @lower: whether this may take a tier away (by the scheme), else it only notes since when it is not reached. @wrong: what
 * is not reached was never theirs, and goes without grace. @stood: the tier to start from, when it is not the account's. @cause: null for spend or downgrade, as it turns out.
 * The caller holds the account. Returns the tier.
 */
create function oba.settle_tier (customer bigint, spent bigint, day date, moment timestamptz, cause text, receipt bigint default null, lower boolean default true,
                                 fell date default null, wrong boolean default false, stood bigint default null, override bigint default null, said text default null,
                                 quiet boolean default false) returns bigint
language plpgsql
as $$
declare
  s oba.tier_schemes := oba.tier_scheme_now ();
  a oba.points_accounts;
  o oba.tier_overrides;
  amount bigint := spent;
  tier bigint;
  reached bigint;
  since date;
  own bigint;
  goal bigint;
begin
  select * into a from oba.points_accounts p where p.customer_id = customer;
  if s.basis = 'points' then
    amount := oba.tier_amount_on (customer, 'points', day);
  end if;
  tier := coalesce (stood, a.tier_id);
  if (select t.threshold from oba.tiers t where t.tier_id = tier) is null then
    tier := oba.tier_instead (tier, array (select t.tier_id from oba.tiers t where t.threshold is not null));
    cause := coalesce (nullif (cause, 'spend'), 'scheme');
  end if;
  reached := oba.tier_for (amount);
  if a.tier_override is not null then
    select * into o from oba.tier_overrides x where x.customer_id = customer and x.ended_at is null;
    if o.holds = 'at_least' and not oba.tier_reaches (reached, o.tier_id) or o.holds = 'at_most' and oba.tier_reaches (reached, o.tier_id) then
      reached := o.tier_id;
    end if;
  end if;
  own := (select t.threshold from oba.tiers t where t.tier_id = tier);
  goal := (select t.threshold from oba.tiers t where t.tier_id = reached);
  since := a.tier_below_since;
  if goal >= own or wrong then
    tier := reached;
    since := null;
  else
    since := coalesce (since, fell, day);
    if lower and s.downgrade = 'one_step' then
      while own > goal and day >= since + s.grace_days loop
        select t.tier_id, t.threshold into tier, own from oba.tiers t where t.threshold < own order by t.threshold desc limit 1;
        since := since + s.grace_days;
      end loop;
      since := case when own > goal then since end;
    elsif lower and s.downgrade <> 'never' and day >= since + s.grace_days then
      tier := reached;
      since := null;
    end if;
  end if;
  if tier <> a.tier_id then
    perform oba.note_tier (customer, moment, a.tier_id, tier,
                           coalesce (nullif (cause, 'spend'), case when oba.tier_reaches (tier, a.tier_id) then 'spend' else 'downgrade' end),
                           amount, day, receipt, said, override, quiet);
  end if;
  update oba.points_accounts p
  set tier_spend = spent, tier_points = case when s.basis = 'points' then amount end, tier_day = day, tier_id = tier, tier_below_since = since,
      tier_since = case when tier <> p.tier_id then moment else p.tier_since end
  where p.customer_id = customer;
  return tier;
end $$;

/*
 * Moves a customer's twelve months on to @day and does what the days in between ask for. The caller holds the account. Returns the tier.
 */
create function oba.settle_tier_day (customer bigint, day date, cause text, stood bigint default null, override bigint default null, said text default null,
                                     quiet boolean default false) returns bigint
language plpgsql
as $$
declare
  s oba.tier_schemes := oba.tier_scheme_now ();
  a oba.points_accounts;
  own bigint;
  spent bigint;
  fell date;
begin
  select * into a from oba.points_accounts p where p.customer_id = customer;
  day := greatest (a.tier_day, day);
  spent := case when a.tier_day is null then 0 else oba.tier_spend (customer, a.tier_spend, a.tier_day, day, 0) end;
  select t.threshold into own from oba.tiers t where t.tier_id = coalesce (stood, a.tier_id);
  if own > 0 and a.tier_below_since is null and cause = 'spend' and (s.basis = 'spend' and spent < own or s.basis = 'points' and a.tier_points is not null) then
    fell := oba.tier_falls_on (customer, s.basis, case s.basis when 'spend' then a.tier_spend else a.tier_points end, a.tier_day, day, own);
  end if;
  return oba.settle_tier (customer, spent, day, now(), cause, fell => fell, stood => stood, override => override, said => said, quiet => quiet);
end $$;

-- As in 0005: raises at once, and notes since when a tier is not reached; taking it away is refresh_tiers ()'s. For what is loaded (no @receipt) nobody is written to.
create or replace function oba.follow_tier (customer bigint, at timestamptz, day date, amount bigint, receipt bigint) returns void
language plpgsql
as $$
declare
  a record;
begin
  select p.tier_spend, p.tier_day, t.threshold into a from oba.points_accounts p join oba.tiers t using (tier_id) where p.customer_id = customer;
  perform oba.settle_tier (customer, oba.tier_spend (customer, a.tier_spend, a.tier_day, day, amount), greatest (a.tier_day, day), at, 'spend', receipt,
                           lower => false, quiet => receipt is null,
                           fell => case when a.tier_day < day and a.threshold > 0 and (oba.tier_scheme_now ()).basis = 'spend'
                                        then oba.tier_falls_on (customer, 'spend', a.tier_spend, a.tier_day, day, a.threshold) end);
end $$;

/*
 * As in 0043: the tier anew, from the family's receipts of the twelve months up to @day. @may_lower: what is not reached goes at once when it was never rightly theirs: after
 * a merge that is taken back, and after a correction of what had given it. Else the scheme says what becomes of it.
 */
create or replace function oba.recount_tier (customer bigint, day date, may_lower boolean, why text) returns void
language plpgsql
as $$
declare
  s oba.tier_schemes := oba.tier_scheme_now ();
  a oba.points_accounts;
  given oba.tier_changes;
  basis_then text;
  needed bigint;
  wrong boolean := may_lower and (why = 'merge' or s.downgrade = 'at_once');
begin
  select * into a from oba.points_accounts p where p.customer_id = customer;
  if may_lower and not wrong then
    select * into given from oba.tier_changes c where c.customer_id = customer and c.to_tier = a.tier_id order by c.change_id desc limit 1;
    select x.basis, t.threshold into basis_then, needed from oba.tier_schemes x join oba.tier_scheme_steps t using (version)
    where x.version = coalesce (given.scheme_version, 1) and t.tier_id = a.tier_id;
    wrong := given.why = 'spend' and given.spend_day is not null and oba.tier_amount_on (customer, basis_then, given.spend_day) < needed;
  end if;
  perform oba.settle_tier (customer, oba.tier_amount_on (customer, 'spend', day), day, now(), coalesce (why, 'spend'), lower => false, wrong => coalesce (wrong, false),
                           quiet => why = 'spend');
end $$;

-- ---------------------------------------------------------------- the job

/*
 * As in 0005: moves the twelve months of customers above the lowest tier up to @as_of, and does what the scheme says with those who fall or whose grace is over. Of each at most
 * @max_customers; call it until it returns 0.
 */
create or replace function oba.refresh_tiers (max_customers integer default 200, as_of date default null) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  today date := coalesce (least (as_of, oba.business_day (now())), oba.business_day (now()));
  s oba.tier_schemes := oba.tier_scheme_now ();
  c bigint;
  n integer := 0;
begin
  -- Those whom today has not come to yet, then those who fell today, or whose grace is over although they were here.
  for c in
    with late as materialized (
      select a.customer_id from oba.points_accounts a
      where a.tier_id > 1 and a.tier_day < today
      order by a.tier_day, a.customer_id limit max_customers for update skip locked
    ), below as materialized (
      select a.customer_id from oba.points_accounts a
      where a.tier_below_since <= today - s.grace_days and a.tier_day >= today and s.downgrade <> 'never'
      order by a.tier_below_since, a.customer_id limit max_customers for update skip locked
    )
    select customer_id from late union all select customer_id from below
  loop
    perform oba.settle_tier_day (c, today, 'spend');
    n := n + 1;
  end loop;
  return n;
end $$;

-- An override is over. The caller holds the account.
create function oba.close_override (o oba.tier_overrides, why text, who text, said text, settle boolean) returns void
language plpgsql
as $$
declare
  a oba.points_accounts;
  stood bigint;
  day date := oba.business_day (now());
begin
  update oba.tier_overrides x set ended_at = now(), ended_by = who, end_why = why, end_reason = said
  where x.customer_id = o.customer_id and x.override_id = o.override_id;
  update oba.points_accounts p set tier_override = null where p.customer_id = o.customer_id returning * into a;
  if settle then
    -- What was given goes; what was theirs before is theirs again, and falls from now on.
    stood := case when o.holds = 'at_least' and a.tier_id = o.tier_id then o.from_tier end;
    perform oba.settle_tier_day (o.customer_id, day, 'override_end', stood, o.override_id, said);
  end if;
end $$;

-- A job: ends the overrides whose last day is before @as_of. At most @most; call it until it returns 0.
create function oba.end_tier_overrides (most integer default 100, as_of date default null) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  today date := coalesce (least (as_of, oba.business_day (now())), oba.business_day (now()));
  c bigint;
  o oba.tier_overrides;
  n integer := 0;
begin
  for c in
    select a.customer_id from oba.points_accounts a
    where a.customer_id in (select x.customer_id from oba.tier_overrides x where x.ended_at is null and x.until < today order by x.until, x.customer_id limit most)
    order by a.customer_id for update skip locked
  loop
    select * into o from oba.tier_overrides x where x.customer_id = c and x.ended_at is null and x.until < today;
    if found then
      perform oba.close_override (o, 'over', session_user, null, true);
      n := n + 1;
    end if;
  end loop;
  return n;
end $$;

/*
 * A job: carries out the last version of the scheme for at most @most customers whose tier, or what is kept of it, changes, and looks at no more than @look. Call it until it
 * returns 0. Accounts are locked one after the other, for a batch.
 */
create function oba.carry_out_tiers (most integer default 50, look integer default 5000) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  w oba.tier_carrying;
  s oba.tier_schemes;
  ids bigint[] := array (select t.tier_id from oba.tiers t where t.threshold is not null order by t.threshold);
  thresholds bigint[] := array (select t.threshold from oba.tiers t where t.threshold is not null order by t.threshold);
  today date := oba.business_day (now());
  chosen bigint[];
  last_seen bigint;
  seen integer;
  before bigint;
  after bigint;
  instead bigint;
  o oba.tier_overrides;
  c bigint;
begin
  select * into w from oba.tier_carrying x where x.done_at is null for update skip locked;
  if not found then
    return 0;
  elsif w.after_xid is null then
    update oba.tier_carrying x set after_xid = pg_snapshot_xmax (pg_current_snapshot ()) where x.version = w.version;
    return 1;
  elsif pg_snapshot_xmin (pg_current_snapshot ()) < w.after_xid then
    return 0;   -- soon
  end if;
  s := oba.tier_scheme_now ();
  select max (x.customer_id), count (*), (array_agg (x.customer_id order by x.customer_id) filter (where x.changes))[:most] into last_seen, seen, chosen
  from (select a.customer_id,
               case when s.basis = 'points' then a.tier_day is not null or a.tier_id <> 1
                    else ids[width_bucket (a.tier_spend, thresholds)] is distinct from a.tier_id and (a.tier_id <> 1 or a.tier_spend >= thresholds[2])
                         or a.tier_below_since is not null or a.tier_points is not null or a.tier_override is not null or a.tier_id <> 1 and a.tier_day < today end as changes
        from oba.points_accounts a where a.customer_id > w.through order by a.customer_id limit look) x;
  if cardinality (chosen) = most then
    last_seen := chosen[most];
  end if;
  foreach c in array coalesce (chosen, '{}') loop
    select a.tier_id into before from oba.points_accounts a where a.customer_id = c for update;
    select * into o from oba.tier_overrides x where x.customer_id = c and x.ended_at is null;
    if found and o.tier_id <> all (ids) then
      perform oba.close_override (o, 'scheme', session_user, null, false);
      after := oba.settle_tier_day (c, today, 'scheme', case when o.holds = 'at_least' and before = o.tier_id then o.from_tier end);
    else
      after := oba.settle_tier_day (c, today, 'scheme');
    end if;
    if after <> before then
      instead := case when before = any (ids) then before else oba.tier_instead (before, ids) end;
      if after <> instead and oba.tier_reaches (after, instead) then
        w.raised := w.raised + 1;
      else
        w.lowered := w.lowered + 1;
      end if;
    end if;
  end loop;
  update oba.tier_carrying x
  set through = coalesce (last_seen, x.through), raised = w.raised, lowered = w.lowered, done_at = case when seen < look and coalesce (cardinality (chosen), 0) < most then clock_timestamp () end
  where x.version = w.version;
  return greatest (1, seen);
end $$;

-- ---------------------------------------------------------------- a new scheme

-- Refuses what is no scheme; {"basis", "downgrade", "grace_days", "tiers": [{"tier_id": null for a new one, "name_az", "name_ru", "name_en", "threshold", "benefits": [{"az", "ru", "en"}]}]}.
create function oba.check_tier_scheme (request jsonb) returns void
language plpgsql stable
as $$
declare
  t jsonb;
  b jsonb;
begin
  if jsonb_typeof (request -> 'tiers') is distinct from 'array' or jsonb_array_length (request -> 'tiers') not between 1 and 20 then
    perform oba.refuse ('OB001', 'A scheme has 1 to 20 tiers.');
  elsif coalesce (request ->> 'basis', '') not in ('spend', 'points') or coalesce (request ->> 'downgrade', '') not in ('never', 'at_once', 'after_grace', 'one_step') then
    perform oba.refuse ('OB001', 'A scheme counts spend or points, and says how a tier is lost.');
  elsif coalesce ((request ->> 'grace_days')::integer, -1) not between 0 and 366
        or ((request ->> 'grace_days')::integer > 0) <> (request ->> 'downgrade' in ('after_grace', 'one_step')) then
    perform oba.refuse ('OB001', 'A grace has 1 to 366 days, and there is none where a tier is never lost or lost at once.');
  elsif length (request ->> 'note') > 200 or request ->> 'note' ~ '[[:cntrl:]]' then
    perform oba.refuse ('OB001', 'A note has up to 200 characters, in one line.');
  end if;
  for t in select x from jsonb_array_elements (request -> 'tiers') x loop
    if exists (select from unnest (array[t ->> 'name_az', t ->> 'name_ru', t ->> 'name_en']) n where n is null or length (btrim (n)) not between 1 and 60 or n ~ '[[:cntrl:]]') then
      perform oba.refuse ('OB001', 'A tier has a name of 1 to 60 characters in each of the three languages.');
    elsif coalesce ((t ->> 'threshold')::bigint, -1) not between 0 and 1000000000000 then
      perform oba.refuse ('OB001', 'A threshold is 0 or more.');
    elsif t ->> 'tier_id' is not null and not exists (select from oba.tiers k where k.tier_id = (t ->> 'tier_id')::bigint) then
      perform oba.refuse ('OB002', 'There is no such tier.');
    elsif jsonb_typeof (coalesce (t -> 'benefits', '[]')) <> 'array' or jsonb_array_length (coalesce (t -> 'benefits', '[]')) > 20 then
      perform oba.refuse ('OB001', 'A tier has up to 20 benefits.');
    end if;
    for b in select x from jsonb_array_elements (coalesce (t -> 'benefits', '[]')) x loop
      if length (btrim (coalesce (b ->> 'az', ''))) not between 1 and 200 or length (b ->> 'ru') > 200 or length (b ->> 'en') > 200
         or concat (b ->> 'az', b ->> 'ru', b ->> 'en') ~ '[[:cntrl:]]' then
        perform oba.refuse ('OB001', 'A benefit is told in up to 200 characters, in Azerbaijani at least.');
      end if;
    end loop;
  end loop;
  if exists (select from jsonb_array_elements (request -> 'tiers') x group by (x ->> 'threshold')::bigint having count (*) > 1) then
    perform oba.refuse ('OB001', 'Two tiers cannot begin at the same amount.');
  elsif exists (select from jsonb_array_elements (request -> 'tiers') x where x ->> 'tier_id' is not null group by (x ->> 'tier_id')::bigint having count (*) > 1) then
    perform oba.refuse ('OB001', 'A tier is named once.');
  elsif not exists (select from jsonb_array_elements (request -> 'tiers') x where (x ->> 'tier_id')::bigint = 1 and (x ->> 'threshold')::bigint = 0) then
    perform oba.refuse ('OB001', 'The lowest tier stays, and begins at 0: everybody starts in it.');
  end if;
end $$;

/*
 * As check_tier_scheme () has it, with "version": the last one when the scheme was looked at, "note". Tiers that are not named are retired. -> {"version", "changed": whether
 * customers may change their tiers: it is carried out now}
 */
create function oba.do_save_tier_scheme (request jsonb) returns jsonb
language plpgsql
as $$
declare
  s oba.tier_schemes;
  kept bigint[];
  before jsonb;
  after jsonb;
  t jsonb;
  id bigint;
  w text;
begin
  perform pg_advisory_xact_lock (hashtext ('oba.tier_scheme'));
  s := oba.tier_scheme_now ();
  if (request ->> 'version')::integer is distinct from s.version then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  end if;
  perform oba.check_tier_scheme (request);
  kept := array (select (x ->> 'tier_id')::bigint from jsonb_array_elements (request -> 'tiers') x where x ->> 'tier_id' is not null);
  select r.name_az into w from oba.rewards r join oba.tiers k on k.tier_id = r.min_tier
  where r.state <> 'retired' and k.threshold is not null and k.tier_id <> all (kept) order by r.reward_id limit 1;
  if w is not null then
    perform oba.refuse ('OB013', format ('The reward "%s" is for a tier that would go.', w), 'Give the reward to another tier first.');
  end if;
  before := (select jsonb_object_agg (k.tier_id, k.threshold) from oba.tiers k where k.threshold is not null);
  update oba.tiers k set threshold = null, retired_at = now() where k.threshold is not null and k.tier_id <> all (kept);
  for t in select x from jsonb_array_elements (request -> 'tiers') x loop
    id := (t ->> 'tier_id')::bigint;
    if id is null then
      select max (k.tier_id) + 1 into id from oba.tiers k;
      insert into oba.tiers (tier_id, code, name_az, name_ru, name_en, threshold, benefits)
      values (id, 'tier-' || id, btrim (t ->> 'name_az'), btrim (t ->> 'name_ru'), btrim (t ->> 'name_en'), (t ->> 'threshold')::bigint, coalesce (t -> 'benefits', '[]'));
    else
      update oba.tiers k
      set name_az = btrim (t ->> 'name_az'), name_ru = btrim (t ->> 'name_ru'), name_en = btrim (t ->> 'name_en'), threshold = (t ->> 'threshold')::bigint, retired_at = null,
          benefits = coalesce (t -> 'benefits', '[]')
      where k.tier_id = id;
    end if;
  end loop;
  after := (select jsonb_object_agg (k.tier_id, k.threshold) from oba.tiers k where k.threshold is not null);
  insert into oba.tier_schemes (version, basis, downgrade, grace_days, note)
  values (s.version + 1, request ->> 'basis', request ->> 'downgrade', (request ->> 'grace_days')::integer, nullif (btrim (request ->> 'note'), ''));
  insert into oba.tier_scheme_steps (version, tier_id, threshold) select s.version + 1, k.tier_id, k.threshold from oba.tiers k where k.threshold is not null;
  -- One that is still being carried out gives way: the new one goes over everybody again.
  update oba.tier_carrying x set done_at = now(), superseded = true where x.done_at is null and x.version <= s.version returning x.version into id;
  insert into oba.tier_carrying (version, done_at)
  values (s.version + 1, case when not found and before = after and s.basis = request ->> 'basis' and s.downgrade = request ->> 'downgrade'
                                   and s.grace_days = (request ->> 'grace_days')::integer then now() end);
  perform oba.audit_add ('tier_scheme.save', 'tier_scheme', (s.version + 1)::text, null,
                         jsonb_build_object ('thresholds', jsonb_build_array (before, after), 'basis', jsonb_build_array (s.basis, request ->> 'basis'),
                                             'downgrade', jsonb_build_array (s.downgrade, request ->> 'downgrade'),
                                             'grace_days', jsonb_build_array (s.grace_days, (request ->> 'grace_days')::integer)), nullif (btrim (request ->> 'note'), ''));
  return jsonb_build_object ('version', s.version + 1, 'changed', (select x.done_at is null from oba.tier_carrying x where x.version = s.version + 1));
end $$;

/*
 * What a scheme would do today, to the customer: the same request -> {"up", "down", "falling": would keep their tier only for the grace, or for good,
 * "tiers": [[number in the request from 0, how many are in it today (null: a new one), how many would be]], "retired": [[tier_id, how many are in it today]]}.
 * By spend from the accounts alone, but for those whose twelve months are behind and who would change. What changes the basis adds up everybody's year.
 */
create function oba.tier_what_if (request jsonb) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set work_mem = '64MB'
as $$
declare
  s oba.tier_schemes := oba.tier_scheme_now ();
  today date := oba.business_day (now());
  thresholds bigint[];
  standing jsonb;      -- the tier's number -> where it is in the new order, from 1; of one that goes, of the one instead
  ids bigint[];        -- in the new order; null for a new one
  steps integer;
  policy text := request ->> 'downgrade';
  grace integer := (request ->> 'grace_days')::integer;
  by_points boolean := request ->> 'basis' = 'points';
  answer jsonb;
begin
  perform oba.check_tier_scheme (request);
  select array_agg (x.threshold order by x.threshold), array_agg (x.tier_id order by x.threshold), count (*) into thresholds, ids, steps
  from (select (t ->> 'threshold')::bigint as threshold, (t ->> 'tier_id')::bigint as tier_id from jsonb_array_elements (request -> 'tiers') t) x;
  select jsonb_object_agg (k.tier_id, coalesce (array_position (ids, k.tier_id), array_position (ids, oba.tier_instead (k.tier_id, array_remove (ids, null))))) into standing from oba.tiers k;
  with standings as materialized (
    select k.tier_id, (standing ->> k.tier_id::text)::integer as stands, array_position (ids, k.tier_id) is not null as stays from oba.tiers k
  ), counted as materialized (
    -- Of those whose tier stands on what is known of them, nothing else is asked. The others one by one.
    select p.tier_id, k.stands, k.stays, greatest (1, width_bucket (case when by_points then p.tier_points else p.tier_spend end, thresholds)) as reached,
           p.tier_below_since is not null as below, coalesce (p.tier_below_since + grace <= today, false) as over, p.tier_override is not null as held,
           case when p.tier_override is not null or p.tier_day < today and (p.tier_id <> 1 or width_bucket (case when by_points then p.tier_points else p.tier_spend end, thresholds) > 1)
                     or by_points and p.tier_points is null and p.tier_day is not null then p.customer_id end as one,
           count (*) as n
    from oba.points_accounts p join standings k using (tier_id)
    group by 1, 2, 3, 4, 5, 6, 7, 8
  ), exact as materialized (
    select c.tier_id, c.stands, c.stays, c.below, c.over, c.n, coalesce (x.amount, 0) as amount, o.holds, (standing ->> o.tier_id::text)::integer as held_at,
           array_position (ids, o.tier_id) is not null as holds_on, (standing ->> o.from_tier::text)::integer as held_from,
           greatest (1, width_bucket (coalesce (x.amount, 0), thresholds)) as reached
    from counted c join oba.points_accounts p on p.customer_id = c.one
    left join oba.tier_overrides o on o.customer_id = c.one and o.ended_at is null
    cross join lateral (select case when by_points then (select sum (l.points)::bigint from oba.points_ledger l
                                                          where l.customer_id = any (array (select oba.customer_family (c.one))) and l.kind in ('earn', 'bonus', 'clawback')
                                                            and l.occurred_at >= oba.day_start (oba.tier_window_start (today)) and l.occurred_at < oba.day_start (today + 1))
                                    when p.tier_day >= today then p.tier_spend
                                    else p.tier_spend - (select coalesce (sum (r.total), 0)::bigint from oba.receipts r
                                                         where r.customer_id = any (array (select oba.customer_family (c.one)))
                                                           and r.sold_at >= oba.day_start (oba.tier_window_start (p.tier_day))
                                                           and r.sold_at < oba.day_start (oba.tier_window_start (today))) end as amount) x
    where c.one is not null
  ), groups as (
    select c.tier_id, c.stands, c.stays, c.below, c.over, c.reached, c.n from counted c where c.one is null
    union all
    select e.tier_id,
           case when e.holds = 'at_least' and not e.holds_on and e.tier_id not in (select k.tier_id from standings k where k.stays) then e.held_from else e.stands end,
           e.stays, e.below, e.over,
           case when e.holds_on and e.holds = 'at_least' then greatest (e.reached, e.held_at) when e.holds_on and e.holds = 'at_most' then least (e.reached, e.held_at) else e.reached end,
           e.n
    from exact e
  ), moved as materialized (
    select g.*,
           case when g.reached >= g.stands then g.reached
                when policy = 'never' then g.stands
                when policy = 'at_once' then g.reached
                when not g.over then g.stands
                when policy = 'one_step' then g.stands - 1
                else g.reached end as goes
    from groups g
  ), befores as (
    select k.tier_id, coalesce (sum (m.n), 0) as n from standings k left join moved m using (tier_id) group by 1
  )
  select jsonb_build_object (
    'up', coalesce (sum (m.n) filter (where m.goes > m.stands), 0),
    'down', coalesce (sum (m.n) filter (where m.goes < m.stands or not m.stays and m.goes = m.stands), 0),
    'falling', coalesce (sum (m.n) filter (where m.goes > m.reached), 0),
    'tiers', (select jsonb_agg (jsonb_build_array (x.i - 1, (select b.n from befores b where b.tier_id = (x.t ->> 'tier_id')::bigint),
                                                   (select coalesce (sum (y.n), 0) from moved y where thresholds[y.goes] = (x.t ->> 'threshold')::bigint)) order by x.i)
              from jsonb_array_elements (request -> 'tiers') with ordinality x (t, i)),
    'retired', (select coalesce (jsonb_agg (jsonb_build_array (b.tier_id, b.n) order by b.tier_id), '[]') from befores b join standings k using (tier_id) where not k.stays and b.n > 0))
  into answer from moved m;
  return answer;
end $$;

-- ---------------------------------------------------------------- a tier by hand

/*
 * {"customer_id", "tier_id", "until": its last day, "reason", "seen": the override that was looked at, or none} -> {"customer_id", "override_id", "tier", "until"}.
 * It replaces the one that runs. A higher tier than the present one is the least that the customer has until then, a lower one the most.
 */
create function oba.do_override_tier (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  tier bigint := (request ->> 'tier_id')::bigint;
  last_day date := (request ->> 'until')::date;
  why text := nullif (btrim (request ->> 'reason'), '');
  today date := oba.business_day (now());
  a oba.points_accounts;
  o oba.tier_overrides;
  made oba.tier_overrides;
  earned bigint;
begin
  if why is null or length (why) > 1000 then
    perform oba.refuse ('OB001', 'A tier is given by hand with a reason of at most 1,000 characters.');
  elsif last_day is null or last_day < today or last_day > today + 1830 then
    perform oba.refuse ('OB001', 'A tier is given by hand until a day from today on, for five years at most.');
  elsif not exists (select from oba.tiers t where t.tier_id = tier and t.threshold is not null) then
    perform oba.refuse ('OB002', 'There is no such tier.');
  end if;
  a := oba.lock_account (customer, false);
  select * into o from oba.tier_overrides x where x.customer_id = customer and x.ended_at is null;
  if o.override_id is distinct from (request ->> 'seen')::bigint then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  elsif o.override_id is not null then
    perform oba.close_override (o, 'replaced', session_user, why, false);
  end if;
  earned := case when o.holds = 'at_least' and a.tier_id = o.tier_id then o.from_tier else a.tier_id end;
  insert into oba.tier_overrides (customer_id, tier_id, from_tier, holds, until, reason)
  values (customer, tier, earned, case when oba.tier_reaches (tier, earned) then 'at_least' else 'at_most' end, last_day, why) returning * into made;
  if tier <> a.tier_id then
    perform oba.note_tier (customer, now(), a.tier_id, tier, 'override', null, null, null, why, made.override_id, false);
  end if;
  update oba.points_accounts p
  set tier_id = tier, tier_since = case when tier <> p.tier_id then now() else p.tier_since end, tier_override = made.holds, tier_below_since = null, updated_at = now()
  where p.customer_id = customer;
  perform oba.audit_add ('tier.override', 'customer', customer::text, customer,
                         jsonb_build_object ('tier', jsonb_build_array (a.tier_id, tier), 'until', jsonb_build_array (o.until, last_day)), why);
  perform pg_notify ('oba_customers', customer::text);
  return jsonb_build_object ('customer_id', customer, 'override_id', made.override_id, 'tier', tier, 'until', last_day);
end $$;

-- {"customer_id", "override_id", "reason"} -> {"customer_id", "tier"}: ends it before its day.
create function oba.do_end_tier_override (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  why text := nullif (btrim (request ->> 'reason'), '');
  a oba.points_accounts;
  o oba.tier_overrides;
begin
  if why is null or length (why) > 1000 then
    perform oba.refuse ('OB001', 'A tier is given by hand with a reason of at most 1,000 characters.');
  end if;
  a := oba.lock_account (customer, false);
  select * into o from oba.tier_overrides x where x.customer_id = customer and x.ended_at is null;
  if o.override_id is null or o.override_id is distinct from (request ->> 'override_id')::bigint then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  end if;
  perform oba.close_override (o, 'staff', session_user, why, true);
  perform oba.audit_add ('tier.override_end', 'customer', customer::text, customer,
                         jsonb_build_object ('tier', jsonb_build_array (a.tier_id, (select p.tier_id from oba.points_accounts p where p.customer_id = customer)),
                                             'until', jsonb_build_array (o.until, null)), why);
  perform pg_notify ('oba_customers', customer::text);
  return jsonb_build_object ('customer_id', customer, 'tier', (select p.tier_id from oba.points_accounts p where p.customer_id = customer));
end $$;

-- ---------------------------------------------------------------- merges

/*
 * The merged customer's tier goes, and what somebody gave them is given to the survivor, unless they have something of the kind. Whoever was in grace brings the tier along
 * with what is left of the grace. Returns what is to be remembered for taking it back.
 */
create function oba.merge_tiers (a oba.points_accounts, b oba.points_accounts) returns jsonb
language plpgsql
as $$
declare
  day date := greatest (a.tier_day, b.tier_day);
  o oba.tier_overrides;
  came jsonb := '{}';
  spent bigint;
begin
  select * into o from oba.tier_overrides x where x.customer_id = a.customer_id and x.ended_at is null;
  if o.override_id is not null then
    perform oba.close_override (o, 'merge', session_user, null, false);
    if b.tier_override is null then
      insert into oba.tier_overrides (customer_id, tier_id, from_tier, holds, until, reason, given_at, given_by)
      values (b.customer_id, o.tier_id, b.tier_id, o.holds, o.until, o.reason, o.given_at, o.given_by) returning jsonb_build_object ('override', override_id) into came;
      update oba.points_accounts p set tier_override = o.holds where p.customer_id = b.customer_id;
    end if;
    came := came || jsonb_build_object ('had_override', o.override_id);
  end if;
  if a.tier_id <> 1 then
    perform oba.note_tier (a.customer_id, now(), a.tier_id, 1, 'merge', null, null, null, null, null, true);
  end if;
  update oba.points_accounts p
  set tier_spend = 0, tier_points = null, tier_day = null, tier_id = 1, tier_below_since = null, tier_since = case when a.tier_id <> 1 then now() else p.tier_since end
  where p.customer_id = a.customer_id;
  if a.tier_below_since is not null and a.tier_override is null and not oba.tier_reaches (b.tier_id, a.tier_id) then
    update oba.points_accounts p set tier_below_since = a.tier_below_since where p.customer_id = b.customer_id;
  end if;
  if day is not null then
    spent := oba.tier_amount_on (b.customer_id, 'spend', day);
    perform oba.settle_tier (b.customer_id, spent, day, now(), 'merge', lower => false, override => (came ->> 'override')::bigint,
                             stood => case when a.tier_below_since is not null and a.tier_override is null and not oba.tier_reaches (b.tier_id, a.tier_id) then a.tier_id end);
  elsif came ? 'override' then
    perform oba.settle_tier (b.customer_id, 0, oba.business_day (now()), now(), 'merge', lower => false, override => (came ->> 'override')::bigint);
  end if;
  return came || jsonb_build_object ('tier_day', a.tier_day);
end $$;

-- What came with a merge goes back.
create function oba.unmerge_tiers (m oba.merges) returns void
language plpgsql
as $$
declare
  o oba.tier_overrides;
  had oba.tier_overrides;
  day date;
  tier bigint;
begin
  select * into o from oba.tier_overrides x where x.customer_id = m.survivor_id and x.override_id = (m.came ->> 'override')::bigint and x.ended_at is null;
  if o.override_id is not null then
    perform oba.close_override (o, 'merge', session_user, null, false);
  end if;
  select * into had from oba.tier_overrides x where x.customer_id = m.source_id and x.override_id = (m.came ->> 'had_override')::bigint;
  if had.until >= oba.business_day (now()) and (o.override_id is not null or not m.came ? 'override') then
    insert into oba.tier_overrides (customer_id, tier_id, from_tier, holds, until, reason, given_at, given_by)
    values (had.customer_id, had.tier_id, had.from_tier, had.holds, had.until, had.reason, had.given_at, had.given_by);
    update oba.points_accounts p set tier_override = had.holds where p.customer_id = had.customer_id;
  end if;
  select p.tier_day into day from oba.points_accounts p where p.customer_id = m.survivor_id;
  if coalesce (day, (m.came ->> 'tier_day')::date) is not null then
    perform oba.recount_tier (m.source_id, greatest ((m.came ->> 'tier_day')::date, day), true, 'merge');
  elsif had.override_id is not null then
    perform oba.recount_tier (m.source_id, oba.business_day (now()), true, 'merge');
  end if;
  if day is not null then
    perform oba.recount_tier (m.survivor_id, day, true, 'merge');
  end if;
end $$;

-- ---------------------------------------------------------------- what the profile shows

/*
 * Where a customer stands today: {"basis", "downgrade", "grace_days", "tier", "threshold", "amount", "next_threshold": null at the top, "next": tier, "day": that the amount is of,
 * "falls_on": the first day on which the amount is less than the threshold when nothing is bought, "below_since", "lost_on": the day on which the tier goes (null: never, or not
 * in a year), "goes_to": the tier then, "override": {"override_id", "tier", "from", "holds", "until", "given_at", "given_by"}, "changing": the scheme has not come to them yet}
 */
create function oba.tier_standing (customer bigint) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
  s oba.tier_schemes := oba.tier_scheme_now ();
  a oba.points_accounts;
  o oba.tier_overrides;
  today date := oba.business_day (now());
  day date;
  amount bigint;
  own bigint;
  above oba.tiers;
  fell date;
  lost date;
  goes bigint;
begin
  select * into a from oba.points_accounts p where p.customer_id = customer;
  if not found then
    return null;
  end if;
  day := greatest (today, a.tier_day);
  amount := case when s.basis = 'points' then oba.tier_amount_on (customer, 'points', day)
                 when a.tier_day is null then 0
                 else oba.tier_spend (customer, a.tier_spend, a.tier_day, day, 0) end;
  select t.threshold into own from oba.tiers t where t.tier_id = a.tier_id;
  select * into above from oba.tiers t where t.threshold > own order by t.threshold limit 1;
  select * into o from oba.tier_overrides x where x.customer_id = customer and x.ended_at is null;
  if own > 0 then
    fell := coalesce (a.tier_below_since, oba.tier_falls_on (customer, s.basis, amount, day, null, own));
    if s.downgrade <> 'never' and o.override_id is null then
      lost := greatest (fell + s.grace_days, today + case when amount < own and a.tier_day >= today then 1 else 0 end);
      goes := case when s.downgrade = 'one_step' then (select t.tier_id from oba.tiers t where t.threshold < own order by t.threshold desc limit 1)
                   else oba.tier_for ((select amount - coalesce (sum (d.amount), 0)::bigint
                                       from oba.tier_days (customer, s.basis, oba.tier_window_start (day), oba.tier_window_start (lost) - 1) d)) end;
    end if;
  end if;
  return jsonb_build_object (
    'basis', s.basis, 'downgrade', s.downgrade, 'grace_days', s.grace_days, 'tier', a.tier_id, 'threshold', own, 'amount', amount, 'day', day,
    'next', above.tier_id, 'next_threshold', above.threshold, 'falls_on', fell, 'below_since', a.tier_below_since, 'lost_on', lost, 'goes_to', case when lost is not null then goes end,
    'override', case when o.override_id is not null then
      jsonb_build_object ('override_id', o.override_id, 'tier', o.tier_id, 'from', o.from_tier, 'holds', o.holds, 'until', o.until, 'given_at', o.given_at,
                          'given_by', coalesce ((select f.display_name from oba.staff f where f.login = o.given_by), o.given_by)) end,
    'changing', exists (select from oba.tier_carrying c where c.done_at is null and c.through < customer));
end $$;

-- ---------------------------------------------------------------- where it belongs into what there is

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

-- The receipt: thresholds are read once the account is held, so that a new scheme is either seen here, or sees this receipt. Whoever has nothing special is raised as before.
select oba.patch_function ('oba.enter_receipt', '  next_threshold bigint;
', '  own_threshold bigint;
  next_threshold bigint;
  held text;
  scheme integer;
  basis text;
');
select oba.patch_function ('oba.enter_receipt', 'p.owed, (select min (t.threshold) from oba.tiers t where t.tier_id > p.tier_id)
      into had_tier, had_balance, had_spend, had_day, had_owed, next_threshold
', 'p.owed, p.tier_override
      into had_tier, had_balance, had_spend, had_day, had_owed, held
');
select oba.patch_function ('oba.enter_receipt', 'select k.status, k.merged_into into state, survivor from oba.customers k where',
'select k.status, k.merged_into, t.threshold, (select min (u.threshold) from oba.tiers u where u.threshold > t.threshold), s.version, s.basis
      into state, survivor, own_threshold, next_threshold, scheme, basis
      from oba.customers k left join oba.tiers t on t.tier_id = had_tier
      cross join (select x.version, x.basis from oba.tier_schemes x order by x.version desc limit 1) s where');
select oba.patch_function ('oba.enter_receipt', '    if spend >= next_threshold then
      select max (t.tier_id) into tier from oba.tiers t where t.threshold <= spend;
      insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day, receipt_id)
      values (customer, at, had_tier, tier, ''spend'', spend, greatest (had_day, day), receipt);
    end if;
    update oba.points_accounts p
    set balance = p.balance + points, lifetime = p.lifetime + points, tier_spend = spend, tier_day = greatest (p.tier_day, day), tier_id = tier,
        tier_since = case when tier > had_tier then at else p.tier_since end, updated_at = now()
    where p.customer_id = customer;
', '    if spend >= own_threshold and held is null and basis = ''spend'' then
      if spend >= next_threshold then
        tier := oba.tier_for (spend);
        insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day, receipt_id, scheme_version)
        values (customer, at, had_tier, tier, ''spend'', spend, greatest (had_day, day), receipt, scheme);
      end if;
      update oba.points_accounts p
      set balance = p.balance + points, lifetime = p.lifetime + points, tier_spend = spend, tier_day = greatest (p.tier_day, day), tier_id = tier,
          tier_since = case when tier <> had_tier then at else p.tier_since end, tier_below_since = null, updated_at = now()
      where p.customer_id = customer;
    else
      update oba.points_accounts p set balance = p.balance + points, lifetime = p.lifetime + points, updated_at = now() where p.customer_id = customer;
      tier := oba.settle_tier (customer, spend, greatest (had_day, day), at, ''spend'', receipt, lower => false, quiet => true,
                               fell => case when basis = ''spend'' and had_day < day and own_threshold > 0
                                            then oba.tier_falls_on (customer, basis, had_spend, had_day, day, own_threshold) end);
    end if;
');

-- A bonus that comes without a receipt counts, too, where points count.
select oba.patch_function ('oba.credit', '    if debts > 0 then', '    if what in (''earn'', ''bonus'') and (oba.tier_scheme_now ()).basis = ''points'' then
      perform oba.settle_tier_day (customer, oba.business_day (at), ''spend'');
    end if;
    if debts > 0 then');

select oba.patch_function ('oba.reward_block', 'a.tier_id < reward.min_tier', 'not oba.tier_reaches (a.tier_id, reward.min_tier)');

-- Of what is loaded: tiers by their order, and the rest as it comes.
select oba.patch_function ('oba.post_batch_tiers', 'select threshold from oba.tiers order by tier_id', 'select t.threshold from oba.tiers t where t.threshold is not null order by t.threshold');
select oba.patch_function ('oba.post_batch_tiers', 'select tier_id from oba.tiers order by tier_id', 'select t.tier_id from oba.tiers t where t.threshold is not null order by t.threshold');
select oba.patch_function ('oba.post_batch_tiers', 'select w.*, ids[width_bucket (w.spend, thresholds)] as reached', 'select w.*, greatest (1, width_bucket (w.spend, thresholds)) as reached');
select oba.patch_function ('oba.post_batch_tiers', 'insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day, receipt_id)
    select m.customer_id, m.sold_at, greatest (m.before, a.tier_id), m.reached, ''spend'', m.spend, m.day, m.receipt_id
    from climbing m join oba.points_accounts a using (customer_id)
    where m.mine and m.reached > greatest (m.before, a.tier_id)
', 'insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day, receipt_id, scheme_version)
    select m.customer_id, m.sold_at, ids[greatest (m.before, array_position (ids, a.tier_id))], ids[m.reached], ''spend'', m.spend, m.day, m.receipt_id, (oba.tier_scheme_now ()).version
    from climbing m join oba.points_accounts a using (customer_id)
    where m.mine and m.reached > greatest (m.before, array_position (ids, a.tier_id)) and a.tier_id = any (ids) and a.tier_override is null
      and (oba.tier_scheme_now ()).basis = ''spend''
');
select oba.patch_function ('oba.post_batch_tiers', 'select customer_id, max (to_tier) as to_tier, max (at) as at from changes group by customer_id',
'select h.customer_id, (array_agg (h.to_tier order by t.threshold desc))[1] as to_tier, max (h.at) as at from changes h join oba.tiers t on t.tier_id = h.to_tier group by h.customer_id');
select oba.patch_function ('oba.post_batch_tiers', '  perform oba.follow_tier (a.customer_id, now(), a.tier_day, 0, null)
', '  -- Those who fell, who have a tier by hand, and everybody where points count.
  perform oba.follow_tier (a.customer_id, now(), a.tier_day, 0, null)
  from oba.points_accounts a join oba.tiers t on t.tier_id = a.tier_id
  where a.customer_id in (select p.customer_id from pg_temp.posting p where p.person) and a.customer_id not in (select f.customer_id from pg_temp.families f)
    and (a.tier_spend < t.threshold or a.tier_below_since is not null or a.tier_override is not null or t.threshold is null or (oba.tier_scheme_now ()).basis = ''points'');
  perform oba.follow_tier (a.customer_id, now(), a.tier_day, 0, null)
');

-- Bonuses of what is loaded come last.
select oba.patch_function ('oba.post_batch', '  perform oba.post_batch_families (batch);', '  perform oba.post_batch_families (batch);
  if (oba.tier_scheme_now ()).basis = ''points'' then
    perform oba.follow_tier (a.customer_id, now(), a.tier_day, 0, null) from oba.points_accounts a
    where a.customer_id in (select oba.customer_root (p.customer_id) from pg_temp.posting p where p.person) and a.tier_day is not null;
  end if;');

-- Merges.
select oba.patch_function ('oba.merge_customers', '  -- A tier that somebody gave stays given.
  if a.tier_id > b.tier_id and ''override'' = (select c.why from oba.tier_changes c where c.customer_id = s.customer_id order by c.change_id desc limit 1) then
    insert into oba.tier_changes (customer_id, from_tier, to_tier, why) values (t.customer_id, b.tier_id, a.tier_id, ''override'');
    update oba.points_accounts p set tier_id = a.tier_id, tier_since = now() where p.customer_id = t.customer_id;
  end if;
  perform oba.recount_tier (t.customer_id, greatest (a.tier_day, b.tier_day), false, ''merge'');
  update oba.points_accounts p set tier_spend = 0, tier_day = null where p.customer_id = s.customer_id;
', '  -- A tier that somebody gave stays given.
  m.came := m.came || oba.merge_tiers (a, b);
  update oba.merges x set came = m.came where x.merge_id = m.merge_id;
');
select oba.patch_function ('oba.unmerge_customers', '  perform oba.recount_tier (s.customer_id, greatest ((m.came ->> ''tier_day'')::date, a.tier_day), true, ''merge''), oba.recount_tier (t.customer_id, a.tier_day, true, ''merge'');
', '  perform oba.unmerge_tiers (m);
');

-- Of an erased customer nobody reads why they had a tier by hand.
select oba.patch_function ('oba.erase_reasons', '  update oba.tier_changes t set reason = null where t.customer_id = any (family) and t.reason is not null;
', '  update oba.tier_changes t set reason = null where t.customer_id = any (family) and t.reason is not null;
  update oba.tier_overrides t set reason = null, end_reason = null where t.customer_id = any (family) and (t.reason is not null or t.end_reason is not null);
');
select oba.patch_function ('oba.erase_halves', '    update oba.receipts r set reason = null
    where r.customer_id = m.other and', '    update oba.tier_overrides t set reason = null, end_reason = null
    where t.customer_id = m.other and oba.names_person (concat_ws ('' '', t.reason, t.end_reason), family, contacts);
    update oba.receipts r set reason = null
    where r.customer_id = m.other and');

drop function oba.patch_function (text, text, text);

-- Who is below their tier already: the next day decides, as it would have.
update oba.points_accounts a set tier_below_since = a.tier_day from oba.tiers t where t.tier_id = a.tier_id and a.tier_id <> 1 and a.tier_spend < t.threshold and a.tier_day is not null;

-- ---------------------------------------------------------------- rights

select oba.add_action ('save_tier_scheme', 'oba_admin');
select oba.add_action ('override_tier', 'oba_supervisor', 'oba_admin');
select oba.add_action ('end_tier_override', 'oba_supervisor', 'oba_admin');
grant select on oba.tier_schemes, oba.tier_scheme_steps, oba.tier_carrying to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.tier_overrides to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.tier_scheme_now (), oba.tier_for (bigint), oba.tier_reaches (bigint, bigint), oba.tier_leave_day (date), oba.tier_standing (bigint)
  to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.tier_what_if (jsonb) to oba_admin;
grant execute on function oba.end_tier_overrides (integer, date), oba.carry_out_tiers (integer, integer) to oba_admin, oba_helper;

reset role;
