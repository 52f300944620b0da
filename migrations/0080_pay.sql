-- A part of a bill, or all of it, is paid with points.
--
-- What is paid with points is qəpik as every other means of payment; the points that it takes are that amount by the value of a point, rounded up once for the receipt.
-- They are taken from lots, soonest expiry first, by one entry of kind redeem that names the receipt, in the receipt's own transaction. A till gives the customer's
-- single-use code with it; what staff enter waits for a second person. A return gives back as much as the same rule says for what is left: so all returns together give back
-- exactly what was spent, to the very lots, the latest expiry first, as if less had been spent from the beginning. What comes back to a lot that has expired since
-- expires at once, as an entry of its own.
--
-- Codes of refusals, besides those of 0003: OB014 the second proof of spending is missing or wrong, OB015 over a limit of spending.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- rules

-- Append-only. What holds at a moment is the version that began last before it.
create table oba.spending_rules (
  version         integer primary key check (version >= 1),
  point_value     bigint not null check (point_value between 1 and 10000),          -- qəpik that a point pays
  daily_points    bigint check (daily_points between 1 and 10000000),               -- that a person can spend in a day; null: any
  earns           boolean not null,                                                 -- whether the part that is paid with points earns, too
  code_seconds    integer not null check (code_seconds between 60 and 120),         -- how long a spend code is good
  valid_from      timestamptz not null,
  created_at      timestamptz not null default now(),
  created_by      text not null default session_user
);
insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (1, 1, 50000, false, 90, '-infinity');

-- The codes that customers ask the bot for. Only a digest is kept; a used one says for what.
create table oba.spend_codes (
  customer_id     bigint not null references oba.customers,
  code_id         bigint generated always as identity,
  code_hash       bytea not null check (length (code_hash) = 32),
  made_at         timestamptz not null default now(),
  expires_at      timestamptz not null,
  used_at         timestamptz,
  receipt_sold_at timestamptz,
  receipt_id      bigint,
  primary key (customer_id, code_id),
  check ((used_at is null) = (receipt_id is null) and (used_at is null) = (receipt_sold_at is null))
);
create index spend_codes_receipt on oba.spend_codes (receipt_id) where receipt_id is not null;

create trigger append_only before update or delete on oba.spending_rules for each row execute function oba.refuse_change ();
create trigger append_only_all before truncate on oba.spending_rules for each statement execute function oba.refuse_change ();

create function oba.spending_rule (at timestamptz) returns oba.spending_rules
language sql stable
return (select s from oba.spending_rules s where s.valid_from <= at order by s.valid_from desc, s.version desc limit 1);

/*
 * {"point_value", "daily_points": null for no limit, "earns", "code_seconds", "valid_from": ISO time, without: from now on,
 *  "version": the last one when the rules were looked at} -> the new version
 */
create function oba.do_set_spending_rules (request jsonb) returns jsonb
language plpgsql
as $$
declare
  last_version integer;
  s oba.spending_rules;
begin
  perform pg_advisory_xact_lock (hashtext ('oba.spending_rules'));
  select max (r.version) into last_version from oba.spending_rules r;
  if (request ->> 'version')::integer is distinct from last_version then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  elsif coalesce ((request ->> 'point_value')::bigint, 0) not between 1 and 10000 or coalesce ((request ->> 'daily_points')::bigint, 1) not between 1 and 10000000
        or request ->> 'earns' is null or coalesce ((request ->> 'code_seconds')::integer, 0) not between 60 and 120 then
    perform oba.refuse ('OB001', 'A point is worth 1 to 10,000 qəpik, a limit of a day is 1 to 10,000,000 points, a code is good for 60 to 120 seconds.');
  elsif (request ->> 'valid_from')::timestamptz < now() then
    perform oba.refuse ('OB011', 'New rules of spending begin now or later.');
  end if;
  insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from)
  values (last_version + 1, (request ->> 'point_value')::bigint, (request ->> 'daily_points')::bigint, (request ->> 'earns')::boolean, (request ->> 'code_seconds')::integer,
          coalesce ((request ->> 'valid_from')::timestamptz, now()))
  returning * into s;
  perform oba.audit_add ('spending_rules.set', 'spending_rules', s.version::text, null,
                         jsonb_build_object ('point_value', jsonb_build_array (null, s.point_value), 'daily_points', jsonb_build_array (null, s.daily_points),
                                             'earns', jsonb_build_array (null, s.earns), 'code_seconds', jsonb_build_array (null, s.code_seconds)), null);
  return to_jsonb (s);
end $$;

-- ---------------------------------------------------------------- the second proof

create function oba.spend_code_hash (customer bigint, code text) returns bytea
language sql immutable parallel safe
return sha256 (convert_to (customer || ':' || regexp_replace (code, '[ -]', '', 'g'), 'UTF8'));

/*
 * For the bot: a code of eight digits with which a till can spend this customer's points once; earlier ones end. -> {"customer_id", "code", "seconds", "expires_at"}.
 * It is in no table: so it does not go through once(), and the bot that has lost an answer asks for another.
 */
create function oba.make_spend_code (customer bigint) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  digits text := lpad ((('x' || substr (encode (sha256 (uuid_send (gen_random_uuid ())), 'hex'), 1, 15))::bit (60)::bigint % 100000000)::text, 8, '0');
  seconds integer := (oba.spending_rule (now())).code_seconds;
begin
  customer := oba.customer_root (customer);
  perform oba.lock_account (customer, true);
  delete from oba.spend_codes k where k.customer_id = customer and k.used_at is null and k.expires_at < now() - interval '1 day';
  update oba.spend_codes k set expires_at = now() where k.customer_id = customer and k.used_at is null and k.expires_at > now();
  insert into oba.spend_codes (customer_id, code_hash, expires_at) values (customer, oba.spend_code_hash (customer, digits), now() + make_interval (secs => seconds));
  return jsonb_build_object ('customer_id', customer, 'code', digits, 'seconds', seconds, 'expires_at', now() + make_interval (secs => seconds));
end $$;

-- Takes the code for this receipt. The caller holds the account: of two tills with one code the second finds it used.
create function oba.use_spend_code (customer bigint, code text, at timestamptz, receipt bigint) returns void
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
  update oba.spend_codes k set used_at = now(), receipt_sold_at = at, receipt_id = receipt where k.customer_id = customer and k.code_id = c.code_id;
end $$;

-- ---------------------------------------------------------------- spending

-- What a person can still spend on the day of a moment; null: any.
create function oba.daily_points_left (customer bigint, at timestamptz, rules oba.spending_rules) returns bigint
language sql stable
return rules.daily_points + (select coalesce (sum (l.points), 0) from oba.points_ledger l
                             where l.customer_id = any (array (select oba.customer_family (customer))) and l.kind in ('redeem', 'restore')
                               and l.occurred_at >= oba.day_start (oba.business_day (at)) and l.occurred_at < oba.day_start (oba.business_day (at) + 1)
                               and (l.kind = 'redeem' or l.reverses_at >= oba.day_start (oba.business_day (at))));

-- Spreads @wanted points of a debit over the lots that the entry @before had taken them from, as far as they are there, then as take_from_lots () does.
create function oba.take_again (customer bigint, entry bigint, wanted bigint, before bigint, day date) returns bigint
language plpgsql
as $$
declare
  taken bigint;
begin
  with had as materialized (
    select a.lot_id, sum (a.points) as points from oba.ledger_allocations a where a.customer_id = customer and a.entry_id = before group by a.lot_id
  ), open_lots as materialized (
    select l.lot_id, least (l.remaining, h.points) as there, sum (least (l.remaining, h.points)) over (order by l.expires_on, l.lot_id) - least (l.remaining, h.points) as sooner
    from had h join oba.points_lots l on l.customer_id = customer and l.lot_id = h.lot_id where l.remaining > 0
  ), share as (
    select o.lot_id, least (o.there, wanted - o.sooner)::bigint as points from open_lots o where o.sooner < wanted
  ), lots as (
    update oba.points_lots l set remaining = l.remaining - s.points from share s where l.customer_id = customer and l.lot_id = s.lot_id
  ), allocations as (
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) select customer, entry, s.lot_id, s.points from share s
  )
  select coalesce (sum (s.points), 0) into taken from share s;
  return taken + case when taken < wanted then oba.take_from_lots (customer, entry, wanted - taken, null, day) else 0 end;
end $$;

-- The entry by which points paid for a sale, with the rules of then.
create function oba.spent_on (customer bigint, at timestamptz, receipt bigint, out entry_id bigint, out occurred_at timestamptz, out points bigint, out version integer,
                              out point_value bigint, out earns boolean)
language sql stable
as $$
  select l.entry_id, l.occurred_at, - l.points, s.version, s.point_value, s.earns
  from oba.points_ledger l join oba.spending_rules s on s.version = (l.inputs ->> 'spending_version')::integer
  where l.customer_id = customer and l.occurred_at = at and l.receipt_id = receipt and l.kind = 'redeem'
$$;

/*
 * Pays @amount of a receipt with points: @spent of them. @base: what of the receipt earns. @link: as enter_receipt() has it. A replacement of what was paid with points
 * needs no second proof for them, is paid by the rules of then and, where it can be, from the lots of then. The caller holds the account.
 */
create function oba.pay_with_points (customer bigint, at timestamptz, receipt bigint, amount bigint, total bigint, code text, via text, link jsonb, sold timestamptz,
                                     out spent bigint, out base bigint)
language plpgsql
as $$
declare
  rules oba.spending_rules := oba.spending_rule (sold);
  before bigint;                 -- the entry that paid for the original
  before_paid bigint := 0;
  entry bigint;
  there bigint;
  day date := oba.business_day (sold);
begin
  if link ? 'original' then
    select s.entry_id, r.paid_points into before, before_paid
    from oba.receipts r cross join lateral oba.spent_on (r.customer_id, r.sold_at, r.receipt_id) s
    where r.customer_id = (link #>> '{original,customer_id}')::bigint and r.sold_at = (link #>> '{original,sold_at}')::timestamptz
      and r.receipt_id = (link #>> '{original,receipt_id}')::bigint and s.entry_id is not null;
    if found then
      select s.* into rules
      from oba.points_ledger l join oba.spending_rules s on s.version = (l.inputs ->> 'spending_version')::integer
      where l.customer_id = (link #>> '{original,customer_id}')::bigint and l.occurred_at = (link #>> '{original,sold_at}')::timestamptz and l.entry_id = before;
    end if;
  end if;
  spent := (amount + rules.point_value - 1) / rules.point_value;
  base := case when rules.earns then total else total - amount end;
  if before is null or amount > before_paid then
    perform oba.lock_account (customer, true);
    if spent > oba.daily_points_left (customer, at, rules) then
      perform oba.refuse ('OB015', format ('Of the %s points that a customer can spend in a day, %s are left.', rules.daily_points, greatest (0, oba.daily_points_left (customer, at, rules))),
                          'Pay the rest in another way.');
    end if;
  end if;
  if link is null then
    perform oba.use_spend_code (customer, code, at, receipt);
  end if;
  entry := nextval ('oba.entry_ids');
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, inputs, receipt_id, receipt_sold_at, source)
  values (customer, at, entry, 'redeem', - spent,
          jsonb_build_object ('paid', amount, 'total', total, 'point_value', rules.point_value, 'spending_version', rules.version), receipt, at, via);
  there := case when before is null then oba.take_from_lots (customer, entry, spent, null, day) else oba.take_again (customer, entry, spent, before, day) end;
  if there < spent then
    perform oba.refuse ('OB007', format ('There are only %s points to spend, not %s.', there, spent), 'Choose something smaller.');
  end if;
  update oba.points_accounts p set balance = p.balance - spent, updated_at = now() where p.customer_id = customer;
end $$;

-- ---------------------------------------------------------------- giving back

-- What of a return is given back in points: of what was paid with them the share of the money that was returned, rounded down over all returns together, so that the last takes the
-- remainder. Negative, as the amounts of a return; @now_total: of this return.
create function oba.points_share (o oba.receipts, now_total bigint) returns bigint
language sql stable
return case when o.paid_points = 0 then 0
            else (select - (o.paid_points * (- coalesce (sum (r.total), 0) - now_total)::bigint / o.total) - coalesce (sum (r.paid_points), 0)::bigint
                  from oba.receipts r where r.original_receipt_id = o.receipt_id and r.kind in ('return', 'void') and r.sold_at >= o.sold_at) end;

/*
 * Gives back the points of the sale @o that are not needed any more for what is left of it, to the lots they came from. @own_only: as take_points_back() has it;
 * what has expired since then stays until the caller is done. Returns how many.
 */
create function oba.give_points_back (o oba.receipts, receipt bigint, at timestamptz, source text, own_only boolean) returns bigint
language plpgsql
as $$
declare
  e record;
  paid bigint;
  kept bigint;
  back bigint;
  entry bigint;
  owing bigint;
begin
  select * into e from oba.spent_on (o.customer_id, o.sold_at, o.receipt_id);
  if e.entry_id is null then
    return 0;
  end if;
  select o.paid_points + coalesce (sum (r.paid_points), 0) into paid from oba.receipts r
    where r.original_receipt_id = o.receipt_id and r.kind in ('return', 'void') and r.sold_at >= o.sold_at;
  kept := (paid + e.point_value - 1) / e.point_value;
  back := e.points - kept - (select coalesce (sum (l.points), 0) from oba.points_ledger l
                             where l.customer_id = o.customer_id and l.reverses_id = e.entry_id and l.kind = 'restore');
  if back <= 0 then
    return 0;
  end if;
  if not own_only then
    perform oba.expire_points_of (o.customer_id, oba.business_day (now()));
  end if;
  entry := nextval ('oba.entry_ids');
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, inputs, receipt_id, receipt_sold_at, reverses_id, reverses_at, source)
  values (o.customer_id, at, entry, 'restore', back,
          jsonb_build_object ('paid', o.paid_points, 'left', paid, 'point_value', e.point_value, 'spending_version', e.version), receipt, at, e.entry_id, e.occurred_at, source);
  with taken as materialized (
    select a.lot_id, sum (a.points) as points from oba.ledger_allocations a where a.customer_id = o.customer_id and a.entry_id = e.entry_id group by a.lot_id
  ), given as materialized (
    select a.lot_id, - sum (a.points) as points
    from oba.points_ledger l join oba.ledger_allocations a on a.customer_id = l.customer_id and a.entry_id = l.entry_id
    where l.customer_id = o.customer_id and l.reverses_id = e.entry_id and l.kind = 'restore' group by a.lot_id
  ), wanted as materialized (
    select t.lot_id, t.points - coalesce (g.points, 0) as away,
           greatest (0, least (t.points, kept - sum (t.points) over (order by l.expires_on, l.lot_id) + t.points)) as stays
    from taken t join oba.points_lots l on l.customer_id = o.customer_id and l.lot_id = t.lot_id left join given g on g.lot_id = t.lot_id
  ), share as materialized (
    select w.lot_id, (w.away - w.stays)::bigint as points from wanted w where w.away > w.stays
  ), lots as (
    update oba.points_lots l set remaining = l.remaining + s.points from share s where l.customer_id = o.customer_id and l.lot_id = s.lot_id
  )
  insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) select o.customer_id, entry, s.lot_id, - s.points from share s;
  update oba.points_accounts p set balance = p.balance + back, updated_at = now() where p.customer_id = o.customer_id returning owed into owing;
  if oba.is_erased (o.customer_id) then
    perform oba.erase_points (o.customer_id);
  elsif not own_only then
    if owing > 0 then
      perform oba.settle_debts (o.customer_id, oba.business_day (now()));
    end if;
    perform oba.expire_points_of (o.customer_id, oba.business_day (now()));
    perform oba.sweep_up (o.customer_id);   -- before what was earned is taken back, which then finds its own lot, where a merge has brought it
  end if;
  return back;
end $$;

-- As in 0060, with points. What was paid with them is given back in them, whatever the rest was paid out as.
create or replace function oba.payments_left (o oba.receipts, without bigint default null) returns jsonb
language plpgsql stable
as $$
declare
  left_over bigint[];
  points bigint;
  short bigint;
begin
  select array[o.paid_cash + coalesce (sum (r.paid_cash), 0), o.paid_card + coalesce (sum (r.paid_card), 0), o.paid_other + coalesce (sum (r.paid_other), 0)]::bigint[],
         o.paid_points + coalesce (sum (r.paid_points), 0) into left_over, points
  from oba.receipts r
  where r.original_receipt_id = o.receipt_id and r.kind in ('return', 'void') and r.sold_at >= o.sold_at and r.receipt_id is distinct from without;
  for i in 1..3 loop
    for k in 1..3 loop
      if left_over[i] < 0 and left_over[k] > 0 then
        short := least (- left_over[i], left_over[k]);
        left_over[i] := left_over[i] + short;
        left_over[k] := left_over[k] - short;
      end if;
    end loop;
  end loop;
  return jsonb_build_object ('cash', left_over[1], 'card', left_over[2], 'other', left_over[3])
         || case when points > 0 then jsonb_build_object ('points', points) else '{}' end;
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

-- The receipt. Without points it costs a look at what was paid.
select oba.patch_function ('oba.enter_receipt', '  other bigint := 0;
', '  other bigint := 0;
  by_points bigint := 0;
  base bigint := amount;
  spent bigint;
');
select oba.patch_function ('oba.enter_receipt', '    other := coalesce ((pay ->> ''other'')::bigint, 0);
', '    other := coalesce ((pay ->> ''other'')::bigint, 0);
    by_points := coalesce ((pay ->> ''points'')::bigint, 0);
');
select oba.patch_function ('oba.enter_receipt', '(least (cash, card, other) < 0 or cash + card + other <> amount or pay - ''cash'' - ''card'' - ''other'' <> ''{}'')',
'(least (cash, card, other, by_points) < 0 or cash + card + other + by_points <> amount or pay - ''cash'' - ''card'' - ''other'' - ''points'' <> ''{}'')');
select oba.patch_function ('oba.enter_receipt', 'The payments (cash, card, other) do not make the total.', 'The payments (cash, card, points, other) do not make the total.');
select oba.patch_function ('oba.enter_receipt', 'paid_cash, paid_card, paid_other, line_count', 'paid_cash, paid_card, paid_points, paid_other, line_count');
select oba.patch_function ('oba.enter_receipt', 'cash, card, other, n_lines', 'cash, card, by_points, other, n_lines');
select oba.patch_function ('oba.enter_receipt', '  if person then
    day := oba.business_day (earned_at);
', '  -- Before it earns: points of this receipt do not pay it.
  if by_points > 0 then
    if not person then
      perform oba.refuse (''OB014'', ''Only a customer pays with points, and this receipt is nobody''''s.'', ''Name the customer or the card.'');
    end if;
    select p.spent, p.base into spent, base from oba.pay_with_points (customer, at, receipt, by_points, amount, request ->> ''spend_code'', via, link, earned_at) p;
    had_balance := had_balance - spent;
  end if;
  if person then
    day := oba.business_day (earned_at);
');
select oba.patch_function ('oba.enter_receipt', 'points := coalesce (amount / qepik_per_point, 0);', 'points := coalesce (base / qepik_per_point, 0);');
select oba.patch_function ('oba.enter_receipt', 'case when earns then jsonb_build_object (''total'', amount) else jsonb_build_object (''total'', amount, ''withheld'', ''blocked'') end,',
'case when by_points > 0 then jsonb_build_object (''total'', amount, ''base'', base, ''paid_points'', by_points, ''earns_on_points'', base = amount)
                                          || case when earns then jsonb ''{}'' else jsonb ''{"withheld": "blocked"}'' end
                   when earns then jsonb_build_object (''total'', amount) else jsonb_build_object (''total'', amount, ''withheld'', ''blocked'') end,');
select oba.patch_function ('oba.enter_receipt', '''tier_changed'', tier <> had_tier);
', '''tier_changed'', tier <> had_tier);
    if by_points > 0 then
      answer := answer || jsonb_build_object (''spent'', spent);
    end if;
');

-- What is printed: whether the part that was paid with points has earned.
select oba.patch_function ('oba.receipt', '''paid_points'', r.paid_points, ', '''paid_points'', r.paid_points,
    ''part_earns'', r.paid_points <> 0 and coalesce ((oba.spent_on (r.customer_id, r.sold_at, r.receipt_id)).earns, false), ');

-- The return, by whatever way: its points come back before what it had earned is taken back.
select oba.patch_function ('oba.take_points_back', 'begin
  select l.entry_id', 'begin
  if o.paid_points > 0 then
    perform oba.give_points_back (o, receipt, at, source, own_only);
  end if;
  select l.entry_id');
select oba.patch_function ('oba.take_points_back', '(l.inputs ->> ''total'')::bigint as amount,', 'coalesce (l.inputs ->> ''base'', l.inputs ->> ''total'')::bigint as amount,
         l.inputs -> ''earns_on_points'' = ''false'' as without_points,');
select oba.patch_function ('oba.take_points_back', 'select - sum (r.total) into returned', 'select - sum (r.total - case when e.without_points then r.paid_points else 0 end) into returned');

select oba.patch_function ('oba.do_return_lines', '  answer jsonb;
', '  answer jsonb;
  by_points bigint;
');
select oba.patch_function ('oba.do_return_lines', '  insert into oba.receipts (', '  by_points := oba.points_share (o, sums.total);
  insert into oba.receipts (');
select oba.patch_function ('oba.do_return_lines', 'paid_cash, paid_card, paid_other, line_count', 'paid_points, paid_cash, paid_card, paid_other, line_count');
select oba.patch_function ('oba.do_return_lines', 'sums.total, sums.discount, sums.vat, case refund when ''cash'' then sums.total else 0 end, case refund when ''card'' then sums.total else 0 end,
          case refund when ''other'' then sums.total else 0 end,', 'sums.total, sums.discount, sums.vat, by_points, case refund when ''cash'' then sums.total - by_points else 0 end,
          case refund when ''card'' then sums.total - by_points else 0 end, case refund when ''other'' then sums.total - by_points else 0 end,');
select oba.patch_function ('oba.do_return_lines', '    perform oba.sweep_up (o.customer_id, o.receipt_id);
', '    perform oba.sweep_up (o.customer_id, o.receipt_id);
    if o.paid_points > 0 then
      answer := answer || jsonb_build_object (''paid_points'', by_points,
                                              ''restored'', (select coalesce (sum (l.points), 0) from oba.points_ledger l
                                                           where l.customer_id = o.customer_id and l.occurred_at = at and l.receipt_id = receipt and l.kind = ''restore''));
    end if;
');

select oba.patch_function ('oba.take_back', 'paid_cash, paid_card, paid_other, line_count', 'paid_points, paid_cash, paid_card, paid_other, line_count');
select oba.patch_function ('oba.take_back', 'sums.total, sums.discount, sums.vat, - (paid ->> ''cash'')::bigint', 'sums.total, sums.discount, sums.vat, - coalesce ((paid ->> ''points'')::bigint, 0), - (paid ->> ''cash'')::bigint');

-- A reversed import: of its sales, those that were put right since may have been paid with points.
select oba.patch_function ('oba.reverse_sales', 'discount, vat, paid_other, line_count,', 'discount, vat, paid_points, paid_other, line_count,');
select oba.patch_function ('oba.reverse_sales', '- total, - discount, - vat, - total, lines,',
'- total, - discount, - vat, - by_points, - total + by_points, lines,');
select oba.patch_function ('oba.reverse_sales', '  from pg_temp.reversing_receipts order by void_id;
', '  from (select v.*, coalesce ((oba.payments_left (o) ->> ''points'')::bigint, 0) as by_points
        from pg_temp.reversing_receipts v join oba.receipts o using (customer_id, sold_at, receipt_id)) x order by void_id;
');
select oba.patch_function ('oba.post_batch', '  insert into oba.receipt_keys (', '  if exists (select from oba.receipts r where r.batch_id = batch and r.kind = ''sale'' and r.paid_points <> 0) then
    perform oba.refuse (''OB001'', ''A receipt that was paid with points is not loaded in bulk.'');
  end if;
  insert into oba.receipt_keys (');

-- Of an erased customer, codes that were used stay with what they paid.
select oba.patch_function ('oba.erase_identity', '  delete from oba.customer_external_ids x where x.customer_id = any (family);
', '  delete from oba.customer_external_ids x where x.customer_id = any (family);
  delete from oba.spend_codes k where k.customer_id = any (family) and k.used_at is null;
');

-- Corrections.
create or replace function oba.pay_alike (paid jsonb, total bigint) returns jsonb
language plpgsql immutable
as $$
declare
  ways text[] := array (select p.key from jsonb_each_text (paid) p where p.value::bigint <> 0 order by 1);
  before bigint := (select sum (p.value::bigint) from jsonb_each_text (paid) p);
begin
  if before = total then
    return paid;
  elsif cardinality (ways) > 1 then
    perform oba.refuse ('OB010', 'This receipt was paid in several ways: say how the new total was paid.');
  elsif ways[1] = 'points' and total > before then
    perform oba.refuse ('OB010', 'This receipt was paid with points: say how the new total was paid.');
  end if;
  return jsonb_build_object (coalesce (ways[1], 'cash'), total);
end $$;

select oba.patch_function ('oba.undo_correction', 'paid := jsonb_build_object (''cash'', - v.paid_cash, ''card'', - v.paid_card, ''other'', - v.paid_other);',
'paid := jsonb_build_object (''cash'', - v.paid_cash, ''card'', - v.paid_card, ''other'', - v.paid_other, ''points'', - v.paid_points);');
select oba.patch_function ('oba.post_correction', '        earned := earned - ''earns'';
', '        if paid ? ''points'' then
          perform oba.refuse (''OB013'', ''This receipt was paid with points of its customer, and stays theirs.'', ''Change how it was paid first, or return it.'');
        end if;
        earned := earned - ''earns'';
');
-- What the replacement did not take again expires with its lot, and a preview says what happened to points that were spent.
select oba.patch_function ('oba.post_correction', '  seen bigint;
', '  seen bigint;
  mark bigint;
');
select oba.patch_function ('oba.post_correction', '  before := (select coalesce (jsonb_object_agg', '  mark := nextval (''oba.entry_ids'');
  before := (select coalesce (jsonb_object_agg');
select oba.patch_function ('oba.post_correction', '  perform oba.correct_tier (a,', '  if o.paid_points > 0 then
    perform oba.expire_points_of (a, oba.business_day (now())) from unnest (about) a;
  end if;
  perform oba.correct_tier (a,');
select oba.patch_function ('oba.post_correction', '|| jsonb_build_object (''seen'', seen);', '|| jsonb_build_object (''seen'', seen);
  if coalesce (o.paid_points, 0) > 0 or coalesce (new.paid_points, 0) > 0 then
    preview := preview || jsonb_build_object (''points'', (
      select jsonb_build_object (''spent'', coalesce (- sum (l.points) filter (where l.kind = ''redeem''), 0), ''restored'', coalesce (sum (l.points) filter (where l.kind = ''restore''), 0),
                                 ''expired'', coalesce (- sum (l.points) filter (where l.kind = ''expire''), 0))
      from oba.points_ledger l where l.customer_id = any (about || o.customer_id) and l.entry_id > mark));
  end if;');
-- What came back to a lot that had expired is lost when it came back, not before.
select oba.patch_function ('oba.expire_points_of', 'greatest (oba.day_start (d.expires_on + 1), oba.open_from ())',
'greatest (oba.day_start (d.expires_on + 1), oba.open_from (),
            (select max (l.occurred_at) from oba.points_lots x
             join oba.ledger_allocations a on a.customer_id = x.customer_id and a.lot_id = x.lot_id and a.points < 0
             join oba.points_ledger l on l.customer_id = a.customer_id and l.entry_id = a.entry_id
             where x.customer_id = customer and x.remaining > 0 and x.expires_on = d.expires_on))');
-- Whoever spends a customer's points without their code asks a second person.
select oba.patch_function ('oba.second_person', '(4, ''own'', l.own_receipts and o.source = ''staff'' and owner = proposer))',
'(4, ''own'', l.own_receipts and o.source = ''staff'' and owner = proposer),
                       (5, ''spend'', coalesce (new.paid_points, 0) + coalesce (back.paid_points, 0) > 0))');

drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- what a till asks before

/*
 * {"customer_id" | "card": the code read or the number printed, "total": of the bill, or none} ->
 * {"customer_id", "balance", "spendable": points that can be spent now, "point_value": qəpik, "worth": qəpik, "why": "blocked" | "locked" | "limit" | null: what keeps some back,
 *  "total", "amount": qəpik of the bill that points can pay, "points": that this takes}. Nothing is reserved.
 */
create function oba.quote_points (request jsonb) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  bill bigint := (request ->> 'total')::bigint;
  rules oba.spending_rules := oba.spending_rule (now());
  card oba.cards;
  a oba.points_accounts;
  state text;
  there bigint;
  left_today bigint;
  can bigint;
begin
  if jsonb_typeof (request) is distinct from 'object' or (customer is null and request ->> 'card' is null) then
    perform oba.refuse ('OB001', 'Name the customer or the card.');
  elsif bill not between 0 and 100000000 then
    perform oba.refuse ('OB001', 'The total of a receipt is between 0 and 1,000,000 AZN.');
  end if;
  if customer is null then
    card := oba.card_of (request ->> 'card');
    if card.token_hash is null then
      perform oba.refuse ('OB002', 'This card is not known.');
    elsif card.state <> 'active' then
      perform oba.refuse ('OB006', format ('This card is %s.', card.state));
    end if;
    customer := card.customer_id;
  end if;
  customer := oba.customer_root (customer);
  select * into a from oba.points_accounts p where p.customer_id = customer;
  select c.status into state from oba.customers c where c.customer_id = customer and c.kind = 'person';
  if a.customer_id is null or state = 'erased' then
    perform oba.refuse ('OB002', format ('There is no customer %s.', coalesce (customer::text, request ->> 'customer_id')));
  end if;
  select coalesce (sum (l.remaining), 0) into there from oba.points_lots l
    where l.customer_id = customer and l.remaining > 0 and l.expires_on >= oba.business_day (now());
  left_today := greatest (0, oba.daily_points_left (customer, now(), rules));
  can := case when state = 'blocked' or a.spending_locked_at is not null then 0 else least (there, left_today) end;
  return jsonb_build_object ('customer_id', customer, 'balance', a.balance, 'spendable', can, 'point_value', rules.point_value, 'worth', can * rules.point_value,
                             'why', case when state = 'blocked' then 'blocked' when a.spending_locked_at is not null then 'locked' when left_today < there then 'limit' end)
         || case when bill is null then '{}'
                 else jsonb_build_object ('total', bill, 'amount', least (bill, can * rules.point_value),
                                          'points', (least (bill, can * rules.point_value) + rules.point_value - 1) / rules.point_value) end;
end $$;

-- ---------------------------------------------------------------- rights

select oba.add_action ('set_spending_rules', 'oba_admin');
grant execute on function oba.make_spend_code (bigint), oba.quote_points (jsonb) to oba_helper;
grant execute on function oba.spending_rule (timestamptz) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select on oba.spending_rules to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant select (customer_id, code_id, made_at, expires_at, used_at, receipt_sold_at, receipt_id) on oba.spend_codes to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
