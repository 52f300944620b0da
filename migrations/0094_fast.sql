-- A redemption costs about as much as the rows that it writes.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- what was planned anew for each call

-- The person and those merged into it, as customer_family() has them: planned once a connection, and hardly anybody was merged with somebody.
create function oba.family_of (customer bigint) returns bigint[]
language plpgsql stable parallel safe
as $$
begin
  if not exists (select from oba.customers c where c.merged_into = customer) then
    return array[customer];
  end if;
  return array (select oba.customer_family (customer));
end $$;

-- As in 0080, but planned once a connection.
create or replace function oba.spending_rule (at timestamptz) returns oba.spending_rules
language plpgsql stable
as $$
declare
  rules oba.spending_rules;
begin
  select * into rules from oba.spending_rules s where s.valid_from <= at order by s.valid_from desc, s.version desc limit 1;
  return rules;
end $$;

-- As in 0088.
create or replace function oba.daily_points_left (customer bigint, at timestamptz, rules oba.spending_rules) returns bigint
language plpgsql stable
as $$
declare
  midnight constant timestamptz := oba.day_start (oba.business_day (at));
  tomorrow constant timestamptz := oba.day_start (oba.business_day (at) + 1);
begin
  if rules.daily_points is null then
    return null;
  end if;
  return rules.daily_points + (select coalesce (sum (l.points), 0) from oba.points_ledger l
                               where l.customer_id = any (oba.family_of (customer)) and l.kind in ('redeem', 'restore')
                                 and l.occurred_at >= midnight and l.occurred_at < tomorrow and (l.kind = 'redeem' or l.reverses_at >= midnight));
end $$;

-- As in 0088.
create or replace function oba.redemption_until (state text, reward bigint) returns timestamptz
language plpgsql stable
as $$
begin
  return (select now() + make_interval (days => case state when 'requested' then s.request_days
                                                           when 'approved' then coalesce ((select w.voucher_days from oba.rewards w where w.reward_id = reward), s.voucher_days) end)
          from oba.redemption_settings s);
end $$;

-- As in 0081; where the first lot has enough, without the statement for many.
create or replace function oba.take_from_lots (customer bigint, entry bigint, wanted bigint, own_receipt bigint, day date) returns bigint
language plpgsql
as $$
declare
  taken bigint := 0;
  most integer := 32;
  more bigint;
  used bigint;
  first bigint;
  there bigint;
begin
  if own_receipt is null then
    select l.lot_id, l.remaining into first, there from oba.points_lots l
    where l.customer_id = customer and l.remaining > 0 and l.expires_on >= day order by l.expires_on, l.lot_id limit 1;
    if not found then
      return 0;
    elsif there >= wanted and wanted > 0 then
      update oba.points_lots l set remaining = l.remaining - wanted where l.customer_id = customer and l.lot_id = first;
      insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) values (customer, entry, first, wanted);
      return wanted;
    end if;
  end if;
  loop
    with open_lots as materialized (
      select c.lot_id, c.remaining, sum (c.remaining) over (order by c.own desc, c.expires_on, c.lot_id) - c.remaining as before
      from (select l.lot_id, l.remaining, l.expires_on, true as own from oba.points_lots l
            where l.customer_id = customer and l.receipt_id = own_receipt and l.remaining > 0
            union all
            (select l.lot_id, l.remaining, l.expires_on, false from oba.points_lots l
             where l.customer_id = customer and l.remaining > 0 and l.expires_on >= day and (own_receipt is null or l.receipt_id is distinct from own_receipt)
             order by l.expires_on, l.lot_id limit most)) c
    ), share as (
      select o.lot_id, least (o.remaining, wanted - taken - o.before)::bigint as points from open_lots o where o.before < wanted - taken
    ), lots as (
      update oba.points_lots l set remaining = l.remaining - s.points
      from share s where l.customer_id = customer and l.lot_id = s.lot_id
    ), allocations as (
      insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points)
      select customer, entry, s.lot_id, s.points from share s
    )
    select coalesce (sum (s.points), 0), count (*) into more, used from share s;
    taken := taken + more;
    exit when taken >= wanted or used < most;
    most := most * 4;
  end loop;
  return taken;
end $$;

-- Only whether the day is another one is asked for each row that changes: what is asked of a row is made ready for each statement anew.
create or replace function oba.liability_moved () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if tg_table_name = 'points_lots' then
    if oba.month_of (old.expires_on) <> oba.month_of (new.expires_on) then
      insert into oba.liability_moves (customer_id, lot_id, from_expires) values (old.customer_id, old.lot_id, old.expires_on);
    end if;
  else
    insert into oba.liability_moves (customer_id, from_tier) values (old.customer_id, old.tier_id);
  end if;
  return null;
end $$;
drop trigger liability_moved on oba.points_lots;
create trigger liability_moved after update on oba.points_lots for each row when (old.expires_on <> new.expires_on) execute function oba.liability_moved ();

-- ---------------------------------------------------------------- expiring

-- As in 0085, in smaller steps, and none is begun that would not end within @milliseconds if it took as long as the slowest so far: what is held on a busy machine, too, is held for one step.
create or replace function oba.expire_points (max_customers integer default 200, as_of date default null, milliseconds integer default 3) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  today date := coalesce (least (as_of, oba.business_day (now())), oba.business_day (now()));
  began timestamptz := clock_timestamp ();
  step timestamptz;
  slowest interval := '0';
  n integer := 0;
  more integer;
begin
  perform pg_advisory_xact_lock_shared (hashtext ('oba.close_month'));
  loop
    step := clock_timestamp ();
    more := oba.expire_some (max_customers - n, 10, today);
    slowest := greatest (slowest, clock_timestamp () - step);
    n := n + more;
    exit when more = 0 or n >= max_customers or clock_timestamp () - began + slowest >= milliseconds * interval '1 millisecond';
  end loop;
  return n;
end $$;

-- ---------------------------------------------------------------- redeeming

-- What no foreign key guards any more is in the invariant "orphans": nobody writes these but the functions that have just read the other row, and the keys were half of what they cost.
alter table oba.redemptions drop constraint redemptions_customer_id_fkey, drop constraint redemptions_reward_id_fkey;
alter table oba.redemption_events drop constraint redemption_events_customer_id_redemption_id_fkey;
alter table oba.vouchers drop constraint vouchers_customer_id_redemption_id_fkey;
alter table oba.stock_movements drop constraint stock_movements_reward_id_fkey;

-- The code of a voucher: sixty bits, without letters that are mistaken for others.
create function oba.voucher_code () returns text
language sql volatile
return translate (left (encode (sha256 (uuid_send (gen_random_uuid ())), 'base64'), 12),
                  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', '0123456789ABCDEFGHJKMNPQRSTVWXYZ0123456789ABCDEFGHJKMNPQRSTVWXYZ');

-- As oba.voucher_hash () of a code that is as it was made.
create function oba.voucher_code_hash (code text) returns bytea
language sql immutable parallel safe
return sha256 (convert_to ('voucher:' || code, 'UTF8'));

create or replace function oba.make_voucher (r oba.redemptions) returns bytea
language plpgsql
as $$
declare
  code text := oba.voucher_code ();
begin
  insert into oba.vouchers (voucher_hash, customer_id, redemption_id, code) values (oba.voucher_code_hash (code), r.customer_id, r.redemption_id, code);
  return oba.voucher_code_hash (code);
end $$;

-- Refuses what may not be redeemed, and says why. The caller holds the account.
create function oba.check_redemption (customer bigint, reward bigint, n integer, cost bigint, via text, store bigint) returns void
language plpgsql
as $$
declare
  w oba.rewards;
  block text;
begin
  if n not between 1 and 1000 or via not in ('staff', 'telegram', 'till') then
    perform oba.refuse ('OB001', 'A redemption is of 1 to 1,000 pieces, through staff, telegram or till.');
  elsif via <> 'staff' and not pg_has_role (session_user, 'oba_helper', 'member') then
    perform oba.refuse ('OB006', 'Only the bot and the tills speak for themselves.');
  end if;
  perform oba.lock_account (customer, true);
  if via = 'staff' then
    perform oba.check_scope (store);
  end if;
  if reward is not null then
    select * into w from oba.rewards x where x.reward_id = reward;
    if not found then
      perform oba.refuse ('OB002', 'There is no such reward.');
    end if;
    block := oba.reward_block (customer, w, store, n, now());
    if block in ('retired', 'dates') then
      perform oba.refuse ('OB012', 'This reward is not on offer today.');
    elsif block = 'schedule' then
      perform oba.refuse ('OB012', 'This reward is not on offer at this hour.');
    elsif block = 'tier' then
      perform oba.refuse ('OB012', 'This reward is for a higher tier.');
    elsif block = 'segment' then
      perform oba.refuse ('OB012', 'This reward is for other customers.');
    elsif block = 'limit' then
      perform oba.refuse ('OB012', 'This customer has had this reward as often as one may.');
    elsif block = 'store' then
      perform oba.refuse ('OB012', 'Each store has its own stock of this reward.', 'Say in which store it is fetched.');
    elsif block = 'stock' then
      perform oba.refuse ('OB012', 'This reward is out of stock.', 'Choose another.');
    elsif block <> 'points' then
      perform oba.refuse ('OB012', 'This customer may not have this reward.');
    end if;
  end if;
  if cost is null or cost not between 1 and 10000000 then
    perform oba.refuse ('OB001', 'A redemption is between 1 and 10,000,000 points.');
  end if;
  perform oba.check_daily_points (customer, now(), cost);
end $$;

/*
 * As in 0088, in four statements: who it is, what there is to know, the usual case without asking anybody else, and what it writes. Each further statement or expression of a function costs a
 * transaction as much as writing a row does. What is not certainly in order is for check_redemption() to judge, and what is not in one lot for take_from_lots().
 */
create or replace function oba.do_redeem_points (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  reward bigint := (request ->> 'reward_id')::bigint;
  card oba.cards;
  had bigint;
  via text;
  store bigint;
  n integer;
  cost bigint;
  fine boolean;
  new_state text;
  how text;
  until timestamptz;
  redemption bigint;
  entry bigint;
  lot bigint;
  new_code text;
  new_hash bytea;
  chat bigint;
  limited boolean;
  reserved boolean;
  r oba.redemptions;
begin
  if reward is null or customer is null or request ->> 'through' = 'till' then
    if customer is null and request ->> 'card' is not null then
      card := oba.card_of (request ->> 'card');
      if card.token_hash is null then
        perform oba.refuse ('OB002', 'This card is not known.');
      elsif card.state <> 'active' then
        perform oba.refuse ('OB006', format ('This card is %s.', card.state));
      end if;
      customer := card.customer_id;
    end if;
    if request ->> 'through' = 'till' then
      customer := oba.customer_root (customer);
    end if;
    if reward is null and request ?| array['reward_id', 'reward'] then
      reward := coalesce ((select w.reward_id from oba.rewards w where w.code = request ->> 'reward' and not request ? 'reward_id'), 0);
    end if;
  end if;
  select p.balance into had from oba.points_accounts p where p.customer_id = customer for update;
  -- In a statement of its own: it sees what those have done who held the account before.
  select q.via, q.store, q.n, q.cost,
         q.n between 1 and 1000 and q.cost between 1 and 10000000 and c.status = 'active' and c.kind = 'person' and p.spending_locked_at is null
           and case q.via when 'staff' then q.store is null or coalesce ((select s.store_id from oba.staff s where s.login = session_user and s.role <> 'helper'), q.store) = q.store
                          else q.via in ('telegram', 'till') and pg_has_role (session_user, 'oba_helper', 'member') end
           and (reward is null or (w.state = 'live' and q.today >= coalesce (w.valid_from, q.today) and q.today <= coalesce (w.valid_to, q.today) and w.weekdays is null and w.from_minute is null
                                   and w.min_tier is null and w.segment_id is null and w.per_customer is null and w.per_month is null and w.per_day is null
                                   and not w.stock_by_store and coalesce (w.stock >= q.n, true)))
           and not exists (select from oba.customers m where m.merged_into = customer)
           and q.cost <= (select coalesce (g.daily_points, 1000000000000) from oba.spending_rules g where g.valid_from <= now() order by g.valid_from desc, g.version desc limit 1)
                         + (select coalesce (sum (l.points), 0) from oba.points_ledger l
                            where l.customer_id = customer and l.kind = 'redeem' and l.occurred_at >= oba.day_start (q.today) and l.occurred_at < oba.day_start (q.today + 1)),
         q.how, q.new_state, case when reward is not null or q.new_state = 'requested' then now() + make_interval (days => case q.new_state when 'approved' then coalesce (w.voucher_days, t.voucher_days) else t.request_days end) end,
         nextval ('oba.redemptions_redemption_id_seq'), nextval ('oba.entry_ids'), case when o.remaining >= q.cost then o.lot_id end,
         case when reward is not null and q.new_state = 'approved' then q.code end, case when reward is not null and q.new_state = 'approved' then oba.voucher_code_hash (q.code) end,
         (select k.chat_id from oba.telegram_links k where k.customer_id = customer and k.unreachable_at is null), w.stock is not null or w.stock_by_store
  into via, store, n, cost, fine, how, new_state, until, redemption, entry, lot, new_code, new_hash, chat, limited
  from (select) one
  left join oba.customers c on c.customer_id = customer
  left join oba.points_accounts p on p.customer_id = customer
  left join oba.rewards w on w.reward_id = reward
  cross join oba.redemption_settings t
  cross join lateral (select x.*, case when x.how is null or coalesce (w.needs_approval, false) then 'requested' else 'approved' end as new_state,
                             case when reward is null then (request ->> 'points')::bigint else w.cost * x.n end as cost
                      from (select coalesce (request ->> 'through', 'staff') as via, (request ->> 'store_id')::bigint as store, coalesce ((request ->> 'quantity')::integer, 1) as n,
                                   oba.business_day (now()) as today, oba.voucher_code () as code,
                                   case when request ->> 'through' = 'telegram' then 'bot' when request ->> 'through' = 'till' or request ->> 'spend_code' is not null then 'code'
                                        when pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member') then 'supervisor' end as how) x
                      offset 0) q
  left join lateral (select l.lot_id, l.remaining from oba.points_lots l where l.customer_id = customer and l.remaining > 0 and l.expires_on >= q.today
                     order by l.expires_on, l.lot_id limit 1) o on true;
  if fine is not true then
    perform oba.check_redemption (customer, reward, n, cost, via, store);
  end if;
  if how = 'code' then
    perform oba.use_spend_code (customer, request ->> 'spend_code', null, null, redemption);
  end if;
  if lot is null and oba.take_from_lots (customer, entry, cost, null, oba.business_day (now())) < cost then
    perform oba.refuse ('OB007', format ('There are %s points, and %s are needed.', had, cost), 'Choose something smaller.');
  end if;
  with from_lot as (
    update oba.points_lots l set remaining = l.remaining - cost where l.customer_id = customer and l.lot_id = lot
  ), allocation as (
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) select customer, entry, lot, cost where lot is not null
  ), account as (
    update oba.points_accounts p set balance = p.balance - cost, updated_at = now() where p.customer_id = customer
  ), in_ledger as (
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, redemption_id, source) values (customer, now(), entry, 'redeem', - cost, redemption, via)
  ), redeemed as (
    insert into oba.redemptions (customer_id, redemption_id, reward_id, quantity, points, state, store_id, entry_id, entry_at, voucher_hash, expires_at, through, proof)
    overriding system value values (customer, redemption, reward, n, cost, new_state, store, entry, now(), new_hash, until, via, how)
  ), voucher as (
    insert into oba.vouchers (voucher_hash, customer_id, redemption_id, code) select new_hash, customer, redemption, new_code where new_hash is not null
  ), event as (
    insert into oba.redemption_events (customer_id, redemption_id, event_no, to_state, store_id, till_no, through, reason)
    select customer, redemption, 1, new_state, store, (request ->> 'till_no')::integer, via, left (request ->> 'reason', 1000) where chat is null
  ), from_stock as (
    update oba.rewards w set stock = w.stock - n where w.reward_id = reward and w.stock >= n and not w.stock_by_store returning w.reward_id
  ), movement as (
    insert into oba.stock_movements (reward_id, kind, quantity) select s.reward_id, 'reserve', - n from from_stock s
  )
  select exists (select from from_stock), case when chat is null then pg_notify ('oba_redemptions', redemption::text) end into reserved;
  if chat is not null then
    select * into r from oba.redemptions k where k.customer_id = customer and k.redemption_id = redemption;
    perform oba.tell_redemption (r, null, customer, store, (request ->> 'till_no')::integer, via, request ->> 'reason');
  end if;
  if limited and not reserved then
    perform oba.reserve_stock (reward, store, n);
  end if;
  return jsonb_build_object ('customer_id', customer, 'redemption_id', redemption, 'points', cost, 'balance', had - cost, 'state', new_state, 'expires_at', until);
end $$;

-- The usual ones first: each line that is passed by is an expression.
create function oba.patch_function (name text, old_text text, new_text text) returns void
language plpgsql
as $$
declare
  source text := pg_get_functiondef (name::regproc);
begin
  if length (source) - length (replace (source, old_text, '')) <> length (old_text) then
    raise exception 'The text to change is not in % () once: %', name, old_text;
  end if;
  execute replace (source, old_text, new_text);
end $$;
select oba.patch_function ('oba.once', '      when ''return_lines'' then', '      when ''redeem_points'' then answer := oba.do_redeem_points (request);
      when ''return_lines'' then');
select oba.patch_function ('oba.once', '
      when ''adjust_points'' then answer := oba.do_adjust_points (request);
      when ''redeem_points'' then answer := oba.do_redeem_points (request);', '
      when ''adjust_points'' then answer := oba.do_adjust_points (request);');
select oba.patch_function ('oba.once', '    if action not in (''record_receipt'', ''return_lines'') then
      about := substring (coalesce (answer ->> ''customer_id'', request ->> ''customer_id'') from ''^[0-9]{1,18}$'')::bigint;
    end if;
    insert into oba.idempotency_keys (scope, key, request_hash, refused, answer, customer_id) values (scope, key, hash, answer ? ''refused'', answer, about);',
'    insert into oba.idempotency_keys (scope, key, request_hash, refused, answer, customer_id)
    values (scope, key, hash, answer ? ''refused'', answer,
            case when action not in (''record_receipt'', ''return_lines'')
                 then substring (coalesce (answer ->> ''customer_id'', request ->> ''customer_id'') from ''^[0-9]{1,18}$'')::bigint end);');
select oba.patch_function ('oba.once', '  about bigint;
', '');
drop function oba.patch_function (text, text, text);

reset role;
