-- The ledger of points: when points expire, by one function; how many can be spent in a day, whatever for; spend codes that cannot be guessed.
--
-- Points expire a period after they were given, or a period after the last purchase: then each purchase moves the last day of all that a customer has. A rule of earning that
-- states a period of its own ("valid_months") gives points with a fixed last day. What was given keeps the day it was given with when the policy changes; a purchase moves it
-- forward, never back, and neither a return nor a merge takes that away.

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

-- ---------------------------------------------------------------- how long points are good

-- Append-only. What holds on a day of Bakı is the version that began last.
create table oba.expiry_policies (
  version         integer primary key check (version >= 1),
  mode            text not null check (mode in ('period', 'inactivity')),          -- from earning, or from the last purchase
  months          integer not null check (months between 1 and 1200),
  ends_on         text not null check (ends_on in ('day', 'month')),               -- to the day, or to the end of that day's month
  warn_minimum    bigint not null check (warn_minimum between 1 and 10000000),     -- nobody is warned of less
  valid_from      date not null,
  created_at      timestamptz not null default now(),
  created_by      text not null default session_user
);
insert into oba.expiry_policies (version, mode, months, ends_on, warn_minimum, valid_from) values (1, 'period', 24, 'day', 100, '-infinity');
create trigger append_only before update or delete on oba.expiry_policies for each row execute function oba.refuse_change ();
create trigger append_only_all before truncate on oba.expiry_policies for each statement execute function oba.refuse_change ();

-- The base rule says what a manat gives; how long it is good is the policy's, unless a rule says otherwise.
update oba.earning_rules set parameters = parameters - 'valid_months' where rule_id = 1 and version = 1 and kind = 'base' and parameters ->> 'valid_months' = '24';

create function oba.expiry_policy (at timestamptz) returns oba.expiry_policies
language sql stable
return (select p from oba.expiry_policies p where p.valid_from <= oba.business_day (at) order by p.valid_from desc, p.version desc limit 1);

/*
 * The last day on which points given at a moment can be spent. @own_months: of the rule that gave them, where it states a period. The day of Bakı counts; a month later is the same
 * day, or the last one of a shorter month.
 */
create function oba.lot_expiry (at timestamptz, own_months integer default null) returns date
language plpgsql stable
as $$
declare
  day date := oba.business_day (at);
  n integer;
  ends text;
begin
  select p.months, p.ends_on into n, ends from oba.expiry_policies p where p.valid_from <= day order by p.valid_from desc, p.version desc limit 1;
  day := (day + make_interval (months => coalesce (own_months, n)))::date;
  return case when ends = 'month' then (date_trunc ('month', day::timestamp) + interval '1 month - 1 day')::date else day end;
end $$;

-- Points whose last day no purchase moves: their rule has a period of its own.
alter table oba.points_lots add column fixed boolean not null default false;

/*
 * A purchase at a moment, under a policy of inactivity: what the customer has left on that day is good for a period from it. A purchase that comes late is followed by those that came
 * before it. The caller holds the account.
 */
create function oba.follow_purchase (customer bigint, at timestamptz) returns void
language plpgsql
as $$
declare
  day date := oba.business_day (at);
  due date;
begin
  if (oba.expiry_policy (at)).mode = 'inactivity' then
    due := oba.lot_expiry (at);
    update oba.points_lots l set expires_on = due
      where l.customer_id = customer and l.remaining > 0 and not l.fixed and l.expires_on < due and l.expires_on >= day;
  end if;
  for at in
    select distinct oba.day_start (r.business_day) from oba.receipts r
    where day < oba.business_day (now()) and r.customer_id = any (array (select oba.customer_family (customer))) and r.kind = 'sale' and r.sold_at >= oba.day_start (day + 1) order by 1
  loop
    continue when (oba.expiry_policy (at)).mode <> 'inactivity';
    due := oba.lot_expiry (at);
    update oba.points_lots l set expires_on = due
      where l.customer_id = customer and l.remaining > 0 and not l.fixed and l.expires_on < due and l.expires_on >= oba.business_day (at);
  end loop;
end $$;

-- The same for the purchases of a batch. Days of purchase that follow each other before the points end are one stretch: what is left on one of them ends with the stretch.
create function oba.follow_batch () returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  since timestamptz := (select oba.day_start (min (p.business_day)) from pg_temp.posting p where p.person);
begin
  if since is null or not exists (select from oba.expiry_policies p where p.mode = 'inactivity') then
    return;
  end if;
  with calendar as materialized (
    select d::date as day, oba.lot_expiry (oba.day_start (d::date)) as due
    from generate_series (oba.business_day (since)::timestamp, oba.business_day (now())::timestamp, interval '1 day') d
    where (oba.expiry_policy (oba.day_start (d::date))).mode = 'inactivity'
  ), purchases as (
    select distinct r.customer_id, c.day, c.due from oba.receipts r join calendar c on c.day = r.business_day
    where r.kind = 'sale' and r.sold_at >= since and r.customer_id in (select p.customer_id from pg_temp.posting p where p.person)
      and r.customer_id not in (select f.customer_id from pg_temp.families f)
  ), starts as (
    select p.*, p.day > max (p.due) over (partition by p.customer_id order by p.day rows between unbounded preceding and 1 preceding) as starts from purchases p
  ), stretches as (
    select s.*, count (*) filter (where s.starts) over (partition by s.customer_id order by s.day) as stretch from starts s
  ), ends as materialized (
    select s.customer_id, s.day, max (s.due) over (partition by s.customer_id, s.stretch) as due from stretches s
  ), moves as materialized (
    select l.customer_id, l.lot_id, max (e.due) as due from oba.points_lots l join ends e on e.customer_id = l.customer_id and e.day <= l.expires_on
    where l.remaining > 0 and not l.fixed group by 1, 2
  )
  update oba.points_lots l set expires_on = m.due from moves m where l.customer_id = m.customer_id and l.lot_id = m.lot_id and l.expires_on < m.due;
  perform oba.follow_purchase (oba.customer_root (p.customer_id), oba.day_start (p.day))
  from (select x.customer_id, min (x.business_day) as day from pg_temp.posting x where x.person and x.kind = 'sale' and x.customer_id in (select f.customer_id from pg_temp.families f) group by 1 order by 1) p;
end $$;

-- Points that come back to a lot that was empty are good for as long as if they had never left.
create function oba.lots_catch_up () returns trigger
language plpgsql
as $$
declare
  at timestamptz;
begin
  if exists (select from oba.expiry_policies p where p.mode = 'inactivity') then
    for at in
      select distinct oba.day_start (r.business_day) from oba.receipts r
      where r.customer_id = any (array (select oba.customer_family (new.customer_id))) and r.kind = 'sale' and r.sold_at >= oba.day_start (oba.business_day (new.entry_at)) order by 1
    loop
      if (oba.expiry_policy (at)).mode = 'inactivity' and oba.business_day (at) <= new.expires_on then
        new.expires_on := greatest (new.expires_on, oba.lot_expiry (at));
      end if;
    end loop;
  end if;
  return new;
end $$;
create trigger catch_up before update of remaining on oba.points_lots
  for each row when (old.remaining = 0 and new.remaining > 0 and not new.fixed) execute function oba.lots_catch_up ();

/*
 * {"mode": "period" | "inactivity", "months", "ends_on": "day" | "month", "warn_minimum", "valid_from": a day from tomorrow on, "version": the last one when the policy was looked at}
 * -> the new version
 */
create function oba.do_set_expiry_policy (request jsonb) returns jsonb
language plpgsql
as $$
declare
  last_version integer;
  p oba.expiry_policies;
begin
  perform pg_advisory_xact_lock (hashtext ('oba.expiry_policies'));
  select max (x.version) into last_version from oba.expiry_policies x;
  if (request ->> 'version')::integer is distinct from last_version then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  elsif coalesce (request ->> 'mode', '') not in ('period', 'inactivity') or coalesce ((request ->> 'months')::integer, 0) not between 1 and 120
        or coalesce (request ->> 'ends_on', '') not in ('day', 'month') or coalesce ((request ->> 'warn_minimum')::bigint, 0) not between 1 and 10000000 then
    perform oba.refuse ('OB001', 'Points are good for 1 to 120 months from earning or from the last purchase, to the day or to the end of its month; a warning is of 1 to 10,000,000 points.');
  elsif coalesce ((request ->> 'valid_from')::date, '-infinity') <= oba.business_day (now()) or (request ->> 'valid_from')::date > oba.business_day (now()) + 3660 then
    perform oba.refuse ('OB011', 'A new policy of expiry begins tomorrow or later, within ten years.');
  end if;
  insert into oba.expiry_policies (version, mode, months, ends_on, warn_minimum, valid_from)
  values (last_version + 1, request ->> 'mode', (request ->> 'months')::integer, request ->> 'ends_on', (request ->> 'warn_minimum')::bigint, (request ->> 'valid_from')::date)
  returning * into p;
  perform oba.audit_add ('expiry_policy.set', 'expiry_policy', p.version::text, null,
                         jsonb_build_object ('mode', jsonb_build_array (null, p.mode), 'months', jsonb_build_array (null, p.months), 'ends_on', jsonb_build_array (null, p.ends_on),
                                             'warn_minimum', jsonb_build_array (null, p.warn_minimum), 'valid_from', jsonb_build_array (null, p.valid_from)), null);
  perform pg_notify ('oba_administration', 'expiry_policies');
  return to_jsonb (p);
end $$;

-- What a receipt earns.
select oba.patch_function ('oba.enter_receipt', '  valid_months integer;
', '  valid_months integer;
  expiry_mode text;
');
select oba.patch_function ('oba.enter_receipt', '(r.parameters ->> ''valid_months'')::integer
  into closed, known_store, survivor, chat, rule, version, qepik_per_point, valid_months
', '(r.parameters ->> ''valid_months'')::integer,
         (select p.mode from oba.expiry_policies p where p.valid_from <= oba.business_day (earned_at) order by p.valid_from desc, p.version desc limit 1)
  into closed, known_store, survivor, chat, rule, version, qepik_per_point, valid_months, expiry_mode
');
select oba.patch_function ('oba.enter_receipt', 'receipt_id, points, remaining, expires_on)
        values (customer, entry, at, receipt, points, points, (day + make_interval (months => valid_months))::date);',
'receipt_id, points, remaining, expires_on, fixed)
        values (customer, entry, at, receipt, points, points, oba.lot_expiry (earned_at, valid_months), valid_months is not null);');
select oba.patch_function ('oba.enter_receipt', '    if had_owed > 0 and points > 0 then', '    if earns and expiry_mode = ''inactivity'' then
      perform oba.follow_purchase (customer, earned_at);
    end if;
    if had_owed > 0 and points > 0 then');

-- What a batch earns: the day once for all receipts of a day.
select oba.patch_function ('oba.post_batch_points', '  with made as (
    insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on)
', '  with days as materialized (
    select d.business_day, d.months, oba.lot_expiry (oba.day_start (d.business_day), nullif (d.months, 0)) as expires_on
    from (select distinct p.business_day, coalesce (p.valid_months, 0) as months from pg_temp.posting p where p.entry_id is not null) d
  ), made as (
    insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on, fixed)
');
select oba.patch_function ('oba.post_batch_points', '           (p.business_day + make_interval (months => p.valid_months))::date
    from pg_temp.posting p left join', '           d.expires_on, p.valid_months is not null
    from pg_temp.posting p join days d on d.business_day = p.business_day and d.months = coalesce (p.valid_months, 0) left join');
-- Or the planner takes the receipts for one row, and reads all that is taken back once a receipt.
select oba.patch_function ('oba.post_batch_points', '  with days as materialized (', '  analyze pg_temp.clawing;
  with days as materialized (');
select oba.patch_function ('oba.post_batch', '  perform oba.post_batch_families (batch);
', '  perform oba.post_batch_families (batch);
  perform oba.follow_batch ();
');

-- A merge takes the last day along, and whether it moves; what comes back is good for as long as it was with the survivor.
select oba.patch_function ('oba.move_points', 'update oba.points_lots set receipt_id = l.receipt_id where', 'update oba.points_lots set receipt_id = l.receipt_id, fixed = l.fixed where');
select oba.patch_function ('oba.move_points_back', 'select x.lot_id, x.survivor_lot, x.survivor_entry, x.entry_at, s.remaining
', 'select x.lot_id, x.survivor_lot, x.survivor_entry, x.entry_at, s.remaining, s.expires_on
');
select oba.patch_function ('oba.move_points_back', 'update oba.points_lots set remaining = remaining + l.remaining where', 'update oba.points_lots set remaining = remaining + l.remaining, expires_on = greatest (expires_on, l.expires_on) where');

-- ---------------------------------------------------------------- expiring

-- One batch of at most @most lots of at most @most_customers customers: accounts first, then what they have by then. Returns of how many customers.
create function oba.expire_some (most_customers integer, most integer, today date) returns integer
language plpgsql
as $$
declare
  held bigint[];
  m date;
begin
  select array_agg (h.customer_id) into held
  from (select a.customer_id from oba.points_accounts a
        where a.customer_id in (select x.customer_id
                                from (select l.customer_id from oba.points_lots l where l.remaining > 0 and l.expires_on < today order by l.expires_on, l.customer_id limit most) x
                                limit most_customers)
        order by a.customer_id for update skip locked) h;
  if held is null then
    return 0;
  end if;
  for m in
    select distinct date_trunc ('month', (l.expires_on + 1)::timestamp)::date from oba.points_lots l where l.customer_id = any (held) and l.remaining > 0 and l.expires_on < today
  loop
    if to_regclass ('oba.points_ledger' || to_char (m, '_YYYY_MM')) is null then
      perform oba.ensure_partitions (m, m);   -- an old file was imported
    end if;
  end loop;
  with lots as materialized (
    select l.customer_id, l.lot_id, l.remaining, l.expires_on,
           -- What came back to a lot that had expired is lost when it came back, not before.
           (select max (e.occurred_at) from oba.ledger_allocations a join oba.points_ledger e on e.customer_id = a.customer_id and e.entry_id = a.entry_id
            where a.customer_id = l.customer_id and a.lot_id = l.lot_id and a.points < 0) as back_at
    from oba.points_lots l where l.customer_id = any (held) and l.remaining > 0 and l.expires_on < today
    order by l.expires_on, l.customer_id, l.lot_id limit most
  ), days as materialized (
    select d.*, nextval ('oba.entry_ids') as entry_id
    from (select l.customer_id, l.expires_on, sum (l.remaining)::bigint as points, greatest (oba.day_start (l.expires_on + 1), (select oba.open_from ()), max (l.back_at)) as at
          from lots l group by 1, 2 order by 2, 1) d
  ), entries as (
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, source) select d.customer_id, d.at, d.entry_id, 'expire', - d.points, 'job' from days d
  ), allocations as (
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points)
    select l.customer_id, d.entry_id, l.lot_id, l.remaining from lots l join days d on d.customer_id = l.customer_id and d.expires_on = l.expires_on
  ), emptied as (
    update oba.points_lots x set remaining = 0 from lots l where x.customer_id = l.customer_id and x.lot_id = l.lot_id
  )
  update oba.points_accounts a set balance = a.balance - s.points, updated_at = now()
  from (select d.customer_id, sum (d.points)::bigint as points from days d group by 1) s where a.customer_id = s.customer_id;
  return cardinality (held);
end $$;

/*
 * As in 0005 and 0043, in batches by time: what one call holds, it holds for hardly more than @milliseconds, however many points of a customer expire. One entry for each customer and day, dated
 * to the midnight at which the points were lost. Returns of how many customers; call it until it returns 0.
 */
drop function oba.expire_points (integer, date);
create function oba.expire_points (max_customers integer default 200, as_of date default null, milliseconds integer default 8) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  today date := coalesce (least (as_of, oba.business_day (now())), oba.business_day (now()));
  began timestamptz := clock_timestamp ();
  n integer := 0;
  more integer;
begin
  perform pg_advisory_xact_lock_shared (hashtext ('oba.close_month'));
  loop
    more := oba.expire_some (max_customers - n, 25, today);
    n := n + more;
    exit when more = 0 or n >= max_customers or clock_timestamp () - began >= milliseconds * interval '1 millisecond';
  end loop;
  return n;
end $$;

-- ---------------------------------------------------------------- how much is spent in a day

-- As in 0080, but not bound to the columns of the rules.
create or replace function oba.daily_points_left (customer bigint, at timestamptz, rules oba.spending_rules) returns bigint
language sql stable
as $$
  select rules.daily_points + (select coalesce (sum (l.points), 0) from oba.points_ledger l
                               where l.customer_id = any (array (select oba.customer_family (customer))) and l.kind in ('redeem', 'restore')
                                 and l.occurred_at >= oba.day_start (oba.business_day (at)) and l.occurred_at < oba.day_start (oba.business_day (at) + 1)
                                 and (l.kind = 'redeem' or l.reverses_at >= oba.day_start (oba.business_day (at))))
$$;

alter table oba.spending_rules add column wrong_codes integer not null default 5 check (wrong_codes between 1 and 20);           -- after so many, codes do not spend
alter table oba.spending_rules add column lock_minutes integer not null default 15 check (lock_minutes between 1 and 1440);      -- for so long

-- Refuses what is over the limit of a day, whatever it is spent on. The caller holds the account.
create function oba.check_daily_points (customer bigint, at timestamptz, wanted bigint, rules oba.spending_rules default null) returns void
language plpgsql
as $$
declare
  there bigint;
begin
  if rules is null then
    rules := oba.spending_rule (at);
  end if;
  there := oba.daily_points_left (customer, at, rules);
  if wanted > there then
    perform oba.refuse ('OB015', format ('Of the %s points that a customer can spend in a day, %s are left.', rules.daily_points, greatest (0, there)), 'Spend less today.');
  end if;
end $$;

select oba.patch_function ('oba.pay_with_points', '    if spent > oba.daily_points_left (customer, at, rules) then
      perform oba.refuse (''OB015'', format (''Of the %s points that a customer can spend in a day, %s are left.'', rules.daily_points, greatest (0, oba.daily_points_left (customer, at, rules))),
                          ''Pay the rest in another way.'');
    end if;
', '    perform oba.check_daily_points (customer, at, spent, rules);
');
select oba.patch_function ('oba.do_redeem_points', '  redemption := nextval (', '  perform oba.check_daily_points (customer, now(), cost);
  redemption := nextval (');

-- ---------------------------------------------------------------- codes that are guessed

select oba.patch_function ('oba.do_set_spending_rules', 'daily_points, earns, code_seconds, valid_from)
  values (', 'daily_points, earns, code_seconds, wrong_codes, lock_minutes, valid_from)
  values (');
select oba.patch_function ('oba.do_set_spending_rules', '(request ->> ''code_seconds'')::integer,
          coalesce ((request ->> ''valid_from'')::timestamptz, now()))',
'(request ->> ''code_seconds'')::integer,
          coalesce ((request ->> ''wrong_codes'')::integer, (select r.wrong_codes from oba.spending_rules r where r.version = last_version)),
          coalesce ((request ->> ''lock_minutes'')::integer, (select r.lock_minutes from oba.spending_rules r where r.version = last_version)),
          coalesce ((request ->> ''valid_from'')::timestamptz, now()))');

create table oba.spend_tries (
  customer_id     bigint primary key references oba.customers,
  wrong           integer not null default 0 check (wrong >= 0),                   -- codes in a row, within a day
  last_at         timestamptz not null default now(),
  locked_until    timestamptz
);

-- Until when codes do not spend this customer's points; null: they do.
create function oba.codes_locked_until (customer bigint) returns timestamptz
language sql stable
return (select t.locked_until from oba.spend_tries t where t.customer_id = customer and t.locked_until > now());

/*
 * For once (), before it does what asks for the second proof: null, or the refusal of a code that is nobody's. It is counted outside of what is undone by a refusal, and the account is
 * held until the end, so a hundred tries at once are a hundred one after the other.
 */
create function oba.judge_spend_code (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := substring (request ->> 'customer_id' from '^[0-9]{1,18}$')::bigint;
  rules oba.spending_rules := oba.spending_rule (now());
  card oba.cards;
  c oba.spend_codes;
  t oba.spend_tries;
begin
  if customer is null and request ->> 'card' is not null then
    card := oba.card_of (request ->> 'card');
    customer := card.customer_id;
  end if;
  customer := oba.customer_root (customer);
  perform from oba.points_accounts a where a.customer_id = customer for update;
  if not found then
    return null;
  end if;
  select * into c from oba.spend_codes k where k.customer_id = customer and k.code_hash = oba.spend_code_hash (customer, left (request ->> 'spend_code', 100)) order by k.code_id desc limit 1;
  if c.used_at is not null then
    return null;   -- perhaps the same receipt once more
  end if;
  select * into t from oba.spend_tries x where x.customer_id = customer;
  if t.locked_until > now() then
    null;
  elsif c.code_id is not null then
    return null;
  else
    insert into oba.spend_tries as x (customer_id, wrong, locked_until)
    values (customer, 1, case when rules.wrong_codes = 1 then now() + make_interval (mins => rules.lock_minutes) end)
    on conflict (customer_id) do update
    set wrong = case when x.last_at < now() - interval '1 day' or x.locked_until is not null then 1 else x.wrong + 1 end, last_at = now(), locked_until = null
    returning * into t;
    if t.wrong >= rules.wrong_codes then
      update oba.spend_tries x set locked_until = now() + make_interval (mins => rules.lock_minutes) where x.customer_id = customer;
      update oba.spend_codes k set expires_at = now() where k.customer_id = customer and k.used_at is null and k.expires_at > now();
      perform oba.audit_add ('spending.wrong_codes', 'customer', customer::text, customer, jsonb_build_object ('wrong', jsonb_build_array (null, t.wrong)), null);
    end if;
    return jsonb_build_object ('refused', true, 'code', 'OB014', 'message', 'This spend code is not this customer''s.', 'hint', 'The customer asks the bot for a code.', 'detail', '');
  end if;
  return jsonb_build_object ('refused', true, 'code', 'OB014', 'message', format ('Too many wrong spend codes were given: codes spend nothing until %s.', to_char (t.locked_until at time zone 'Asia/Baku', 'HH24:MI')),
                             'hint', 'The customer asks the bot for a code after that.', 'detail', '');
end $$;

-- A wrong code is answered, not raised, with a key or without: what is raised leaves no trace.
select oba.patch_function ('oba.once', '  begin
    case action', '  if request ->> ''spend_code'' is not null then
    answer := oba.judge_spend_code (request);
    if answer is not null then
      if key is not null then
        insert into oba.idempotency_keys (scope, key, request_hash, refused, answer) values (scope, key, hash, true, answer);
      end if;
      return answer;
    end if;
  end if;
  begin
    case action');
select oba.patch_function ('oba.use_spend_code', '  update oba.spend_codes k set used_at', '  delete from oba.spend_tries t where t.customer_id = customer;
  update oba.spend_codes k set used_at');
select oba.patch_function ('oba.make_spend_code', '  delete from oba.spend_codes k', '  if oba.codes_locked_until (customer) is not null then
    perform oba.refuse (''OB014'', format (''Too many wrong spend codes were given: codes spend nothing until %s.'', to_char (oba.codes_locked_until (customer) at time zone ''Asia/Baku'', ''HH24:MI'')),
                        ''The customer asks the bot for a code after that.'');
  end if;
  delete from oba.spend_codes k');
select oba.patch_function ('oba.quote_points', 'a.spending_locked_at is not null then 0', 'a.spending_locked_at is not null or oba.codes_locked_until (customer) is not null then 0');
select oba.patch_function ('oba.quote_points', 'when a.spending_locked_at is not null then ''locked''', 'when a.spending_locked_at is not null or oba.codes_locked_until (customer) is not null then ''locked''');

-- ---------------------------------------------------------------- spending is locked

-- Why, from a list; null: the customer did, in the bot.
alter table oba.points_accounts add column spending_lock_reason text check (spending_lock_reason in ('customer', 'lost_phone', 'suspicion', 'dispute'));
alter table oba.points_accounts add column spending_locked_by text;

select oba.patch_function ('oba.lock_account', '  elsif spending and a.spending_locked_at is not null then
', '  elsif spending and a.spending_locked_at is not null and a.spending_lock_reason in (''suspicion'', ''dispute'') then
    perform oba.refuse (''OB006'', ''Spending is locked for this customer.'', ''A supervisor unlocks it on the profile.'');
  elsif spending and a.spending_locked_at is not null then
');

/*
 * {"customer_id", "locked": true|false, "reason_code": "customer" | "lost_phone" | "suspicion" | "dispute", "reason": in words}: the customer's own switch, in the bot or by who helps them.
 * Whom staff suspect a supervisor unlocks.
 */
create or replace function oba.do_lock_spending (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := oba.customer_root ((request ->> 'customer_id')::bigint);
  locked boolean := (request ->> 'locked')::boolean;
  code text := coalesce (request ->> 'reason_code', 'customer');
  why text := nullif (btrim (request ->> 'reason'), '');
  supervises boolean := pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member');
  a oba.points_accounts;
begin
  if locked is null or code not in ('customer', 'lost_phone', 'suspicion', 'dispute') or length (why) > 1000 then
    perform oba.refuse ('OB001', 'Spending is locked or unlocked, with a reason from the list and at most 1,000 characters.');
  elsif oba.holds_invisible (why) then
    perform oba.refuse ('OB001', 'A text holds an invisible control character.', 'Type it anew instead of pasting it.');
  end if;
  select * into a from oba.points_accounts p where p.customer_id = customer for update;
  if not found or not exists (select from oba.customers c where c.customer_id = customer and c.kind = 'person' and c.status <> 'erased') then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif (a.spending_lock_reason in ('suspicion', 'dispute') or locked and code in ('suspicion', 'dispute')) and not supervises then
    perform oba.refuse ('OB006', 'Only a supervisor locks spending on suspicion or in a dispute, and unlocks it.', 'Ask a supervisor.');
  end if;
  if locked is distinct from (a.spending_locked_at is not null) or (locked and code is distinct from coalesce (a.spending_lock_reason, 'customer')) then
    update oba.points_accounts p
    set spending_locked_at = case when locked then coalesce (p.spending_locked_at, now()) end, spending_lock_reason = case when locked then code end,
        spending_locked_by = case when locked then session_user end
    where p.customer_id = customer;
    perform oba.audit_add ('spending.lock', 'customer', customer::text, customer,
                           jsonb_build_object ('locked', jsonb_build_array (a.spending_locked_at is not null, locked), 'lock_reason', jsonb_build_array (a.spending_lock_reason, case when locked then code end)), why);
    perform pg_notify ('oba_customers', customer::text);
  end if;
  return jsonb_build_object ('customer_id', customer, 'locked', locked);
end $$;

-- ---------------------------------------------------------------- adjustments

alter table oba.correction_limits add column adjust_points bigint not null default 1000 check (adjust_points >= 0);      -- that one person gives or takes from one customer within a day
select oba.patch_function ('oba.do_set_correction_limits', '        or coalesce ((request ->> ''age_days'')', '        or coalesce ((request ->> ''adjust_points'')::bigint, 0) < 0 or coalesce ((request ->> ''age_days'')');
select oba.patch_function ('oba.do_set_correction_limits', 'version = c.version + 1', 'adjust_points = coalesce ((request ->> ''adjust_points'')::bigint, c.adjust_points), version = c.version + 1');

create function oba.adjustment_reasons () returns text[]
language sql immutable parallel safe
return array['missing', 'complaint', 'goodwill', 'promotion', 'staff_error', 'system_error', 'misuse', 'other'];

-- Append-only: what was adjusted, by whom, and who agreed. The words are with the entry.
create table oba.adjustments (
  adjustment_id   bigint generated always as identity primary key,
  customer_id     bigint not null references oba.customers,
  entry_id        bigint not null,
  entry_at        timestamptz not null,
  points          bigint not null check (points <> 0),
  reason_code     text not null,
  undoes          bigint unique references oba.adjustments,
  approval_id     bigint references oba.approvals,
  made_at         timestamptz not null default now(),
  made_by         text not null,                                                   -- who proposed it
  posted_by       text not null default session_user,                              -- who posted or approved it
  check (approval_id is null or made_by <> posted_by)
);
create index adjustments_customer on oba.adjustments (customer_id, adjustment_id);
create trigger append_only before update or delete on oba.adjustments for each row execute function oba.refuse_change ();
create trigger append_only_all before truncate on oba.adjustments for each statement execute function oba.refuse_change ();

-- Takes back an adjustment: what it gave from its own lot first, what it took to where it was taken from.
create function oba.undo_adjustment (u oba.adjustments, why text, out entry bigint)
language plpgsql
as $$
declare
  today date := oba.business_day (now());
  lot oba.points_lots;
  own bigint;
  there bigint;
begin
  if u.undoes is not null then
    perform oba.refuse ('OB013', 'What takes an adjustment back is not taken back itself.', 'Adjust the points anew.');
  elsif exists (select from oba.adjustments x where x.undoes = u.adjustment_id) then
    perform oba.refuse ('OB013', 'This adjustment was taken back already.');
  end if;
  perform oba.expire_points_of (u.customer_id, today);
  entry := nextval ('oba.entry_ids');
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, inputs, reverses_id, reverses_at, reason, source)
  values (u.customer_id, now(), entry, 'adjust', - u.points, jsonb_build_object ('adjustment', u.adjustment_id), u.entry_id, u.entry_at, why, 'staff');
  if u.points > 0 then
    select * into lot from oba.points_lots l where l.customer_id = u.customer_id and l.entry_id = u.entry_id;
    if exists (select from oba.ledger_allocations a join oba.points_ledger e on e.customer_id = a.customer_id and e.entry_id = a.entry_id
               where a.customer_id = u.customer_id and a.lot_id = lot.lot_id and e.kind = 'expire') then
      perform oba.refuse ('OB013', 'These points have expired since.', 'There is nothing to take back.');
    end if;
    own := least (lot.remaining, u.points);
    if own > 0 then
      update oba.points_lots l set remaining = l.remaining - own where l.customer_id = u.customer_id and l.lot_id = lot.lot_id;
      insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) values (u.customer_id, entry, lot.lot_id, own);
    end if;
    there := own + case when own < u.points then oba.take_from_lots (u.customer_id, entry, u.points - own, null, today) else 0 end;
    if there < u.points then
      perform oba.refuse ('OB007', format ('There are only %s points to spend, not %s.', there, u.points), 'They were spent meanwhile.');
    end if;
  else
    with given as (
      select a.lot_id, sum (a.points)::bigint as points from oba.ledger_allocations a where a.customer_id = u.customer_id and a.entry_id = u.entry_id group by a.lot_id
    ), lots as (
      update oba.points_lots l set remaining = l.remaining + g.points from given g where l.customer_id = u.customer_id and l.lot_id = g.lot_id
    )
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) select u.customer_id, entry, g.lot_id, - g.points from given g;
  end if;
  update oba.points_accounts p set balance = p.balance - u.points, updated_at = now() where p.customer_id = u.customer_id returning p.owed into own;
  if own > 0 and u.points < 0 then
    perform oba.settle_debts (u.customer_id, today);
  end if;
  perform oba.expire_points_of (u.customer_id, today);
end $$;

-- Does it, as try_adjustment () has it. @needs: ["points"] when a second person is needed.
create function oba.post_adjustment (request jsonb, approval bigint, proposer text, out done bigint, out preview jsonb)
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  amount bigint := (request ->> 'points')::bigint;
  code text := coalesce (request ->> 'reason_code', 'other');
  why text := nullif (btrim (request ->> 'reason'), '');
  most bigint := (select l.adjust_points from oba.correction_limits l);
  u oba.adjustments;
  before jsonb;
  entry bigint;
  at_once boolean := false;
  needs jsonb;
begin
  if request ? 'undo' then
    select * into u from oba.adjustments x where x.adjustment_id = (request ->> 'undo')::bigint;
    if not found then
      perform oba.refuse ('OB002', 'There is no such adjustment.');
    end if;
    customer := u.customer_id;
    amount := - u.points;
    code := u.reason_code;
    -- One's own mistake of just now is taken back at once.
    at_once := u.made_by = proposer and u.approval_id is null and u.made_at > now() - interval '1 hour';
  elsif amount is null or amount = 0 or abs (amount) > 10000000 then
    perform oba.refuse ('OB001', 'An adjustment is between 1 and 10,000,000 points, up or down.');
  elsif not code = any (oba.adjustment_reasons ()) then
    perform oba.refuse ('OB001', 'An adjustment needs a reason from the list.');
  end if;
  if length (why) > 1000 or (why is null and code = 'other' and not request ? 'undo') then
    perform oba.refuse ('OB001', 'An adjustment needs a reason of at most 1,000 characters.');
  elsif oba.holds_invisible (why) then
    perform oba.refuse ('OB001', 'A text holds an invisible control character.', 'Type it anew instead of pasting it.');
  end if;
  perform oba.lock_account (customer, false);
  needs := case when at_once or abs (amount) + (select coalesce (sum (abs (x.points)), 0) from oba.adjustments x
                                                where x.customer_id = customer and x.made_by = proposer and x.made_at > now() - interval '1 day') <= most
                then '[]' else '["points"]' end::jsonb;
  before := oba.correction_figures (customer);
  if u.adjustment_id is not null then
    entry := (oba.undo_adjustment (u, why));
  elsif amount > 0 then
    entry := oba.credit (customer, now(), 'adjust', amount, oba.lot_expiry (now()), null, null, jsonb_build_object ('reason', code), null, null, why, 'staff');
  else
    entry := oba.debit (customer, now(), 'adjust', - amount, null, false, null, null, null, null, null, null, jsonb_build_object ('reason', code), why, 'staff');
  end if;
  insert into oba.adjustments (customer_id, entry_id, entry_at, points, reason_code, undoes, approval_id, made_by)
  values (customer, entry, now(), amount, code, u.adjustment_id, approval, proposer) returning adjustment_id into done;
  preview := jsonb_build_object ('kind', case when u.adjustment_id is null then 'adjust' else 'undo_adjust' end, 'points', amount, 'needs', needs, 'about', jsonb_build_array (customer),
                                 'customers', jsonb_build_array (oba.figures_changed (before, oba.correction_figures (customer))));
  perform oba.audit_add ('points.adjust', 'customer', customer::text, customer,
                         jsonb_build_object ('points', jsonb_build_array (0, amount), 'reason_code', jsonb_build_array (null, code))
                         || case when approval is null then '{}' else jsonb_build_object ('approval', jsonb_build_array (null, approval)) end, why);
end $$;

-- Does it, and looks; it stays as a correction does: @mode "post": when no second person is needed; "approved": when it is what @expected says.
create function oba.try_adjustment (request jsonb, mode text, expected jsonb, approval bigint, proposer text, out preview jsonb, out done bigint)
language plpgsql
as $$
declare
  p record;
begin
  begin
    p := oba.post_adjustment (request, approval, proposer);
    preview := p.preview;
    done := p.done;
    if not (mode = 'post' and preview -> 'needs' = '[]' or mode = 'approved' and preview = expected) then
      raise exception using errcode = 'OBPRV';
    end if;
  exception
    when sqlstate 'OBPRV' then
      done := null;
  end;
end $$;

-- What adjust_points () would do; nothing is changed.
create function oba.preview_adjustment (request jsonb) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if jsonb_typeof (request) is distinct from 'object' then
    perform oba.refuse ('OB001', 'The request is not a JSON object.');
  end if;
  return (oba.try_adjustment (request || jsonb_build_object ('reason', 'preview'), 'preview', null, null, session_user)).preview;
end $$;

/*
 * {"customer_id", "points": +n or -n, "reason_code": of adjustment_reasons (), "reason": in words, which "other" needs} or {"undo": an adjustment, "reason"}
 * -> {"customer_id", "entry_id", "adjustment_id", "balance", "preview"}, or {"customer_id", "approval_id", "preview", "waits": true}: above the limit a second person decides.
 */
create or replace function oba.do_adjust_points (request jsonb) returns jsonb
language plpgsql
as $$
declare
  tried record;
  a oba.adjustments;
  customer bigint;
  id bigint;
begin
  tried := oba.try_adjustment (request, 'post', null, null, session_user);
  customer := (tried.preview #>> '{about,0}')::bigint;
  if tried.done is not null then
    select * into a from oba.adjustments x where x.adjustment_id = tried.done;
    perform pg_notify ('oba_customers', customer::text);
    return jsonb_build_object ('customer_id', customer, 'entry_id', a.entry_id, 'adjustment_id', a.adjustment_id, 'preview', tried.preview,
                               'balance', (select p.balance from oba.points_accounts p where p.customer_id = customer));
  end if;
  perform pg_advisory_xact_lock (hashtextextended ('oba.ask_adjustment', customer));
  if exists (select from oba.approvals x where x.kind = 'adjustment' and x.state = 'requested' and x.customer_ids = array[customer]) then
    perform oba.refuse ('OB004', 'An adjustment of this customer waits for approval already.', 'Decide that one first, or withdraw it.');
  end if;
  insert into oba.approvals (kind, request, preview, customer_ids, reason)
  values ('adjustment', request - 'reason', tried.preview, array[customer], nullif (btrim (request ->> 'reason'), '')) returning approval_id into id;
  perform oba.audit_add ('approval.request', 'approval', id::text, customer, jsonb_build_object ('kind', jsonb_build_array (null, 'adjustment')), null);
  perform pg_notify ('oba_approvals', id::text);
  return jsonb_build_object ('customer_id', customer, 'approval_id', id, 'waits', true, 'preview', tried.preview);
end $$;

alter table oba.approvals drop constraint approvals_kind_check;
alter table oba.approvals add constraint approvals_kind_check check (kind in ('merge', 'unmerge', 'correction', 'adjustment'));
select oba.patch_function ('oba.try_approved', '  else
', '  elsif a.kind = ''adjustment'' then
    select t.preview, t.done into preview, done
    from oba.try_adjustment (a.request || jsonb_build_object (''reason'', coalesce (a.reason, ''erased'')), ''approved'', a.preview, a.approval_id, a.requested_by) t;
  else
');
select oba.patch_function ('oba.approvals_describe', '  else
    new.store_ids', '  else
    if new.kind = ''adjustment'' then
      new.limits := (select jsonb_build_object (''points'', l.adjust_points) from oba.correction_limits l);
    end if;
    new.store_ids');

-- ---------------------------------------------------------------- warnings

-- Append-only: who was warned of which day, and how long before; and how far each day's warning has come.
create table oba.expiry_warnings (
  customer_id     bigint not null references oba.customers,
  expires_on      date not null,
  days_before     integer not null check (days_before > 0),
  points          bigint not null check (points > 0),
  warned_at       timestamptz not null default now(),
  primary key (customer_id, expires_on, days_before)
);
create table oba.expiry_warning_runs (
  expires_on      date not null,
  days_before     integer not null,
  through         bigint not null default 0,                                       -- customers up to this one were looked at
  finished_at     timestamptz,
  primary key (expires_on, days_before)
);

/*
 * A job: tells customers, 30 and 7 days before, how many points they lose; those who have the bot, can be reached and did not opt out; once for a customer, day and distance. Two days that
 * were missed are made good. At most @max_customers; by the index of expiry, from where it stopped. Call it until it returns 0.
 */
create function oba.warn_expiry (max_customers integer default 500, as_of date default null) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  today date := coalesce (least (as_of, oba.business_day (now())), oba.business_day (now()));
  least_points bigint := (oba.expiry_policy (now())).warn_minimum;
  keeps boolean := (oba.expiry_policy (now())).mode = 'inactivity';
  r record;
  n integer;
  last bigint;
begin
  for r in select d as days, today + d - late as day from unnest (array[7, 30]) d cross join generate_series (0, 2) late order by 2 loop
    insert into oba.expiry_warning_runs (expires_on, days_before) values (r.day, r.days) on conflict do nothing;
    select x.through into last from oba.expiry_warning_runs x where x.expires_on = r.day and x.days_before = r.days and x.finished_at is null for update;
    continue when not found;
    with due as materialized (
      select l.customer_id, sum (l.remaining)::bigint as points, bool_and (not l.fixed) as moves from oba.points_lots l
      where l.remaining > 0 and l.expires_on = r.day and l.customer_id > last group by l.customer_id order by l.customer_id limit max_customers
    ), told as (
      insert into oba.expiry_warnings (customer_id, expires_on, days_before, points)
      select d.customer_id, r.day, r.days, d.points
      from due d join oba.telegram_links t on t.customer_id = d.customer_id and t.unreachable_at is null join oba.customers c on c.customer_id = d.customer_id and c.status = 'active'
      where d.points >= least_points and not exists (select from oba.consents k where k.customer_id = d.customer_id and k.channel = 'telegram' and not k.granted)
      on conflict do nothing returning customer_id, points
    ), messages as (
      insert into oba.outbox (customer_id, chat_id, kind, payload, priority, not_before)
      select o.customer_id, t.chat_id, 'expiry', jsonb_build_object ('points', o.points, 'expires_on', r.day, 'days', r.day - today, 'distance', r.days, 'keeps', keeps and d.moves), 7,
             case when extract (hour from now() at time zone 'Asia/Baku') between 10 and 19 then now()   -- not at night
                  else date_trunc ('day', (now() + interval '4 hours') at time zone 'Asia/Baku') at time zone 'Asia/Baku' + interval '10 hours' end
      from told o join oba.telegram_links t using (customer_id) join due d using (customer_id)
    )
    select count (*), max (d.customer_id) into n, last from due d;
    update oba.expiry_warning_runs x set through = coalesce (last, x.through), finished_at = case when n < max_customers then now() end where x.expires_on = r.day and x.days_before = r.days;
    if n > 0 then
      return n;
    end if;
  end loop;
  return 0;
end $$;

-- ---------------------------------------------------------------- what a policy would do

/*
 * {"mode", "months", "ends_on"} -> what is there now, by the month in which it is lost: {"months": [["2026-11-01", points now, points under this policy]], "gone": points that would be gone
 * already, "points": all}. As if the policy had held when they were given; points with a day of their own keep it. Reads every lot that is not empty.
 */
create function oba.preview_expiry_policy (request jsonb) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set work_mem = '64MB'
as $$
declare
  today date := oba.business_day (now());
  n integer := (request ->> 'months')::integer;
  by_purchase boolean := request ->> 'mode' = 'inactivity';
  whole_months boolean := request ->> 'ends_on' = 'month';
  answer jsonb;
begin
  if coalesce (request ->> 'mode', '') not in ('period', 'inactivity') or coalesce (n, 0) not between 1 and 120 or coalesce (request ->> 'ends_on', '') not in ('day', 'month') then
    perform oba.refuse ('OB001', 'Points are good for 1 to 120 months from earning or from the last purchase, to the day or to the end of its month; a warning is of 1 to 10,000,000 points.');
  end if;
  with days as (
    select l.expires_on, l.fixed, oba.business_day (case when by_purchase then greatest (l.entry_at, s.last_purchase_at) else l.entry_at end) as since, sum (l.remaining)::bigint as points
    from oba.points_lots l left join oba.customer_stats s on by_purchase and s.customer_id = l.customer_id
    where l.remaining > 0 and l.expires_on >= today group by 1, 2, 3
  ), dates as materialized (
    select d.points, d.expires_on as now_on,
           case when d.fixed then d.expires_on when whole_months then (date_trunc ('month', d.since + make_interval (months => n)) + interval '1 month - 1 day')::date
                else (d.since + make_interval (months => n))::date end as then_on
    from days d
  ), months as (
    select m.month, sum (m.now_points)::bigint as now_points, sum (m.then_points)::bigint as then_points
    from (select date_trunc ('month', b.now_on::timestamp)::date as month, b.points as now_points, 0 as then_points from dates b
          union all select date_trunc ('month', b.then_on::timestamp)::date, 0, b.points from dates b where b.then_on >= today) m group by 1
  )
  select jsonb_build_object ('months', (select coalesce (jsonb_agg (jsonb_build_array (m.month, m.now_points, m.then_points) order by m.month), '[]') from months m),
                             'gone', (select coalesce (sum (b.points), 0) from dates b where b.then_on < today), 'points', (select coalesce (sum (b.points), 0) from dates b)) into answer;
  return answer;
end $$;

drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- rights

select oba.add_action ('set_expiry_policy', 'oba_admin');
grant execute on function oba.lock_spending (jsonb, text, text) to oba_clerk;
grant execute on function oba.preview_adjustment (jsonb) to oba_supervisor, oba_admin;
grant execute on function oba.adjustment_reasons () to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.preview_expiry_policy (jsonb) to oba_supervisor, oba_admin, oba_auditor;
grant execute on function oba.warn_expiry (integer, date) to oba_admin, oba_helper;
grant select on oba.adjustments, oba.expiry_warnings to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.expiry_warning_runs to oba_admin, oba_auditor, oba_helper;
grant execute on function oba.expire_points (integer, date, integer) to oba_admin, oba_helper;
grant execute on function oba.lot_expiry (timestamptz, integer), oba.expiry_policy (timestamptz) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.codes_locked_until (bigint) to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.expiry_policies to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.spend_tries to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
