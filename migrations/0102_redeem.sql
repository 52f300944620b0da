-- A redemption costs a few times what the UPDATE of its account costs.
--
-- What such a transaction costs is not its rows: each relation that a statement may touch is locked, each month of the ledger made ready, each CHECK of a table read from its text and
-- planned for each statement that writes there. So what was spent today stands in the account, which is held anyway, and a reservation does not ask about texts and pictures.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- what was redeemed on a day

-- What was taken on the last day of Baku on which something was redeemed, whatever came back since: what was spent that day is never more, and where that is within the limit nobody asks the ledger.
alter table oba.points_accounts add column redeemed_on date, add column redeemed_points bigint not null default 0;

update oba.points_accounts a set redeemed_on = d.day, redeemed_points = d.points
from (select distinct on (l.customer_id) l.customer_id, oba.business_day (l.occurred_at) as day, - sum (l.points)::bigint as points
      from oba.points_ledger l where l.kind = 'redeem' group by 1, 2 order by 1, 2 desc) d
where a.customer_id = d.customer_id;

-- What redeemed_points are after @more on @day; what is entered for a day before the last one counts there no more.
create function oba.redeemed_then (last_day date, points bigint, day date, more bigint) returns bigint
language sql immutable parallel safe
return case when last_day > day then points when last_day = day then points + more else more end;

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
select oba.patch_function ('oba.pay_with_points', 'update oba.points_accounts p set balance = p.balance - spent, updated_at = now() where',
                           'update oba.points_accounts p set balance = p.balance - spent, updated_at = now(), redeemed_on = greatest (p.redeemed_on, oba.business_day (at)),
                           redeemed_points = oba.redeemed_then (p.redeemed_on, p.redeemed_points, oba.business_day (at), spent) where');
select oba.patch_function ('oba.take_redemption_again', 'set balance = p.balance - r.points, updated_at = now() where',
                           'set balance = p.balance - r.points, updated_at = now(), redeemed_on = greatest (p.redeemed_on, oba.business_day (now())),
                               redeemed_points = oba.redeemed_then (p.redeemed_on, p.redeemed_points, oba.business_day (now()), r.points) where');

-- ---------------------------------------------------------------- fewer indexes

drop index oba.redemptions_state;    -- nobody asks by it
drop index oba.redemptions_reward;   -- of a customer there are few: the primary key finds them

-- ---------------------------------------------------------------- rewards

-- What a reward has to be, asked when it is edited: a reservation changes its stock alone. The stock keeps its own CHECKs.
do $$
declare
  name text;
begin
  for name in select c.conname from pg_constraint c where c.contype = 'c' and c.conrelid = 'oba.rewards'::regclass and c.conname not in ('rewards_stock_check', 'rewards_check2') loop
    execute format ('alter table oba.rewards drop constraint %I', name);
  end loop;
end $$;
create function oba.reward_fits () returns trigger
language plpgsql
as $$
begin
  if (length (new.code) between 1 and 60 and new.kind in ('voucher', 'discount', 'gift', 'service') and new.state in ('draft', 'live', 'retired')
      and length (new.name_az) between 1 and 200 and length (new.name_ru) <= 200 and length (new.name_en) <= 200
      and length (new.description_az) <= 2000 and length (new.description_ru) <= 2000 and length (new.description_en) <= 2000
      and new.cost > 0 and new.value >= 0 and length (new.picture) <= 1048576 and length (new.thumbnail) <= 65536
      and new.per_customer > 0 and new.per_day > 0 and new.per_month > 0 and new.voucher_days between 1 and 3660 and new.valid_from <= new.valid_to
      and cardinality (new.weekdays) between 1 and 7 and new.weekdays <@ '{1,2,3,4,5,6,7}'::smallint[]
      and new.from_minute between 0 and 1439 and new.to_minute between 1 and 1440
      and (new.from_minute is null) = (new.to_minute is null) and new.from_minute <> new.to_minute) is false then
    raise exception using errcode = 'check_violation', message = format ('The reward %s is out of bounds.', left (new.code, 100));
  end if;
  return new;
end $$;
create trigger fits before insert or update of code, kind, name_az, name_ru, name_en, description_az, description_ru, description_en, cost, value, picture, thumbnail,
                                               per_customer, per_day, per_month, weekdays, from_minute, to_minute, valid_from, valid_to, voucher_days, state
  on oba.rewards for each row execute function oba.reward_fits ();

-- ---------------------------------------------------------------- redeeming

-- As in 0094, without what is not immutable: a function with that is planned anew for each transaction.
create or replace function oba.voucher_code_hash (code text) returns bytea
language sql immutable parallel safe
return sha256 (('voucher:' || code)::bytea);

/*
 * As in 0094, but what was spent today is read with the account, and not from the ledger with its months.
 */
create or replace function oba.do_redeem_points (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  reward bigint := (request ->> 'reward_id')::bigint;
  via text := coalesce (request ->> 'through', 'staff');
  store bigint := (request ->> 'store_id')::bigint;
  n integer := coalesce ((request ->> 'quantity')::integer, 1);
  today date := oba.business_day (now());
  card oba.cards;
  had bigint;
  free boolean;
  spent bigint;
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
  if reward is null or customer is null or via = 'till' then
    if customer is null and request ->> 'card' is not null then
      card := oba.card_of (request ->> 'card');
      if card.token_hash is null then
        perform oba.refuse ('OB002', 'This card is not known.');
      elsif card.state <> 'active' then
        perform oba.refuse ('OB006', format ('This card is %s.', card.state));
      end if;
      customer := card.customer_id;
    end if;
    if via = 'till' then
      customer := oba.customer_root (customer);
    end if;
    if reward is null and request ?| array['reward_id', 'reward'] then
      reward := coalesce ((select w.reward_id from oba.rewards w where w.code = request ->> 'reward' and not request ? 'reward_id'), 0);
    end if;
  end if;
  how := case when via = 'telegram' then 'bot' when via = 'till' or request ->> 'spend_code' is not null then 'code'
              when pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member') then 'supervisor' end;
  select p.balance, p.spending_locked_at is null, case when p.redeemed_on = today then p.redeemed_points when p.redeemed_on > today then 1000000000000 else 0 end
  into had, free, spent from oba.points_accounts p where p.customer_id = customer for update;
  -- In a statement of its own: it sees what those have done who held the account before.
  select q.cost, q.new_state,
         q.cost between 1 and 10000000 and c.status = 'active' and c.kind = 'person'
           and (reward is null or (w.state = 'live' and today >= coalesce (w.valid_from, today) and today <= coalesce (w.valid_to, today) and w.weekdays is null and w.from_minute is null
                                   and w.min_tier is null and w.segment_id is null and w.per_customer is null and w.per_month is null and w.per_day is null
                                   and not w.stock_by_store and coalesce (w.stock >= n, true)))
           and not exists (select from oba.customers m where m.merged_into = customer)
           and coalesce (q.cost + spent <= (select coalesce (g.daily_points, 1000000000000) from oba.spending_rules g where g.valid_from <= now()
                                            order by g.valid_from desc, g.version desc limit 1), false),
         case when reward is not null or q.new_state = 'requested' then now() + make_interval (days => case q.new_state when 'approved' then coalesce (w.voucher_days, t.voucher_days) else t.request_days end) end,
         case when o.remaining >= q.cost then o.lot_id end, (select k.chat_id from oba.telegram_links k where k.customer_id = customer and k.unreachable_at is null),
         w.stock is not null or w.stock_by_store
  into cost, new_state, fine, until, lot, chat, limited
  from oba.redemption_settings t
  left join oba.customers c on c.customer_id = customer
  left join oba.rewards w on w.reward_id = reward
  cross join lateral (select case when reward is null then (request ->> 'points')::bigint else w.cost * n end as cost,
                             case when how is null or coalesce (w.needs_approval, false) then 'requested' else 'approved' end as new_state) q
  left join lateral (select l.lot_id, l.remaining from oba.points_lots l where l.customer_id = customer and l.remaining > 0 and l.expires_on >= today
                     order by l.expires_on, l.lot_id limit 1) o on true;
  if (fine and free and n between 1 and 1000 and (via = 'staff' or (via in ('telegram', 'till') and pg_has_role (session_user, 'oba_helper', 'member')))) is not true then
    perform oba.check_redemption (customer, reward, n, cost, via, store);
  elsif store is not null and via = 'staff' then
    perform oba.check_scope (store);
  end if;
  redemption := nextval ('oba.redemptions_redemption_id_seq');
  entry := nextval ('oba.entry_ids');
  if how = 'code' then
    perform oba.use_spend_code (customer, request ->> 'spend_code', null, null, redemption);
  end if;
  if lot is null and oba.take_from_lots (customer, entry, cost, null, today) < cost then
    perform oba.refuse ('OB007', format ('There are %s points, and %s are needed.', had, cost), 'Choose something smaller.');
  end if;
  if reward is not null and new_state = 'approved' then
    new_code := oba.voucher_code ();
    new_hash := oba.voucher_code_hash (new_code);
  end if;
  with from_lot as (
    update oba.points_lots l set remaining = l.remaining - cost where l.customer_id = customer and l.lot_id = lot
  ), allocation as (
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) select customer, entry, lot, cost where lot is not null
  ), account as (
    update oba.points_accounts p set balance = p.balance - cost, updated_at = now(), redeemed_on = greatest (p.redeemed_on, today),
                                     redeemed_points = oba.redeemed_then (p.redeemed_on, p.redeemed_points, today, cost)
    where p.customer_id = customer
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
drop function oba.patch_function (text, text, text);

reset role;
