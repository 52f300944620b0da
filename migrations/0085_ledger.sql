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
    select d.business_day, d.valid_months, oba.lot_expiry (oba.day_start (d.business_day), d.valid_months) as expires_on
    from (select distinct p.business_day, p.valid_months from pg_temp.posting p where p.entry_id is not null) d
  ), made as (
    insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on, fixed)
');
select oba.patch_function ('oba.post_batch_points', '           (p.business_day + make_interval (months => p.valid_months))::date
    from pg_temp.posting p left join', '           d.expires_on, p.valid_months is not null
    from pg_temp.posting p join days d on d.business_day = p.business_day and d.valid_months is not distinct from p.valid_months left join');
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
 * As in 0005 and 0043, in batches by time: what one call holds, it holds for about @milliseconds, however many points of a customer expire. One entry for each customer and day, dated
 * to the midnight at which the points were lost. Returns of how many customers; call it until it returns 0.
 */
drop function oba.expire_points (integer, date);
create function oba.expire_points (max_customers integer default 200, as_of date default null, milliseconds integer default 20) returns integer
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
    more := oba.expire_some (max_customers - n, 100, today);
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

select oba.patch_function ('oba.do_adjust_points', '(oba.business_day (now()) + make_interval (months => coalesce (rule.valid_months, 24)))::date', 'oba.lot_expiry (now())');
select oba.patch_function ('oba.do_adjust_points', '    rule := oba.base_rule (now());
', '');
select oba.patch_function ('oba.do_adjust_points', '  rule record;
', '');

drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- rights

select oba.add_action ('set_expiry_policy', 'oba_admin');
grant execute on function oba.expire_points (integer, date, integer) to oba_admin, oba_helper;
grant execute on function oba.lot_expiry (timestamptz, integer), oba.expiry_policy (timestamptz) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.codes_locked_until (bigint) to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.expiry_policies to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.spend_tries to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
