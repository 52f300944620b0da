-- Sales and returns, one at a time: tills, the application.

set local role oba_owner;
set local search_path = oba, pg_catalog;

/*
 * A receipt as a till or a clerk sends it:
 * {"store": id | "store_code", "till": n (0: head office), "receipt_no", "sold_at": ISO time with zone, "cashier", "fiscal_id",
 *  "customer_id" | "card": the code read or the number printed | neither: a walk-in,
 *  "lines": [{"product": id | "barcode" | "code", "quantity": up to 3 decimals, "unit_price", "discount", "vat", "total"}, ...],
 *  "total", "payments": {"cash", "card", "other"} (default: all cash), "source": "till" | "staff", "reason": of a staff entry}
 * All money in qəpik. -> {"receipt_id", "customer_id", "sold_at", "points", "balance", "tier", "tier_changed"}
 * A receipt that is there already gives its first answer again; another one under its number is refused.
 */
create function oba.do_record_receipt (request jsonb) returns jsonb
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
    select k.status, s.store_id into known from oba.customers k left join oba.stores s on s.store_id = store
    where k.customer_id = customer and k.kind = 'person';
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
    select p.tier_id, p.balance, p.owed, p.tier_spend, p.tier_day into a from oba.points_accounts p where p.customer_id = customer for update;
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

/*
 * Points of a return: what the sale @o earned, less what its remaining amount would earn under the rule and version that earned it, less
 * what earlier returns took back. So all returns together never take more than was earned, and a full return takes exactly that.
 */
create function oba.claw_back (o oba.receipts, receipt bigint, at timestamptz, source text) returns bigint
language plpgsql
as $$
declare
  e record;
  returned bigint;
  points bigint;
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
  points := e.points - greatest (0, e.amount - returned) / e.qepik_per_point
            + (select coalesce (sum (l.points), 0) from oba.points_ledger l
               where l.customer_id = o.customer_id and l.reverses_id = e.entry_id and l.kind = 'clawback');
  if points > 0 then
    perform oba.debit (o.customer_id, at, 'clawback', points, o.receipt_id, true, receipt, at, e.entry_id, e.occurred_at, e.rule_id, e.rule_version,
                       jsonb_build_object ('total', e.amount, 'returned', returned), null, source);
  end if;
  return points;
end $$;

/*
 * Return of some lines, or (without "lines") void of all that is left:
 * {"original": {"store", "till", "receipt_no"} | {"customer_id", "sold_at", "receipt_id"}, "lines": [{"line": n, "quantity": q}, ...],
 *  "kind": "return" | "void", "store", "till", "receipt_no" (of the return itself; without: made from its id), "sold_at" (default: now),
 *  "cashier", "fiscal_id", "refund": "cash" | "card" | "other", "reason_code", "reason", "source"}
 * -> {"receipt_id", "customer_id", "sold_at", "total" (negative), "clawback", "balance"}
 *
 * Money: of each line, total * returned / sold, rounded down over all its returns together, so that the last takes the remainder.
 * Points: what the receipt earned less what its remaining amount would earn under the rule and version that earned it.
 */
create function oba.do_return_lines (request jsonb) returns jsonb
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
  perform from oba.points_accounts p where p.customer_id = o.customer_id for update;

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
    perform oba.follow_tier (o.customer_id, at, oba.business_day (at), sums.total, receipt);
    answer := answer || jsonb_build_object ('clawback', points,
                                            'balance', (select p.balance from oba.points_accounts p where p.customer_id = o.customer_id));
    select l.chat_id into chat from oba.telegram_links l where l.customer_id = o.customer_id and l.unreachable_at is null;
    if chat is not null then
      insert into oba.outbox (customer_id, chat_id, kind, payload) values (o.customer_id, chat, 'return', answer || jsonb_build_object ('store', store));
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

-- ---------------------------------------------------------------- one door

/*
 * Runs one of the functions above, once for a key. With @key: the answer of the first time is given again with "replayed": true; the same
 * key for another request is refused (OB005); a refusal is stored and returned as {"refused": true, "code", "message", "hint", "detail"},
 * not raised, or it would be rolled back. Without a key a refusal is raised.
 * What may succeed when tried again as it is (deadlock, serialization, a unique race, a missing partition) is always raised.
 */
create function oba.once (action text, request jsonb, scope text, key text) returns jsonb
language plpgsql
as $$
declare
  hash bytea;
  known record;
  answer jsonb;
  state text;
  message text;
  hint text;
  detail text;
begin
  if request is null then
    perform oba.refuse ('OB001', 'The request is missing.');
  end if;
  if key is not null then
    if length (key) not between 1 and 200 or length (scope) not between 1 and 100 or scope is null then
      perform oba.refuse ('OB001', 'A key has 1 to 200 characters.');
    end if;
    hash := sha256 (convert_to (action || request::text, 'UTF8'));
    perform pg_advisory_xact_lock (hashtextextended (scope || e'\x1f' || key, 1));
    select k.request_hash, k.answer into known from oba.idempotency_keys k where k.scope = once.scope and k.key = once.key;
    if found then
      if known.request_hash = hash then
        return known.answer || '{"replayed": true}';
      end if;
      perform oba.refuse ('OB005', 'This key was used for another request.', 'Send each new request with a key of its own.');
    end if;
  end if;
  begin
    case action
      when 'record_receipt' then answer := oba.do_record_receipt (request);
      when 'return_lines' then answer := oba.do_return_lines (request);
      when 'register_customer' then answer := oba.do_register_customer (request);
      when 'update_customer' then answer := oba.do_update_customer (request);
      when 'block_customer' then answer := oba.do_block_customer (request);
      when 'set_consent' then answer := oba.do_set_consent (request);
      when 'issue_card' then answer := oba.do_issue_card (request);
      when 'link_telegram' then answer := oba.do_link_telegram (request);
      when 'unlink_telegram' then answer := oba.do_unlink_telegram (request);
      when 'adjust_points' then answer := oba.do_adjust_points (request);
      when 'redeem_points' then answer := oba.do_redeem_points (request);
      when 'move_redemption' then answer := oba.do_move_redemption (request);
      when 'lock_spending' then answer := oba.do_lock_spending (request);
    end case;
  exception
    when sqlstate 'OB000' or data_exception or check_violation or not_null_violation or foreign_key_violation then
      get stacked diagnostics state = returned_sqlstate, message = message_text, hint = pg_exception_hint, detail = pg_exception_detail;
      if message like 'no partition of relation%' then
        raise exception using errcode = 'OB011', message = 'No room is prepared for this month.',
                              hint = 'An administrator runs the maintenance job, or checks the date.';
      elsif state not like 'OB%' then
        hint := 'Check the form of the request; ' || message;
        detail := '';
        message := 'A value of the request cannot be read or is out of range.';
        state := 'OB001';
      end if;
      if key is null then
        raise exception using errcode = state, message = message, hint = hint, detail = detail;
      end if;
      answer := jsonb_build_object ('refused', true, 'code', state, 'message', message, 'hint', hint, 'detail', detail);
  end;
  if key is not null then
    insert into oba.idempotency_keys (scope, key, request_hash, refused, answer) values (scope, key, hash, answer ? 'refused', answer);
  end if;
  return answer;
end $$;

/*
 * What the application, the API and the bot call: oba.ACTION (request jsonb, scope text default null, key text default null) returns jsonb.
 * scope names who gives the keys ("till:42", "app:aygun"); see once(). Rights are in 0009.
 */
do $$
declare
  action text;
begin
  foreach action in array array['record_receipt', 'return_lines', 'register_customer', 'update_customer', 'block_customer', 'set_consent', 'issue_card',
                                'link_telegram', 'unlink_telegram', 'adjust_points', 'redeem_points', 'move_redemption', 'lock_spending']
  loop
    execute format ('create function oba.%I (request jsonb, scope text default null, key text default null) returns jsonb '
                    'language plpgsql security definer set search_path = oba, pg_catalog, pg_temp '
                    'as $f$ begin return oba.once (%L, request, scope, key); end $f$', action, action);
  end loop;
end $$;

reset role;
