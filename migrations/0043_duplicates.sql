-- One person, two records: likely pairs, merging with a preview and two persons, and taking a merge back.
--
-- Receipts and ledger are append-only and stay where they happened. A merged customer is a branch of another one: customers.merged_into. Who asks for a
-- person asks for the family: oba.customer_family (), oba.customer_root (). What can be spent, the tier, cards, chat and the figures of the list are the root's alone;
-- a merged account is empty. Whatever comes to it later (a return of its receipt, an undone redemption) is moved on to the survivor at once: oba.sweep_up ().

set local role oba_owner;
set local search_path = oba, pg_catalog;

alter table oba.customers add column merged_into bigint references oba.customers check (merged_into <> customer_id);
alter table oba.customers drop constraint customers_status_check;
alter table oba.customers add constraint customers_status_check check (status in ('active', 'blocked', 'erased', 'merged'));
alter table oba.customers add constraint customers_merged check (status <> 'merged' or merged_into is not null);
alter table oba.customers add constraint customers_not_merged check (merged_into is null or status in ('merged', 'erased'));
create index customers_merged on oba.customers (merged_into, customer_id) where merged_into is not null;
create index customers_merged_ids on oba.customers (customer_id) where merged_into is not null;   -- the list leaves them out
grant select (merged_into) on oba.customers to oba_marketing;

-- The person and all who were merged into it, directly or through others.
create or replace function oba.customer_family (customer_id bigint) returns setof bigint
language sql stable parallel safe rows 2
as $$
  with recursive family (id) as (select $1 union select c.customer_id from oba.customers c join family f on c.merged_into = f.id)
  select id from family
$$;

-- From a customer up to the one who stands for it now: {itself, ..., root}.
create function oba.customer_path (customer bigint) returns bigint[]
language plpgsql stable parallel safe
as $$
declare
  path bigint[] := array[customer];
  up bigint;
begin
  loop
    select c.merged_into into up from oba.customers c where c.customer_id = path[cardinality (path)];
    exit when up is null or up = any (path);
    path := path || up;
  end loop;
  return path;
end $$;

create function oba.customer_root (customer bigint) returns bigint
language plpgsql stable parallel safe
as $$
declare
  path bigint[] := oba.customer_path (customer);
begin
  return path[cardinality (path)];
end $$;

-- Locks the accounts from a customer up to its root, lower ids first, as every merge does. Returns the root.
create function oba.lock_path (customer bigint) returns bigint
language plpgsql
as $$
declare
  path bigint[] := oba.customer_path (customer);
  seen bigint[];
begin
  loop
    perform from oba.points_accounts a where a.customer_id = any (path) order by a.customer_id for update;
    seen := path;
    path := oba.customer_path (customer);
    exit when path = seen;
  end loop;
  return path[cardinality (path)];
end $$;

-- ---------------------------------------------------------------- two persons

-- What one person asks for and another one approves. request and preview hold ids, choices and figures only; who is meant is read when it is shown.
create table oba.approvals (
  approval_id     bigint generated always as identity primary key,
  kind            text not null check (kind in ('merge', 'unmerge')),
  request         jsonb not null,
  preview         jsonb not null,
  customer_ids    bigint[] not null,                                               -- whom it is about
  state           text not null default 'requested' check (state in ('requested', 'approved', 'rejected', 'withdrawn', 'stale')),
  requested_by    text not null default session_user,
  requested_at    timestamptz not null default now(),
  reason          text check (length (reason) <= 1000),
  previewed_at    timestamptz not null default now(),                              -- later than requested_at: the figures had changed
  decided_by      text,
  decided_at      timestamptz,
  decision_reason text check (length (decision_reason) <= 1000),
  outcome_id      bigint,                                                          -- of a merge: its number
  check ((state = 'requested') = (decided_at is null)),
  check (state not in ('approved', 'rejected') or decided_by <> requested_by)
);
create index approvals_open on oba.approvals (requested_at, approval_id) where state = 'requested';
create index approvals_decided on oba.approvals (decided_at desc, approval_id desc) where state <> 'requested';
create index approvals_of on oba.approvals using gin (customer_ids);

-- ---------------------------------------------------------------- merges

create table oba.merges (
  merge_id      bigint generated always as identity primary key,
  source_id     bigint not null references oba.customers,
  survivor_id   bigint not null references oba.customers,
  merged_at     timestamptz not null default now(),
  approval_id   bigint references oba.approvals,
  fields        jsonb not null,                                                    -- {"email": "source", "notes": "both"}: not the survivor's own
  came          jsonb not null,                                                    -- ids of what came along, to go back
  undone_at     timestamptz,
  undo_approval_id bigint references oba.approvals,
  check (source_id <> survivor_id)
);
create unique index merges_live on oba.merges (source_id) where undone_at is null;
create index merges_source on oba.merges (source_id);
create index merges_survivor on oba.merges (survivor_id);
create index merges_by_time on oba.merges (merged_at desc, merge_id desc);

-- What the survivor's own fields held where the source's were chosen. Personal: gone with an erasure.
create table oba.merge_values (
  customer_id   bigint not null references oba.customers,
  merge_id      bigint not null references oba.merges,
  field         text not null,
  value         text not null,
  primary key (customer_id, merge_id, field)
);

-- Which lot became which, for the way back. (customer_id: the source)
create table oba.merge_lots (
  customer_id     bigint not null,
  merge_id        bigint not null references oba.merges,
  lot_id          bigint not null,
  entry_id        bigint not null,                                                 -- debit of the source
  entry_at        timestamptz not null,
  survivor_id     bigint not null,
  survivor_lot    bigint not null,
  survivor_entry  bigint not null,                                                 -- credit of the survivor
  points          bigint not null check (points > 0),
  primary key (customer_id, survivor_lot)
);
create index merge_lots_merge on oba.merge_lots (merge_id);
create table oba.merge_debts (
  customer_id     bigint not null,
  merge_id        bigint not null references oba.merges,
  entry_id        bigint not null,                                                 -- credit of the source, which paid its debts
  entry_at        timestamptz not null,
  survivor_id     bigint not null,
  survivor_entry  bigint not null,                                                 -- debit of the survivor, who owes now
  points          bigint not null check (points > 0),
  primary key (customer_id, survivor_entry)
);
create index merge_debts_merge on oba.merge_debts (merge_id);

create function oba.refuse_merged (customer bigint) returns void
language plpgsql
as $$
declare
  other bigint := (select c.merged_into from oba.customers c where c.customer_id = customer and c.status = 'merged');
begin
  if other is not null then
    perform oba.refuse ('OB006', format ('This customer was merged into customer %s.', other), 'Open that customer.', other::text);
  end if;
end $$;

-- A merged record says what was known when it was merged, and waits for being taken apart again.
create function oba.customers_refuse_merged () returns trigger
language plpgsql
as $$
begin
  perform oba.refuse_merged (new.customer_id);
  return null;
end $$;
create trigger refuse_merged before update on oba.customers
  for each row when (old.status = 'merged' and new.status = 'merged') execute function oba.customers_refuse_merged ();

-- A phone of a merged customer is an entry of the survivor, who may take it for its own.
create or replace function oba.customers_keep_phone () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  delete from oba.customer_phones where phone = old.phone and customer_id = old.customer_id;
  if new.phone is not null and not exists (select from oba.customer_phones p where p.phone = new.phone and p.customer_id = new.customer_id) then
    insert into oba.customer_phones (phone, customer_id) values (new.phone, new.customer_id);
  end if;
  return null;
end $$;

-- ---------------------------------------------------------------- points

-- The lots of one customer whose last day is before @today; the caller holds the account.
create function oba.expire_points_of (customer bigint, today date) returns void
language plpgsql
as $$
declare
  d record;
  entry bigint;
begin
  for d in
    select expires_on, sum (remaining)::bigint as points from oba.points_lots
    where customer_id = customer and remaining > 0 and expires_on < today group by expires_on order by expires_on
  loop
    entry := nextval ('oba.entry_ids');
    if to_regclass ('oba.points_ledger' || to_char (d.expires_on + 1, '_YYYY_MM')) is null then
      perform oba.ensure_partitions (d.expires_on + 1, d.expires_on + 1);   -- an old file was imported
    end if;
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, source)
    values (customer, oba.day_start (d.expires_on + 1), entry, 'expire', - d.points, 'job');
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points)
    select customer, entry, lot_id, remaining from oba.points_lots where customer_id = customer and remaining > 0 and expires_on = d.expires_on;
    update oba.points_lots set remaining = 0 where customer_id = customer and remaining > 0 and expires_on = d.expires_on;
    update oba.points_accounts set balance = balance - d.points, updated_at = now() where customer_id = customer;
  end loop;
end $$;

-- As in 0005.
create or replace function oba.expire_points (max_customers integer default 200, as_of date default null) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  today date := coalesce (least (as_of, oba.business_day (now())), oba.business_day (now()));
  c bigint;
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
    perform oba.expire_points_of (c, today);
    n := n + 1;
  end loop;
  return n;
end $$;

/*
 * Moves all that the source's account has to the survivor: each lot with its expiry and its receipt, then what is owed. @own_receipt: a return of this receipt is the
 * cause, so that its own points go first. Entries of kind transfer on both sides, each with {"merge": number}; together they make 0.
 */
create function oba.move_points (m oba.merges, own_receipt bigint) returns void
language plpgsql
as $$
declare
  today date := oba.business_day (now());
  tag jsonb := jsonb_build_object ('merge', m.merge_id);
  entry bigint := nextval ('oba.entry_ids');
  total bigint;
  owing bigint;
  credited bigint;
  new_lot bigint;
  l oba.points_lots;
begin
  perform oba.expire_points_of (m.source_id, today);
  select sum (remaining) into total from oba.points_lots where customer_id = m.source_id and remaining > 0;
  if total > 0 then
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, inputs, source)
    values (m.source_id, now(), entry, 'transfer', - total, tag || jsonb_build_object ('to', m.survivor_id), 'staff');
    for l in select * from oba.points_lots where customer_id = m.source_id and remaining > 0 order by expires_on, lot_id loop
      insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) values (m.source_id, entry, l.lot_id, l.remaining);
      update oba.points_lots set remaining = 0 where customer_id = m.source_id and lot_id = l.lot_id;
      credited := oba.credit (m.survivor_id, now(), 'transfer', l.remaining, l.expires_on, null, null,
                              tag || jsonb_build_object ('from', m.source_id, 'lot', l.lot_id, 'entry', entry), null, null, null, 'staff');
      update oba.points_lots set receipt_id = l.receipt_id where customer_id = m.survivor_id and entry_id = credited returning lot_id into new_lot;
      insert into oba.merge_lots (customer_id, merge_id, lot_id, entry_id, entry_at, survivor_id, survivor_lot, survivor_entry, points)
      values (m.source_id, m.merge_id, l.lot_id, entry, now(), m.survivor_id, new_lot, credited, l.remaining);
    end loop;
    update oba.points_accounts set balance = balance - total, updated_at = now() where customer_id = m.source_id;
  end if;

  select a.owed into owing from oba.points_accounts a where a.customer_id = m.source_id;
  if owing > 0 then
    -- A credit pays the debts here, and makes one of the same size there.
    tag := tag || '{"debt": true}';
    credited := oba.credit (m.source_id, now(), 'transfer', owing, today, null, null, tag || jsonb_build_object ('from', m.survivor_id), null, null, null, 'staff');
    entry := oba.debit (m.survivor_id, now(), 'transfer', owing, own_receipt, true, null, null, null, null, null, null,
                        tag || jsonb_build_object ('to', m.source_id, 'entry', credited), null, 'staff');
    insert into oba.merge_debts (customer_id, merge_id, entry_id, entry_at, survivor_id, survivor_entry, points)
    values (m.source_id, m.merge_id, credited, now(), m.survivor_id, entry, owing);
  end if;
end $$;

-- What has come to a merged account goes on to the survivor, and on from there. The caller holds the path.
create function oba.sweep_up (customer bigint, own_receipt bigint default null) returns void
language plpgsql
as $$
declare
  m oba.merges;
begin
  loop
    select * into m from oba.merges x where x.source_id = customer and x.undone_at is null;
    exit when not found or exists (select from oba.customers c where c.customer_id = customer and c.status = 'erased');
    perform oba.move_points (m, own_receipt);
    customer := m.survivor_id;
  end loop;
end $$;

/*
 * The way back: what is left of the lots that came goes back into the lots they came from, what is still owed of a debt that came goes back, too.
 * What was spent or has expired stays with the survivor.
 */
create function oba.move_points_back (m oba.merges) returns void
language plpgsql
as $$
declare
  tag jsonb := jsonb_build_object ('merge', m.merge_id, 'undone', true);
  g record;
  l record;
  entry bigint;
  back bigint;
  lot bigint;
  owing bigint;
begin
  perform oba.expire_points_of (m.survivor_id, oba.business_day (now()));
  for g in
    select x.entry_id, x.entry_at, sum (s.remaining)::bigint as points
    from oba.merge_lots x join oba.points_lots s on s.customer_id = m.survivor_id and s.lot_id = x.survivor_lot
    where x.merge_id = m.merge_id and s.remaining > 0 group by 1, 2 order by 1
  loop
    back := nextval ('oba.entry_ids');
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, inputs, reverses_id, reverses_at, source)
    values (m.source_id, now(), back, 'transfer', g.points, tag || jsonb_build_object ('from', m.survivor_id), g.entry_id, g.entry_at, 'staff');
    for l in
      select x.lot_id, x.survivor_lot, x.survivor_entry, x.entry_at, s.remaining
      from oba.merge_lots x join oba.points_lots s on s.customer_id = m.survivor_id and s.lot_id = x.survivor_lot
      where x.merge_id = m.merge_id and x.entry_id = g.entry_id and s.remaining > 0 order by x.survivor_lot
    loop
      entry := nextval ('oba.entry_ids');
      insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, inputs, reverses_id, reverses_at, source)
      values (m.survivor_id, now(), entry, 'transfer', - l.remaining, tag || jsonb_build_object ('to', m.source_id, 'entry', back), l.survivor_entry, l.entry_at, 'staff');
      insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points)
      values (m.survivor_id, entry, l.survivor_lot, l.remaining), (m.source_id, back, l.lot_id, - l.remaining);
      update oba.points_lots set remaining = 0 where customer_id = m.survivor_id and lot_id = l.survivor_lot;
      update oba.points_lots set remaining = remaining + l.remaining where customer_id = m.source_id and lot_id = l.lot_id;
    end loop;
    update oba.points_accounts set balance = balance - g.points, updated_at = now() where customer_id = m.survivor_id;
    update oba.points_accounts set balance = balance + g.points, updated_at = now() where customer_id = m.source_id returning owed into owing;
    if owing > 0 then
      perform oba.settle_debts (m.source_id, oba.business_day (now()));
    end if;
  end loop;

  tag := tag || '{"debt": true}';
  for l in
    select x.*, d.remaining from oba.merge_debts x join oba.points_debts d on d.customer_id = m.survivor_id and d.entry_id = x.survivor_entry
    where x.merge_id = m.merge_id and d.remaining > 0 order by x.survivor_entry
  loop
    -- A credit for this very debt, whatever else the survivor owes.
    back := nextval ('oba.entry_ids');
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, inputs, reverses_id, reverses_at, source)
    values (m.survivor_id, now(), back, 'transfer', l.remaining, tag || jsonb_build_object ('from', m.source_id), l.survivor_entry, l.entry_at, 'staff');
    insert into oba.points_lots (customer_id, entry_id, entry_at, points, remaining, expires_on)
    values (m.survivor_id, back, now(), l.remaining, 0, oba.business_day (now())) returning lot_id into lot;
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) values (m.survivor_id, l.survivor_entry, lot, l.remaining);
    update oba.points_debts set remaining = 0 where customer_id = m.survivor_id and entry_id = l.survivor_entry;
    update oba.points_accounts set balance = balance + l.remaining, owed = owed - l.remaining, updated_at = now() where customer_id = m.survivor_id;
    perform oba.debit (m.source_id, now(), 'transfer', l.remaining, null, true, null, null, l.entry_id, l.entry_at, null, null,
                       tag || jsonb_build_object ('to', m.survivor_id, 'entry', back), null, 'staff');
  end loop;
end $$;

-- ---------------------------------------------------------------- tier and figures of a family

-- As in 0005, for the whole family.
create or replace function oba.tier_spend (customer bigint, spend bigint, known_day date, day date, amount bigint) returns bigint
language plpgsql   -- not STABLE: it must see what was committed while the account was waited for
as $$
begin
  if known_day is null or day >= oba.tier_window_start (known_day) then
    spend := spend + amount;
  end if;
  if known_day < day then
    spend := spend - (select coalesce (sum (r.total), 0) from oba.receipts r
                      where r.customer_id = any (array (select oba.customer_family (customer)))
                        and r.sold_at >= oba.day_start (oba.tier_window_start (known_day))
                        and r.sold_at < oba.day_start (oba.tier_window_start (day)));
  end if;
  return spend;
end $$;

-- The tier anew, from the family's receipts of the twelve months up to @day. @may_lower: not below what an override gave.
create function oba.recount_tier (customer bigint, day date, may_lower boolean, why text) returns void
language plpgsql
as $$
declare
  a oba.points_accounts;
  spent bigint;
  reached bigint;
  last_why text := (select c.why from oba.tier_changes c where c.customer_id = customer order by c.change_id desc limit 1);
begin
  select * into a from oba.points_accounts p where p.customer_id = customer;
  select coalesce (sum (r.total), 0) into spent from oba.receipts r
    where r.customer_id = any (array (select oba.customer_family (customer)))
      and r.sold_at >= oba.day_start (oba.tier_window_start (day)) and r.sold_at < oba.day_start (day + 1);
  select coalesce (max (t.tier_id), 1) into reached from oba.tiers t where t.threshold <= spent;
  if not may_lower or last_why = 'override' then
    reached := greatest (reached, a.tier_id);
  end if;
  if reached <> a.tier_id then
    insert into oba.tier_changes (customer_id, from_tier, to_tier, why, spend, spend_day) values (customer, a.tier_id, reached, why, spent, day);
  end if;
  update oba.points_accounts p
  set tier_spend = spent, tier_day = day, tier_id = reached, tier_since = case when reached <> a.tier_id then now() else p.tier_since end
  where p.customer_id = customer;
end $$;

-- As in 0005, for the whole family.
create or replace function oba.refresh_tiers (max_customers integer default 200, as_of date default null) returns integer
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
    spend := oba.tier_spend (a.customer_id, a.tier_spend, a.tier_day, today, 0);
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

-- The list's figures of a customer anew, from the receipts that the rollups have folded. The caller keeps fold_rollups() away.
create function oba.recount_stats (customer bigint) returns void
language plpgsql
as $$
begin
  update oba.customer_stats t
  set receipts = r.receipts, returns = r.returns, revenue = r.revenue, discount = r.discount, first_purchase_at = r.first_at, last_purchase_at = r.last_at,
      lifecycle_seen = case when r.merged then 0 else -1 end,                       -- refresh_lifecycle() looks at it again
      lifecycle = case when not r.merged then t.lifecycle end, lifecycle_since = case when not r.merged then t.lifecycle_since end,
      lifecycle_due = case when not r.merged then t.lifecycle_due end
  from (select exists (select from oba.customers m where m.customer_id = customer and m.merged_into is not null) as merged,
               count (*) filter (where x.kind = 'sale') as receipts, count (*) filter (where x.kind in ('return', 'void')) as returns,
               coalesce (sum (x.total), 0)::bigint as revenue, coalesce (sum (x.discount), 0)::bigint as discount,
               min (x.sold_at) filter (where x.kind = 'sale') as first_at, max (x.sold_at) filter (where x.kind = 'sale') as last_at
        from oba.receipts x cross join oba.rollup_state s
        where x.customer_id = any (array (select oba.customer_family (f.customer_id) from oba.customers f
                                          where f.customer_id = customer and f.merged_into is null))
          and (x.xid < s.folded_below or (x.receipt_id <= s.rebuilt_through and x.posted_at <= s.rebuilt_at))) r
  where t.customer_id = customer;
end $$;

-- ---------------------------------------------------------------- what 0005 to 0008 did for one record, for the family

-- As in 0005; a merged customer's points are the survivor's.
create or replace function oba.lock_account (customer bigint, spending boolean) returns oba.points_accounts
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
  if state = 'merged' then
    perform oba.refuse ('OB006', format ('This customer was merged into customer %s.', oba.customer_root (customer)), 'Open that customer.', oba.customer_root (customer)::text);
  elsif state <> 'active' then
    perform oba.refuse ('OB006', format ('This customer is %s.', state), 'Points neither come nor go meanwhile.');
  elsif spending and a.spending_locked_at is not null then
    perform oba.refuse ('OB006', 'This customer has locked spending.', 'The customer unlocks it in the bot.');
  end if;
  return a;
end $$;

-- As in 0005: how often a customer may have a reward counts the family's.
create or replace function oba.do_redeem_points (request jsonb) returns jsonb
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
                   where r.customer_id = any (array (select oba.customer_family (customer))) and r.reward_id = w.reward_id and r.restore_id is null) > w.per_customer then
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

-- As in 0005: what a merged customer had reserved and gets back is the survivor's.
create or replace function oba.do_move_redemption (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  wanted text := request ->> 'state';
  r oba.redemptions;
  entry bigint;
  n bigint;
  root bigint;
begin
  root := oba.lock_path (customer);
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
    perform oba.sweep_up (customer);
    update oba.rewards w set stock = w.stock + r.quantity where w.reward_id = r.reward_id and w.stock is not null;
  end if;
  update oba.redemptions k
  set state = wanted, state_since = now(), restore_id = entry, restore_at = case when entry is not null then now() end
  where k.customer_id = customer and k.redemption_id = r.redemption_id;
  select count (*) + 1 into n from oba.redemption_events e where e.customer_id = customer and e.redemption_id = r.redemption_id;
  insert into oba.redemption_events (customer_id, redemption_id, event_no, from_state, to_state, store_id, reason)
  values (customer, r.redemption_id, n::integer, r.state, wanted, (request ->> 'store_id')::bigint, left (request ->> 'reason', 1000));
  return jsonb_build_object ('customer_id', customer, 'redemption_id', r.redemption_id, 'state', wanted,
                             'balance', (select balance from oba.points_accounts where customer_id = root));
end $$;

-- As in 0005.
create or replace function oba.do_lock_spending (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
begin
  perform oba.lock_path (customer);
  customer := oba.customer_root (customer);
  update oba.points_accounts set spending_locked_at = case when (request ->> 'locked')::boolean then coalesce (spending_locked_at, now()) end
  where customer_id = customer;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  end if;
  perform oba.audit_add ('spending.lock', 'customer', customer::text, customer, jsonb_build_object ('locked', jsonb_build_array (null, request -> 'locked')), null);
  return jsonb_build_object ('customer_id', customer);
end $$;

-- As in 0006; an old card or number of a merged customer is the survivor's.
create or replace function oba.do_record_receipt (request jsonb) returns jsonb
language plpgsql
as $$
declare
  store bigint := (request ->> 'store')::bigint;
  till integer := coalesce ((request ->> 'till')::integer, 0);
  no text := btrim (request ->> 'receipt_no');
  at timestamptz := (request ->> 'sold_at')::timestamptz;
  amount bigint := (request ->> 'total')::bigint;
  via text := coalesce (request ->> 'source', 'till');
  pay jsonb := coalesce (request -> 'payments', jsonb_build_object ('cash', request -> 'total'));
  hash bytea := sha256 (convert_to (request::text, 'UTF8'));
  customer bigint := (request ->> 'customer_id')::bigint;
  person boolean := false;
  earns boolean := false;
  cash bigint := coalesce ((pay ->> 'cash')::bigint, 0);
  card bigint := coalesce ((pay ->> 'card')::bigint, 0);
  other bigint := coalesce ((pay ->> 'other')::bigint, 0);
  known record;
  sums record;
  a record;
  rule record;
  receipt bigint;
  entry bigint;
  points bigint := 0;
  spend bigint;
  tier bigint;
  day date := oba.business_day (at);
  answer jsonb;
  chat bigint;
begin
  if request ? 'store_code' and store is null then
    select s.store_id into store from oba.stores s where s.code = request ->> 'store_code';
  end if;
  if store is null or no is null or at is null or amount is null then
    perform oba.refuse ('OB001', 'A receipt needs a store, a receipt number, a time and a total.');
  elsif length (no) not between 1 and 64 or no ~ '[[:cntrl:]]' or till not between 0 and 9999 then
    perform oba.refuse ('OB001', 'A receipt number has 1 to 64 characters, a till number is up to 9999.');
  elsif length (request ->> 'cashier') > 100 or length (request ->> 'fiscal_id') > 64 or length (request ->> 'reason') > 1000 then
    perform oba.refuse ('OB001', 'A cashier has up to 100 characters, a fiscal id 64, a reason 1,000.');
  elsif via not in ('till', 'staff') then
    perform oba.refuse ('OB001', 'A receipt comes from a till or from staff.');
  elsif via = 'till' and not pg_has_role (session_user, 'oba_helper', 'member') then
    perform oba.refuse ('OB006', 'Only the helper records for tills.', 'Record it as a staff entry.');
  elsif amount not between 0 and 100000000 then
    perform oba.refuse ('OB001', 'The total of a receipt is between 0 and 1,000,000 AZN.', 'A return is recorded as a return of its sale.');
  elsif jsonb_typeof (request -> 'lines') is distinct from 'array' or jsonb_array_length (request -> 'lines') not between 1 and 1000 then
    perform oba.refuse ('OB001', 'A receipt has 1 to 1,000 lines.');
  elsif coalesce (request ->> 'currency', 'AZN') <> 'AZN' then
    perform oba.refuse ('OB001', 'Receipts are in AZN.');
  elsif at > now() + interval '5 minutes' then
    perform oba.refuse ('OB011', 'The receipt''s time lies in the future.', 'Check the clock of the till.');
  elsif least (cash, card, other) < 0 or cash + card + other <> amount or pay - 'cash' - 'card' - 'other' <> '{}' then
    perform oba.refuse ('OB010', 'The payments (cash, card, other) do not make the total.');
  end if;

  -- One at a time for one till receipt; the second finds what the first has done.
  perform pg_advisory_xact_lock (hashtextextended (no, store * 10007 + till));
  select k.request_hash, k.answer into known from oba.receipt_keys k where k.store_id = store and k.till_no = till and k.receipt_no = no;
  if found then
    if known.request_hash = hash then
      return known.answer || '{"replayed": true}';
    end if;
    perform oba.refuse ('OB004', format ('Receipt %s of till %s was recorded before with other contents.', no, till),
                        'If both are real, the till has used a number twice.');
  end if;

  -- Whose it is.
  if customer is null and request ->> 'card' is not null then
    select k.customer_id, k.state into known from oba.cards k where k.token_hash = sha256 (convert_to (request ->> 'card', 'UTF8'));
    if not found then
      select k.customer_id, k.state into known from oba.cards k where k.number = request ->> 'card';
    end if;
    if not found then
      perform oba.refuse ('OB002', 'This card is not known.', 'Post the receipt without a card; it can be attached to the customer later.');
    elsif known.state <> 'active' then
      perform oba.refuse ('OB006', format ('This card is %s.', known.state), 'Post the receipt without a card; it can be attached to the customer later.');
    end if;
    customer := known.customer_id;
  end if;
  if customer is null then
    select w.customer_id into customer from oba.walk_ins w where w.store_id = store;
    if not found then
      perform oba.refuse ('OB002', format ('There is no store %s.', store));
    end if;
  else
    if request ->> 'customer_id' is not null then
      customer := oba.customer_root (customer);   -- a till that knows the old number
    end if;
    -- The account before the status: whoever merges this customer right now holds it, and the receipt then is the survivor's.
    loop
      select p.tier_id, p.balance, p.owed, p.tier_spend, p.tier_day into a from oba.points_accounts p where p.customer_id = customer for update;
      select k.status, k.merged_into, s.store_id into known from oba.customers k left join oba.stores s on s.store_id = store
      where k.customer_id = customer and k.kind = 'person';
      exit when known.merged_into is null or known.status = 'erased';
      customer := oba.customer_root (customer);
    end loop;
    if not found or known.status = 'erased' then
      perform oba.refuse ('OB002', format ('There is no customer %s.', customer));
    elsif known.store_id is null then
      perform oba.refuse ('OB002', format ('There is no store %s.', store));
    end if;
    person := true;
    earns := known.status = 'active';
  end if;
  if via = 'staff' then
    perform oba.check_scope (store);
  end if;

  receipt := nextval ('oba.receipt_ids');
  with l as materialized (
    select x.n, x.quantity, x.unit_price, coalesce (x.discount, 0) as discount, coalesce (x.vat, 0) as vat, x.total,
           case when x.product is not null then (select p.product_id from oba.products p where p.product_id = x.product)
                when x.barcode is not null then (select p.product_id from oba.products p where p.barcode = x.barcode)
                else (select p.product_id from oba.products p where p.code = x.code) end as product_id
    from rows from (jsonb_to_recordset (request -> 'lines')
                    as (product bigint, barcode text, code text, quantity numeric, unit_price bigint, discount bigint, vat bigint, total bigint))
         with ordinality as x (product, barcode, code, quantity, unit_price, discount, vat, total, n)
  ), judged as materialized (
    select l.*, case when l.product_id is null then 'product'
                     when coalesce (l.quantity, 0) <= 0 or l.quantity > 1000000 or l.quantity * 1000 <> trunc (l.quantity * 1000) then 'quantity'
                     when l.unit_price is null or l.unit_price not between 0 and 100000000 or l.discount < 0 or l.vat < 0
                          or l.total is null or l.total < 0 or l.vat > l.total then 'money'
                     when abs (l.total + l.discount - l.quantity * l.unit_price) > 1 then 'sum' end as wrong
    from l
  ), kept as (
    insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, discount, vat, total)
    select customer, at, receipt, n, product_id, (quantity * 1000)::bigint, unit_price, discount, vat, total from judged where wrong is null
  )
  select count (*)::integer as lines, sum (total)::bigint as total, sum (discount)::bigint as discount, sum (vat)::bigint as vat,
         min (n) filter (where wrong is not null) as bad_line, (array_agg (wrong order by n) filter (where wrong is not null))[1] as wrong
  into sums from judged;
  if sums.bad_line is not null then
    perform oba.refuse (case sums.wrong when 'product' then 'OB002' when 'sum' then 'OB010' else 'OB001' end,
                        format (case sums.wrong when 'product' then 'Line %s: this product is not in the catalogue.'
                                  when 'quantity' then 'Line %s: the quantity is above 0, up to 1,000,000, with at most 3 decimals.'
                                  when 'money' then 'Line %s: an amount is missing, negative or too large.'
                                  else 'Line %s: quantity times price less discount does not make its total.' end, sums.bad_line));
  elsif sums.total <> amount then
    perform oba.refuse ('OB010', format ('The lines make %s qəpik, the receipt says %s.', sums.total, amount));
  end if;

  insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, fiscal_id, total, discount, vat,
                            paid_cash, paid_card, paid_other, line_count, reason, source)
  values (customer, at, receipt, store, till, no, request ->> 'cashier', request ->> 'fiscal_id', amount, sums.discount, sums.vat,
          cash, card, other, sums.lines, request ->> 'reason', via);

  answer := jsonb_build_object ('receipt_id', receipt, 'customer_id', customer, 'sold_at', at);
  if person then
    select e.rule_id, e.version, (e.parameters ->> 'qepik_per_point')::bigint as qepik_per_point, (e.parameters ->> 'valid_months')::integer as valid_months
      into rule from oba.earning_rules e where e.kind = 'base' and e.state = 'live' and at >= e.valid_from and at < e.valid_to
      order by e.version desc limit 1;
    points := coalesce (amount / rule.qepik_per_point, 0);
    if points > 0 then
      entry := nextval ('oba.entry_ids');
      insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source)
      values (customer, at, entry, 'earn', case when earns then points else 0 end, rule.rule_id, rule.version,
              case when earns then jsonb_build_object ('total', amount) else jsonb_build_object ('total', amount, 'withheld', 'blocked') end,
              receipt, at, via);
    end if;
    if points > 0 and earns then
      insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on)
      values (customer, entry, at, receipt, points, points, (day + make_interval (months => rule.valid_months))::date);
    else
      points := 0;
    end if;
    -- Points and tier in one UPDATE: a second one of the same row would check its foreign keys again.
    spend := oba.tier_spend (customer, a.tier_spend, a.tier_day, day, amount);
    select coalesce (max (t.tier_id), 1) into tier from oba.tiers t where t.threshold <= spend;
    if tier > a.tier_id then
      insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day, receipt_id)
      values (customer, at, a.tier_id, tier, 'spend', spend, greatest (a.tier_day, day), receipt);
    else
      tier := a.tier_id;
    end if;
    update oba.points_accounts p
    set balance = p.balance + points, lifetime = p.lifetime + points, tier_spend = spend, tier_day = greatest (p.tier_day, day), tier_id = tier,
        tier_since = case when tier > a.tier_id then at else p.tier_since end, updated_at = now()
    where p.customer_id = customer;
    if a.owed > 0 and points > 0 then
      perform oba.settle_debts (customer, day);
    end if;
    answer := answer || jsonb_build_object ('points', points, 'balance', a.balance + points, 'tier', tier, 'tier_changed', tier <> a.tier_id);
    select l.chat_id into chat from oba.telegram_links l where l.customer_id = customer and l.unreachable_at is null;
    if chat is not null then
      insert into oba.outbox (customer_id, chat_id, kind, payload)
      values (customer, chat, 'receipt', answer || jsonb_build_object ('store', store, 'total', amount));
      if tier <> a.tier_id then
        insert into oba.outbox (customer_id, chat_id, kind, payload) values (customer, chat, 'tier', jsonb_build_object ('from', a.tier_id, 'to', tier));
      end if;
    end if;
  end if;
  if via = 'staff' then
    perform oba.audit_add ('receipt.record', 'receipt', receipt::text, customer,
                           jsonb_build_object ('total', jsonb_build_array (null, amount), 'receipt_no', jsonb_build_array (null, no)), request ->> 'reason');
  end if;
  insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id, request_hash, answer)
  values (store, till, no, customer, at, receipt, hash, answer);
  return answer;
end $$;

-- As in 0006; what a merged customer bought is returned where it was bought, and the survivor's points and tier follow.
create or replace function oba.do_return_lines (request jsonb) returns jsonb
language plpgsql
as $$
declare
  original jsonb := request -> 'original';
  o oba.receipts;
  kind text := coalesce (request ->> 'kind', case when request ? 'lines' then 'return' else 'void' end);
  store bigint := (request ->> 'store')::bigint;
  till integer := coalesce ((request ->> 'till')::integer, 0);
  no text := btrim (request ->> 'receipt_no');
  at timestamptz := coalesce ((request ->> 'sold_at')::timestamptz, now());
  via text := coalesce (request ->> 'source', 'till');
  refund text := coalesce (request ->> 'refund', 'cash');
  hash bytea := sha256 (convert_to (request::text, 'UTF8'));
  known record;
  sums record;
  receipt bigint;
  points bigint := 0;
  answer jsonb;
  chat bigint;
  root bigint;
begin
  if kind not in ('return', 'void') or via not in ('till', 'staff') or refund not in ('cash', 'card', 'other') then
    perform oba.refuse ('OB001', 'This is neither a return nor a void.');
  elsif via = 'till' and not pg_has_role (session_user, 'oba_helper', 'member') then
    perform oba.refuse ('OB006', 'Only the helper records for tills.', 'Record it as a staff entry.');
  elsif nullif (request ->> 'reason_code', '') is null or length (request ->> 'reason_code') > 40 or length (request ->> 'reason') > 1000 then
    perform oba.refuse ('OB001', 'A return needs a reason code (up to 40 characters); its text has up to 1,000.');
  elsif kind = 'void' and request ? 'lines' then
    perform oba.refuse ('OB001', 'A void takes back the whole receipt; it names no lines.');
  elsif kind = 'return' and (jsonb_typeof (request -> 'lines') is distinct from 'array' or jsonb_array_length (request -> 'lines') not between 1 and 1000) then
    perform oba.refuse ('OB001', 'A return names 1 to 1,000 lines of its sale.');
  elsif at > now() + interval '5 minutes' then
    perform oba.refuse ('OB011', 'The return''s time lies in the future.', 'Check the clock of the till.');
  elsif length (no) not between 1 and 64 or no ~ '[[:cntrl:]]' or till not between 0 and 9999
        or length (request ->> 'cashier') > 100 or length (request ->> 'fiscal_id') > 64 then
    perform oba.refuse ('OB001', 'A receipt number has 1 to 64 characters, a till number is up to 9999, a cashier has up to 100, a fiscal id 64.');
  end if;

  if no is not null then
    store := coalesce (store, (original ->> 'store')::bigint);
    perform pg_advisory_xact_lock (hashtextextended (no, store * 10007 + till));
    select k.request_hash, k.answer into known from oba.receipt_keys k where k.store_id = store and k.till_no = till and k.receipt_no = no;
    if found then
      if known.request_hash = hash then
        return known.answer || '{"replayed": true}';
      end if;
      perform oba.refuse ('OB004', format ('Receipt %s of till %s was recorded before with other contents.', no, till),
                          'If both are real, the till has used a number twice.');
    end if;
  end if;

  if original ? 'receipt_id' then
    select r.* into o from oba.receipts r where r.customer_id = (original ->> 'customer_id')::bigint
      and r.sold_at = (original ->> 'sold_at')::timestamptz and r.receipt_id = (original ->> 'receipt_id')::bigint;
  else
    select r.* into o from oba.receipt_keys k join oba.receipts r using (customer_id, sold_at, receipt_id)
      where k.store_id = (original ->> 'store')::bigint and k.till_no = coalesce ((original ->> 'till')::integer, 0)
        and k.receipt_no = original ->> 'receipt_no';
  end if;
  if not found then
    perform oba.refuse ('OB002', 'The sale of this return is not known.', 'Check store, till and receipt number on the paper.');
  elsif o.kind <> 'sale' then
    perform oba.refuse ('OB008', 'Only a sale can be returned.');
  elsif at < o.sold_at then
    perform oba.refuse ('OB011', 'A return cannot be earlier than its sale.');
  end if;
  store := coalesce (store, o.store_id);
  perform from oba.stores s where s.store_id = store;
  if not found then
    perform oba.refuse ('OB002', format ('There is no store %s.', store));
  end if;
  if via = 'staff' then
    perform oba.check_scope (store);
  end if;

  -- Returns of one sale go one after the other; then the account, as everywhere.
  perform pg_advisory_xact_lock (hashtextextended ('return', o.receipt_id));
  root := oba.lock_path (o.customer_id);

  receipt := nextval ('oba.receipt_ids');
  with asked as materialized (
    select x.line as line_no, sum (x.quantity) as quantity, bool_or (x.quantity is null or x.quantity <= 0 or x.quantity * 1000 <> trunc (x.quantity * 1000)) as odd
    from jsonb_to_recordset (coalesce (request -> 'lines', '[]')) as x (line integer, quantity numeric) group by x.line
  ), before as materialized (
    select l.original_line_no as line_no, - sum (l.quantity) as quantity, - sum (l.total) as total, - sum (l.discount) as discount, - sum (l.vat) as vat
    from oba.receipts r join oba.receipt_lines l using (customer_id, sold_at, receipt_id)
    where r.original_receipt_id = o.receipt_id and r.kind in ('return', 'void') and r.sold_at >= o.sold_at group by 1
  ), plan as materialized (
    select coalesce (s.line_no, a.line_no) as line_no, s.product_id, s.unit_price, s.quantity as sold, s.total, s.discount, s.vat, coalesce (a.odd, false) as odd,
           coalesce (b.quantity, 0) as was, coalesce (b.total, 0) as was_total, coalesce (b.discount, 0) as was_discount, coalesce (b.vat, 0) as was_vat,
           case when kind = 'void' then s.quantity - coalesce (b.quantity, 0) else a.quantity * 1000 end as now_returned
    from (select * from oba.receipt_lines l where l.customer_id = o.customer_id and l.sold_at = o.sold_at and l.receipt_id = o.receipt_id) s
         full join asked a using (line_no) left join before b on b.line_no = s.line_no
    where kind = 'void' or a.line_no is not null or a.odd
  ), kept as (
    insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, discount, vat, total, original_line_no)
    select o.customer_id, at, receipt, row_number () over (order by line_no), product_id, - now_returned, unit_price,
           - (div (discount * (was + now_returned), sold) - was_discount), - (div (vat * (was + now_returned), sold) - was_vat),
           - (div (total * (was + now_returned), sold) - was_total), line_no
    from plan where product_id is not null and not odd and now_returned > 0 and was + now_returned <= sold
    returning total, discount, vat
  )
  select (select count (*)::integer from kept) as lines, (select sum (total)::bigint from kept) as total,
         (select sum (discount)::bigint from kept) as discount, (select sum (vat)::bigint from kept) as vat,
         min (line_no) filter (where product_id is null) as unknown_line, min (line_no) filter (where odd) as odd_line,
         min (line_no) filter (where was + now_returned > sold) as over_line,
         sum (was)::bigint as was
  into sums from plan;
  if sums.unknown_line is not null then
    perform oba.refuse ('OB002', format ('The sale has no line %s.', sums.unknown_line));
  elsif sums.odd_line is not null then
    perform oba.refuse ('OB001', format ('Line %s: the quantity is above 0, with at most 3 decimals.', sums.odd_line));
  elsif sums.over_line is not null then
    perform oba.refuse ('OB008', format ('Line %s: more would be returned than was bought.', sums.over_line), 'Look at the earlier returns of this receipt.');
  elsif sums.lines = 0 then
    perform oba.refuse ('OB008', 'Everything of this receipt was returned before.');
  end if;

  insert into oba.receipts (customer_id, sold_at, receipt_id, kind, store_id, till_no, receipt_no, cashier, fiscal_id, total, discount, vat,
                            paid_cash, paid_card, paid_other, line_count, original_customer_id, original_sold_at, original_receipt_id,
                            reason_code, reason, source)
  values (o.customer_id, at, receipt, kind, store, till, coalesce (no, 'R' || receipt), request ->> 'cashier', request ->> 'fiscal_id',
          sums.total, sums.discount, sums.vat, case refund when 'cash' then sums.total else 0 end, case refund when 'card' then sums.total else 0 end,
          case refund when 'other' then sums.total else 0 end, sums.lines, o.customer_id, o.sold_at, o.receipt_id,
          request ->> 'reason_code', request ->> 'reason', via);

  answer := jsonb_build_object ('receipt_id', receipt, 'customer_id', o.customer_id, 'sold_at', at, 'total', sums.total, 'clawback', 0);
  if exists (select from oba.points_accounts p where p.customer_id = o.customer_id) then
    points := oba.claw_back (o, receipt, at, via);
    perform oba.sweep_up (o.customer_id, o.receipt_id);
    perform oba.follow_tier (root, at, oba.business_day (at), sums.total, receipt);
    answer := answer || jsonb_build_object ('clawback', points,
                                            'balance', (select p.balance from oba.points_accounts p where p.customer_id = root));
    select l.chat_id into chat from oba.telegram_links l where l.customer_id = root and l.unreachable_at is null;
    if chat is not null then
      insert into oba.outbox (customer_id, chat_id, kind, payload) values (root, chat, 'return', answer || jsonb_build_object ('store', store));
    end if;
  end if;
  if via = 'staff' then
    perform oba.audit_add ('receipt.' || kind, 'receipt', receipt::text, o.customer_id,
                           jsonb_build_object ('total', jsonb_build_array (null, sums.total), 'original', jsonb_build_array (null, o.receipt_id)), request ->> 'reason');
  end if;
  insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id, request_hash, answer)
  values (store, till, coalesce (no, 'R' || receipt), o.customer_id, at, receipt, hash, answer);
  return answer;
end $$;

-- As in 0007, then families.
create or replace function oba.post_batch (batch bigint) returns bigint
language plpgsql security definer
set search_path = oba, pg_catalog, pg_temp set work_mem = '128MB' set jit = off set client_min_messages = warning
as $$
declare
  b oba.import_batches;
  n bigint;
  money bigint;
begin
  select * into b from oba.import_batches where batch_id = batch for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no batch %s.', batch));
  elsif b.state <> 'loading' then
    perform oba.refuse ('OB013', format ('Batch %s is %s.', batch, b.state));
  end if;

  drop table if exists pg_temp.posting, pg_temp.clawing, pg_temp.families;
  create temp table posting on commit drop as
  select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.business_day, r.total, r.original_sold_at, r.original_receipt_id, r.source,
         q.rule_id, q.version, q.qepik_per_point, q.valid_months, k.status = 'active' as earns, k.kind = 'person' as person,
         case when r.kind = 'sale' and k.kind = 'person' and r.total >= q.qepik_per_point then nextval ('oba.entry_ids') end as entry_id
  from (select * from oba.receipts where batch_id = batch order by sold_at, receipt_id) r
  join oba.customers k on k.customer_id = r.customer_id
  left join lateral (
    select e.rule_id, e.version, (e.parameters ->> 'qepik_per_point')::bigint as qepik_per_point, (e.parameters ->> 'valid_months')::integer as valid_months
    from oba.earning_rules e where e.kind = 'base' and e.state = 'live' and r.sold_at >= e.valid_from and r.sold_at < e.valid_to
    order by e.version desc limit 1) q on true;
  get diagnostics n = row_count;
  analyze pg_temp.posting;
  create temp table families on commit drop as
  select x.id as customer_id from oba.customers m cross join lateral (values (m.customer_id), (m.merged_into)) x (id) where m.merged_into is not null;

  perform from oba.points_accounts a
    where a.customer_id in (select unnest (oba.customer_path (p.customer_id)) from (select distinct x.customer_id from pg_temp.posting x where x.person) p)
    order by a.customer_id for update;

  insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id)
  select store_id, till_no, receipt_no, customer_id, sold_at, receipt_id from oba.receipts where batch_id = batch
  order by store_id, till_no, receipt_no;

  perform oba.post_batch_points (batch);
  perform oba.post_batch_tiers (batch);
  perform oba.post_batch_families (batch);

  select coalesce (sum (total), 0) into money from pg_temp.posting;
  update oba.import_batches set state = 'posted', finished_at = clock_timestamp (), control_total = money,
         rows_new = case when rows_new = 0 then n else rows_new end
  where batch_id = batch;
  drop table pg_temp.posting, pg_temp.clawing, pg_temp.families;
  return n;
end $$;

-- As in 0007, but for families, which come after.
create or replace function oba.post_batch_tiers (batch bigint) returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  thresholds bigint[] := array (select threshold from oba.tiers order by tier_id);
  ids bigint[] := array (select tier_id from oba.tiers order by tier_id);
  since timestamptz := (select oba.day_start (oba.tier_window_start (min (business_day))) from pg_temp.posting);
begin
  with rolling as materialized (
    -- One sort for all: day is the business day as a timestamp, because a frame of an interval needs one.
    select w.*, ids[width_bucket (w.spend, thresholds)] as reached
    from (select r.customer_id, r.sold_at, r.receipt_id, r.day, r.batch_id = batch as mine,
                 (sum (r.total) over (partition by r.customer_id order by r.day range between interval '1 year -1 day' preceding and current row)
                  - sum (r.total) over (partition by r.customer_id, r.day)
                  + sum (r.total) over (partition by r.customer_id, r.day order by r.sold_at, r.receipt_id rows unbounded preceding))::bigint as spend,
                 lead (r.receipt_id) over (partition by r.customer_id order by r.day, r.sold_at, r.receipt_id) is null as is_last
          from (select customer_id, sold_at, receipt_id, business_day::timestamp as day, total, batch_id from oba.receipts
                where sold_at >= since and customer_id in (select x.customer_id from pg_temp.posting x where x.person)
                  and customer_id not in (select f.customer_id from pg_temp.families f)) r) w
  ), climbing as (
    select r.*, max (r.reached) filter (where r.mine) over (partition by r.customer_id order by r.day, r.sold_at, r.receipt_id
                                                            rows between unbounded preceding and 1 preceding) as before
    from rolling r
  ), changes as (
    insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day, receipt_id)
    select m.customer_id, m.sold_at, greatest (m.before, a.tier_id), m.reached, 'spend', m.spend, m.day, m.receipt_id
    from climbing m join oba.points_accounts a using (customer_id)
    where m.mine and m.reached > greatest (m.before, a.tier_id)
    order by m.sold_at, m.receipt_id
    returning customer_id, to_tier, at
  )
  update oba.points_accounts a
  set tier_day = greatest (a.tier_day, r.day::date), tier_spend = r.spend, tier_id = coalesce (c.to_tier, a.tier_id), tier_since = coalesce (c.at, a.tier_since)
  from rolling r left join (select customer_id, max (to_tier) as to_tier, max (at) as at from changes group by customer_id) c using (customer_id)
  where r.is_last and a.customer_id = r.customer_id;

  -- A customer whose window had moved past the batch already: what falls into it is added, and may raise the tier now.
  update oba.points_accounts a
  set tier_spend = (select coalesce (sum (r.total), 0) from oba.receipts r
                    where r.customer_id = a.customer_id and r.sold_at >= oba.day_start (oba.tier_window_start (a.tier_day))
                      and r.sold_at < oba.day_start (a.tier_day + 1))
  from (select customer_id, max (business_day) as day from pg_temp.posting where person group by customer_id) p
  where a.customer_id = p.customer_id and a.tier_day > p.day
    and a.customer_id not in (select f.customer_id from pg_temp.families f);
  perform oba.follow_tier (a.customer_id, now(), a.tier_day, 0, null)
  from oba.points_accounts a join (select customer_id, max (business_day) as day from pg_temp.posting where person group by customer_id) p using (customer_id)
  where a.tier_day > p.day
    and a.customer_id not in (select f.customer_id from pg_temp.families f);
end $$;

-- Merged customers and those who stand for them: points move up, and the tier is the family's.
create function oba.post_batch_families (batch bigint) returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  f record;
begin
  perform oba.sweep_up (p.customer_id)
  from (select distinct x.customer_id from pg_temp.posting x join oba.customers m using (customer_id) where m.merged_into is not null order by 1) p;
  for f in
    select oba.customer_root (p.customer_id) as root, max (p.day) as day
    from (select x.customer_id, max (x.business_day) as day from pg_temp.posting x where x.person group by 1) p
    where p.customer_id in (select x.customer_id from pg_temp.families x)
    group by 1 order by 1
  loop
    perform oba.recount_tier (f.root, greatest (f.day, a.tier_day), false, 'spend') from oba.points_accounts a where a.customer_id = f.root;
  end loop;
end $$;

-- As in 0008; the list's figures of a merged customer are the survivor's.
create or replace function oba.fold_range (from_xid xid8, to_xid xid8, rebuilt_through bigint, rebuilt_at timestamptz) returns void
language sql
begin atomic
  with r as materialized (
    select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.business_day, r.store_id, r.total, r.discount, r.line_count, k.kind = 'person' as person,
           case when k.merged_into is null then k.customer_id else oba.customer_root (k.customer_id) end as owner
    from oba.receipts r join oba.customers k using (customer_id) where r.xid >= from_xid and r.xid < to_xid
      and (r.receipt_id > rebuilt_through or r.posted_at > rebuilt_at)
  ), per_store as materialized (
    select business_day, store_id, count (*) filter (where kind = 'sale') as receipts, count (*) filter (where kind in ('return', 'void')) as returns,
           count (*) filter (where kind = 'sale' and person) as card_receipts, sum (total)::bigint as revenue,
           coalesce (sum (total) filter (where person), 0)::bigint as card_revenue, sum (discount)::bigint as discount,
           coalesce (sum (line_count) filter (where kind = 'sale'), 0)::bigint as lines
    from r group by 1, 2
  ), stores as (
    insert into oba.rollup_store_days as t (day, store_id, receipts, returns, card_receipts, revenue, card_revenue, discount, lines) select * from per_store
    on conflict (day, store_id) do update
    set receipts = t.receipts + excluded.receipts, returns = t.returns + excluded.returns, card_receipts = t.card_receipts + excluded.card_receipts,
        revenue = t.revenue + excluded.revenue, card_revenue = t.card_revenue + excluded.card_revenue, discount = t.discount + excluded.discount,
        lines = t.lines + excluded.lines
  ), days as (
    insert into oba.rollup_days as t (day, receipts, returns, card_receipts, revenue, card_revenue, discount, lines)
    select business_day, sum (receipts), sum (returns), sum (card_receipts), sum (revenue), sum (card_revenue), sum (discount), sum (lines) from per_store group by 1
    on conflict (day) do update
    set receipts = t.receipts + excluded.receipts, returns = t.returns + excluded.returns, card_receipts = t.card_receipts + excluded.card_receipts,
        revenue = t.revenue + excluded.revenue, card_revenue = t.card_revenue + excluded.card_revenue, discount = t.discount + excluded.discount,
        lines = t.lines + excluded.lines
  ), hours as (
    insert into oba.rollup_hours as t (day, hour, receipts, revenue)
    select business_day, extract (hour from sold_at at time zone 'Asia/Baku')::smallint, count (*) filter (where kind = 'sale'), sum (total)::bigint from r group by 1, 2
    on conflict (day, hour) do update set receipts = t.receipts + excluded.receipts, revenue = t.revenue + excluded.revenue
  ), products as (
    insert into oba.rollup_product_days as t (day, product_id, sales, quantity, revenue, discount)
    select r.business_day, l.product_id, count (*) filter (where r.kind = 'sale'), sum (l.quantity)::bigint, sum (l.total)::bigint, sum (l.discount)::bigint
    from r cross join lateral (select * from oba.receipt_lines l where l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id) l
    group by 1, 2
    on conflict (day, product_id) do update
    set sales = t.sales + excluded.sales, quantity = t.quantity + excluded.quantity, revenue = t.revenue + excluded.revenue, discount = t.discount + excluded.discount
  )
  update oba.customer_stats t
  set receipts = t.receipts + s.receipts, returns = t.returns + s.returns, revenue = t.revenue + s.revenue, discount = t.discount + s.discount,
      first_purchase_at = least (t.first_purchase_at, s.first_at), last_purchase_at = greatest (t.last_purchase_at, s.last_at)
  from (select owner, count (*) filter (where kind = 'sale') as receipts, count (*) filter (where kind in ('return', 'void')) as returns,
               sum (total)::bigint as revenue, sum (discount)::bigint as discount,
               min (sold_at) filter (where kind = 'sale') as first_at, max (sold_at) filter (where kind = 'sale') as last_at
        from r where person group by 1) s
  where t.customer_id = s.owner;
end;

create or replace function oba.fold_many (s oba.rollup_state, to_xid xid8) returns void
language plpgsql
set search_path = oba, pg_catalog, pg_temp set enable_nestloop = off set work_mem = '256MB' set jit = off set client_min_messages = warning
as $$
begin
  drop table if exists pg_temp.folding, pg_temp.folded;
  create temp table folding on commit drop as
  select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.business_day, r.store_id, r.total, r.discount, r.line_count, k.kind = 'person' as person,
         case when k.merged_into is null then k.customer_id else oba.customer_root (k.customer_id) end as owner
  from oba.receipts r join oba.customers k using (customer_id)
  where r.xid >= s.folded_below and r.xid < to_xid and (r.receipt_id > s.rebuilt_through or r.posted_at > s.rebuilt_at);
  analyze pg_temp.folding;

  create temp table folded on commit drop as
  select business_day as day, store_id, count (*) filter (where kind = 'sale') as receipts, count (*) filter (where kind in ('return', 'void')) as returns,
         count (*) filter (where kind = 'sale' and person) as card_receipts, sum (total)::bigint as revenue,
         coalesce (sum (total) filter (where person), 0)::bigint as card_revenue, sum (discount)::bigint as discount,
         coalesce (sum (line_count) filter (where kind = 'sale'), 0)::bigint as lines
  from pg_temp.folding group by 1, 2 order by 1, 2;
  with known as (
    update oba.rollup_store_days t
    set receipts = t.receipts + f.receipts, returns = t.returns + f.returns, card_receipts = t.card_receipts + f.card_receipts, revenue = t.revenue + f.revenue,
        card_revenue = t.card_revenue + f.card_revenue, discount = t.discount + f.discount, lines = t.lines + f.lines
    from pg_temp.folded f where t.day = f.day and t.store_id = f.store_id
    returning t.day, t.store_id
  )
  insert into oba.rollup_store_days (day, store_id, receipts, returns, card_receipts, revenue, card_revenue, discount, lines)
  select f.* from pg_temp.folded f where not exists (select from known u where u.day = f.day and u.store_id = f.store_id) order by f.day, f.store_id;

  insert into oba.rollup_days as t (day, receipts, returns, card_receipts, revenue, card_revenue, discount, lines)
  select day, sum (receipts), sum (returns), sum (card_receipts), sum (revenue), sum (card_revenue), sum (discount), sum (lines) from pg_temp.folded group by 1
  on conflict (day) do update
  set receipts = t.receipts + excluded.receipts, returns = t.returns + excluded.returns, card_receipts = t.card_receipts + excluded.card_receipts,
      revenue = t.revenue + excluded.revenue, card_revenue = t.card_revenue + excluded.card_revenue, discount = t.discount + excluded.discount,
      lines = t.lines + excluded.lines;

  insert into oba.rollup_hours as t (day, hour, receipts, revenue)
  select business_day, extract (hour from sold_at at time zone 'Asia/Baku')::smallint, count (*) filter (where kind = 'sale'), sum (total)::bigint
  from pg_temp.folding group by 1, 2
  on conflict (day, hour) do update set receipts = t.receipts + excluded.receipts, revenue = t.revenue + excluded.revenue;

  drop table pg_temp.folded;
  create temp table folded on commit drop as
  select r.business_day as day, l.product_id, count (*) filter (where r.kind = 'sale') as sales, sum (l.quantity)::bigint as quantity,
         sum (l.total)::bigint as revenue, sum (l.discount)::bigint as discount
  from pg_temp.folding r join oba.receipt_lines l using (customer_id, sold_at, receipt_id) group by 1, 2;
  analyze pg_temp.folded;
  with known as (
    update oba.rollup_product_days t
    set sales = t.sales + f.sales, quantity = t.quantity + f.quantity, revenue = t.revenue + f.revenue, discount = t.discount + f.discount
    from pg_temp.folded f where t.day = f.day and t.product_id = f.product_id
    returning t.day, t.product_id
  )
  insert into oba.rollup_product_days (day, product_id, sales, quantity, revenue, discount)
  select f.* from pg_temp.folded f where not exists (select from known u where u.day = f.day and u.product_id = f.product_id) order by f.day, f.product_id;

  update oba.customer_stats t
  set receipts = t.receipts + f.receipts, returns = t.returns + f.returns, revenue = t.revenue + f.revenue, discount = t.discount + f.discount,
      first_purchase_at = least (t.first_purchase_at, f.first_at), last_purchase_at = greatest (t.last_purchase_at, f.last_at)
  from (select owner, count (*) filter (where kind = 'sale') as receipts, count (*) filter (where kind in ('return', 'void')) as returns,
               sum (total)::bigint as revenue, sum (discount)::bigint as discount,
               min (sold_at) filter (where kind = 'sale') as first_at, max (sold_at) filter (where kind = 'sale') as last_at
        from pg_temp.folding where person group by 1) f
  where t.customer_id = f.owner;
  drop table pg_temp.folding, pg_temp.folded;
end $$;

-- ---------------------------------------------------------------- segments

-- The survivor is in the segments of both. -> {"segments": those that are new to it, "source_segments": the source's}
create function oba.merge_segments (m oba.merges) returns jsonb
language plpgsql
as $$
declare
  came jsonb;
  had jsonb;
begin
  with moved as (insert into oba.segment_members (customer_id, segment_id, added_at, added_by)
                 select m.survivor_id, g.segment_id, g.added_at, g.added_by from oba.segment_members g where g.customer_id = m.source_id
                 on conflict do nothing returning segment_id)
  select coalesce (jsonb_agg (segment_id order by segment_id), '[]') into came from moved;
  with gone as (delete from oba.segment_members g where g.customer_id = m.source_id returning segment_id)
  select coalesce (jsonb_agg (segment_id order by segment_id), '[]') into had from gone;
  return jsonb_build_object ('segments', came, 'source_segments', had);
end $$;

create function oba.unmerge_segments (m oba.merges) returns void
language plpgsql
as $$
begin
  delete from oba.segment_members g
    where g.customer_id = m.survivor_id and g.segment_id in (select v::bigint from jsonb_array_elements_text (m.came -> 'segments') v);
  insert into oba.segment_members (customer_id, segment_id)
    select m.source_id, x.segment_id from oba.segments x
    where x.segment_id in (select v::bigint from jsonb_array_elements_text (m.came -> 'source_segments') v) on conflict do nothing;
end $$;

-- ---------------------------------------------------------------- merging

-- All that a merge may change of one customer, in figures: what a preview compares.
create function oba.merge_figures (customer bigint) returns jsonb
language sql stable
as $$
  select jsonb_build_object (
    'customer_id', customer, 'status', c.status,
    'balance', a.balance, 'owed', a.owed, 'tier', a.tier_id, 'spend', a.tier_spend, 'spending_locked', a.spending_locked_at is not null,
    'lots', (select coalesce (jsonb_agg (jsonb_build_object ('expires_on', l.expires_on, 'points', l.points, 'receipt_id', l.receipt_id)
                                         order by l.expires_on, l.receipt_id nulls last), '[]')
             from (select x.expires_on, x.receipt_id, sum (x.remaining)::bigint as points from oba.points_lots x
                   where x.customer_id = customer and x.remaining > 0 group by 1, 2) l),
    'receipts', r.n, 'revenue', r.money,
    'redemptions', (select count (*) from oba.redemptions d
                    where d.customer_id = any (array (select oba.customer_family (customer))) and d.state in ('requested', 'approved')),
    'cards', (select count (*) from oba.cards k where k.customer_id = customer),
    'telegram', exists (select from oba.telegram_links t where t.customer_id = customer),
    'external_ids', (select count (*) from oba.customer_external_ids e where e.customer_id = customer),
    'consents', (select coalesce (jsonb_object_agg (n.channel, n.granted), '{}') from oba.consents n where n.customer_id = customer),
    'categories', (select count (*) from oba.customer_categories g where g.customer_id = customer),
    'segments', (select count (*) from oba.segment_members s where s.customer_id = customer))
  from oba.customers c
  join oba.points_accounts a using (customer_id)
  cross join (select count (*) as n, coalesce (sum (x.total), 0)::bigint as money from oba.receipts x
              where x.customer_id = any (array (select oba.customer_family (f.customer_id) from oba.customers f
                                                where f.customer_id = customer and f.merged_into is null))) r
  where c.customer_id = customer
$$;

-- Both of a merge, locked as everywhere: accounts, then customers, lower ids first. Rollups are not folded meanwhile.
create function oba.lock_pair (a bigint, b bigint) returns void
language plpgsql
as $$
begin
  perform pg_advisory_xact_lock_shared (hashtext ('oba.fold_rollups'));
  perform from oba.points_accounts p where p.customer_id in (a, b) order by p.customer_id for update;
  perform from oba.customers c where c.customer_id in (a, b) order by c.customer_id for no key update;
end $$;

create function oba.refuse_unmergeable (customer bigint) returns void
language plpgsql
as $$
declare
  c oba.customers;
begin
  select * into c from oba.customers k where k.customer_id = customer and k.kind = 'person';
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', coalesce (customer::text, '')));
  elsif c.status = 'erased' then
    perform oba.refuse ('OB006', 'This customer was erased and cannot be changed.');
  elsif c.status = 'blocked' then
    perform oba.refuse ('OB006', 'A blocked customer is neither merged nor taken apart.', 'Unblock the customer first.', customer::text);
  elsif c.status = 'merged' then
    perform oba.refuse ('OB006', format ('This customer was merged into customer %s.', c.merged_into), 'Open that customer.', c.merged_into::text);
  end if;
end $$;

-- The fields that are chosen one by one.
create function oba.merge_field_names () returns text[]
language sql immutable parallel safe
return array['given_name', 'family_name', 'patronymic', 'phone', 'birth_date', 'language', 'city', 'email', 'preferred_store_id', 'notes'];

/*
 * What of the source's fields the survivor gets: {"email": "source", "notes": "both"}. @wanted: {"phone": "source"|"survivor", "notes": "both", ...}.
 * Without a choice the survivor keeps its own, what it has not is filled, and notes are put one after the other.
 */
create function oba.merge_fields (s oba.customers, t oba.customers, wanted jsonb) returns jsonb
language plpgsql
as $$
declare
  field text;
  choice text;
  mine text;
  theirs text;
  taken jsonb := '{}';
  bad text;
begin
  select k into bad from jsonb_object_keys (coalesce (wanted, '{}')) k where k <> 'telegram' and k <> all (oba.merge_field_names ()) limit 1;
  if bad is not null then
    perform oba.refuse ('OB001', format ('A customer has no field "%s".', left (bad, 100)));
  end if;
  foreach field in array oba.merge_field_names () loop
    mine := coalesce (to_jsonb (t) ->> field, '');
    theirs := coalesce (to_jsonb (s) ->> field, '');
    choice := wanted ->> field;
    if choice is null then
      choice := case when theirs = '' or theirs = mine then 'survivor'
                     when mine = '' then 'source'
                     when field = 'notes' and length (mine) + length (theirs) < 4000 then 'both'
                     else 'survivor' end;
    elsif choice not in ('survivor', 'source') and not (choice = 'both' and field = 'notes') then
      perform oba.refuse ('OB001', 'Of each field, the survivor''s or the source''s is kept; notes may keep both.');
    elsif choice = 'both' and length (mine) + length (theirs) >= 4000 then
      perform oba.refuse ('OB001', 'The notes are longer than 4,000 characters.');
    elsif choice = 'both' and (mine = '' or mine = theirs) then
      choice := 'source';
    end if;
    if choice <> 'survivor' and theirs <> mine and not (choice = 'both' and theirs = '') then
      taken := taken || jsonb_build_object (field, choice);
    end if;
  end loop;
  return taken;
end $$;

-- Puts the chosen values into the survivor; what was there is kept for the way back.
create function oba.merge_take_fields (m oba.merges, s oba.customers, t oba.customers) returns void
language plpgsql
as $$
declare
  f record;
  n oba.customers;
  values_new jsonb := '{}';
begin
  for f in select x.key as field, x.value as choice, to_jsonb (t) ->> x.key as mine, to_jsonb (s) -> x.key as theirs from jsonb_each_text (m.fields) x loop
    if coalesce (f.mine, '') <> '' then
      insert into oba.merge_values (customer_id, merge_id, field, value) values (t.customer_id, m.merge_id, f.field, f.mine);
    end if;
    values_new := values_new || jsonb_build_object (f.field, case when f.choice = 'both' then to_jsonb (f.mine || e'\n' || (f.theirs #>> '{}')) else f.theirs end);
  end loop;
  n := jsonb_populate_record (t, values_new);
  update oba.customers k
  set given_name = n.given_name, family_name = n.family_name, patronymic = n.patronymic, phone = n.phone, birth_date = n.birth_date, language = n.language,
      city = n.city, email = n.email, preferred_store_id = n.preferred_store_id, notes = n.notes, updated_at = now(), version = k.version + 1
  where k.customer_id = t.customer_id;
end $$;

/*
 * Cards, other systems' ids, chat, consents, preferences, segments: the survivor's from now on. Returns what came along, by its key.
 * A chat: the survivor's, else the source's, unless @chat says 'source'. The other one is no longer linked; its row waits at the source.
 * A consent: the later decision of the two, and a refusal when both were made at once.
 */
create function oba.merge_take_things (m oba.merges, chat text) returns jsonb
language plpgsql
as $$
declare
  came jsonb := '{}';
  ids jsonb;
  mine oba.telegram_links;
  theirs oba.telegram_links;
  c record;
begin
  with moved as (update oba.cards k set customer_id = m.survivor_id where k.customer_id = m.source_id returning encode (token_hash, 'hex') as id)
  select coalesce (jsonb_agg (id order by id), '[]') into ids from moved;
  came := came || jsonb_build_object ('cards', ids);
  with moved as (update oba.customer_external_ids e set customer_id = m.survivor_id where e.customer_id = m.source_id
                 returning encode (sha256 (convert_to (external_id, 'UTF8')), 'hex') as id)
  select coalesce (jsonb_agg (id order by id), '[]') into ids from moved;
  came := came || jsonb_build_object ('external_ids', ids);
  with moved as (insert into oba.customer_categories (customer_id, category_id, stated_at)
                 select m.survivor_id, g.category_id, g.stated_at from oba.customer_categories g where g.customer_id = m.source_id
                 on conflict do nothing returning category_id)
  select coalesce (jsonb_agg (category_id order by category_id), '[]') into ids from moved;
  came := came || jsonb_build_object ('categories', ids);
  came := came || oba.merge_segments (m);

  select * into mine from oba.telegram_links l where l.customer_id = m.survivor_id;
  select * into theirs from oba.telegram_links l where l.customer_id = m.source_id;
  if theirs.chat_id is not null and (mine.chat_id is null or chat = 'source') then
    delete from oba.telegram_links l where l.customer_id in (m.source_id, m.survivor_id);
    theirs.customer_id := m.survivor_id;
    insert into oba.telegram_links select theirs.*;
    if mine.chat_id is not null then
      mine.customer_id := m.source_id;
      insert into oba.telegram_links select mine.*;
    end if;
    came := came || '{"telegram": true}';
  end if;

  ids := '{}';
  for c in
    select s.channel, s.granted, s.since, t.granted as was
    from oba.consents s left join oba.consents t on t.customer_id = m.survivor_id and t.channel = s.channel
    where s.customer_id = m.source_id and (t.channel is null or (t.granted <> s.granted and (s.since > t.since or (s.since = t.since and t.granted))))
    order by s.channel
  loop
    perform oba.put_consent (m.survivor_id, c.channel, c.granted, 'staff', null, 'merge ' || m.merge_id);
    update oba.consents n set since = c.since where n.customer_id = m.survivor_id and n.channel = c.channel;
    ids := ids || jsonb_build_object (c.channel, jsonb_build_array (c.was, c.granted));
  end loop;
  return came || jsonb_build_object ('consents', ids);
end $$;

-- {"source", "survivor", "fields": {...; "telegram": "source"|"survivor"}} -> the number of the merge. Everything of one transaction.
create function oba.merge_customers (request jsonb, approval bigint) returns bigint
language plpgsql
as $$
declare
  s oba.customers;
  t oba.customers;
  a oba.points_accounts;
  b oba.points_accounts;
  m oba.merges;
  day date;
begin
  m.source_id := (request ->> 'source')::bigint;
  m.survivor_id := (request ->> 'survivor')::bigint;
  if m.source_id = m.survivor_id then
    perform oba.refuse ('OB001', 'A customer cannot be merged into itself.');
  end if;
  perform oba.lock_pair (m.source_id, m.survivor_id);
  perform oba.refuse_unmergeable (m.source_id), oba.refuse_unmergeable (m.survivor_id);
  select * into s from oba.customers k where k.customer_id = m.source_id;
  select * into t from oba.customers k where k.customer_id = m.survivor_id;
  select * into a from oba.points_accounts p where p.customer_id = m.source_id;
  select * into b from oba.points_accounts p where p.customer_id = m.survivor_id;

  insert into oba.merges (source_id, survivor_id, approval_id, fields, came)
  values (s.customer_id, t.customer_id, approval, oba.merge_fields (s, t, request -> 'fields'), jsonb_build_object ('tier_day', a.tier_day)) returning * into m;
  update oba.customers k set status = 'merged', merged_into = t.customer_id, status_since = now(), updated_at = now(), version = k.version + 1
    where k.customer_id = s.customer_id;
  update oba.customer_phones p set customer_id = t.customer_id where p.customer_id = s.customer_id;
  perform oba.merge_take_fields (m, s, t);
  m.came := m.came || oba.merge_take_things (m, request #>> '{fields,telegram}');

  perform oba.move_points (m, null);
  if a.spending_locked_at is not null and b.spending_locked_at is null then
    update oba.points_accounts p set spending_locked_at = a.spending_locked_at where p.customer_id = t.customer_id;
    m.came := m.came || '{"spending_lock": true}';
  end if;
  update oba.merges x set came = m.came where x.merge_id = m.merge_id;

  -- A tier that somebody gave stays given.
  if a.tier_id > b.tier_id and 'override' = (select c.why from oba.tier_changes c where c.customer_id = s.customer_id order by c.change_id desc limit 1) then
    insert into oba.tier_changes (customer_id, from_tier, to_tier, why) values (t.customer_id, b.tier_id, a.tier_id, 'override');
    update oba.points_accounts p set tier_id = a.tier_id, tier_since = now() where p.customer_id = t.customer_id;
  end if;
  perform oba.recount_tier (t.customer_id, greatest (a.tier_day, b.tier_day), false, 'merge');
  update oba.points_accounts p set tier_spend = 0, tier_day = null where p.customer_id = s.customer_id;
  perform oba.recount_stats (s.customer_id), oba.recount_stats (t.customer_id);

  delete from oba.duplicate_candidates d where s.customer_id in (d.customer_id, d.other_id) and d.state = 'open';
  insert into oba.duplicate_queue (customer_id) values (t.customer_id);
  perform oba.audit_add ('customer.merge', 'customer', t.customer_id::text, t.customer_id,
                         jsonb_build_object ('source', jsonb_build_array (null, s.customer_id), 'merge', jsonb_build_array (null, m.merge_id)), null);
  perform pg_notify ('oba_customers', t.customer_id::text);
  return m.merge_id;
end $$;

-- ---------------------------------------------------------------- and back

-- What the merge put into the survivor's fields goes, unless somebody changed it since. Returns the fields that were changed and stay.
create function oba.unmerge_fields (m oba.merges, s oba.customers, t oba.customers) returns text[]
language plpgsql
as $$
declare
  f record;
  n oba.customers;
  back jsonb := '{}';
  stay text[] := '{}';
begin
  for f in
    select x.key as field, coalesce (to_jsonb (t) ->> x.key, '') as present, v.value as was,
           case when x.value = 'both' then coalesce (v.value, '') || e'\n' || coalesce (to_jsonb (s) ->> x.key, '') else coalesce (to_jsonb (s) ->> x.key, '') end as put
    from jsonb_each_text (m.fields) x
    left join oba.merge_values v on v.customer_id = m.survivor_id and v.merge_id = m.merge_id and v.field = x.key
  loop
    if f.present <> f.put
       or (f.field = 'phone' and exists (select from oba.customer_phones p where p.phone = f.was and p.customer_id <> m.survivor_id)) then
      stay := stay || f.field;
    else
      back := back || jsonb_build_object (f.field, coalesce (f.was, case when f.field in ('given_name', 'family_name', 'patronymic', 'city', 'notes') then '' end));
    end if;
  end loop;
  n := jsonb_populate_record (t, back);
  if n.given_name = '' and n.family_name = '' then
    n.given_name := t.given_name;
    n.family_name := t.family_name;
    stay := stay || array['given_name', 'family_name'];
  end if;
  update oba.customers k
  set given_name = n.given_name, family_name = n.family_name, patronymic = n.patronymic, phone = n.phone, birth_date = n.birth_date, language = n.language,
      city = n.city, email = n.email, preferred_store_id = n.preferred_store_id, notes = n.notes, updated_at = now(), version = k.version + 1
  where k.customer_id = t.customer_id;
  return stay;
end $$;

-- Cards, ids, chat, consents, preferences and segments that came and are still where they were put.
create function oba.unmerge_things (m oba.merges) returns void
language plpgsql
as $$
declare
  mine oba.telegram_links;
  theirs oba.telegram_links;
  c record;
begin
  update oba.cards k set customer_id = m.source_id
    where k.customer_id = m.survivor_id and k.token_hash in (select decode (v, 'hex') from jsonb_array_elements_text (m.came -> 'cards') v);
  update oba.customer_external_ids e set customer_id = m.source_id
    where e.customer_id = m.survivor_id
      and encode (sha256 (convert_to (e.external_id, 'UTF8')), 'hex') in (select v from jsonb_array_elements_text (m.came -> 'external_ids') v);
  -- The phones of the source and of those who were merged into it before.
  update oba.customer_phones p set customer_id = m.source_id
    where p.customer_id = m.survivor_id
      and p.phone in (select k.phone from oba.customers k where k.customer_id = any (array (select oba.customer_family (m.source_id))))
      and p.phone is distinct from (select k.phone from oba.customers k where k.customer_id = m.survivor_id);
  delete from oba.customer_categories g
    where g.customer_id = m.survivor_id and g.category_id in (select v::bigint from jsonb_array_elements_text (m.came -> 'categories') v);
  perform oba.unmerge_segments (m);

  if m.came ? 'telegram' then
    select * into mine from oba.telegram_links l where l.customer_id = m.source_id;        -- the survivor's own, waiting
    select * into theirs from oba.telegram_links l where l.customer_id = m.survivor_id;
    delete from oba.telegram_links l where l.customer_id in (m.source_id, m.survivor_id);
    if theirs.chat_id is not null then
      theirs.customer_id := m.source_id;
      insert into oba.telegram_links select theirs.*;
    end if;
    if mine.chat_id is not null then
      mine.customer_id := m.survivor_id;
      insert into oba.telegram_links select mine.*;
    end if;
  end if;
  for c in
    select x.key as channel, (x.value ->> 0)::boolean as was
    from jsonb_each (m.came -> 'consents') x
    join oba.consents n on n.customer_id = m.survivor_id and n.channel = x.key and n.granted = (x.value ->> 1)::boolean
    order by 1
  loop
    if coalesce (c.was, false) <> (select n.granted from oba.consents n where n.customer_id = m.survivor_id and n.channel = c.channel) then
      perform oba.put_consent (m.survivor_id, c.channel, coalesce (c.was, false), 'staff', null, 'unmerge ' || m.merge_id);
    end if;
  end loop;
end $$;

-- {"merge_id"} -> the same number. Receipts go with the record that has them: what was bought since the merge stays with the survivor.
create function oba.unmerge_customers (request jsonb, approval bigint) returns bigint
language plpgsql
as $$
declare
  m oba.merges;
  s oba.customers;
  t oba.customers;
  a oba.points_accounts;
  state text;
begin
  select * into m from oba.merges x where x.merge_id = (request ->> 'merge_id')::bigint for no key update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such merge.');
  elsif m.undone_at is not null then
    perform oba.refuse ('OB013', 'This merge was taken back already.');
  end if;
  perform oba.lock_pair (m.source_id, m.survivor_id);
  select * into s from oba.customers k where k.customer_id = m.source_id;
  select * into t from oba.customers k where k.customer_id = m.survivor_id;
  if t.status = 'merged' then
    perform oba.refuse ('OB013', format ('Customer %s was merged into customer %s since.', t.customer_id, t.merged_into), 'Take that merge back first.', t.merged_into::text);
  elsif s.status <> 'merged' then
    perform oba.refuse ('OB006', 'This customer was erased and cannot be changed.');
  end if;
  perform oba.refuse_unmergeable (t.customer_id);

  update oba.merges x set undone_at = now(), undo_approval_id = approval where x.merge_id = m.merge_id;
  perform oba.unmerge_fields (m, s, t);
  perform oba.unmerge_things (m);
  update oba.customers k
  set status = 'active', merged_into = null, status_since = now(), updated_at = now(), version = k.version + 1,
      phone = case when exists (select from oba.customer_phones p where p.phone = k.phone and p.customer_id <> k.customer_id) then null else k.phone end
  where k.customer_id = s.customer_id returning phone into s.phone;
  insert into oba.customer_phones (phone, customer_id) select s.phone, s.customer_id where s.phone is not null on conflict (phone) do nothing;

  perform oba.move_points_back (m);
  select * into a from oba.points_accounts p where p.customer_id = t.customer_id;
  if m.came ? 'spending_lock' and a.spending_locked_at is not distinct from
       (select p.spending_locked_at from oba.points_accounts p where p.customer_id = s.customer_id) then
    update oba.points_accounts p set spending_locked_at = null where p.customer_id = t.customer_id;
  end if;
  perform oba.recount_tier (s.customer_id, greatest ((m.came ->> 'tier_day')::date, a.tier_day), true, 'merge'), oba.recount_tier (t.customer_id, a.tier_day, true, 'merge');
  perform oba.recount_stats (s.customer_id), oba.recount_stats (t.customer_id);

  insert into oba.duplicate_candidates (customer_id, other_id, score, reasons, state, decided_at, decided_by)
  values (least (s.customer_id, t.customer_id), greatest (s.customer_id, t.customer_id), 0, '{}', 'not_same', now(), session_user)
  on conflict (customer_id, other_id) do update set state = 'not_same', decided_at = now(), decided_by = session_user;
  perform oba.audit_add ('customer.unmerge', 'customer', t.customer_id::text, t.customer_id,
                         jsonb_build_object ('source', jsonb_build_array (s.customer_id, null), 'merge', jsonb_build_array (m.merge_id, null)), null);
  perform pg_notify ('oba_customers', t.customer_id::text);
  return m.merge_id;
end $$;

-- ---------------------------------------------------------------- previews and approvals

/*
 * Does what an approval would do, and looks: {"source": {"before", "after"}, "survivor": {...}, "fields": {...}}. What is done stays only when it is what
 * @expected says; else it is undone, and the answer is what it would have been. So a preview cannot differ from the deed.
 */
create function oba.try_merge (kind text, request jsonb, expected jsonb, approval bigint, out preview jsonb, out done bigint)
language plpgsql
as $$
declare
  source bigint := (request ->> 'source')::bigint;
  survivor bigint := (request ->> 'survivor')::bigint;
  m oba.merges;
  t oba.customers;
  before jsonb;
  today date := oba.business_day (now());
begin
  begin
    if kind = 'unmerge' then
      select x.source_id, x.survivor_id into source, survivor from oba.merges x where x.merge_id = (request ->> 'merge_id')::bigint;
    end if;
    perform oba.lock_pair (source, survivor);
    perform oba.expire_points_of (c.customer_id, today) from oba.points_accounts c where c.customer_id in (source, survivor) order by c.customer_id;
    before := jsonb_build_array (oba.merge_figures (source), oba.merge_figures (survivor));
    select * into t from oba.customers c where c.customer_id = survivor;
    if kind = 'merge' then
      done := oba.merge_customers (request, approval);
    else
      done := oba.unmerge_customers (request, approval);
    end if;
    select * into m from oba.merges x where x.merge_id = done;
    preview := jsonb_build_object (
      'source', jsonb_build_object ('before', before -> 0, 'after', oba.merge_figures (source)),
      'survivor', jsonb_build_object ('before', before -> 1, 'after', oba.merge_figures (survivor)),
      -- Of the way back: what the merge had put there and is taken out now; the rest was changed since, and stays.
      'fields', case when kind = 'merge' then m.fields
                     else (select coalesce (jsonb_object_agg (x.key, case when to_jsonb (c) -> x.key is distinct from to_jsonb (t) -> x.key then 'back' else 'stay' end), '{}')
                           from jsonb_each (m.fields) x cross join oba.customers c where c.customer_id = survivor) end,
      'moved', (select coalesce (sum (l.points), 0) from oba.merge_lots l where l.merge_id = m.merge_id),
      'moved_debt', (select coalesce (sum (d.points), 0) from oba.merge_debts d where d.merge_id = m.merge_id));
    if preview is distinct from expected then
      raise exception using errcode = 'OBPRV';
    end if;
  exception
    when sqlstate 'OBPRV' then
      done := null;
  end;
end $$;

-- {"source", "survivor", "fields"} or {"merge_id"} -> what it would do. Nothing is changed.
create function oba.preview_merge (request jsonb) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if jsonb_typeof (request) is distinct from 'object' or (request ->> 'merge_id' is null and (request ->> 'source' is null or request ->> 'survivor' is null)) then
    perform oba.refuse ('OB001', 'A merge names its source and its survivor.');
  end if;
  return (oba.try_merge (case when request ? 'merge_id' then 'unmerge' else 'merge' end, request, null, null)).preview;
end $$;

create function oba.ask_approval (kind text, request jsonb, about bigint[], why text) returns jsonb
language plpgsql
as $$
declare
  preview jsonb;
  id bigint;
begin
  if length (why) > 1000 then
    perform oba.refuse ('OB001', 'A reason has at most 1,000 characters.');
  end if;
  -- Two who ask for the same at once: the second finds the first one's request.
  perform pg_advisory_xact_lock (hashtextextended ('approval', about[1]));
  if exists (select from oba.approvals a where a.customer_ids && about and a.state = 'requested') then
    perform oba.refuse ('OB004', 'A request about one of these customers waits for approval already.', 'Decide that one first, or withdraw it.');
  end if;
  preview := (oba.try_merge (kind, request, null, null)).preview;
  insert into oba.approvals (kind, request, preview, customer_ids, reason) values (kind, request, preview, about, nullif (btrim (why), '')) returning approval_id into id;
  perform oba.audit_add ('approval.request', 'approval', id::text, about[1], jsonb_build_object ('kind', jsonb_build_array (null, kind)), null);
  perform pg_notify ('oba_approvals', id::text);
  return jsonb_build_object ('approval_id', id, 'preview', preview);
end $$;

-- {"source", "survivor", "fields": {...}, "reason"} -> {"approval_id", "preview"}
create function oba.do_request_merge (request jsonb) returns jsonb
language plpgsql
as $$
begin
  if request ->> 'source' is null or request ->> 'survivor' is null then
    perform oba.refuse ('OB001', 'A merge names its source and its survivor.');
  end if;
  return oba.ask_approval ('merge', jsonb_build_object ('source', (request ->> 'source')::bigint, 'survivor', (request ->> 'survivor')::bigint,
                                                        'fields', coalesce (request -> 'fields', '{}')),
                           array[(request ->> 'source')::bigint, (request ->> 'survivor')::bigint], request ->> 'reason');
end $$;

-- {"merge_id", "reason"} -> {"approval_id", "preview"}
create function oba.do_request_unmerge (request jsonb) returns jsonb
language plpgsql
as $$
declare
  m oba.merges;
begin
  select * into m from oba.merges x where x.merge_id = (request ->> 'merge_id')::bigint;
  if not found then
    perform oba.refuse ('OB002', 'There is no such merge.');
  end if;
  return oba.ask_approval ('unmerge', jsonb_build_object ('merge_id', m.merge_id), array[m.source_id, m.survivor_id], request ->> 'reason');
end $$;

/*
 * {"approval_id", "approve": true|false, "reason": needed to reject} -> {"approval_id", "state", "outcome_id", "stale", "preview"}
 * What is approved is what the preview says. When the figures have changed since, nothing is done: the request waits with the new preview, and "stale" is true.
 * When it cannot be done any more at all, its state is stale, and "message" says why.
 */
create function oba.do_decide_approval (request jsonb) returns jsonb
language plpgsql
as $$
#variable_conflict use_variable
declare
  a oba.approvals;
  approve boolean := (request ->> 'approve')::boolean;
  why text := nullif (btrim (request ->> 'reason'), '');
  tried record;
  problem text;
begin
  select * into a from oba.approvals x where x.approval_id = (request ->> 'approval_id')::bigint for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such request.');
  elsif a.state <> 'requested' then
    perform oba.refuse ('OB013', 'This request was decided already.', 'Look at its present state.', a.state);
  elsif a.requested_by = session_user then
    perform oba.refuse ('OB006', 'Somebody else decides on what you asked for.', 'Ask a colleague, or withdraw the request.');
  elsif approve is null or (not approve and why is null) or length (why) > 1000 then
    perform oba.refuse ('OB001', 'A request is approved, or rejected with a reason of at most 1,000 characters.');
  end if;
  if not approve then
    update oba.approvals x set state = 'rejected', decided_by = session_user, decided_at = now(), decision_reason = why where x.approval_id = a.approval_id;
    perform oba.audit_add ('approval.reject', 'approval', a.approval_id::text, a.customer_ids[1], '{}', why);
    perform pg_notify ('oba_approvals', a.approval_id::text);
    return jsonb_build_object ('approval_id', a.approval_id, 'state', 'rejected');
  end if;

  begin
    tried := oba.try_merge (a.kind, a.request, a.preview, a.approval_id);
  exception
    when sqlstate 'OB000' then
      get stacked diagnostics problem = message_text;
  end;
  if problem is not null then
    update oba.approvals x set state = 'stale', decided_by = session_user, decided_at = now(), decision_reason = problem where x.approval_id = a.approval_id;
    perform pg_notify ('oba_approvals', a.approval_id::text);
    return jsonb_build_object ('approval_id', a.approval_id, 'state', 'stale', 'message', problem);
  elsif tried.done is null then
    update oba.approvals x set preview = tried.preview, previewed_at = now() where x.approval_id = a.approval_id;
    perform pg_notify ('oba_approvals', a.approval_id::text);
    return jsonb_build_object ('approval_id', a.approval_id, 'state', 'requested', 'stale', true, 'preview', tried.preview);
  end if;
  update oba.approvals x set state = 'approved', decided_by = session_user, decided_at = now(), decision_reason = why, outcome_id = tried.done
    where x.approval_id = a.approval_id;
  perform oba.audit_add ('approval.approve', 'approval', a.approval_id::text, a.customer_ids[1], jsonb_build_object ('kind', jsonb_build_array (null, a.kind)), why);
  perform pg_notify ('oba_approvals', a.approval_id::text);
  return jsonb_build_object ('approval_id', a.approval_id, 'state', 'approved', 'outcome_id', tried.done);
end $$;

-- {"approval_id"}: the one who asked changes their mind -> {"approval_id", "state"}
create function oba.do_withdraw_approval (request jsonb) returns jsonb
language plpgsql
as $$
#variable_conflict use_variable
declare
  a oba.approvals;
begin
  select * into a from oba.approvals x where x.approval_id = (request ->> 'approval_id')::bigint for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such request.');
  elsif a.state <> 'requested' then
    perform oba.refuse ('OB013', 'This request was decided already.', 'Look at its present state.', a.state);
  elsif a.requested_by <> session_user then
    perform oba.refuse ('OB006', 'Only the one who asked can withdraw a request.', 'A supervisor can reject it.');
  end if;
  update oba.approvals x set state = 'withdrawn', decided_by = session_user, decided_at = now() where x.approval_id = a.approval_id;
  perform pg_notify ('oba_approvals', a.approval_id::text);
  return jsonb_build_object ('approval_id', a.approval_id, 'state', 'withdrawn');
end $$;

-- ---------------------------------------------------------------- likely pairs

create table oba.duplicate_candidates (
  customer_id   bigint not null references oba.customers,                          -- the lower id of the two
  other_id      bigint not null references oba.customers,
  score         integer not null check (score between 0 and 100),
  reasons       text[] not null,                                                   -- name_birth, similar_name_birth, phone, email, telegram
  found_at      timestamptz not null default now(),
  state         text not null default 'open' check (state in ('open', 'not_same')),
  decided_at    timestamptz,
  decided_by    text,
  primary key (customer_id, other_id),
  check (customer_id < other_id)
);
create index duplicate_candidates_other on oba.duplicate_candidates (other_id);
create index duplicate_candidates_review on oba.duplicate_candidates (score desc, customer_id, other_id) where state = 'open';

-- Whom the job looks at next; 0: everybody.
create table oba.duplicate_queue (
  customer_id   bigint not null
);

create index customers_same_email on oba.customers (lower (email)) where email is not null and merged_into is null;
create index telegram_links_by_name on oba.telegram_links (lower (username)) where username is not null;

create function oba.customers_queue_new () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if (select count (*) from (select from fresh where kind = 'person' limit 20001) x) > 20000 then
    insert into oba.duplicate_queue (customer_id) values (0);
  else
    insert into oba.duplicate_queue (customer_id) select customer_id from fresh where kind = 'person';
  end if;
  return null;
end $$;
create trigger queue_new after insert on oba.customers
  referencing new table as fresh for each statement execute function oba.customers_queue_new ();

create function oba.queue_changed () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  insert into oba.duplicate_queue (customer_id) values (new.customer_id);
  return null;
end $$;
create trigger queue_changed after update on oba.customers
  for each row when (new.kind = 'person' and new.status in ('active', 'blocked')
                     and (old.family_name, old.given_name, old.patronymic, old.phone, old.birth_date, old.email)
                         is distinct from (new.family_name, new.given_name, new.patronymic, new.phone, new.birth_date, new.email))
  execute function oba.queue_changed ();
create trigger queue_changed after insert or update on oba.telegram_links for each row execute function oba.queue_changed ();

-- The name under which two spellings, and the two names the other way round, are one.
create function oba.name_key (family text, given text) returns text
language sql immutable parallel safe
return (select coalesce (string_agg (w, ' ' order by w collate "C"), '') from regexp_split_to_table (oba.fold (family || ' ' || given), ' ') w);

-- One digit wrong, or two neighbours swapped.
create function oba.one_slip (a text, b text) returns boolean
language plpgsql immutable strict parallel safe
as $$
declare
  i integer := 1;
begin
  if length (a) <> length (b) or a = b then
    return false;
  end if;
  while substr (a, i, 1) = substr (b, i, 1) loop
    i := i + 1;
  end loop;
  return substr (a, i + 1) = substr (b, i + 1)
         or (substr (a, i, 1) = substr (b, i + 1, 1) and substr (a, i + 1, 1) = substr (b, i, 1) and substr (a, i + 2) = substr (b, i + 2));
end $$;

-- Every number that is one slip away.
create function oba.phone_slips (phone text) returns text[]
language sql immutable parallel safe
as $$
  select array_agg (distinct p) from (
    select overlay ($1 placing d::text from i for 1) as p from generate_series (length ($1) - 8, length ($1)) i, generate_series (0, 9) d
    union all
    select overlay ($1 placing substr ($1, i + 1, 1) || substr ($1, i, 1) from i for 2) from generate_series (length ($1) - 8, length ($1) - 1) i) x
  where p <> $1
$$;

/*
 * How likely two records are one person, and why. Independent reasons add up: 1 - (1 - a)(1 - b)...; what speaks against it takes off: another birth date, another
 * patronymic, or a name that has nothing in common. null: not likely.
 */
create function oba.judge_pair (key_a text, key_b text, birth_a date, birth_b date, father_a text, father_b text, slip boolean, mail boolean, chat boolean,
                                out score integer, out reasons text[])
language plpgsql immutable parallel safe
as $$
declare
  alike real := oba.similarity (key_a, key_b);
  same_birth boolean := coalesce (birth_a = birth_b, false);
  doubt double precision := 1;
begin
  reasons := '{}';
  if key_a = key_b and key_a <> '' and same_birth then
    doubt := doubt * 0.15;
    reasons := reasons || 'name_birth'::text;
  elsif alike >= 0.5 and same_birth then
    doubt := doubt * (0.65 - 0.4 * alike);
    reasons := reasons || 'similar_name_birth'::text;
  end if;
  if slip and (alike >= 0.5 or same_birth) then
    doubt := doubt * 0.3;
    reasons := reasons || 'phone'::text;
  end if;
  if mail then
    doubt := doubt * 0.4;
    reasons := reasons || 'email'::text;
  end if;
  if chat then
    doubt := doubt * 0.5;
    reasons := reasons || 'telegram'::text;
  end if;
  if (mail or chat) and key_a = key_b and key_a <> '' and not same_birth then
    doubt := doubt * 0.3;
    reasons := reasons || 'name'::text;
  end if;
  score := round (100 * (1 - doubt) * case when birth_a <> birth_b then 0.6 else 1 end
                                    * case when father_a <> '' and father_b <> '' and oba.similarity (oba.fold (father_a), oba.fold (father_b)) < 0.4 then 0.6 else 1 end
                                    * case when alike < 0.3 then 0.7 else 1 end);
  if score < 50 then
    score := null;
  end if;
end $$;

-- Looks for doubles of some customers, by the indexes. Returns how many pairs there are.
create function oba.find_duplicates_of (ids bigint[]) returns integer
language plpgsql
set enable_seqscan = off set jit = off
as $$
declare
  n integer;
begin
  delete from oba.duplicate_candidates d where d.state = 'open' and (d.customer_id = any (ids) or d.other_id = any (ids));
  with me as materialized (
    select c.customer_id, c.phone, c.birth_date, c.patronymic, lower (c.email) as email, oba.name_key (c.family_name, c.given_name) as key, lower (l.username) as username
    from oba.customers c left join oba.telegram_links l using (customer_id)
    where c.customer_id = any (ids) and c.kind = 'person' and c.status in ('active', 'blocked')
  ), pairs as (
    select m.customer_id as a, x.customer_id as b from me m cross join lateral
      (select c.customer_id from oba.customers c where c.birth_date = m.birth_date and c.kind = 'person' and c.birth_date is not null and c.merged_into is null limit 2000) x
    union select m.customer_id, p.customer_id from me m join oba.customer_phones p on p.phone = any (oba.phone_slips (m.phone))
    union select m.customer_id, x.customer_id from me m cross join lateral
      (select c.customer_id from oba.customers c where lower (c.email) = m.email and c.email is not null and c.merged_into is null limit 50) x
    union select m.customer_id, l.customer_id from me m join oba.telegram_links l on lower (l.username) = m.username
  ), judged as (
    select least (p.a, p.b) as a, greatest (p.a, p.b) as b, j.score, j.reasons
    from pairs p join me m on m.customer_id = p.a
    join oba.customers o on o.customer_id = p.b and o.kind = 'person' and o.status in ('active', 'blocked')
    left join oba.telegram_links l on l.customer_id = p.b
    cross join lateral oba.judge_pair (m.key, oba.name_key (o.family_name, o.given_name), m.birth_date, o.birth_date, m.patronymic, o.patronymic,
                                       coalesce (oba.one_slip (m.phone, o.phone), false), coalesce (m.email = lower (o.email), false),
                                       coalesce (m.username = lower (l.username), false)) j
    where p.a <> p.b and j.score is not null
      and not exists (select from oba.not_same_persons q where q.customer_id = least (p.a, p.b) and q.other_id = greatest (p.a, p.b))   -- 0047
  )
  insert into oba.duplicate_candidates as d (customer_id, other_id, score, reasons)
  select distinct on (a, b) a, b, score, reasons from judged order by a, b, score desc
  on conflict (customer_id, other_id) do nothing;
  get diagnostics n = row_count;
  return n;
end $$;

/*
 * Everybody against everybody, in sets: pairs that share a birth date and the beginning of a name, a name or a birth date and one half of the phone, an e-mail, a chat.
 * A group that is too large to mean anything (an invented birth date, the shop's own e-mail) is left out.
 */
create function oba.find_all_duplicates () returns integer
language plpgsql
set search_path = oba, pg_catalog, pg_temp set work_mem = '256MB' set jit = off set client_min_messages = warning
as $$
declare
  n integer;
begin
  drop table if exists pg_temp.doubles, pg_temp.pairs;
  create temp table doubles on commit drop as
  select c.customer_id, c.birth_date, c.patronymic, c.phone, right (c.phone, 9) as nine, lower (c.email) as email, lower (l.username) as username,
         oba.name_key (c.family_name, c.given_name) as key
  from oba.customers c left join oba.telegram_links l using (customer_id)
  where c.kind = 'person' and c.status in ('active', 'blocked');
  analyze pg_temp.doubles;
  create temp table pairs on commit drop as
  with keyed as (
    select customer_id, 'n' || birth_date || left (w, 3) as block
    from pg_temp.doubles cross join lateral regexp_split_to_table (key, ' ') w where birth_date is not null and key <> ''
    union all select customer_id, 'p' || key || '|' || left (nine, 4) from pg_temp.doubles where length (nine) = 9 and key <> ''
    union all select customer_id, 'q' || key || '|' || right (nine, 4) from pg_temp.doubles where length (nine) = 9 and key <> ''
    union all select customer_id, 'b' || birth_date || left (nine, 4) from pg_temp.doubles where length (nine) = 9 and birth_date is not null
    union all select customer_id, 'c' || birth_date || right (nine, 4) from pg_temp.doubles where length (nine) = 9 and birth_date is not null
    union all select customer_id, 'e' || email from pg_temp.doubles where email is not null
    union all select customer_id, 't' || username from pg_temp.doubles where username is not null
  ), groups as (
    select array_agg (customer_id order by customer_id) as ids from keyed group by block having count (*) between 2 and 60
  )
  select distinct g.ids[i] as a, g.ids[k] as b
  from groups g cross join lateral generate_subscripts (g.ids, 1) i cross join lateral generate_series (i + 1, cardinality (g.ids)) k
  where g.ids[i] < g.ids[k];
  analyze pg_temp.pairs;

  delete from oba.duplicate_candidates d where d.state = 'open';
  insert into oba.duplicate_candidates (customer_id, other_id, score, reasons)
  select p.a, p.b, j.score, j.reasons
  from pg_temp.pairs p join pg_temp.doubles x on x.customer_id = p.a join pg_temp.doubles y on y.customer_id = p.b
  cross join lateral oba.judge_pair (x.key, y.key, x.birth_date, y.birth_date, x.patronymic, y.patronymic, coalesce (oba.one_slip (x.phone, y.phone), false),
                                     coalesce (x.email = y.email, false), coalesce (x.username = y.username, false)) j
  where j.score is not null
    and not exists (select from oba.not_same_persons q where q.customer_id = p.a and q.other_id = p.b)
  on conflict (customer_id, other_id) do nothing;
  get diagnostics n = row_count;
  drop table pg_temp.doubles, pg_temp.pairs;
  return n;
end $$;

/*
 * A job (one at a time; others return 0 at once): looks at the customers who came or changed, at most @max_customers; after a large load at everybody.
 * Returns how many customers were looked at (1 for everybody).
 */
create function oba.find_duplicates (max_customers integer default 100) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  ids bigint[];
  pairs integer;
begin
  if not pg_try_advisory_xact_lock (hashtext ('oba.find_duplicates')) then
    return 0;
  end if;
  if exists (select from oba.duplicate_queue q where q.customer_id = 0) then
    delete from oba.duplicate_queue;
    perform oba.find_all_duplicates ();
    perform pg_notify ('oba_duplicates', '');
    return 1;
  end if;
  with taken as (
    delete from oba.duplicate_queue q where q.ctid = any (array (select x.ctid from oba.duplicate_queue x limit max_customers)) returning q.customer_id
  )
  select array_agg (distinct customer_id) into ids from taken;
  if ids is null then
    return 0;
  end if;
  pairs := oba.find_duplicates_of (ids);
  if pairs > 0 then
    perform pg_notify ('oba_duplicates', '');
  end if;
  return cardinality (ids);
end $$;

-- {"customer_id", "other_id", "apart": true|false}: two different persons, for good; or to be looked at again -> {"customer_id", "other_id"}
create function oba.do_keep_apart (request jsonb) returns jsonb
language plpgsql
as $$
declare
  a bigint := least ((request ->> 'customer_id')::bigint, (request ->> 'other_id')::bigint);
  b bigint := greatest ((request ->> 'customer_id')::bigint, (request ->> 'other_id')::bigint);
  apart boolean := coalesce ((request ->> 'apart')::boolean, true);
begin
  if a is null or b is null or a = b then
    perform oba.refuse ('OB001', 'Two customers are kept apart.');
  elsif 2 <> (select count (*) from oba.customers c where c.customer_id in (a, b) and c.kind = 'person') then
    perform oba.refuse ('OB002', format ('There is no customer %s.', coalesce ((select x from unnest (array[a, b]) x
                                 where not exists (select from oba.customers c where c.customer_id = x and c.kind = 'person') limit 1), a)));
  end if;
  insert into oba.duplicate_candidates as d (customer_id, other_id, score, reasons, state, decided_at, decided_by)
  values (a, b, 0, '{}', 'not_same', now(), session_user)
  on conflict (customer_id, other_id) do update set state = 'not_same', decided_at = now(), decided_by = session_user;
  if not apart then
    -- Judged anew, now.
    update oba.duplicate_candidates d set state = 'open', decided_at = null, decided_by = null where d.customer_id = a and d.other_id = b;
    perform oba.find_duplicates_of (array[a]);
  end if;
  perform oba.audit_add (case when apart then 'duplicate.apart' else 'duplicate.again' end, 'customer', a::text, a,
                         jsonb_build_object ('other', jsonb_build_array (null, b)), null);
  perform pg_notify ('oba_duplicates', '');
  return jsonb_build_object ('customer_id', a, 'other_id', b);
end $$;

-- What a person's erasure takes along here: what was typed, what was kept for a way back, and what was still open.
create function oba.forget_merges () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  delete from oba.merge_values v using oba.merges m where v.merge_id = m.merge_id and new.customer_id in (m.source_id, m.survivor_id);
  delete from oba.duplicate_candidates d where d.customer_id = new.customer_id or d.other_id = new.customer_id;
  update oba.approvals a
  set reason = null, decision_reason = null, state = case when a.state = 'requested' then 'stale' else a.state end,
      decided_at = coalesce (a.decided_at, now()), decided_by = coalesce (a.decided_by, session_user)
  where a.customer_ids && array[new.customer_id];
  return null;
end $$;
create trigger forget_merges after update of status on oba.customers
  for each row when (new.status = 'erased' and old.status <> 'erased') execute function oba.forget_merges ();

-- ---------------------------------------------------------------- Telegram, consents

-- As in 0004; a chat that waits at a merged customer is free.
create or replace function oba.do_link_telegram (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c bigint := (request ->> 'customer_id')::bigint;
  chat bigint := (request ->> 'chat_id')::bigint;
  holder bigint;
begin
  perform oba.refuse_merged (c);
  perform from oba.customers k where k.customer_id = c and k.kind = 'person' and k.status <> 'erased' for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif chat is null then
    perform oba.refuse ('OB001', 'The chat is missing.');
  end if;
  select customer_id into holder from oba.telegram_links where chat_id = chat for update;
  if holder <> c and exists (select from oba.customers k where k.customer_id = holder and k.status = 'merged') then
    delete from oba.telegram_links where chat_id = chat;
  elsif holder <> c then
    perform oba.refuse ('OB004', 'This Telegram account is linked to another customer.', 'Unlink it there first.');
  end if;
  delete from oba.telegram_links where customer_id = c and chat_id <> chat;
  insert into oba.telegram_links (chat_id, customer_id, username) values (chat, c, left (request ->> 'username', 100))
    on conflict (chat_id) do update set username = excluded.username, unreachable_at = null;
  perform pg_notify ('oba_customers', c::text);
  return jsonb_build_object ('customer_id', c, 'chat_id', chat);
end $$;

-- As in 0004.
create or replace function oba.do_set_consent (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c bigint := (request ->> 'customer_id')::bigint;
begin
  perform oba.refuse_merged (c);
  perform from oba.customers k where k.customer_id = c and k.kind = 'person' and k.status <> 'erased' for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif request ->> 'channel' is null or request ->> 'channel' not in ('telegram', 'sms', 'email', 'phone', 'profiling')
        or request ->> 'granted' is null then
    perform oba.refuse ('OB001', 'A consent names a channel (telegram, sms, email, phone, profiling) and whether it is granted.');
  end if;
  perform oba.put_consent (c, request ->> 'channel', (request ->> 'granted')::boolean, coalesce (request ->> 'through', 'staff'),
                           (request ->> 'store_id')::bigint, request ->> 'wording');
  perform oba.audit_add ('consent.set', 'customer', c::text, c,
                         jsonb_build_object (request ->> 'channel', jsonb_build_array (null, request -> 'granted')), null);
  perform pg_notify ('oba_customers', c::text);
  return jsonb_build_object ('customer_id', c);
end $$;

-- As in 0030; a chat that waits at a merged customer is nobody's.
create or replace function oba.telegram_claim_updates (claimer text, how_many integer, seconds integer)
returns table (update_id bigint, chat_id bigint, payload text, customer_id bigint, language text, status text)
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  update telegram_updates u set state = 'poison', done_at = now(), leased_until = null, leased_by = null,
         error = 'Given up: five tries did not finish it.'
  where u.state = 'working' and u.leased_until < now() and u.attempts >= 5;

  return query
  with heads as materialized (
    select u.update_id from telegram_updates u
    where (u.state = 'new' or u.state = 'working' and u.leased_until < now())
      and not exists (select from telegram_updates e
                      where e.chat_id = u.chat_id and e.update_id < u.update_id and e.state in ('new', 'working'))
    order by u.update_id limit how_many for update skip locked),
  claimed as (
    update telegram_updates u
    set state = 'working', attempts = u.attempts + 1, leased_by = claimer, leased_until = now() + seconds * interval '1 s'
    from heads where u.update_id = heads.update_id
    returning u.update_id, u.chat_id, u.payload)
  select c.update_id, c.chat_id, c.payload::text, k.customer_id, k.language, k.status
  from claimed c left join telegram_links l on l.chat_id = c.chat_id left join customers k on k.customer_id = l.customer_id and k.status <> 'merged'
  order by c.update_id;
end $$;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_seqscan = off;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_bitmapscan = off;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_hashjoin = off;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_mergejoin = off;
alter function oba.telegram_claim_updates (text, integer, integer) set jit = off;

-- ---------------------------------------------------------------- rights

select oba.add_action ('request_merge', 'oba_clerk', 'oba_supervisor', 'oba_admin');
select oba.add_action ('request_unmerge', 'oba_clerk', 'oba_supervisor', 'oba_admin');
select oba.add_action ('withdraw_approval', 'oba_clerk', 'oba_supervisor', 'oba_admin');
select oba.add_action ('decide_approval', 'oba_supervisor', 'oba_admin');
select oba.add_action ('keep_apart', 'oba_clerk', 'oba_supervisor', 'oba_admin');
grant execute on function oba.preview_merge (jsonb) to oba_clerk, oba_supervisor, oba_admin;
grant execute on function oba.find_duplicates (integer) to oba_admin, oba_helper;
grant execute on function oba.customer_family (bigint), oba.customer_path (bigint), oba.customer_root (bigint)
  to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.approvals, oba.merges, oba.merge_lots, oba.merge_debts, oba.duplicate_candidates to oba_clerk, oba_supervisor, oba_admin, oba_auditor;

-- Who is here already is looked at, too.
insert into oba.duplicate_queue (customer_id) select 0 where exists (select from oba.customers c where c.kind = 'person');

reset role;
