-- What random operations found out about points that last from the last purchase, and about files of sales beside the same sales one by one.

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

-- ---------------------------------------------------------------- points that last from the last purchase

/*
 * The days, from @since on, on which a person bought something. A receipt that was put right in a closed month, or whose return was undone, is entered later than it was bought: it used to
 * count as a purchase of the day on which a clerk was at work, which made points last months longer. @entering: a receipt of which that is not known yet.
 */
create function oba.purchase_days (customer bigint, since date, entering bigint default null) returns setof date
language plpgsql   -- not STABLE: it must see what was committed while the account was waited for
as $$
begin
  return query
  select distinct d.day
  from (select coalesce (oba.business_day (c.happened_at), r.business_day) as day
        from oba.receipts r left join oba.corrections c on c.replacement_receipt_id = r.receipt_id and c.happened_at is not null
        where r.customer_id = any (oba.family_of (customer)) and r.kind = 'sale' and r.sold_at >= oba.day_start (since) and r.receipt_id is distinct from entering) d
  where d.day >= since order by 1;
end $$;

-- Whether points of a lot have expired: a purchase that comes later moves it no more, and what comes back to it is lost as the others are.
create function oba.lot_is_over (customer bigint, lot bigint) returns boolean
language plpgsql
as $$
begin
  return exists (select from oba.ledger_allocations a join oba.points_ledger e on e.customer_id = a.customer_id and e.entry_id = a.entry_id
                 where a.customer_id = customer and a.lot_id = lot and e.kind = 'expire');
end $$;

-- As in 0085.
drop function oba.follow_purchase (bigint, timestamptz);
create function oba.follow_purchase (customer bigint, at timestamptz, entering bigint default null) returns void
language plpgsql
as $$
declare
  day date := oba.business_day (at);
  today date := oba.business_day (now());
  due date;
begin
  if (oba.expiry_policy (at)).mode = 'inactivity' then
    due := oba.lot_expiry (at);
    update oba.points_lots l set expires_on = due
      where l.customer_id = customer and l.remaining > 0 and not l.fixed and l.expires_on < due and l.expires_on >= day
        and (l.expires_on >= today or not oba.lot_is_over (customer, l.lot_id));
  end if;
  if day >= today then
    return;
  end if;
  for at in select oba.day_start (d) from oba.purchase_days (customer, day + 1, entering) d loop
    continue when (oba.expiry_policy (at)).mode <> 'inactivity';
    due := oba.lot_expiry (at);
    update oba.points_lots l set expires_on = due
      where l.customer_id = customer and l.remaining > 0 and not l.fixed and l.expires_on < due and l.expires_on >= oba.business_day (at)
        and (l.expires_on >= today or not oba.lot_is_over (customer, l.lot_id));
  end loop;
end $$;
select oba.patch_function ('oba.enter_receipt', 'perform oba.follow_purchase (customer, earned_at);', 'perform oba.follow_purchase (customer, earned_at, receipt);');

-- What was bought before a policy of inactivity began, and comes late, is followed by what was bought since, too.
select oba.patch_function ('oba.enter_receipt', '(select p.mode from oba.expiry_policies p where p.valid_from <= oba.business_day (earned_at) order by p.valid_from desc, p.version desc limit 1)',
                           'case when exists (select from oba.expiry_policies p where p.mode = ''inactivity'') then ''inactivity'' end');

-- The day on which the points of a lot were given, also where they were entered later, or a merge has brought them.
create function oba.lot_born (customer bigint, lot bigint, receipt bigint, entered timestamptz) returns date
language plpgsql
as $$
declare
  came oba.merge_lots;
begin
  loop
    select * into came from oba.merge_lots m where m.survivor_id = customer and m.survivor_lot = lot and m.customer_id = any (oba.family_of (customer));
    exit when not found;
    customer := came.customer_id;
    lot := came.lot_id;
    entered := (select l.entry_at from oba.points_lots l where l.customer_id = came.customer_id and l.lot_id = came.lot_id);
  end loop;
  return oba.business_day (coalesce ((select c.happened_at from oba.corrections c where c.replacement_receipt_id = receipt and c.happened_at is not null), entered));
end $$;

-- As in 0085, by the days on which was bought.
create or replace function oba.lots_catch_up () returns trigger
language plpgsql
as $$
declare
  at timestamptz;
begin
  if exists (select from oba.expiry_policies p where p.mode = 'inactivity') and not oba.lot_is_over (new.customer_id, new.lot_id) then
    for at in select oba.day_start (d) from oba.purchase_days (new.customer_id, oba.lot_born (new.customer_id, new.lot_id, new.receipt_id, new.entry_at)) d loop
      if (oba.expiry_policy (at)).mode = 'inactivity' and oba.business_day (at) <= new.expires_on then
        new.expires_on := greatest (new.expires_on, oba.lot_expiry (at));
      end if;
    end loop;
  end if;
  return new;
end $$;

-- A file: the same; and what somebody buys who is blocked moves nothing, as at a till.
select oba.patch_function ('oba.follow_batch', 'from oba.receipts r join calendar c on c.day = r.business_day
', 'from oba.receipts r left join oba.corrections k on k.replacement_receipt_id = r.receipt_id and k.happened_at is not null
    join calendar c on c.day = coalesce (oba.business_day (k.happened_at), r.business_day)
');
select oba.patch_function ('oba.follow_batch', 'r.customer_id in (select p.customer_id from pg_temp.posting p where p.person)', 'r.customer_id in (select p.customer_id from pg_temp.posting p where p.person and p.earns)');
select oba.patch_function ('oba.follow_batch', 'where x.person and x.kind = ''sale''', 'where x.person and x.earns and x.kind = ''sale''');

-- ---------------------------------------------------------------- files of sales

-- What is taken back is taken from what was given for it: of the base, and of each rule, from its own points, then from the others of the receipt. At a till those of the receipt that end first
-- went first, whatever had given them; a file did it as it is now everywhere.
create function oba.take_from_own (customer bigint, entry bigint, wanted bigint, own_receipt bigint, given bigint) returns bigint
language plpgsql
as $$
declare
  own oba.points_lots;
begin
  select * into own from oba.points_lots l where l.customer_id = customer and l.receipt_id = own_receipt and l.entry_id = given and l.remaining > 0;
  if not found then
    return 0;
  end if;
  wanted := least (wanted, own.remaining);
  update oba.points_lots l set remaining = l.remaining - wanted where l.customer_id = customer and l.lot_id = own.lot_id;
  insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) values (customer, entry, own.lot_id, wanted);
  return wanted;
end $$;
select oba.patch_function ('oba.debit', '  found_points := oba.take_from_lots (customer, entry, amount, own_receipt, oba.business_day (at));
', '  found_points := case when what = ''clawback'' then oba.take_from_own (customer, entry, amount, own_receipt, reverses) else 0 end;
  if found_points < amount then
    found_points := found_points + oba.take_from_lots (customer, entry, amount - found_points, own_receipt, oba.business_day (at));
  end if;
');

-- Of several returns in a file of one sale from before, each takes back its share of the base on its own day, as 0093 has it of the other rules.
select oba.patch_function ('oba.take_base_back', '  found_points bigint;
', '  found_points bigint;
  batch bigint := (select r.batch_id from oba.receipts r where r.customer_id = o.customer_id and r.sold_at = take_base_back.at and r.receipt_id = receipt);
');
select oba.patch_function ('oba.take_base_back', 'where r.original_receipt_id = o.receipt_id and r.kind in (''return'', ''void'') and r.sold_at >= o.sold_at;',
  'where r.original_receipt_id = o.receipt_id and r.kind in (''return'', ''void'') and r.sold_at >= o.sold_at
        and (r.batch_id is distinct from batch or batch is null or (r.sold_at, r.receipt_id) <= (take_base_back.at, receipt));');

/*
 * What is voided never happened, from then on: at a till the next receipts have the gift, or what a cap lets through, which the voided one had had. A file has the void beside its sales, and took
 * it for one that had been from the beginning, or for none. So whoever has a void in a file that could matter is reckoned sale by sale, each as if nothing later were known.
 * The texts are those of given_by_rules () and is_first_purchase (), which count a void of the batch only when it came before.
 */
do $do$
declare
  later constant text := ' and (v.batch_id is distinct from its_batch or (v.sold_at, v.receipt_id) < (its_time, its_id))';
  given text := pg_get_functiondef ('oba.given_by_rules'::regproc);
  first text := pg_get_functiondef ('oba.is_first_purchase'::regproc);
  facts constant text := $q$case when exists (select from u where u.tiers is not null) then oba.tier_before (x.person, x.at) end as tier_id,
    case when exists (select from u where u.days_before is not null) then (select k.birth_date from oba.customers k where k.customer_id = x.person) end as birth_date,
    case when exists (select from u where u.first_purchase) then oba.is_first_in_turn (x.person, x.at, x.receipt_id, null, its_batch, its_time, its_id) end as is_first$q$;
begin
  if given not like '%given_by_rules(%rules bigint[],%and v.sold_at >= l.occurred_at)%' or first not like '%is_first_purchase(%original jsonb)%and v.sold_at >= s.sold_at)%' then
    raise exception 'given_by_rules () or is_first_purchase () is not what it was';
  end if;
  execute replace (replace (replace (given, 'given_by_rules(', 'given_in_turn('), 'rules bigint[],', 'rules bigint[], its_batch bigint, its_time timestamptz, its_id bigint,'),
                   'and v.sold_at >= l.occurred_at)', 'and v.sold_at >= l.occurred_at' || later || ')');
  execute replace (replace (replace (first, 'is_first_purchase(', 'is_first_in_turn('), 'original jsonb)', 'original jsonb, its_batch bigint, its_time timestamptz, its_id bigint)'),
                   'and v.sold_at >= s.sold_at)', 'and v.sold_at >= s.sold_at' || later || ')');
  execute $q$create function oba.rules_in_turn (its_customer bigint, its_person bigint, its_time timestamptz, its_id bigint, its_store bigint, its_total bigint, its_rate bigint, its_batch bigint)
    returns setof oba.rule_gain language plpgsql set jit = off set plan_cache_mode = force_generic_plan as $b$ begin return query $q$
    || oba.rule_query ('e.live_at is not null and its_time >= e.valid_from and its_time < e.valid_to', 'e.valid_from', 'e.valid_to',
                       'select x.*, ' || facts || ' from (select its_customer as customer_id, its_person as person, its_time as sold_at, its_id as receipt_id, its_store as store_id,
                          its_time as at, its_total as total, its_total as base, its_rate as qepik_per_point) x',
                       'l.customer_id = its_customer and l.sold_at = its_time and l.receipt_id = its_id',
                       '(select b.entries from oba.given_in_turn (g.person, g.first_day, g.last_day, array[g.rule_id], its_batch, its_time, its_id) b) > 0',
                       '(select b.points from oba.given_in_turn (ROW.person, ROW.day, ROW.day, c.rules, its_batch, its_time, its_id) b)')
    || $q$; end $b$ $q$;
end $do$;

-- Who has a void in the batch that could matter for another sale of it: of a sale that another rule had given for, or that had been the first purchase.
create function oba.batch_in_turn (batch bigint) returns setof bigint
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  firsts constant boolean := exists (select from oba.earning_rules e where e.live_at is not null and e.parameters ? 'first_purchase');
begin
  return query
  select distinct v.person
  from (select case when p.customer_id in (select f.customer_id from pg_temp.families f) then oba.customer_root (p.customer_id) else p.customer_id end as person,
               p.customer_id, p.original_sold_at, p.original_receipt_id
        from pg_temp.posting p where p.kind = 'void' and p.person) v
  where exists (select from pg_temp.gains g where g.receipt_id = v.original_receipt_id)
     or exists (select from oba.points_ledger l where l.customer_id = v.customer_id and l.occurred_at = v.original_sold_at and l.receipt_id = v.original_receipt_id and l.kind = 'bonus')
     or firsts and not exists (select from oba.receipts s
                               where s.customer_id = any (oba.family_of (v.person)) and s.kind = 'sale' and (s.sold_at, s.receipt_id) < (v.original_sold_at, v.original_receipt_id)
                                 and not exists (select from oba.receipts x where x.original_receipt_id = s.receipt_id and x.kind = 'void' and x.sold_at >= s.sold_at));
end $$;

-- Returns who was.
create function oba.earn_in_turn (batch bigint) returns bigint[]
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  people constant bigint[] := array (select t from oba.batch_in_turn (batch) t);
  c record;
begin
  if cardinality (people) = 0 then
    return people;
  end if;
  delete from pg_temp.gains g where g.person = any (people);
  for c in
    select x.* from (select p.*, s.store_id, case when p.customer_id in (select f.customer_id from pg_temp.families f) then oba.customer_root (p.customer_id) else p.customer_id end as who
                     from pg_temp.posting p join oba.receipts s using (customer_id, sold_at, receipt_id) where p.kind = 'sale' and p.person and p.earns and p.qepik_per_point is not null) x
    where x.who = any (people) order by x.sold_at, x.receipt_id
  loop
    insert into pg_temp.gains
    select nextval ('oba.entry_ids'), x.customer_id, x.person, x.sold_at, x.receipt_id, x.day, x.points, x.rule_id, x.version, x.valid_months, oba.rule_inputs (x)
    from oba.rules_in_turn (c.customer_id, c.who, c.sold_at, c.receipt_id, c.store_id, c.total, c.qepik_per_point, batch) x;
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source, batch_id)
    select g.customer_id, g.sold_at, g.entry_id, 'bonus', g.points, g.rule_id, g.version, g.inputs, g.receipt_id, g.sold_at, c.source, batch from pg_temp.gains g where g.receipt_id = c.receipt_id;
  end loop;
  return people;
end $$;

select oba.patch_function ('oba.earn_more_of_batch', 'select nextval (''oba.entry_ids'') as entry_id, x.customer_id, x.sold_at,', 'select nextval (''oba.entry_ids'') as entry_id, x.customer_id, x.person, x.sold_at,');
select oba.patch_function ('oba.earn_more_of_batch', '  c record;
', '  c record;
  in_turn bigint[];
');
select oba.patch_function ('oba.earn_more_of_batch', '  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source, batch_id)
  select g.customer_id, g.sold_at, g.entry_id, ''bonus'', g.points, g.rule_id, g.version, g.inputs, g.receipt_id, g.sold_at, p.source, batch from pg_temp.gains g join pg_temp.posting p using (receipt_id);
', '  in_turn := oba.earn_in_turn (batch);
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source, batch_id)
  select g.customer_id, g.sold_at, g.entry_id, ''bonus'', g.points, g.rule_id, g.version, g.inputs, g.receipt_id, g.sold_at, p.source, batch from pg_temp.gains g join pg_temp.posting p using (receipt_id)
  where g.person <> all (in_turn);
');

select oba.patch_function ('oba.follow_batch', 'l.customer_id = m.customer_id and l.lot_id = m.lot_id and l.expires_on < m.due;', 'l.customer_id = m.customer_id and l.lot_id = m.lot_id and l.expires_on < m.due
    and (l.expires_on >= oba.business_day (now()) or not oba.lot_is_over (l.customer_id, l.lot_id));');

-- ---------------------------------------------------------------- tiers

-- The most that somebody may have by hand is the most, also where a merge brings it to a customer who has more, or more to one who has it, and the scheme would let a tier go after a grace only.
select oba.patch_function ('oba.settle_tier', '      reached := o.tier_id;
    end if;
', '      reached := o.tier_id;
    end if;
    if o.holds = ''at_most'' and not oba.tier_reaches (o.tier_id, tier) then
      tier := o.tier_id;
    end if;
');

-- Who has reached by now what was given by hand has it of their own: a lower one given after that is the most. It was the least, and they had less than that.
select oba.patch_function ('oba.do_override_tier', 'then o.from_tier else a.tier_id end;', 'then o.from_tier else a.tier_id end;
  if not oba.tier_reaches (earned, oba.tier_for (coalesce (case (oba.tier_scheme_now ()).basis when ''points'' then a.tier_points else a.tier_spend end, 0))) then
    earned := oba.tier_for (coalesce (case (oba.tier_scheme_now ()).basis when ''points'' then a.tier_points else a.tier_spend end, 0));
  end if;');

drop function oba.patch_function (text, text, text);

reset role;
