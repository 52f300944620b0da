-- Receipts are put right: returned, voided, changed, moved, entered from paper, and each of these undone; months are closed.
--
-- Nothing that happened is edited. What was wrong is taken back by a reversing receipt (kind void or return), and what is right instead is a sale that names the receipt
-- it replaces; oba.corrections ties them together, with the reason and who. The entries are dated to what they correct, so that each day is right in the end; only
-- when that day's month is closed they are dated to now, in the open month. Points follow in the same transaction: taken back is what that very receipt had earned,
-- the replacement earns by the rule and version that had earned, and its points expire when those would have.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- months that are closed

-- Append-only. Before the first of them nothing is open either.
create table oba.closed_months (
  month           date primary key check (extract (day from month) = 1),
  closed_at       timestamptz not null default now(),
  closed_by       text not null default session_user
);
-- Append-only: what a month made when it was closed.
create table oba.month_totals (
  month           date primary key references oba.closed_months,
  receipts        bigint not null,                                                 -- sales
  returns         bigint not null,                                                 -- returns and voids
  revenue         bigint not null,
  issued          bigint not null,                                                 -- points: earned and given
  redeemed        bigint not null,                                                 -- less what was given back
  clawed_back     bigint not null,
  expired         bigint not null,
  adjusted        bigint not null,                                                 -- by hand and by merges
  liability       bigint not null,                                                 -- all points at the end of the month
  counted_at      timestamptz not null default now()
);
do $$
declare
  t text;
begin
  foreach t in array array['closed_months', 'month_totals'] loop
    execute format ('create trigger append_only before update or delete on oba.%I for each row execute function oba.refuse_change ()', t);
    execute format ('create trigger append_only_all before truncate on oba.%I for each statement execute function oba.refuse_change ()', t);
  end loop;
end $$;

-- The first moment to which an entry can be dated.
create function oba.open_from () returns timestamptz
language sql stable
return coalesce ((select oba.day_start ((max (c.month) + interval '1 month')::date) from oba.closed_months c), '-infinity');

-- Whoever dates something waits for a closing that is under way, and a closing for them.
create function oba.hold_month (at timestamptz) returns void
language plpgsql
as $$
declare
  last_month date;
begin
  perform pg_advisory_xact_lock_shared (hashtext ('oba.close_month'));
  -- Not by open_from (), which would be planned anew for every receipt.
  select max (c.month) into last_month from oba.closed_months c;
  if at < oba.day_start ((last_month + interval '1 month')::date) then
    perform oba.refuse ('OB011', 'This month is closed.', 'It is corrected by an entry in the open month: a clerk records it as a missed receipt.');
  end if;
end $$;

-- When something is entered that belongs to a moment.
create function oba.entry_time (at timestamptz) returns timestamptz
language sql stable
return case when at >= oba.open_from () then at else now() end;

-- What a month makes. The liability goes on from that of the month before it, when that is closed, or is counted from the beginning.
create function oba.count_month (first date) returns oba.month_totals
language sql stable
as $$
  select first, s.receipts, s.returns, s.revenue, l.issued, l.redeemed, l.clawed_back, l.expired, l.adjusted,
         coalesce ((select c.liability from oba.month_totals c where c.month = (first - interval '1 month')::date) + l.points,
                   (select sum (p.points) from oba.points_ledger p where p.occurred_at < oba.day_start ((first + interval '1 month')::date)), 0)::bigint,
         now()
  from (select count (*) filter (where r.kind = 'sale') as receipts, count (*) filter (where r.kind in ('return', 'void')) as returns,
               coalesce (sum (r.total), 0)::bigint as revenue
        from oba.receipts r where r.sold_at >= oba.day_start (first) and r.sold_at < oba.day_start ((first + interval '1 month')::date)) s
  cross join (select coalesce (sum (p.points) filter (where p.kind in ('earn', 'bonus')), 0)::bigint as issued,
                     coalesce (- sum (p.points) filter (where p.kind in ('redeem', 'restore')), 0)::bigint as redeemed,
                     coalesce (- sum (p.points) filter (where p.kind = 'clawback'), 0)::bigint as clawed_back,
                     coalesce (- sum (p.points) filter (where p.kind = 'expire'), 0)::bigint as expired,
                     coalesce (sum (p.points) filter (where p.kind in ('adjust', 'transfer')), 0)::bigint as adjusted,
                     coalesce (sum (p.points), 0)::bigint as points
              from oba.points_ledger p where p.occurred_at >= oba.day_start (first) and p.occurred_at < oba.day_start ((first + interval '1 month')::date)) l
$$;

/*
 * Closes a month, from the second day of the next one on; months are closed in their order. Called twice, since tills wait for the first time, which is short:
 * {"month": its first day} -> {"month", "counted": false}: nothing can be dated into it any more
 *                          -> {"month", "counted": true, "receipts", ...}: and its control totals, which verify checks ever after
 */
create function oba.do_close_month (request jsonb) returns jsonb
language plpgsql
as $$
declare
  first date := (request ->> 'month')::date;
  last_month date;
  m date;
begin
  if first is null or extract (day from first) <> 1 or first < '2000-01-01' then
    perform oba.refuse ('OB001', 'A month is named by its first day.');
  elsif oba.business_day (now()) < first + interval '1 month 1 day' then
    perform oba.refuse ('OB011', 'A month can be closed from the second day of the next month on.');
  elsif not exists (select from oba.closed_months c where c.month = first) then
    -- Not in the queue: whoever records would stand behind us, as long as an import is posted.
    for i in 1..200 loop
      exit when pg_try_advisory_xact_lock (hashtext ('oba.close_month'));
      if i = 200 then
        perform oba.refuse ('OB013', 'Receipts are being loaded just now.', 'Close the month when that is over.');
      end if;
      perform pg_sleep (0.01);
    end loop;
    select max (c.month) into last_month from oba.closed_months c;
    if first <= last_month then
      perform oba.refuse ('OB013', 'This month is closed already.');
    elsif first > last_month + interval '1 month' then
      perform oba.refuse ('OB013', 'Months are closed one after the other.', 'Close the month before it first.');
    end if;
    insert into oba.closed_months (month) values (first);
    perform oba.audit_add ('month.close', 'month', first::text, null, '{}', null);
    return jsonb_build_object ('month', first, 'counted', false);
  elsif exists (select from oba.month_totals t where t.month = first) then
    perform oba.refuse ('OB013', 'This month is closed already.');
  end if;
  perform pg_advisory_xact_lock (hashtext ('oba.count_month'));
  for m in select c.month from oba.closed_months c where c.month <= first and not exists (select from oba.month_totals t where t.month = c.month) order by 1 loop
    insert into oba.month_totals select t.* from oba.count_month (m) t;
  end loop;
  return (select to_jsonb (t) || '{"counted": true}' from oba.month_totals t where t.month = first);
end $$;

-- ---------------------------------------------------------------- one way in

/*
 * What do_record_receipt() does, and what puts receipts right does with them. @link is null for a receipt that comes from its till, else:
 * {"at": when it is entered, "earned_at": when it was sold: the rule and the expiry follow that; and of a replacement "original": {"customer_id", "sold_at", "receipt_id"},
 *  "rule_id", "rule_version": what had earned, "earns": whether it had, "carried": its lines are what was left of the original, "silent": nobody is told,
 *  "reason_code", "batch_id"}. A replacement gets a number of its own.
 */
create function oba.enter_receipt (request jsonb, link jsonb) returns jsonb
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
  day date;
  earned_at timestamptz;
  answer jsonb;
  chat bigint;
  carried boolean := coalesce ((link ->> 'carried')::boolean, false);
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

  if not coalesce (link ? 'original', false) then
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
  end if;
  -- What is recorded already stays; only then does it matter whether its month is closed.
  earned_at := at;
  if link is null then
    perform oba.hold_month (at);
  else
    earned_at := (link ->> 'earned_at')::timestamptz;
    at := (link ->> 'at')::timestamptz;
  end if;
  day := oba.business_day (earned_at);

  -- Whose it is.
  if customer is null and request ->> 'card' is not null then
    select k.customer_id, k.state into known from oba.cards k where k.token_hash = sha256 (convert_to (request ->> 'card', 'UTF8'));
    if not found then
      select k.customer_id, k.state into known from oba.cards k where k.number = request ->> 'card';
    end if;
    if not found then
      perform oba.refuse ('OB002', 'This card is not known.', 'Post the receipt without a card; it can be attached to the customer later.');
    elsif known.state not in ('active', 'revoked') then
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
    if exists (select from oba.customers k where k.customer_id = customer and k.merged_into is not null) then
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
    if not found or (known.status = 'erased' and via = 'staff') then
      perform oba.refuse ('OB002', format ('There is no customer %s.', customer));
    elsif known.store_id is null then
      perform oba.refuse ('OB002', format ('There is no store %s.', store));
    end if;
    if known.status = 'erased' then
      select w.customer_id into customer from oba.walk_ins w where w.store_id = store;
    else
      person := true;
      earns := coalesce ((link ->> 'earns')::boolean, known.status = 'active');
    end if;
  end if;
  if via = 'staff' then
    perform oba.check_scope (store);
  end if;

  receipt := nextval ('oba.receipt_ids');
  if link ? 'original' then
    no := 'C' || receipt;
  end if;
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
                     when abs (l.total + l.discount - l.quantity * l.unit_price) > 1 and not carried then 'sum' end as wrong
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
                            paid_cash, paid_card, paid_other, line_count, reason, source,
                            original_customer_id, original_sold_at, original_receipt_id, reason_code, batch_id)
  values (customer, at, receipt, store, till, no, request ->> 'cashier', request ->> 'fiscal_id', amount, sums.discount, sums.vat,
          cash, card, other, sums.lines, request ->> 'reason', via,
          (link #>> '{original,customer_id}')::bigint, (link #>> '{original,sold_at}')::timestamptz, (link #>> '{original,receipt_id}')::bigint,
          link ->> 'reason_code', (link ->> 'batch_id')::bigint);

  answer := jsonb_build_object ('receipt_id', receipt, 'customer_id', customer, 'sold_at', at);
  if person then
    select e.rule_id, e.version, (e.parameters ->> 'qepik_per_point')::bigint as qepik_per_point, (e.parameters ->> 'valid_months')::integer as valid_months
      into rule from oba.earning_rules e where e.kind = 'base' and e.state = 'live' and earned_at >= e.valid_from and earned_at < e.valid_to
      order by e.version desc limit 1;
    if link ->> 'rule_id' is not null then
      select e.rule_id, e.version, (e.parameters ->> 'qepik_per_point')::bigint as qepik_per_point, (e.parameters ->> 'valid_months')::integer as valid_months
        into rule from oba.earning_rules e where e.rule_id = (link ->> 'rule_id')::bigint and e.version = (link ->> 'rule_version')::integer;
    end if;
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
    day := oba.business_day (at);
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
    if not coalesce ((link ->> 'silent')::boolean, false) then
      select l.chat_id into chat from oba.telegram_links l where l.customer_id = customer and l.unreachable_at is null;
    end if;
    if chat is not null then
      insert into oba.outbox (customer_id, chat_id, kind, payload)
      values (customer, chat, 'receipt', answer || jsonb_build_object ('store', store, 'total', amount));
      if tier <> a.tier_id then
        insert into oba.outbox (customer_id, chat_id, kind, payload) values (customer, chat, 'tier', jsonb_build_object ('from', a.tier_id, 'to', tier));
      end if;
    end if;
  end if;
  if via = 'staff' and link is null then
    perform oba.audit_add ('receipt.record', 'receipt', receipt::text, customer,
                           jsonb_build_object ('total', jsonb_build_array (null, amount), 'receipt_no', jsonb_build_array (null, no)), request ->> 'reason');
  end if;
  insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id, request_hash, answer)
  values (store, till, no, customer, at, receipt, hash, answer);
  return answer;
end $$;

-- As a till or the importer of single receipts sends it: see 0006.
create or replace function oba.do_record_receipt (request jsonb) returns jsonb
language plpgsql
as $$
begin
  return oba.enter_receipt (request, null);
end $$;

-- Changes one place of a long function and leaves the rest as other migrations made it.
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

select oba.patch_function ('oba.do_return_lines', '  -- Returns of one sale go one after the other; then the account, as everywhere.',
'  perform oba.hold_month (at);
  -- Returns of one sale go one after the other; then the account, as everywhere.');
select oba.patch_function ('oba.do_return_lines', 'request ->> ''reason_code'', request ->> ''reason'', via);',
'request ->> ''reason_code'', case when not oba.is_erased (o.customer_id) then request ->> ''reason'' end, via);');
select oba.patch_function ('oba.post_batch', '  get diagnostics n = row_count;
  analyze pg_temp.posting;',
'  get diagnostics n = row_count;
  analyze pg_temp.posting;
  perform oba.hold_month (min (p.sold_at)) from pg_temp.posting p having count (*) > 0;');
-- What expires in a closed month and was not noticed then, expires in the open one.
select oba.patch_function ('oba.expire_points_of', 'begin
  for d in', 'begin
  perform pg_advisory_xact_lock_shared (hashtext (''oba.close_month''));
  for d in');
select oba.patch_function ('oba.expire_points_of', 'values (customer, oba.day_start (d.expires_on + 1), entry,', 'values (customer, greatest (oba.day_start (d.expires_on + 1), oba.open_from ()), entry,');

-- ---------------------------------------------------------------- taking back

/*
 * Points of a return: what the sale @o earned, less what its remaining amount would earn under the rule and version that earned it, less
 * what earlier returns took back. So all returns together never take more than was earned, and a full return takes exactly that.
 * @own_only: from the receipt's own lot; what was spent of it is owed, until the replacement or settle_debts() pays it: so other lots stay what they are.
 */
create function oba.take_points_back (o oba.receipts, receipt bigint, at timestamptz, source text, own_only boolean) returns bigint
language plpgsql
as $$
declare
  e record;
  returned bigint;
  wanted bigint;
  entry bigint;
  found_points bigint;
begin
  select l.entry_id, l.occurred_at, l.points, l.rule_id, l.rule_version, (l.inputs ->> 'total')::bigint as amount,
         (r.parameters ->> 'qepik_per_point')::bigint as qepik_per_point
    into e from oba.points_ledger l join oba.earning_rules r on r.rule_id = l.rule_id and r.version = l.rule_version
    where l.customer_id = o.customer_id and l.occurred_at = o.sold_at and l.receipt_id = o.receipt_id and l.kind = 'earn';
  if not found or e.points = 0 then
    return 0;
  end if;
  select - sum (r.total) into returned from oba.receipts r
    where r.original_receipt_id = o.receipt_id and r.kind in ('return', 'void') and r.sold_at >= o.sold_at;
  wanted := e.points - greatest (0, e.amount - returned) / e.qepik_per_point
            + (select coalesce (sum (l.points), 0) from oba.points_ledger l
               where l.customer_id = o.customer_id and l.reverses_id = e.entry_id and l.kind = 'clawback');
  if wanted <= 0 then
    return wanted;
  elsif not own_only then
    perform oba.debit (o.customer_id, at, 'clawback', wanted, o.receipt_id, true, receipt, at, e.entry_id, e.occurred_at, e.rule_id, e.rule_version,
                       jsonb_build_object ('total', e.amount, 'returned', returned), null, source);
    return wanted;
  end if;

  entry := nextval ('oba.entry_ids');
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, reverses_id, reverses_at, source)
  values (o.customer_id, at, entry, 'clawback', - wanted, e.rule_id, e.rule_version, jsonb_build_object ('total', e.amount, 'returned', returned), receipt, at,
          e.entry_id, e.occurred_at, source);
  with share as (
    select l.lot_id, least (l.remaining, wanted) as points from oba.points_lots l where l.customer_id = o.customer_id and l.entry_id = e.entry_id and l.remaining > 0
  ), lots as (
    update oba.points_lots l set remaining = l.remaining - s.points from share s where l.customer_id = o.customer_id and l.lot_id = s.lot_id
  ), allocations as (
    insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) select o.customer_id, entry, s.lot_id, s.points from share s
  )
  select coalesce (sum (s.points), 0) into found_points from share s;
  if found_points < wanted then
    insert into oba.points_debts (customer_id, entry_id, entry_at, points, remaining) values (o.customer_id, entry, at, wanted - found_points, wanted - found_points);
  end if;
  update oba.points_accounts p
  set balance = p.balance - wanted, owed = p.owed + wanted - found_points, lifetime = p.lifetime - wanted, updated_at = now()
  where p.customer_id = o.customer_id;
  return wanted;
end $$;

create or replace function oba.claw_back (o oba.receipts, receipt bigint, at timestamptz, source text) returns bigint
language plpgsql
as $$
begin
  return oba.take_points_back (o, receipt, at, source, false);
end $$;

-- What is not returned of a sale, line by line.
create function oba.lines_left (o oba.receipts)
returns table (line_no integer, product_id bigint, unit_price bigint, quantity bigint, discount bigint, vat bigint, total bigint)
language sql stable
as $$
  with back as materialized (
    select l.original_line_no, sum (l.quantity) as quantity, sum (l.discount) as discount, sum (l.vat) as vat, sum (l.total) as total
    from oba.receipts r join oba.receipt_lines l on l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id
    where r.original_receipt_id = o.receipt_id and r.kind in ('return', 'void') and r.sold_at >= o.sold_at group by 1
  )
  select s.line_no, s.product_id, s.unit_price, (s.quantity + coalesce (b.quantity, 0))::bigint, (s.discount + coalesce (b.discount, 0))::bigint,
         (s.vat + coalesce (b.vat, 0))::bigint, (s.total + coalesce (b.total, 0))::bigint
  from oba.receipt_lines s left join back b on b.original_line_no = s.line_no
  where s.customer_id = o.customer_id and s.sold_at = o.sold_at and s.receipt_id = o.receipt_id and s.quantity + coalesce (b.quantity, 0) > 0
$$;

-- How what is left of a sale, or would be left @without one of its returns, was paid: {"cash", "card", "other"}. What was paid out otherwise than paid in is set off
-- against the rest.
create function oba.payments_left (o oba.receipts, without bigint default null) returns jsonb
language plpgsql stable
as $$
declare
  left_over bigint[];
  short bigint;
begin
  select array[o.paid_cash + coalesce (sum (r.paid_cash), 0), o.paid_card + coalesce (sum (r.paid_card), 0), o.paid_other + coalesce (sum (r.paid_other), 0)]::bigint[] into left_over
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
  return jsonb_build_object ('cash', left_over[1], 'card', left_over[2], 'other', left_over[3]);
end $$;

-- Takes back all that is left of a sale, paid out as it was paid in. Returns the reversing receipt; nothing is left: null. The caller holds the sale and the accounts.
create function oba.take_back (o oba.receipts, at timestamptz, code text, why text, own_only boolean) returns bigint
language plpgsql
as $$
declare
  receipt bigint := nextval ('oba.receipt_ids');
  paid jsonb := oba.payments_left (o);
  sums record;
begin
  with kept as (
    insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, discount, vat, total, original_line_no)
    select o.customer_id, at, receipt, row_number () over (order by l.line_no), l.product_id, - l.quantity, l.unit_price, - l.discount, - l.vat, - l.total, l.line_no
    from oba.lines_left (o) l
    returning total, discount, vat
  )
  select count (*)::integer as lines, coalesce (sum (k.total), 0)::bigint as total, coalesce (sum (k.discount), 0)::bigint as discount, coalesce (sum (k.vat), 0)::bigint as vat
    into sums from kept k;
  if sums.lines = 0 then
    return null;
  end if;
  insert into oba.receipts (customer_id, sold_at, receipt_id, kind, store_id, till_no, receipt_no, total, discount, vat, paid_cash, paid_card, paid_other, line_count,
                            original_customer_id, original_sold_at, original_receipt_id, reason_code, reason, source)
  values (o.customer_id, at, receipt, 'void', o.store_id, 0, 'R' || receipt, sums.total, sums.discount, sums.vat, - (paid ->> 'cash')::bigint, - (paid ->> 'card')::bigint,
          - (paid ->> 'other')::bigint, sums.lines, o.customer_id, o.sold_at, o.receipt_id, code, why, 'staff');
  insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id) values (o.store_id, 0, 'R' || receipt, o.customer_id, at, receipt);
  if exists (select from oba.points_accounts p where p.customer_id = o.customer_id) then
    perform oba.take_points_back (o, receipt, at, 'staff', own_only);
    perform oba.sweep_up (o.customer_id, o.receipt_id);
  end if;
  return receipt;
end $$;

-- The tier of a person anew after a correction, up or down, as if the receipts had been right from the beginning; an override stays.
create function oba.correct_tier (customer bigint, at timestamptz) returns void
language plpgsql
as $$
declare
  a oba.points_accounts;
  day date;
  spent bigint;
begin
  select * into a from oba.points_accounts p where p.customer_id = customer;
  day := greatest (a.tier_day, oba.business_day (at));
  select coalesce (sum (r.total), 0) into spent from oba.receipts r
    where r.customer_id = any (array (select oba.customer_family (customer)))
      and r.sold_at >= oba.day_start (oba.tier_window_start (day)) and r.sold_at < oba.day_start (day + 1);
  perform oba.recount_tier (customer, day, true,
                            case when coalesce ((select max (t.tier_id) from oba.tiers t where t.threshold <= spent), 1) < a.tier_id then 'downgrade' else 'spend' end);
end $$;

-- ---------------------------------------------------------------- corrections

-- What was put right, how, and by whom. The free text is in the reversing receipt (or the missed one), where an erasure finds it.
create table oba.corrections (
  correction_id           bigint generated always as identity primary key,
  kind                    text not null check (kind in ('return', 'void', 'change', 'move', 'missed', 'undo')),
  reason_code             text not null check (length (reason_code) between 1 and 40),
  original_customer_id    bigint,                                                  -- what was wrong; null: it was missing
  original_sold_at        timestamptz,
  original_receipt_id     bigint,
  reversal_customer_id    bigint,                                                  -- what takes it back
  reversal_sold_at        timestamptz,
  reversal_receipt_id     bigint,
  replacement_customer_id bigint,                                                  -- what holds instead
  replacement_sold_at     timestamptz,
  replacement_receipt_id  bigint,
  happened_at             timestamptz,                                             -- the true time, where its month was closed
  undoes                  bigint unique references oba.corrections,
  approval_id             bigint references oba.approvals,
  made_at                 timestamptz not null default now(),
  made_by                 text not null,                                           -- who proposed it
  posted_by               text not null default session_user,                      -- who posted or approved it
  check ((original_receipt_id is null) = (kind = 'missed')),
  check (reversal_receipt_id is not null or replacement_receipt_id is not null),
  check ((kind = 'undo') = (undoes is not null)),
  check (approval_id is null or made_by <> posted_by)
);
create index corrections_original on oba.corrections (original_receipt_id) where original_receipt_id is not null;
create index corrections_reversal on oba.corrections (reversal_receipt_id) where reversal_receipt_id is not null;
create index corrections_replacement on oba.corrections (replacement_receipt_id) where replacement_receipt_id is not null;
create index corrections_by_time on oba.corrections (made_at desc, correction_id desc);
create trigger append_only before update or delete on oba.corrections for each row execute function oba.refuse_change ();
create trigger append_only_all before truncate on oba.corrections for each statement execute function oba.refuse_change ();

-- Up to where one person may correct alone.
create table oba.correction_limits (
  only_row        boolean primary key default true check (only_row),
  amount          bigint not null default 5000 check (amount >= 0),                -- qəpik
  points          bigint not null default 50 check (points >= 0),
  age_days        integer not null default 14 check (age_days between 0 and 36600),         -- of the receipt
  own_receipts    boolean not null default true,                                   -- what one has entered oneself needs a second person
  version         integer not null default 1
);
insert into oba.correction_limits default values;
create trigger audit after update on oba.correction_limits for each row execute function oba.audit_row ('correction_limits', 'only_row');

create function oba.correction_reasons () returns text[]
language sql immutable parallel safe
return array['damaged', 'not_wanted', 'wrong_price', 'wrong_quantity', 'wrong_item', 'wrong_customer', 'forgot_card', 'wrong_store', 'wrong_time', 'duplicate',
             'till_fault', 'cashier_error', 'missed', 'mistake', 'other'];

-- {"amount", "points", "age_days", "own_receipts", "version": of the limits that were looked at} -> the limits as they are now
create function oba.do_set_correction_limits (request jsonb) returns jsonb
language plpgsql
as $$
declare
  l oba.correction_limits;
begin
  select * into l from oba.correction_limits for update;
  if (request ->> 'version')::integer is distinct from l.version then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  elsif coalesce ((request ->> 'amount')::bigint, -1) < 0 or coalesce ((request ->> 'points')::bigint, -1) < 0 or request ->> 'own_receipts' is null
        or coalesce ((request ->> 'age_days')::integer, -1) not between 0 and 36600 then
    perform oba.refuse ('OB001', 'The limits of corrections are an amount, points and days, none below 0, and whether own receipts need a second person.');
  end if;
  update oba.correction_limits c
  set amount = (request ->> 'amount')::bigint, points = (request ->> 'points')::bigint, age_days = (request ->> 'age_days')::integer,
      own_receipts = (request ->> 'own_receipts')::boolean, version = c.version + 1
  returning * into l;
  return to_jsonb (l) - 'only_row';
end $$;

-- What a correction looks at before and after: the figures of a person, and each lot: {"lot": [day, remaining]}.
create function oba.correction_figures (customer bigint) returns jsonb
language sql stable
return (select jsonb_build_object ('customer_id', a.customer_id, 'balance', a.balance, 'owed', a.owed, 'tier', a.tier_id, 'spend', a.tier_spend,
                                   'lots', (select coalesce (jsonb_object_agg (l.lot_id, jsonb_build_array (l.expires_on, l.remaining)), '{}')
                                            from oba.points_lots l where l.customer_id = a.customer_id))
        from oba.points_accounts a where a.customer_id = customer);

-- What changed between the two: {"customer_id", "balance": [before, after], "owed", "tier", "spend", "lots": [{"lot_id": null for a new one, "expires_on", "before", "after"}]}
create function oba.figures_changed (before jsonb, after jsonb) returns jsonb
language sql stable
return (select jsonb_build_object ('customer_id', before -> 'customer_id', 'balance', jsonb_build_array (before -> 'balance', after -> 'balance'),
                                   'owed', jsonb_build_array (before -> 'owed', after -> 'owed'), 'tier', jsonb_build_array (before -> 'tier', after -> 'tier'),
                                   'spend', jsonb_build_array (before -> 'spend', after -> 'spend'),
                                   'lots', coalesce (jsonb_agg (jsonb_build_object ('lot_id', case when before -> 'lots' ? x.key then x.key::bigint end, 'expires_on', x.value -> 0,
                                                                                    'before', coalesce (before #> array['lots', x.key, '1'], '0'), 'after', x.value -> 1)
                                                                order by x.value ->> 0, x.key::bigint) filter (where x.key is not null), '[]'))
        from (select 1) one left join jsonb_each (after -> 'lots') x on before #> array['lots', x.key] is distinct from x.value and (before -> 'lots' ? x.key or x.value ->> 1 <> '0'));

-- The receipt that is meant: {"customer_id", "sold_at", "receipt_id"} or {"store", "till", "receipt_no"}.
create function oba.find_receipt (named jsonb) returns oba.receipts
language plpgsql stable
as $$
declare
  o oba.receipts;
begin
  if named ? 'receipt_id' then
    select r.* into o from oba.receipts r
    where r.customer_id = (named ->> 'customer_id')::bigint and r.sold_at = (named ->> 'sold_at')::timestamptz and r.receipt_id = (named ->> 'receipt_id')::bigint;
  else
    select r.* into o from oba.receipt_keys k join oba.receipts r using (customer_id, sold_at, receipt_id)
    where k.store_id = (named ->> 'store')::bigint and k.till_no = coalesce ((named ->> 'till')::integer, 0) and k.receipt_no = named ->> 'receipt_no';
  end if;
  if o.receipt_id is null then
    perform oba.refuse ('OB002', 'There is no such receipt.', 'Check store, till and receipt number on the paper.');
  end if;
  return o;
end $$;

-- Locks the accounts of persons and of those who stand for them, lower ids first, as everywhere. Returns the roots, walk-ins left out.
create function oba.lock_accounts (customers bigint[]) returns bigint[]
language plpgsql
as $$
declare
  wanted bigint[];
  seen bigint[] := '{}';
begin
  loop
    wanted := array (select distinct p from unnest (customers) c cross join lateral unnest (oba.customer_path (c)) p where c is not null order by 1);
    exit when wanted = seen;
    perform from oba.points_accounts a where a.customer_id = any (wanted) order by a.customer_id for update;
    seen := wanted;
  end loop;
  return array (select distinct oba.customer_root (c) from unnest (customers) c where exists (select from oba.points_accounts a where a.customer_id = c) order by 1);
end $$;

-- Of an erased customer no free text is kept, not even about a receipt.
create function oba.is_erased (customer bigint) returns boolean
language sql stable
return exists (select from oba.customers c where c.customer_id = customer and c.status = 'erased');

-- How the points of a sale were earned: {"rule_id", "rule_version", "earns"}, nothing of a walk-in's.
create function oba.earned_by (o oba.receipts) returns jsonb
language sql stable
return coalesce ((select jsonb_build_object ('rule_id', l.rule_id, 'rule_version', l.rule_version, 'earns', not l.inputs ? 'withheld')
                  from oba.points_ledger l
                  where l.customer_id = o.customer_id and l.occurred_at = o.sold_at and l.receipt_id = o.receipt_id and l.kind = 'earn'), '{}');

-- The true time of a sale that was entered in a later month, because its own was closed.
create function oba.true_time (o oba.receipts) returns timestamptz
language sql stable
return coalesce ((select c.happened_at from oba.corrections c where c.replacement_receipt_id = o.receipt_id), o.sold_at);

-- {"cash", "card", "other"} of a new total: as it was paid before, when that was one way.
create function oba.pay_alike (paid jsonb, total bigint) returns jsonb
language plpgsql immutable
as $$
declare
  ways text[] := array (select p.key from jsonb_each_text (paid) p where p.value::bigint <> 0 order by 1);
begin
  if (select sum (p.value::bigint) from jsonb_each_text (paid) p) = total then
    return paid;
  elsif cardinality (ways) > 1 then
    perform oba.refuse ('OB010', 'This receipt was paid in several ways: say how the new total was paid.');
  end if;
  return jsonb_build_object (coalesce (ways[1], 'cash'), total);
end $$;

-- A replacement of @o for @customer (null: walk-in), entered at @at. Returns what enter_receipt() answers.
create function oba.replace_receipt (o oba.receipts, request jsonb, customer bigint, at timestamptz, earned_at timestamptz, lines jsonb, paid jsonb, carried boolean,
                                     earned jsonb, silent boolean) returns jsonb
language plpgsql
as $$
declare
  total bigint := (select coalesce (sum ((x ->> 'total')::bigint), 0) from jsonb_array_elements (lines) x);
begin
  return oba.enter_receipt (
    jsonb_build_object ('store', coalesce (request -> 'store', to_jsonb (o.store_id)), 'till', coalesce (request -> 'till', to_jsonb (o.till_no)), 'receipt_no', o.receipt_no,
                        'sold_at', earned_at, 'cashier', o.cashier, 'fiscal_id', o.fiscal_id, 'customer_id', customer, 'lines', lines,
                        'total', coalesce (request -> 'total', to_jsonb (total)), 'payments', paid, 'source', 'staff', 'reason', request ->> 'reason'),
    earned || jsonb_build_object ('at', at, 'earned_at', earned_at, 'carried', carried, 'silent', silent, 'reason_code', request ->> 'reason_code', 'batch_id', o.batch_id,
                                  'original', jsonb_build_object ('customer_id', o.customer_id, 'sold_at', o.sold_at, 'receipt_id', o.receipt_id)));
end $$;

create function oba.lines_as_json (o oba.receipts) returns jsonb
language sql stable
return (select coalesce (jsonb_agg (jsonb_build_object ('product', l.product_id, 'quantity', l.quantity / 1000.0, 'unit_price', l.unit_price, 'discount', l.discount, 'vat', l.vat,
                                                        'total', l.total) order by l.line_no), '[]')
        from oba.lines_left (o) l);

-- What held before a correction: what is left of what it had corrected, and what it had taken back of that.
create function oba.lines_before (o oba.receipts, v oba.receipts) returns jsonb
language sql stable
return (select coalesce (jsonb_agg (jsonb_build_object ('product', g.product_id, 'quantity', g.quantity / 1000.0, 'unit_price', g.unit_price, 'discount', g.discount, 'vat', g.vat,
                                                        'total', g.total) order by g.line_no), '[]')
        from (select x.line_no, x.product_id, x.unit_price, sum (x.quantity) as quantity, sum (x.discount) as discount, sum (x.vat) as vat, sum (x.total) as total
              from (select * from oba.lines_left (o)
                    union all
                    select l.original_line_no, l.product_id, l.unit_price, - l.quantity, - l.discount, - l.vat, - l.total
                    from oba.receipt_lines l where l.customer_id = v.customer_id and l.sold_at = v.sold_at and l.receipt_id = v.receipt_id) x
              group by 1, 2, 3) g);

/*
 * Undoes the correction @c: what it put in is taken out, what it took out is put in again, each on the day on which it was done (in the open month).
 * @o is what holds now: the replacement, or what was partly returned.
 */
create function oba.undo_correction (c oba.corrections, o oba.receipts, request jsonb, out reversal bigint, out replacement jsonb, out at timestamptz, out true_at timestamptz)
language plpgsql
as $$
declare
  s oba.receipts;
  v oba.receipts;
  earned jsonb;
  lines jsonb;
  paid jsonb;
begin
  if c.kind = 'undo' then
    perform oba.refuse ('OB013', 'An undo is not undone; correct the receipt again.');
  elsif exists (select from oba.corrections x where x.undoes = c.correction_id) then
    perform oba.refuse ('OB013', 'This correction was undone already.');
  elsif c.replacement_receipt_id is not null and exists (select from oba.receipts r where r.original_receipt_id = o.receipt_id) then
    perform oba.refuse ('OB013', 'This receipt was returned or corrected again since.', 'Undo that first.');
  elsif c.replacement_receipt_id is null and exists (select from oba.corrections x where x.original_receipt_id = o.receipt_id and x.replacement_receipt_id is not null) then
    perform oba.refuse ('OB013', 'This receipt was returned or corrected again since.', 'Undo that first.');
  end if;
  if c.kind = 'missed' then
    at := oba.entry_time (o.sold_at);
    reversal := oba.take_back (o, at, request ->> 'reason_code', request ->> 'reason', false);
    return;
  end if;
  select * into s from oba.receipts r where r.customer_id = c.original_customer_id and r.sold_at = c.original_sold_at and r.receipt_id = c.original_receipt_id;
  select * into v from oba.receipts r where r.customer_id = c.reversal_customer_id and r.sold_at = c.reversal_sold_at and r.receipt_id = c.reversal_receipt_id;
  earned := oba.earned_by (s);
  true_at := oba.true_time (s);
  if c.replacement_receipt_id is null then
    lines := oba.lines_before (s, v);
    paid := oba.payments_left (s, v.receipt_id);
    at := oba.entry_time (v.sold_at);
    reversal := oba.take_back (s, at, request ->> 'reason_code', request ->> 'reason', true);
  else
    select coalesce (jsonb_agg (jsonb_build_object ('product', l.product_id, 'quantity', - l.quantity / 1000.0, 'unit_price', l.unit_price, 'discount', - l.discount, 'vat', - l.vat,
                                                    'total', - l.total) order by l.line_no), '[]') into lines
    from oba.receipt_lines l where l.customer_id = v.customer_id and l.sold_at = v.sold_at and l.receipt_id = v.receipt_id;
    paid := jsonb_build_object ('cash', - v.paid_cash, 'card', - v.paid_card, 'other', - v.paid_other);
    at := oba.entry_time (v.sold_at);
    reversal := oba.take_back (o, oba.entry_time (o.sold_at), request ->> 'reason_code', request ->> 'reason', true);
  end if;
  replacement := oba.replace_receipt (s, request - 'store' - 'till' - 'total',
                                      case when exists (select from oba.points_accounts p where p.customer_id = s.customer_id) then s.customer_id end,
                                      at, true_at, lines, paid, true, earned, true);
end $$;

-- Why a correction needs a second person: any of "amount", "points", "age", "own"; none: [].
create function oba.second_person (what text, o oba.receipts, back oba.receipts, new oba.receipts, c oba.corrections, true_at timestamptz, proposer text, customers jsonb) returns jsonb
language plpgsql stable
as $$
declare
  l oba.correction_limits;
  taken bigint := - coalesce (back.total, 0);
  put bigint := coalesce (new.total, 0);
  money bigint;
  owner text;
  points bigint := (select coalesce (max (abs ((x #>> '{balance,1}')::bigint - (x #>> '{balance,0}')::bigint)), 0) from jsonb_array_elements (customers) x);
begin
  -- One's own mistake of just now is taken back at once.
  if what = 'undo' and c.made_by = proposer and c.approval_id is null and c.made_at > now() - interval '1 hour' then
    return '[]';
  end if;
  select * into l from oba.correction_limits;
  -- Whoever proposed a replacement has entered it, not whoever approved it.
  owner := coalesce ((select x.made_by from oba.corrections x where x.replacement_receipt_id = o.receipt_id), o.posted_by);
  money := case when what in ('change', 'undo') then abs (put - taken) else greatest (taken, put) end;
  return (select coalesce (jsonb_agg (r.why order by r.n), '[]')
          from (values (1, 'amount', money > l.amount), (2, 'points', points > l.points),
                       (3, 'age', coalesce (o.sold_at, true_at, new.sold_at) < now() - l.age_days * interval '1 day'),
                       (4, 'own', l.own_receipts and o.source = 'staff' and owner = proposer)) r (n, why, holds)
          where r.holds);
end $$;

-- The exact effect: {"money": {"taken_back", "put_in"}, "entries": [{"kind", "day", "store", "total"}], "rollups": [{"day", "store", "receipts", "returns", "revenue"}],
-- "customers": see figures_changed(), "needs": see second_person()}
create function oba.correction_preview (what text, o oba.receipts, back oba.receipts, new oba.receipts, c oba.corrections, true_at timestamptz, proposer text, customers jsonb) returns jsonb
language sql stable
return jsonb_build_object (
  'kind', what, 'money', jsonb_build_object ('taken_back', - coalesce (back.total, 0), 'put_in', coalesce (new.total, 0)),
  'entries', (select coalesce (jsonb_agg (jsonb_build_object ('kind', e.kind, 'day', e.business_day, 'store', e.store_id, 'total', e.total) order by e.receipt_id), '[]')
              from (select back.receipt_id as receipt_id, back.kind as kind, back.business_day as business_day, back.store_id as store_id, back.total as total where back.receipt_id is not null
                    union all select new.receipt_id, new.kind, new.business_day, new.store_id, new.total where new.receipt_id is not null) e),
  'rollups', (select coalesce (jsonb_agg (jsonb_build_object ('day', d.day, 'store', d.store, 'receipts', d.receipts, 'returns', d.returns, 'revenue', d.revenue) order by d.day, d.store), '[]')
              from (select e.day, e.store, sum (e.receipts) as receipts, sum (e.returns) as returns, sum (e.total) as revenue
                    from (select back.business_day as day, back.store_id as store, 0 as receipts, 1 as returns, back.total as total where back.receipt_id is not null
                          union all select new.business_day, new.store_id, 1, 0, new.total where new.receipt_id is not null) e
                    group by 1, 2) d),
  'customers', customers,
  'needs', oba.second_person (what, o, back, new, c, true_at, proposer, customers));

/*
 * Does what @request asks for:
 * {"kind", "reason_code": of correction_reasons(), "reason": 3 to 1,000 characters, "seen": how many receipts answered this one when it was looked at, and
 *    return: "receipt", "lines": [{"line", "quantity"}], "refund": "cash" | "card" | "other"
 *    void:   "receipt"
 *    change: "receipt", any of "lines": all of them anew, as in record_receipt(), with "total" and, when it was paid in several ways, "payments"; "store"; "sold_at"
 *    move:   "receipt", "customer_id" | neither: to nobody
 *    missed: "data": the receipt as record_receipt() takes it
 *    undo:   "correction_id"}
 * "receipt" names it as find_receipt() takes it. @about: the persons concerned, after; @preview: see try_correction().
 */
create function oba.post_correction (request jsonb, approval bigint, proposer text, out done bigint, out about bigint[], out preview jsonb)
language plpgsql
as $$
declare
  what text := request ->> 'kind';
  code text := request ->> 'reason_code';
  why text := btrim (request ->> 'reason');
  data jsonb := request -> 'data';
  o oba.receipts;
  c oba.corrections;
  target bigint;
  at timestamptz;
  true_at timestamptz;
  earned_at timestamptz;
  person boolean;
  lines jsonb;
  paid jsonb;
  earned jsonb;
  reversal bigint;
  replacement jsonb;
  before jsonb;
  back oba.receipts;
  new oba.receipts;
  seen bigint;
begin
  if what is null or what not in ('return', 'void', 'change', 'move', 'missed', 'undo') then
    perform oba.refuse ('OB001', 'A correction is a return, a void, a change, a move, a missed receipt, or an undo.');
  elsif code is null or code <> all (oba.correction_reasons ()) then
    perform oba.refuse ('OB001', 'A correction needs a reason from the list.');
  elsif why is null or length (why) not between 3 and 1000 or why ~ '[[:cntrl:]]' then
    perform oba.refuse ('OB001', 'A correction needs an explanation of 3 to 1,000 characters.');
  end if;
  perform pg_advisory_xact_lock_shared (hashtext ('oba.close_month'));
  if what = 'undo' then
    select * into c from oba.corrections x where x.correction_id = (request ->> 'correction_id')::bigint;
    if not found then
      perform oba.refuse ('OB002', 'There is no such correction.');
    end if;
    o := oba.find_receipt (case when c.replacement_receipt_id is null
                                then jsonb_build_object ('customer_id', c.original_customer_id, 'sold_at', c.original_sold_at, 'receipt_id', c.original_receipt_id)
                                else jsonb_build_object ('customer_id', c.replacement_customer_id, 'sold_at', c.replacement_sold_at, 'receipt_id', c.replacement_receipt_id) end);
  elsif what = 'missed' then
    target := (data ->> 'customer_id')::bigint;
  else
    o := oba.find_receipt (request -> 'receipt');
    if o.kind <> 'sale' then
      perform oba.refuse ('OB008', 'A return or void is not corrected itself; undo it.');
    end if;
    target := case when what = 'move' then (request ->> 'customer_id')::bigint else o.customer_id end;
  end if;
  if what <> 'missed' then
    perform oba.check_scope (o.store_id);
    perform pg_advisory_xact_lock (hashtextextended ('return', o.receipt_id));
    seen := (select count (*) from oba.receipts r where r.original_receipt_id = o.receipt_id);
    if request ->> 'seen' is not null and (request ->> 'seen')::bigint <> seen then
      perform oba.refuse ('OB003', 'Somebody else corrected this receipt meanwhile.', 'Look at what was done, then decide.');
    elsif what <> 'undo' and not exists (select from oba.lines_left (o)) then
      perform oba.refuse ('OB008', 'Everything of this receipt was returned before.', 'Look at what was done, then decide.');
    end if;
  end if;
  about := oba.lock_accounts (array[o.customer_id, target, c.original_customer_id]);
  if oba.is_erased (o.customer_id) or oba.is_erased (c.original_customer_id) then
    request := request - 'reason';
    why := null;
  end if;
  perform oba.expire_points_of (a, oba.business_day (now())) from unnest (about) a;
  before := (select coalesce (jsonb_object_agg (a, oba.correction_figures (a)), '{}') from unnest (about) a);
  person := exists (select from oba.points_accounts p where p.customer_id = o.customer_id);

  case what
    when 'return' then
      if jsonb_typeof (request -> 'lines') is distinct from 'array' then
        perform oba.refuse ('OB001', 'A return names 1 to 1,000 lines of its sale.');
      end if;
      reversal := (oba.do_return_lines (
        jsonb_build_object ('original', jsonb_build_object ('customer_id', o.customer_id, 'sold_at', o.sold_at, 'receipt_id', o.receipt_id), 'kind', 'return',
                            'lines', request -> 'lines', 'sold_at', coalesce (request -> 'sold_at', to_jsonb (now())), 'refund', coalesce (request ->> 'refund', 'cash'),
                            'reason_code', code, 'reason', why, 'source', 'staff')) ->> 'receipt_id')::bigint;
    when 'void' then
      reversal := oba.take_back (o, oba.entry_time (o.sold_at), code, why, false);
    when 'missed' then
      if jsonb_typeof (data) is distinct from 'object' then
        perform oba.refuse ('OB001', 'A receipt needs a store, a receipt number, a time and a total.');
      end if;
      earned_at := (data ->> 'sold_at')::timestamptz;
      at := oba.entry_time (earned_at);
      replacement := oba.enter_receipt (data || jsonb_build_object ('source', 'staff', 'reason', why),
                                        jsonb_build_object ('at', at, 'earned_at', earned_at, 'reason_code', code));
      if replacement ? 'replayed' then
        perform oba.refuse ('OB004', 'This receipt was recorded before.');
      end if;
      if at <> earned_at then
        true_at := earned_at;
      end if;
    when 'undo' then
      select u.reversal, u.replacement, case when u.at <> u.true_at then u.true_at end into reversal, replacement, true_at from oba.undo_correction (c, o, request) u;
    else
      earned_at := oba.true_time (o);
      at := oba.entry_time (o.sold_at);
      earned := oba.earned_by (o);
      lines := oba.lines_as_json (o);
      paid := oba.payments_left (o);
      if what = 'move' then
        if oba.customer_root (target) is not distinct from (case when person then oba.customer_root (o.customer_id) end) then
          perform oba.refuse ('OB001', 'The receipt belongs to this customer already.');
        end if;
        earned := earned - 'earns';
      else
        if not (request ? 'lines' or request ? 'store' or request ? 'sold_at') then
          perform oba.refuse ('OB001', 'A change names the lines, the store or the time that were right.');
        elsif request ? 'sold_at' and (request ->> 'sold_at')::timestamptz is distinct from o.sold_at then
          earned_at := (request ->> 'sold_at')::timestamptz;
          at := earned_at;
          earned := earned - 'rule_id' - 'rule_version';
          perform oba.hold_month (at);
        end if;
        if request ? 'lines' then
          lines := request -> 'lines';
          if jsonb_typeof (lines) is distinct from 'array' then
            perform oba.refuse ('OB001', 'A receipt has 1 to 1,000 lines.');
          end if;
          paid := coalesce (request -> 'payments', oba.pay_alike (paid, (request ->> 'total')::bigint));
        end if;
        target := case when person then o.customer_id end;
      end if;
      reversal := oba.take_back (o, oba.entry_time (o.sold_at), code, why, true);
      replacement := oba.replace_receipt (o, case what when 'change' then request else request - 'store' - 'till' - 'total' end, target, at, earned_at, lines, paid, not (what = 'change' and request ? 'lines'), earned, what <> 'move');
      if at <> earned_at then
        true_at := earned_at;
      end if;
  end case;

  -- What was taken back and spent before is paid from the other lots, if the replacement did not.
  perform oba.settle_debts (a, oba.business_day (now())) from unnest (about) a where exists (select from oba.points_accounts p where p.customer_id = a and p.owed > 0);
  if reversal is not null then
    select * into back from oba.receipts r where r.original_receipt_id = o.receipt_id and r.receipt_id = reversal;
  end if;
  if replacement is not null then
    new := oba.find_receipt (replacement - 'points');
  end if;
  perform oba.correct_tier (a, greatest (back.sold_at, new.sold_at)) from unnest (about) a;

  insert into oba.corrections (kind, reason_code, original_customer_id, original_sold_at, original_receipt_id, reversal_customer_id, reversal_sold_at, reversal_receipt_id,
                               replacement_customer_id, replacement_sold_at, replacement_receipt_id, happened_at, undoes, approval_id, made_by)
  values (what, code, o.customer_id, o.sold_at, o.receipt_id, back.customer_id, back.sold_at, back.receipt_id, new.customer_id, new.sold_at, new.receipt_id,
          true_at, c.correction_id, approval, proposer)
  returning correction_id into done;
  perform oba.audit_add ('receipt.' || what, 'receipt', coalesce (o.receipt_id, new.receipt_id)::text, coalesce (new.customer_id, o.customer_id),
                         jsonb_build_object ('correction', jsonb_build_array (null, done), 'total', jsonb_build_array (back.total, new.total)), why);
  perform pg_notify ('oba_customers', a::text) from unnest (about) a;
  preview := oba.correction_preview (what, o, back, new, c, true_at, proposer,
                                     (select coalesce (jsonb_agg (oba.figures_changed (before -> a::text, oba.correction_figures (a)) order by a), '[]') from unnest (about) a))
             || jsonb_build_object ('seen', seen);
end $$;

/*
 * Does it, and looks. It stays when @mode says so: "post": when no second person is needed; "approved": when it is what @expected says. Else it is undone, and
 * @preview is what it would have been: so a preview cannot differ from the deed.
 */
create function oba.try_correction (request jsonb, mode text, expected jsonb, approval bigint, proposer text, out preview jsonb, out done bigint)
language plpgsql
as $$
declare
  p record;
begin
  begin
    p := oba.post_correction (request, approval, proposer);
    preview := p.preview || jsonb_build_object ('about', to_jsonb (p.about));
    done := p.done;
    if not (mode = 'post' and preview -> 'needs' = '[]' or mode = 'approved' and preview = expected) then
      raise exception using errcode = 'OBPRV';
    end if;
  exception
    when sqlstate 'OBPRV' then
      done := null;
  end;
end $$;

-- What the correction would do, as correct_receipt() takes it; nothing is changed. "needs" is not empty: a supervisor other than the one who asks would have to approve it.
create function oba.preview_correction (request jsonb) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if jsonb_typeof (request) is distinct from 'object' then
    perform oba.refuse ('OB001', 'The request is not a JSON object.');
  end if;
  return (oba.try_correction (request, 'preview', null, null, session_user)).preview;
end $$;

/*
 * See post_correction(); "seen" must be given, but for a missed receipt.
 * -> {"correction_id", "preview"}, or {"approval_id", "preview", "waits": true} when it waits for a second person and nothing is changed yet.
 */
create function oba.do_correct_receipt (request jsonb) returns jsonb
language plpgsql
as $$
declare
  kept jsonb := request;
  tried record;
  card oba.cards;
  o oba.receipts;
  id bigint;
begin
  if request ->> 'kind' <> 'missed' and request ->> 'seen' is null then
    perform oba.refuse ('OB001', 'A correction says how many receipts answered this one when it was looked at.');
  end if;
  -- What waits is kept without the code of a card and without free text of its own; a return that waits is dated to when it was asked for.
  if request #>> '{data,card}' is not null then
    card := oba.card_of (request #>> '{data,card}');
    if card.customer_id is null or card.state <> 'active' then
      perform oba.refuse ('OB002', 'This card is not known.', 'Post the receipt without a card; it can be attached to the customer later.');
    end if;
    kept := jsonb_set (kept, '{data}', (kept -> 'data') - 'card' || jsonb_build_object ('customer_id', card.customer_id));
  end if;
  if kept ->> 'kind' in ('return', 'void', 'change', 'move') then
    o := oba.find_receipt (kept -> 'receipt');
    kept := kept || jsonb_build_object ('receipt', jsonb_build_object ('customer_id', o.customer_id, 'sold_at', o.sold_at, 'receipt_id', o.receipt_id));
  end if;
  if kept ->> 'kind' = 'return' then
    kept := kept || jsonb_build_object ('sold_at', now());
  end if;
  tried := oba.try_correction (kept, 'post', null, null, session_user);
  if tried.done is not null then
    return jsonb_build_object ('correction_id', tried.done, 'preview', tried.preview,
                               'receipt', (select jsonb_build_object ('customer_id', c.replacement_customer_id, 'sold_at', c.replacement_sold_at, 'receipt_id', c.replacement_receipt_id)
                                           from oba.corrections c where c.correction_id = tried.done and c.replacement_receipt_id is not null));
  end if;

  perform pg_advisory_xact_lock (hashtext ('oba.ask_correction'));
  if exists (select from oba.approvals a where a.kind = 'correction' and a.state = 'requested'
             and (a.request #>> '{receipt,receipt_id}' = o.receipt_id::text or a.request ->> 'correction_id' = kept ->> 'correction_id' or a.request -> 'data' = kept -> 'data')) then
    perform oba.refuse ('OB004', 'A correction of this receipt waits for approval already.', 'Decide that one first, or withdraw it.');
  end if;
  insert into oba.approvals (kind, request, preview, customer_ids, reason)
  values ('correction', kept - 'reason', tried.preview, array (select x::bigint from jsonb_array_elements_text (tried.preview -> 'about') x),
          case when not exists (select from jsonb_array_elements_text (tried.preview -> 'about') x where oba.is_erased (x::bigint)) then btrim (request ->> 'reason') end)
  returning approval_id into id;
  perform oba.audit_add ('approval.request', 'approval', id::text, (tried.preview #>> '{about,0}')::bigint, jsonb_build_object ('kind', jsonb_build_array (null, 'correction')), null);
  perform pg_notify ('oba_approvals', id::text);
  return jsonb_build_object ('approval_id', id, 'waits', true, 'preview', tried.preview);
end $$;

-- ---------------------------------------------------------------- the second person

alter table oba.approvals drop constraint approvals_kind_check;
alter table oba.approvals add constraint approvals_kind_check check (kind in ('merge', 'unmerge', 'correction'));
create index approvals_corrections on oba.approvals (requested_at, approval_id) where state = 'requested' and kind = 'correction';

-- Does what waits, if it still is what its preview says.
create function oba.try_approved (a oba.approvals, out preview jsonb, out done bigint)
language plpgsql
as $$
begin
  if a.kind = 'correction' then
    select t.preview, t.done into preview, done
    from oba.try_correction (a.request || jsonb_build_object ('reason', coalesce (a.reason, 'erased')), 'approved', a.preview, a.approval_id, a.requested_by) t;
  else
    select t.preview, t.done into preview, done from oba.try_merge (a.kind, a.request, a.preview, a.approval_id) t;
  end if;
end $$;
select oba.patch_function ('oba.do_decide_approval', 'tried := oba.try_merge (a.kind, a.request, a.preview, a.approval_id);', 'tried := oba.try_approved (a);');
drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- rights

-- People enter and return through corrections only, where the limits are; tills come through the helper.
revoke execute on function oba.record_receipt (jsonb, text, text), oba.return_lines (jsonb, text, text) from oba_clerk, oba_supervisor, oba_admin;
select oba.add_action ('correct_receipt', 'oba_clerk', 'oba_supervisor', 'oba_admin');
select oba.add_action ('set_correction_limits', 'oba_admin');
select oba.add_action ('close_month', 'oba_admin');
grant execute on function oba.preview_correction (jsonb) to oba_clerk, oba_supervisor, oba_admin;
grant execute on function oba.correction_reasons (), oba.open_from () to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;
grant execute on function oba.count_month (date) to oba_admin, oba_auditor;
grant select on oba.corrections, oba.correction_limits, oba.closed_months, oba.month_totals to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
