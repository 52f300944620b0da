-- What random operations found out about points that last from the last purchase.

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

select oba.patch_function ('oba.follow_batch', 'l.customer_id = m.customer_id and l.lot_id = m.lot_id and l.expires_on < m.due;', 'l.customer_id = m.customer_id and l.lot_id = m.lot_id and l.expires_on < m.due
    and (l.expires_on >= oba.business_day (now()) or not oba.lot_is_over (l.customer_id, l.lot_id));');

drop function oba.patch_function (text, text, text);

reset role;
