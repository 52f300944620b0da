-- Redemptions: a request reserves points and stock; then it is approved where the reward asks for it, handed out against a voucher, or given back.
--
-- Spending needs a second proof: in the bot the customer asks, a till and staff give the customer's single-use code, and without one a supervisor answers for it: what a clerk
-- asks for without a code waits for one. Whoever asked does not approve. Moves from state to state, and who may make them, are the rows of oba.redemption_moves.
-- What is given back goes to the lots it came from, with their expiry; what has expired meanwhile expires at once.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- tables

-- Every move there is. gives_back: points and stock return; undo: it takes back the last step, and is possible only back to where that came from.
create table oba.redemption_moves (
  from_state      text not null check (from_state in ('requested', 'approved', 'handed_out', 'rejected', 'cancelled', 'expired')),
  to_state        text not null check (to_state in ('requested', 'approved', 'handed_out', 'rejected', 'cancelled', 'expired')),
  roles           text[] not null,                                                 -- group roles that may make it
  gives_back      boolean not null default false,
  undo            boolean not null default false,
  primary key (from_state, to_state),
  check (from_state <> to_state)
);
insert into oba.redemption_moves (from_state, to_state, roles, gives_back, undo) values
  ('requested',  'approved',   '{oba_supervisor,oba_admin}', false, false),
  ('requested',  'rejected',   '{oba_supervisor,oba_admin}', true, false),
  ('requested',  'cancelled',  '{oba_clerk,oba_supervisor,oba_admin,oba_helper}', true, false),
  ('requested',  'expired',    '{oba_supervisor,oba_admin,oba_helper}', true, false),
  ('approved',   'handed_out', '{oba_supervisor,oba_admin,oba_helper}', false, false),
  ('approved',   'cancelled',  '{oba_supervisor,oba_admin,oba_helper}', true, false),
  ('approved',   'expired',    '{oba_supervisor,oba_admin,oba_helper}', true, false),
  ('approved',   'requested',  '{oba_supervisor,oba_admin}', false, true),
  ('handed_out', 'approved',   '{oba_supervisor,oba_admin}', false, true),
  ('rejected',   'requested',  '{oba_supervisor,oba_admin}', false, true),
  ('cancelled',  'requested',  '{oba_supervisor,oba_admin}', false, true),
  ('cancelled',  'approved',   '{oba_supervisor,oba_admin}', false, true);

create table oba.redemption_settings (
  only_row        boolean primary key default true check (only_row),
  sla_hours       integer not null check (sla_hours between 1 and 8760),           -- within which a request is to be decided
  request_days    integer not null check (request_days between 1 and 365),         -- after which an undecided request expires
  voucher_days    integer not null check (voucher_days between 1 and 3650),        -- how long a voucher is good
  version         integer not null default 1
);
insert into oba.redemption_settings (sla_hours, request_days, voucher_days) values (24, 14, 30);
create trigger audit after update on oba.redemption_settings for each row execute function oba.audit_row ('redemption_settings', 'only_row');

-- The vouchers of the chain, one a redemption at a time; the code itself is for oba.voucher () alone.
create table oba.vouchers (
  voucher_hash    bytea primary key check (length (voucher_hash) = 32),
  customer_id     bigint not null,
  redemption_id   bigint not null,
  code            text collate "C" not null check (code ~ '^[0-9A-Z]{12}$'),
  made_at         timestamptz not null default now(),
  foreign key (customer_id, redemption_id) references oba.redemptions
);
create index vouchers_redemption on oba.vouchers (customer_id, redemption_id);

alter table oba.redemptions add column proof text check (proof in ('bot', 'code', 'supervisor'));      -- the second one; null: it waits for a supervisor
alter table oba.redemption_events add column through text check (through in ('staff', 'telegram', 'till', 'job')), add column till_no integer;
create unique index redemptions_id on oba.redemptions (redemption_id);
create index redemptions_queue on oba.redemptions (state, redemption_id);
create index redemptions_expiry on oba.redemptions (expires_at) where state in ('requested', 'approved');

-- A code may pay for a redemption, too.
alter table oba.spend_codes add column redemption_id bigint, drop constraint spend_codes_check,
  add constraint spend_codes_check check ((receipt_id is null) = (receipt_sold_at is null) and (used_at is null) = (receipt_id is null and redemption_id is null));
grant select (redemption_id) on oba.spend_codes to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;

-- As in 0080 and 0085, for a receipt or for a redemption.
drop function oba.use_spend_code (bigint, text, timestamptz, bigint);
create function oba.use_spend_code (customer bigint, code text, at timestamptz, receipt bigint, redemption bigint default null) returns void
language plpgsql
as $$
declare
  c oba.spend_codes;
begin
  if code is null then
    perform oba.refuse ('OB014', 'Paying with points needs the customer''s spend code.', 'The customer asks the bot for a code.');
  end if;
  select * into c from oba.spend_codes k where k.customer_id = customer and k.code_hash = oba.spend_code_hash (customer, left (code, 100)) order by k.code_id desc limit 1;
  if not found then
    perform oba.refuse ('OB014', 'This spend code is not this customer''s.', 'The customer asks the bot for a code.');
  elsif c.used_at is not null then
    perform oba.refuse ('OB014', 'This spend code was used already.', 'The customer asks the bot for a code.');
  elsif c.expires_at <= now() then
    perform oba.refuse ('OB014', 'This spend code has expired.', 'The customer asks the bot for a code.');
  end if;
  delete from oba.spend_tries t where t.customer_id = customer;
  update oba.spend_codes k set used_at = now(), receipt_sold_at = case when receipt is not null then at end, receipt_id = receipt, redemption_id = redemption
  where k.customer_id = customer and k.code_id = c.code_id;
end $$;

-- ---------------------------------------------------------------- parts

-- What is read or typed of a voucher: letters that look like digits are those.
create function oba.voucher_hash (code text) returns bytea
language sql immutable parallel safe
return sha256 (convert_to ('voucher:' || translate (regexp_replace (upper (left (code, 100)), '[^0-9A-Z]', '', 'g'), 'OIL', '011'), 'UTF8'));

-- Gives @r a voucher: sixty bits, without letters that are mistaken for others.
create function oba.make_voucher (r oba.redemptions) returns bytea
language plpgsql
as $$
declare
  noise bytea := sha256 (uuid_send (gen_random_uuid ()) || uuid_send (gen_random_uuid ()));
  digits text := '';
begin
  for i in 0..11 loop
    digits := digits || substr ('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + (get_byte (noise, i) & 31), 1);
  end loop;
  insert into oba.vouchers (voucher_hash, customer_id, redemption_id, code) values (oba.voucher_hash (digits), r.customer_id, r.redemption_id, digits);
  return oba.voucher_hash (digits);
end $$;

-- How long a redemption is good in a state, by the reward's own days where it has some; what is over does not expire.
create function oba.redemption_until (state text, reward bigint) returns timestamptz
language sql stable
return (select now() + make_interval (days => case state when 'requested' then s.request_days
                                                         when 'approved' then coalesce ((select w.voucher_days from oba.rewards w where w.reward_id = reward), s.voucher_days) end)
        from oba.redemption_settings s);

-- What became of @r, in its own transaction: the event, the message to the customer, and word to whoever looks at it.
create function oba.tell_redemption (r oba.redemptions, before text, holder bigint, store bigint, till integer, via text, why text) returns void
language plpgsql
as $$
declare
  n integer := (select coalesce (max (e.event_no), 0) + 1 from oba.redemption_events e where e.customer_id = r.customer_id and e.redemption_id = r.redemption_id);
  chat bigint := (select l.chat_id from oba.telegram_links l where l.customer_id = holder and l.unreachable_at is null);
begin
  insert into oba.redemption_events (customer_id, redemption_id, event_no, from_state, to_state, store_id, till_no, through, reason)
  values (r.customer_id, r.redemption_id, n, before, r.state, store, till, via, left (why, 1000));
  if chat is not null then
    insert into oba.outbox (customer_id, chat_id, kind, payload)
    values (holder, chat, 'redemption', jsonb_strip_nulls (jsonb_build_object ('customer_id', r.customer_id, 'redemption_id', r.redemption_id, 'event_no', n, 'state', r.state)));
  end if;
  perform pg_notify ('oba_redemptions', r.redemption_id::text);
end $$;

-- As in 0085, but planned once a connection: a function in SQL that is not inlined is planned anew for each call, over each month there is.
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
                               where l.customer_id = any (array (select oba.customer_family (customer))) and l.kind in ('redeem', 'restore')
                                 and l.occurred_at >= midnight and l.occurred_at < tomorrow and (l.kind = 'redeem' or l.reverses_at >= midnight));
end $$;

-- ---------------------------------------------------------------- requesting

/*
 * Reserves points and stock for a reward: {"customer_id" | "card", "reward_id" | "reward": its code | "points", "quantity", "store_id", "till_no", "through": "staff"|"telegram"|"till", "spend_code"}.
 * -> {"customer_id", "redemption_id", "state", "points", "balance", "expires_at"}. Through the bot the customer is there; a till needs a spend code, staff one or a supervisor.
 */
create or replace function oba.do_redeem_points (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  n integer := coalesce ((request ->> 'quantity')::integer, 1);
  cost bigint := (request ->> 'points')::bigint;
  via text := coalesce (request ->> 'through', 'staff');
  store bigint := (request ->> 'store_id')::bigint;
  card oba.cards;
  a oba.points_accounts;
  w oba.rewards;
  r oba.redemptions;
  block text;
  today date := oba.business_day (now());
begin
  if n not between 1 and 1000 or via not in ('staff', 'telegram', 'till') then
    perform oba.refuse ('OB001', 'A redemption is of 1 to 1,000 pieces, through staff, telegram or till.');
  elsif via <> 'staff' and not pg_has_role (session_user, 'oba_helper', 'member') then
    perform oba.refuse ('OB006', 'Only the bot and the tills speak for themselves.');
  end if;
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
  a := oba.lock_account (customer, true);
  if via = 'staff' then
    perform oba.check_scope (store);
  end if;
  if request ?| array['reward_id', 'reward'] then
    select * into w from oba.rewards x where x.reward_id = (request ->> 'reward_id')::bigint or (not request ? 'reward_id' and x.code = request ->> 'reward');
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
    cost := w.cost * n;
  end if;
  if cost is null or cost not between 1 and 10000000 then
    perform oba.refuse ('OB001', 'A redemption is between 1 and 10,000,000 points.');
  end if;
  perform oba.check_daily_points (customer, now(), cost);
  r.redemption_id := nextval (pg_get_serial_sequence ('oba.redemptions', 'redemption_id'));
  r.proof := case via when 'telegram' then 'bot' when 'till' then 'code' end;
  if via = 'till' or (via = 'staff' and request ->> 'spend_code' is not null) then
    perform oba.use_spend_code (customer, request ->> 'spend_code', null, null, r.redemption_id);
    r.proof := 'code';
  elsif via = 'staff' and (pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member')) then
    r.proof := 'supervisor';
  end if;
  r.entry_id := nextval ('oba.entry_ids');
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, redemption_id, source)
  values (customer, now(), r.entry_id, 'redeem', - cost, r.redemption_id, via);
  if oba.take_from_lots (customer, r.entry_id, cost, null, today) < cost then
    perform oba.refuse ('OB007', format ('There are %s points, and %s are needed.', a.balance, cost), 'Choose something smaller.');
  end if;
  update oba.points_accounts p set balance = p.balance - cost, updated_at = now() where p.customer_id = customer;
  if w.reward_id is not null then
    perform oba.reserve_stock (w.reward_id, store, n);   -- last: others wait for its row only as long as this takes
  end if;
  r.state := case when r.proof is null or coalesce (w.needs_approval, false) then 'requested' else 'approved' end;
  r.expires_at := case when w.reward_id is not null or r.state = 'requested' then oba.redemption_until (r.state, w.reward_id) end;
  insert into oba.redemptions (customer_id, redemption_id, reward_id, quantity, points, state, store_id, entry_id, entry_at, expires_at, through, proof)
  overriding system value
  values (customer, r.redemption_id, w.reward_id, n, cost, r.state, store, r.entry_id, now(), r.expires_at, via, r.proof)
  returning * into r;
  if r.state = 'approved' and r.reward_id is not null then
    update oba.redemptions k set voucher_hash = oba.make_voucher (r) where k.customer_id = customer and k.redemption_id = r.redemption_id;
  end if;
  perform oba.tell_redemption (r, null, customer, store, (request ->> 'till_no')::integer, via, request ->> 'reason');
  return jsonb_build_object ('customer_id', customer, 'redemption_id', r.redemption_id, 'points', cost, 'balance', a.balance - cost, 'state', r.state, 'expires_at', r.expires_at);
end $$;

-- ---------------------------------------------------------------- moving

-- What keeps @r from becoming @wanted for whoever is asking; no code: nothing. For the dry run as for the deed. @back: it is meant as an undo.
create function oba.redemption_problem (r oba.redemptions, wanted text, back boolean, out code text, out message text, out hint text)
language plpgsql stable
as $$
declare
  m oba.redemption_moves;
  e oba.redemption_events;
begin
  select * into m from oba.redemption_moves x where x.from_state = r.state and x.to_state = wanted and x.undo = back;
  if not found then
    code := 'OB013';
    message := format ('A redemption that is %s cannot become %s.', replace (r.state, '_', ' '), coalesce (replace (left (wanted, 20), '_', ' '), 'nothing'));
    hint := 'Look at its present state.';
    return;
  elsif not exists (select from unnest (m.roles) x where pg_has_role (session_user, x, 'member')) then
    code := 'OB006';
    message := 'Your role may not make this step.';
    hint := 'Ask a supervisor.';
    return;
  end if;
  if wanted = 'approved' and r.state = 'requested' and r.requested_by = session_user and exists (select from oba.staff s where s.login = session_user) then
    code := 'OB006';
    message := 'Whoever asked for it does not approve it.';
    hint := 'Ask another supervisor.';
    return;
  end if;
  if m.undo then
    select * into e from oba.redemption_events x where x.customer_id = r.customer_id and x.redemption_id = r.redemption_id order by x.event_no desc limit 1;
    if e.from_state is distinct from wanted then
      code := 'OB013';
      message := 'This step is not the last one any more.';
      hint := 'Look at its present state.';
    elsif e.through in ('till', 'telegram') then
      code := 'OB013';
      message := 'What a till or the customer has done is not undone here.';
      hint := 'Make a new redemption, or adjust the points.';
    end if;
  end if;
end $$;

-- Gives the points of @r back to their lots; returns the ledger's entry. The caller holds the path.
create function oba.give_redemption_back (r oba.redemptions, via text, why text) returns bigint
language plpgsql
as $$
declare
  entry bigint;
  owing bigint;
begin
  perform oba.expire_points_of (r.customer_id, oba.business_day (now()));
  entry := nextval ('oba.entry_ids');
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, redemption_id, reverses_id, reverses_at, reason, source)
  values (r.customer_id, now(), entry, 'restore', r.points, r.redemption_id, r.entry_id, r.entry_at, left (why, 1000), via);
  with given as (
    select a.lot_id, sum (a.points)::bigint as points from oba.ledger_allocations a where a.customer_id = r.customer_id and a.entry_id = r.entry_id group by a.lot_id
  ), lots as (
    update oba.points_lots l set remaining = l.remaining + g.points from given g where l.customer_id = r.customer_id and l.lot_id = g.lot_id
  )
  insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) select r.customer_id, entry, g.lot_id, - g.points from given g;
  update oba.points_accounts p set balance = p.balance + r.points, updated_at = now() where p.customer_id = r.customer_id returning p.owed into owing;
  if owing > 0 then
    perform oba.settle_debts (r.customer_id, oba.business_day (now()));
  end if;
  perform oba.expire_points_of (r.customer_id, oba.business_day (now()));
  perform oba.sweep_up (r.customer_id);
  if r.reward_id is not null then
    perform oba.release_stock (r.reward_id, r.store_id, r.quantity);
  end if;
  return entry;
end $$;

-- Takes the points of @r again, from the lots of then where they are still there, and its stock. -> the ledger's entry
create function oba.take_redemption_again (r oba.redemptions) returns bigint
language plpgsql
as $$
declare
  entry bigint := nextval ('oba.entry_ids');
  a oba.points_accounts := oba.lock_account (r.customer_id, true);
  there bigint;
begin
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, redemption_id, source) values (r.customer_id, now(), entry, 'redeem', - r.points, r.redemption_id, 'staff');
  there := oba.take_again (r.customer_id, entry, r.points, r.entry_id, oba.business_day (now()));
  if there < r.points then
    perform oba.refuse ('OB007', format ('There are %s points, and %s are needed.', a.balance, r.points), 'Choose something smaller.');
  end if;
  update oba.points_accounts p set balance = p.balance - r.points, updated_at = now() where p.customer_id = r.customer_id;
  if r.reward_id is not null then
    perform oba.reserve_stock (r.reward_id, r.store_id, r.quantity);
  end if;
  return entry;
end $$;

/*
 * {"customer_id", "redemption_id", "state", "seen": the state that was looked at, or none, "undo": true to take back the last step, "reason", "store_id", "till_no", "through"}
 * -> {"customer_id", "redemption_id", "state", "balance", "expires_at"}. Which moves there are: oba.redemption_moves.
 */
create or replace function oba.do_move_redemption (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  wanted text := request ->> 'state';
  via text := coalesce (request ->> 'through', 'staff');
  why text := nullif (btrim (request ->> 'reason'), '');
  root bigint := oba.lock_path (customer);
  r oba.redemptions;
  before text;
  m oba.redemption_moves;
  p record;
begin
  select * into r from oba.redemptions k where k.customer_id = customer and k.redemption_id = (request ->> 'redemption_id')::bigint for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such redemption.');
  elsif r.state <> request ->> 'seen' then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.', r.state);
  elsif via not in ('staff', 'telegram', 'till', 'job') or (via <> 'staff' and not pg_has_role (session_user, 'oba_helper', 'member')) then
    perform oba.refuse ('OB006', 'Only the bot and the tills speak for themselves.');
  elsif length (why) > 1000 then
    perform oba.refuse ('OB001', 'A reason has at most 1,000 characters.');
  end if;
  p := oba.redemption_problem (r, wanted, coalesce ((request ->> 'undo')::boolean, false));
  if p.code is not null then
    perform oba.refuse (p.code, p.message, p.hint, r.state);
  end if;
  if via = 'staff' then
    perform oba.check_scope (coalesce ((request ->> 'store_id')::bigint, r.store_id));
  end if;
  select * into m from oba.redemption_moves x where x.from_state = r.state and x.to_state = wanted;
  before := r.state;
  if m.gives_back then
    r.restore_id := oba.give_redemption_back (r, case via when 'job' then 'job' else via end, why);
    r.restore_at := now();
  elsif r.restore_id is not null then
    r.entry_id := oba.take_redemption_again (r);
    r.entry_at := now();
    r.restore_id := null;
    r.restore_at := null;
  end if;
  if wanted = 'approved' and r.proof is null then
    r.proof := 'supervisor';
  end if;
  r.state := wanted;
  if wanted in ('requested', 'approved') and before <> 'handed_out' then
    r.expires_at := case when r.reward_id is not null or wanted = 'requested' then oba.redemption_until (wanted, r.reward_id) end;
  end if;
  if wanted = 'requested' then
    r.voucher_hash := null;
  elsif wanted = 'approved' and r.reward_id is not null and r.voucher_hash is null then
    r.voucher_hash := oba.make_voucher (r);
  end if;
  update oba.redemptions k
  set state = r.state, state_since = now(), entry_id = r.entry_id, entry_at = r.entry_at, restore_id = r.restore_id, restore_at = r.restore_at, expires_at = r.expires_at,
      voucher_hash = r.voucher_hash, proof = r.proof
  where k.customer_id = customer and k.redemption_id = r.redemption_id;
  perform oba.tell_redemption (r, before, root, (request ->> 'store_id')::bigint, (request ->> 'till_no')::integer, via, why);
  return jsonb_build_object ('customer_id', customer, 'redemption_id', r.redemption_id, 'state', wanted, 'expires_at', r.expires_at,
                             'balance', (select a.balance from oba.points_accounts a where a.customer_id = root));
end $$;

/*
 * What a step would do to each of @ids, at most 1,000: -> (redemption_id, customer_id, state, code, message, hint); without a code it would be done. Nothing changes, and nobody is
 * kept from changing it meanwhile.
 */
create function oba.preview_redemptions (ids bigint[], wanted text) returns table (redemption_id bigint, customer_id bigint, state text, code text, message text, hint text)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
  select r.redemption_id, r.customer_id, r.state, p.code, p.message, p.hint
  from oba.redemptions r cross join lateral oba.redemption_problem (r, wanted, false) p
  where r.redemption_id = any (ids[1:1000]) order by r.redemption_id
$$;

-- A job: expires what was not decided or fetched in time, at most @most, skipping customers at work elsewhere. Call it until it returns 0.
create function oba.expire_redemptions (most integer default 100) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  r record;
  n integer := 0;
begin
  for r in
    select k.customer_id, k.redemption_id from oba.redemptions k where k.state in ('requested', 'approved') and k.expires_at <= now() order by k.expires_at limit most
  loop
    perform from oba.points_accounts a where a.customer_id = r.customer_id for update skip locked;
    continue when not found;
    if exists (select from oba.redemptions k where k.customer_id = r.customer_id and k.redemption_id = r.redemption_id and k.state in ('requested', 'approved')
               and k.expires_at <= now()) then
      perform oba.do_move_redemption (jsonb_build_object ('customer_id', r.customer_id, 'redemption_id', r.redemption_id, 'state', 'expired', 'through', 'job'));
      n := n + 1;
    end if;
  end loop;
  return n;
end $$;

-- {"sla_hours", "request_days", "voucher_days", "version"} -> the settings as they are now
create function oba.do_set_redemption_settings (request jsonb) returns jsonb
language plpgsql
as $$
declare
  s oba.redemption_settings;
begin
  update oba.redemption_settings x
  set sla_hours = (request ->> 'sla_hours')::integer, request_days = (request ->> 'request_days')::integer, voucher_days = (request ->> 'voucher_days')::integer, version = x.version + 1
  where x.version = (request ->> 'version')::integer returning * into s;
  if not found then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  end if;
  return to_jsonb (s) - 'only_row';
end $$;

-- ---------------------------------------------------------------- vouchers

-- What a voucher is and whether it is good, for a till: nothing about whose it is.
create function oba.voucher_facts (r oba.redemptions, hash bytea) returns jsonb
language sql stable
return (select jsonb_build_object (
                 'state', case when r.voucher_hash is distinct from hash then 'cancelled' when r.state = 'handed_out' then 'used'
                               when r.state = 'expired' or (r.state = 'approved' and r.expires_at <= now()) then 'expired' when r.state = 'approved' then 'valid' else 'cancelled' end,
                 'kind', w.kind, 'reward', w.code, 'name', jsonb_build_object ('az', w.name_az, 'ru', w.name_ru, 'en', w.name_en), 'value', w.value, 'quantity', r.quantity,
                 'store', (select s.code from oba.stores s where s.store_id = r.store_id), 'expires_at', r.expires_at, 'used_at', case r.state when 'handed_out' then r.state_since end)
        from oba.rewards w where w.reward_id = r.reward_id);

-- {"code"} -> {"valid", "state": "valid"|"used"|"expired"|"cancelled", "kind", "reward", "name", "value": qəpik, "quantity", "store", "expires_at", "used_at"}
create function oba.check_voucher (request jsonb) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  hash bytea := oba.voucher_hash (request ->> 'code');
  r oba.redemptions;
  facts jsonb;
begin
  if jsonb_typeof (request -> 'code') is distinct from 'string' then
    perform oba.refuse ('OB001', 'The code of a voucher is missing.');
  end if;
  select k.* into r from oba.vouchers v join oba.redemptions k using (customer_id, redemption_id) where v.voucher_hash = hash;
  if not found then
    perform oba.refuse ('OB002', 'There is no such voucher.');
  end if;
  facts := oba.voucher_facts (r, hash);
  return facts || jsonb_build_object ('valid', facts ->> 'state' = 'valid');
end $$;

-- {"code", "store_id", "till_no"}: hands out what the voucher is for, once. -> as oba.check_voucher ()
create function oba.do_use_voucher (request jsonb) returns jsonb
language plpgsql
as $$
declare
  hash bytea := oba.voucher_hash (request ->> 'code');
  store bigint := (request ->> 'store_id')::bigint;
  v oba.vouchers;
  r oba.redemptions;
  facts jsonb;
begin
  if jsonb_typeof (request -> 'code') is distinct from 'string' then
    perform oba.refuse ('OB001', 'The code of a voucher is missing.');
  end if;
  select * into v from oba.vouchers x where x.voucher_hash = hash;
  if not found then
    perform oba.refuse ('OB002', 'There is no such voucher.');
  end if;
  perform oba.lock_path (v.customer_id);
  select * into r from oba.redemptions k where k.customer_id = v.customer_id and k.redemption_id = v.redemption_id for update;
  facts := oba.voucher_facts (r, hash);
  case facts ->> 'state'
    when 'used' then perform oba.refuse ('OB013', 'This voucher was used already.');
    when 'expired' then perform oba.refuse ('OB013', 'This voucher has expired.', 'Its points went back to the customer.');
    when 'cancelled' then perform oba.refuse ('OB013', 'This voucher is not valid any more.');
    else null;
  end case;
  if store is not null and r.store_id is not null and r.store_id <> store then
    perform oba.refuse ('OB013', 'This voucher is for another store.');
  elsif exists (select from oba.customers c where c.customer_id = oba.customer_root (v.customer_id) and c.status = 'blocked') then
    perform oba.refuse ('OB013', 'This voucher is not valid at the moment.', 'Ask a supervisor.');
  end if;
  perform oba.do_move_redemption (jsonb_build_object ('customer_id', v.customer_id, 'redemption_id', v.redemption_id, 'state', 'handed_out', 'through', 'till', 'store_id', store,
                                                      'till_no', request -> 'till_no'));
  return facts || jsonb_build_object ('valid', false, 'state', 'used', 'used_at', now());
end $$;

-- The code of a voucher that is good, to be printed or sent; '' when there is none. Whoever reads it is in the audit trail; the helper sends it to the customer.
create function oba.voucher (customer bigint, redemption bigint) returns text
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  digits text := (select v.code from oba.redemptions r join oba.vouchers v using (voucher_hash)
                  where r.customer_id = voucher.customer and r.redemption_id = voucher.redemption and r.state = 'approved');
begin
  if digits is not null and exists (select from oba.staff s where s.login = session_user and s.role <> 'helper') then
    perform oba.audit_add ('voucher.read', 'redemption', redemption::text, customer, '{}', null);
  end if;
  return coalesce (substr (digits, 1, 4) || '-' || substr (digits, 5, 4) || '-' || substr (digits, 9, 4), '');
end $$;

-- ---------------------------------------------------------------- reading

-- Redemptions that a search means: a voucher's code, a number, and for those who may see names whoever customers' search finds.
create function oba.redemptions_like (search text) returns setof bigint
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
begin
  return query select v.redemption_id from oba.vouchers v where v.voucher_hash = oba.voucher_hash (search);
  if found then
    return;
  end if;
  if search ~ '^[0-9]{1,18}$' then
    return query select r.redemption_id from oba.redemptions r where r.redemption_id = search::bigint or r.customer_id in (select oba.customer_family (search::bigint));
  end if;
  if exists (select from unnest (array['oba_clerk', 'oba_supervisor', 'oba_admin', 'oba_auditor']) g where pg_has_role (session_user, g, 'member')) then
    return query execute 'select r.redemption_id from oba.redemptions r join oba.customers c using (customer_id) where ' || oba.text_condition (search);
  end if;
end $$;

-- The rows of the queue; names only for those who may see them. Moments are seconds.
create function oba.redemption_rows (ids bigint[])
  returns table (redemption_id bigint, customer_id bigint, name text, reward_id bigint, reward_az text, reward_ru text, reward_en text, kind text, quantity integer, points bigint, state text,
                 since bigint, requested_at bigint, requested_by text, through text, store_id bigint, store text, expires_at bigint, overdue boolean, needs_me boolean, proof text,
                 last_by text, last_through text, can_undo text)
language sql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
  select r.redemption_id, r.customer_id, case when s.persons then concat_ws (' ', nullif (c.given_name, ''), nullif (c.family_name, '')) else '' end, r.reward_id,
         w.name_az, w.name_ru, w.name_en, w.kind, r.quantity, r.points, r.state, extract (epoch from r.state_since)::bigint, extract (epoch from r.requested_at)::bigint,
         oba.staff_login (r.requested_by), r.through, r.store_id, t.name, extract (epoch from r.expires_at)::bigint,
         r.state = 'requested' and r.requested_at < now() - make_interval (hours => s.sla_hours),
         s.decides and r.state = 'requested' and r.requested_by <> session_user, r.proof, oba.staff_login (e.by_whom), e.through,
         (select e.from_state from oba.redemption_moves m
          where m.from_state = r.state and m.to_state = e.from_state and m.undo and coalesce (e.through, 'staff') = 'staff' and s.decides)
  from oba.redemptions r
  join oba.customers c on c.customer_id = r.customer_id
  left join oba.rewards w on w.reward_id = r.reward_id
  left join oba.stores t on t.store_id = r.store_id
  left join lateral (select x.by_whom, x.through, x.from_state from oba.redemption_events x
                     where x.customer_id = r.customer_id and x.redemption_id = r.redemption_id order by x.event_no desc limit 1) e on true
  cross join (select x.sla_hours, pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member') as decides,
                     exists (select from unnest (array['oba_clerk', 'oba_supervisor', 'oba_admin', 'oba_auditor']) g where pg_has_role (session_user, g, 'member')) as persons
              from oba.redemption_settings x) s
  where r.redemption_id = any (ids)
$$;

-- What stood before there were proofs and vouchers.
update oba.redemptions r set proof = case r.through when 'telegram' then 'bot' when 'till' then 'code' else 'supervisor' end where r.proof is null;
update oba.redemptions r set expires_at = oba.redemption_until (r.state, r.reward_id) where r.state in ('requested', 'approved') and r.reward_id is not null and r.expires_at is null;
update oba.redemptions r set voucher_hash = oba.make_voucher (r) where r.state = 'approved' and r.reward_id is not null;

-- ---------------------------------------------------------------- rights

select oba.add_action ('set_redemption_settings', 'oba_admin');
select oba.add_action ('use_voucher', 'oba_helper');
grant execute on function oba.redeem_points (jsonb, text, text), oba.move_redemption (jsonb, text, text) to oba_clerk;
grant execute on function oba.check_voucher (jsonb), oba.expire_redemptions (integer) to oba_helper, oba_admin;
grant execute on function oba.voucher (bigint, bigint) to oba_supervisor, oba_admin, oba_helper;
grant execute on function oba.preview_redemptions (bigint[], text) to oba_supervisor, oba_admin;
grant execute on function oba.redemptions_like (text), oba.redemption_rows (bigint[]) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor;
grant execute on function oba.staff_login (text) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor;
grant select on oba.redemption_moves, oba.redemption_settings to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select (voucher_hash, customer_id, redemption_id, made_at) on oba.vouchers to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
