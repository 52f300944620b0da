-- Points: lots, debits, debts, tiers, redemptions, expiry. Every caller holds the account's row FOR UPDATE.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- The rule that turns money into points at a moment.
create function oba.base_rule (at timestamptz, out rule_id bigint, out version integer, out qepik_per_point bigint, out valid_months integer)
language sql stable
begin atomic
  select r.rule_id, r.version, (r.parameters ->> 'qepik_per_point')::bigint, (r.parameters ->> 'valid_months')::integer
  from oba.earning_rules r
  where r.kind = 'base' and r.state = 'live' and at >= r.valid_from and at < r.valid_to
  order by r.version desc limit 1;
end;

-- The first of the twelve months of days that end with a day.
create function oba.tier_window_start (day date) returns date
language sql immutable parallel safe
return (day - interval '1 year')::date + 1;

-- Spreads @wanted points of a debit over lots: the lot of @own_receipt first (a return takes back what the sale gave, not older
-- points that are about to expire), then soonest expiry first. Other lots that have expired by @day are left to expire_points().
-- Returns what it found.
create function oba.take_from_lots (customer bigint, entry bigint, wanted bigint, own_receipt bigint, day date) returns bigint
language plpgsql
as $$
declare
  taken bigint;
begin
  with open_lots as materialized (
    select l.lot_id, l.remaining,
           sum (l.remaining) over (order by (l.receipt_id is not distinct from own_receipt and own_receipt is not null) desc, l.expires_on, l.lot_id)
             - l.remaining as before
    from oba.points_lots l
    where l.customer_id = customer and l.remaining > 0 and (l.expires_on >= day or l.receipt_id = own_receipt)
  ), share as (
    select o.lot_id, least (o.remaining, wanted - o.before)::bigint as points from open_lots o where o.before < wanted
  ), lots as (
    update oba.points_lots l set remaining = l.remaining - s.points
    from share s where l.customer_id = customer and l.lot_id = s.lot_id
  ), allocations as (
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points)
    select customer, entry, s.lot_id, s.points from share s
  )
  select coalesce (sum (s.points), 0) into taken from share s;
  return taken;
end $$;

-- What was clawed back without being there is paid from what is there now, oldest debt first.
create function oba.settle_debts (customer bigint, day date) returns void
language plpgsql
as $$
declare
  d oba.points_debts;
  paid bigint;
begin
  for d in select * from oba.points_debts where customer_id = customer and remaining > 0 order by entry_id loop
    paid := oba.take_from_lots (customer, d.entry_id, d.remaining, null, day);
    exit when paid = 0;
    update oba.points_debts set remaining = remaining - paid where customer_id = customer and entry_id = d.entry_id;
    update oba.points_accounts set owed = owed - paid where customer_id = customer;
  end loop;
end $$;

-- A credit that makes a lot. Returns the entry's id.
create function oba.credit (customer bigint, at timestamptz, what text, amount bigint, expires date, rule bigint, rule_version integer,
                            inputs jsonb, receipt bigint, receipt_at timestamptz, why text, source text) returns bigint
language plpgsql
as $$
declare
  entry bigint := nextval ('oba.entry_ids');
  debts bigint;
begin
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, reason, source)
  values (customer, at, entry, what, amount, rule, rule_version, inputs, receipt, receipt_at, why, source);
  if amount > 0 then
    insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on)
    values (customer, entry, at, receipt, amount, amount, expires);
    update oba.points_accounts
    set balance = balance + amount, lifetime = lifetime + case when what in ('earn', 'bonus') then amount else 0 end, updated_at = now()
    where customer_id = customer returning owed into debts;
    if debts > 0 then
      perform oba.settle_debts (customer, oba.business_day (at));
    end if;
  end if;
  return entry;
end $$;

-- A debit. With @may_owe what the lots do not have becomes a debt (returns only); without, too little is refused.
create function oba.debit (customer bigint, at timestamptz, what text, amount bigint, own_receipt bigint, may_owe boolean, receipt bigint,
                           receipt_at timestamptz, reverses bigint, reversed_at timestamptz, rule bigint, rule_version integer, inputs jsonb,
                           why text, source text) returns bigint
language plpgsql
as $$
declare
  entry bigint := nextval ('oba.entry_ids');
  found_points bigint;
begin
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at,
                                 reverses_id, reverses_at, reason, source)
  values (customer, at, entry, what, - amount, rule, rule_version, inputs, receipt, receipt_at, reverses, reversed_at, why, source);
  found_points := oba.take_from_lots (customer, entry, amount, own_receipt, oba.business_day (at));
  if found_points < amount and not may_owe then
    perform oba.refuse ('OB007', format ('There are only %s points to spend, not %s.', found_points, amount), 'Choose something smaller.');
  elsif found_points < amount then
    insert into oba.points_debts (customer_id, entry_id, entry_at, points, remaining)
    values (customer, entry, at, amount - found_points, amount - found_points);
  end if;
  update oba.points_accounts
  set balance = balance - amount, owed = owed + amount - found_points,
      lifetime = lifetime - case when what = 'clawback' then amount else 0 end, updated_at = now()
  where customer_id = customer;
  return entry;
end $$;

/*
 * What the spend of twelve months is after one more receipt of @amount on @day. @spend and @known_day: as the account has them. The window
 * moves on to the receipt's day when that is later; a late receipt counts when it falls into the window. The receipt itself is stored already.
 */
create function oba.tier_spend (customer bigint, spend bigint, known_day date, day date, amount bigint) returns bigint
language plpgsql   -- not STABLE: it must see what was committed while the account was waited for
as $$
begin
  if known_day is null or day >= oba.tier_window_start (known_day) then
    spend := spend + amount;
  end if;
  if known_day < day then
    spend := spend - (select coalesce (sum (r.total), 0) from oba.receipts r
                      where r.customer_id = customer and r.sold_at >= oba.day_start (oba.tier_window_start (known_day))
                        and r.sold_at < oba.day_start (oba.tier_window_start (day)));
  end if;
  return spend;
end $$;

-- Follows one receipt with the account's tier: raised at once when the spend reaches the next threshold; lowering is refresh_tiers()'s.
create function oba.follow_tier (customer bigint, at timestamptz, day date, amount bigint, receipt bigint) returns void
language plpgsql
as $$
declare
  a record;
  now_spent bigint;
  reached bigint;
begin
  select tier_id, tier_spend, tier_day into a from oba.points_accounts where customer_id = customer;
  now_spent := oba.tier_spend (customer, a.tier_spend, a.tier_day, day, amount);
  select greatest (a.tier_id, max (t.tier_id)) into reached from oba.tiers t where t.threshold <= now_spent;
  if reached > a.tier_id then
    insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day, receipt_id)
    values (customer, at, a.tier_id, reached, 'spend', now_spent, greatest (a.tier_day, day), receipt);
  end if;
  update oba.points_accounts
  set tier_spend = now_spent, tier_day = greatest (tier_day, day), tier_id = coalesce (reached, tier_id),
      tier_since = case when reached > tier_id then at else tier_since end
  where customer_id = customer;
end $$;

-- The account, locked; refuses customers who may not take part.
create function oba.lock_account (customer bigint, spending boolean) returns oba.points_accounts
language plpgsql
as $$
declare
  a oba.points_accounts;
  state text;
begin
  select * into a from oba.points_accounts where customer_id = customer for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', customer));
  end if;
  select status into state from oba.customers where customer_id = customer;
  if state <> 'active' then
    perform oba.refuse ('OB006', format ('This customer is %s.', state), 'Points neither come nor go meanwhile.');
  elsif spending and a.spending_locked_at is not null then
    perform oba.refuse ('OB006', 'This customer has locked spending.', 'The customer unlocks it in the bot.');
  end if;
  return a;
end $$;

-- ---------------------------------------------------------------- adjust, redeem, restore

-- {"customer_id", "points": +n or -n, "reason"} -> {"customer_id", "entry_id", "balance"}
create function oba.do_adjust_points (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  amount bigint := (request ->> 'points')::bigint;
  why text := nullif (btrim (request ->> 'reason'), '');
  rule record;
  entry bigint;
begin
  if amount is null or amount = 0 or abs (amount) > 10000000 then
    perform oba.refuse ('OB001', 'An adjustment is between 1 and 10,000,000 points, up or down.');
  elsif why is null or length (why) > 1000 then
    perform oba.refuse ('OB001', 'An adjustment needs a reason of at most 1,000 characters.');
  end if;
  perform oba.lock_account (customer, false);
  if amount > 0 then
    rule := oba.base_rule (now());
    entry := oba.credit (customer, now(), 'adjust', amount, (oba.business_day (now()) + make_interval (months => coalesce (rule.valid_months, 24)))::date,
                         null, null, null, null, null, why, 'staff');
  else
    entry := oba.debit (customer, now(), 'adjust', - amount, null, false, null, null, null, null, null, null, null, why, 'staff');
  end if;
  perform oba.audit_add ('points.adjust', 'customer', customer::text, customer, jsonb_build_object ('points', jsonb_build_array (0, amount)), why);
  return jsonb_build_object ('customer_id', customer, 'entry_id', entry,
                             'balance', (select balance from oba.points_accounts where customer_id = customer));
end $$;

/*
 * Reserves points (and stock) for a reward: {"customer_id", "reward_id" | "points", "quantity", "store_id", "through"}.
 * -> {"customer_id", "redemption_id", "state", "points", "balance"}. Who may call it has the second proof: a supervisor, or the helper
 * after the customer's single-use code.
 */
create function oba.do_redeem_points (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  n integer := coalesce ((request ->> 'quantity')::integer, 1);
  cost bigint := (request ->> 'points')::bigint;
  via text := coalesce (request ->> 'through', 'staff');
  a oba.points_accounts;
  w oba.rewards;
  entry bigint;
  redemption bigint;
  today date := oba.business_day (now());
begin
  if n not between 1 and 1000 or via not in ('staff', 'telegram', 'till') then
    perform oba.refuse ('OB001', 'A redemption is of 1 to 1,000 pieces, through staff, telegram or till.');
  end if;
  a := oba.lock_account (customer, true);
  if request ->> 'reward_id' is not null then
    select * into w from oba.rewards r where r.reward_id = (request ->> 'reward_id')::bigint;
    if not found then
      perform oba.refuse ('OB002', 'There is no such reward.');
    elsif w.state <> 'live' or today < w.valid_from or today > w.valid_to then
      perform oba.refuse ('OB012', 'This reward is not on offer today.');
    elsif a.tier_id < w.min_tier then
      perform oba.refuse ('OB012', 'This reward is for a higher tier.');
    elsif w.per_customer is not null
          and n + (select coalesce (sum (r.quantity), 0) from oba.redemptions r
                   where r.customer_id = customer and r.reward_id = w.reward_id and r.restore_id is null) > w.per_customer then
      perform oba.refuse ('OB012', format ('A customer may have this reward %s times.', w.per_customer));
    end if;
    if w.stock is not null then
      update oba.rewards r set stock = r.stock - n where r.reward_id = w.reward_id and r.stock >= n;
      if not found then
        perform oba.refuse ('OB012', 'This reward is out of stock.', 'Choose another.');
      end if;
    end if;
    cost := w.cost * n;
  end if;
  if cost is null or cost not between 1 and 10000000 then
    perform oba.refuse ('OB001', 'A redemption is between 1 and 10,000,000 points.');
  end if;
  redemption := nextval (pg_get_serial_sequence ('oba.redemptions', 'redemption_id'));
  entry := nextval ('oba.entry_ids');
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, redemption_id, source)
  values (customer, now(), entry, 'redeem', - cost, redemption, via);
  if oba.take_from_lots (customer, entry, cost, null, today) < cost then
    perform oba.refuse ('OB007', format ('There are %s points, and %s are needed.', a.balance, cost), 'Choose something smaller.');
  end if;
  update oba.points_accounts set balance = balance - cost, updated_at = now() where customer_id = customer;
  insert into oba.redemptions (customer_id, redemption_id, reward_id, quantity, points, state, store_id, entry_id, entry_at, through)
  overriding system value
  values (customer, redemption, w.reward_id, n, cost, case when w.needs_approval then 'requested' else 'approved' end,
          (request ->> 'store_id')::bigint, entry, now(), via);
  insert into oba.redemption_events (customer_id, redemption_id, event_no, to_state, store_id)
  values (customer, redemption, 1, case when w.needs_approval then 'requested' else 'approved' end, (request ->> 'store_id')::bigint);
  return jsonb_build_object ('customer_id', customer, 'redemption_id', redemption, 'points', cost, 'balance', a.balance - cost,
                             'state', case when w.needs_approval then 'requested' else 'approved' end);
end $$;

/*
 * {"customer_id", "redemption_id", "state": "approved"|"handed_out"|"rejected"|"cancelled"|"expired", "reason", "store_id"}
 * The last three give the points back to the lots they came from, with their expiry, and the stock too.
 */
create function oba.do_move_redemption (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  wanted text := request ->> 'state';
  r oba.redemptions;
  entry bigint;
  n bigint;
begin
  perform from oba.points_accounts where customer_id = customer for update;
  select * into r from oba.redemptions k where k.customer_id = customer and k.redemption_id = (request ->> 'redemption_id')::bigint for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such redemption.');
  elsif not coalesce ((r.state, wanted) in (('requested', 'approved'), ('requested', 'rejected'), ('requested', 'cancelled'), ('requested', 'expired'),
                                            ('approved', 'handed_out'), ('approved', 'cancelled'), ('approved', 'expired')), false) then
    perform oba.refuse ('OB013', format ('A redemption that is %s cannot become %s.', replace (r.state, '_', ' '), coalesce (left (wanted, 20), 'nothing')),
                        'Look at its present state.', r.state);
  end if;
  if wanted in ('rejected', 'cancelled', 'expired') then
    entry := nextval ('oba.entry_ids');
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, redemption_id, reverses_id, reverses_at, reason, source)
    values (customer, now(), entry, 'restore', r.points, r.redemption_id, r.entry_id, r.entry_at, left (request ->> 'reason', 1000), 'staff');
    with given as (
      select lot_id, sum (points)::bigint as points from oba.ledger_allocations
      where customer_id = customer and entry_id = r.entry_id group by lot_id
    ), lots as (
      update oba.points_lots l set remaining = l.remaining + g.points from given g where l.customer_id = customer and l.lot_id = g.lot_id
    )
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) select customer, entry, lot_id, - points from given;
    update oba.points_accounts set balance = balance + r.points, updated_at = now() where customer_id = customer returning owed into n;
    if n > 0 then
      perform oba.settle_debts (customer, oba.business_day (now()));
    end if;
    update oba.rewards w set stock = w.stock + r.quantity where w.reward_id = r.reward_id and w.stock is not null;
  end if;
  update oba.redemptions k
  set state = wanted, state_since = now(), restore_id = entry, restore_at = case when entry is not null then now() end
  where k.customer_id = customer and k.redemption_id = r.redemption_id;
  select count (*) + 1 into n from oba.redemption_events e where e.customer_id = customer and e.redemption_id = r.redemption_id;
  insert into oba.redemption_events (customer_id, redemption_id, event_no, from_state, to_state, store_id, reason)
  values (customer, r.redemption_id, n::integer, r.state, wanted, (request ->> 'store_id')::bigint, left (request ->> 'reason', 1000));
  return jsonb_build_object ('customer_id', customer, 'redemption_id', r.redemption_id, 'state', wanted,
                             'balance', (select balance from oba.points_accounts where customer_id = customer));
end $$;

-- {"customer_id", "locked": true|false}: the customer's own switch
create function oba.do_lock_spending (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
begin
  update oba.points_accounts set spending_locked_at = case when (request ->> 'locked')::boolean then coalesce (spending_locked_at, now()) end
  where customer_id = customer;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  end if;
  perform oba.audit_add ('spending.lock', 'customer', customer::text, customer, jsonb_build_object ('locked', jsonb_build_array (null, request -> 'locked')), null);
  return jsonb_build_object ('customer_id', customer);
end $$;

-- ---------------------------------------------------------------- jobs

/*
 * Expires what nobody spent in time: lots whose last day is before @as_of, of at most @max_customers customers, skipping those at
 * work elsewhere. One entry for each customer and day, dated to the midnight at which the points were lost. Call it until it returns 0.
 */
create function oba.expire_points (max_customers integer default 200, as_of date default null) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  today date := coalesce (least (as_of, oba.business_day (now())), oba.business_day (now()));
  c bigint;
  d record;
  entry bigint;
  at timestamptz;
  n integer := 0;
begin
  for c in
    select a.customer_id from oba.points_accounts a
    where a.customer_id in (select distinct x.customer_id
                            from (select l.customer_id from oba.points_lots l where l.remaining > 0 and l.expires_on < today
                                  order by l.expires_on limit max_customers * 4) x
                            limit max_customers)
    for update skip locked
  loop
    for d in
      select expires_on, sum (remaining)::bigint as points from oba.points_lots
      where customer_id = c and remaining > 0 and expires_on < today group by expires_on order by expires_on
    loop
      entry := nextval ('oba.entry_ids');
      at := oba.day_start (d.expires_on + 1);
      if to_regclass ('oba.points_ledger' || to_char (d.expires_on + 1, '_YYYY_MM')) is null then
        perform oba.ensure_partitions (d.expires_on + 1, d.expires_on + 1);   -- an old file was imported
      end if;
      insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, source)
      values (c, at, entry, 'expire', - d.points, 'job');
      insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points)
      select c, entry, lot_id, remaining from oba.points_lots where customer_id = c and remaining > 0 and expires_on = d.expires_on;
      update oba.points_lots set remaining = 0 where customer_id = c and remaining > 0 and expires_on = d.expires_on;
      update oba.points_accounts set balance = balance - d.points, updated_at = now() where customer_id = c;
    end loop;
    n := n + 1;
  end loop;
  return n;
end $$;

/*
 * Moves the twelve months of customers above the lowest tier up to @as_of and lowers the tier of those whose spend no longer reaches
 * it; an override stays. At most @max_customers; call it until it returns 0.
 */
create function oba.refresh_tiers (max_customers integer default 200, as_of date default null) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  today date := coalesce (least (as_of, oba.business_day (now())), oba.business_day (now()));
  a record;
  spend bigint;
  reached bigint;
  n integer := 0;
begin
  for a in
    select customer_id, tier_id, tier_spend, tier_day from oba.points_accounts
    where tier_id > 1 and tier_day < today
    order by tier_day, customer_id limit max_customers for update skip locked
  loop
    spend := a.tier_spend - (select coalesce (sum (r.total), 0) from oba.receipts r
                             where r.customer_id = a.customer_id and r.sold_at >= oba.day_start (oba.tier_window_start (a.tier_day))
                               and r.sold_at < oba.day_start (oba.tier_window_start (today)));
    select greatest (max (t.tier_id), 1) into reached from oba.tiers t where t.threshold <= spend;
    reached := coalesce (reached, 1);
    if reached >= a.tier_id or 'override' = (select c.why from oba.tier_changes c where c.customer_id = a.customer_id order by c.change_id desc limit 1) then
      update oba.points_accounts set tier_spend = spend, tier_day = today where customer_id = a.customer_id;
    else
      insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day)
      values (a.customer_id, now(), a.tier_id, reached, 'downgrade', spend, today);
      update oba.points_accounts set tier_spend = spend, tier_day = today, tier_id = reached, tier_since = now() where customer_id = a.customer_id;
    end if;
    n := n + 1;
  end loop;
  return n;
end $$;

reset role;
