-- Recording, browsing and correcting at the speed of a chain.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- one way in

-- Refuses the first line of a receipt that cannot be right; see enter_receipt().
create function oba.refuse_line (request jsonb, carried boolean) returns void
language plpgsql
as $$
declare
  line bigint;
  wrong text;
begin
  select j.n, j.wrong into line, wrong
  from (select l.n, case when l.product_id is null then 'product'
                         when coalesce (l.quantity, 0) <= 0 or l.quantity > 1000000 or l.quantity * 1000 <> trunc (l.quantity * 1000) then 'quantity'
                         when l.unit_price is null or l.unit_price not between 0 and 100000000 or l.discount < 0 or l.vat < 0
                              or l.total is null or l.total < 0 or l.vat > l.total then 'money'
                         when abs (l.total + l.discount - l.quantity * l.unit_price) > 1 and not carried then 'sum' end as wrong
        from (select x.n, x.quantity, x.unit_price, coalesce (x.discount, 0) as discount, coalesce (x.vat, 0) as vat, x.total,
                     case when x.product is not null then (select p.product_id from oba.products p where p.product_id = x.product)
                          when x.barcode is not null then (select p.product_id from oba.products p where p.barcode = x.barcode)
                          else (select p.product_id from oba.products p where p.code = x.code) end as product_id
              from rows from (jsonb_to_recordset (request -> 'lines')
                              as (product bigint, barcode text, code text, quantity numeric, unit_price bigint, discount bigint, vat bigint, total bigint))
                   with ordinality as x (product, barcode, code, quantity, unit_price, discount, vat, total, n)) l) j
  where j.wrong is not null order by j.n limit 1;
  perform oba.refuse (case wrong when 'product' then 'OB002' when 'sum' then 'OB010' else 'OB001' end,
                      format (case wrong when 'product' then 'Line %s: this product is not in the catalogue.'
                                when 'quantity' then 'Line %s: the quantity is above 0, up to 1,000,000, with at most 3 decimals.'
                                when 'money' then 'Line %s: an amount is missing, negative or too large.'
                                else 'Line %s: quantity times price less discount does not make its total.' end, line));
end $$;

/*
 * As in 0060 (what it takes and gives: see there and 0006), for less: each statement and each expression of a receipt costs, hundreds of times a second. So
 * what does not depend on the account is read by one statement, what is read goes into plain variables rather than records, and only when a line is wrong is
 * it looked for which. @hash is that of the request, when once() has it already.
 */
drop function oba.enter_receipt (jsonb, jsonb);
create function oba.enter_receipt (request jsonb, link jsonb, hash bytea default null) returns jsonb
language plpgsql
as $$
declare
  store bigint := (request ->> 'store')::bigint;
  till integer := coalesce ((request ->> 'till')::integer, 0);
  no text := btrim (request ->> 'receipt_no');
  at timestamptz := (request ->> 'sold_at')::timestamptz;
  amount bigint := (request ->> 'total')::bigint;
  via text := coalesce (request ->> 'source', 'till');
  pay jsonb := request -> 'payments';
  cash bigint := amount;
  card bigint := 0;
  other bigint := 0;
  carried boolean := false;
  replaces boolean := false;
  customer bigint := (request ->> 'customer_id')::bigint;
  asked bigint;
  person boolean := false;
  earns boolean := false;
  wrong text;
  known_hash bytea;
  answer jsonb;
  earned_at timestamptz := at;
  closed date;
  known_store bigint;
  survivor bigint;
  rule bigint;
  version integer;
  qepik_per_point bigint;
  valid_months integer;
  chat bigint;
  state text;
  had_tier bigint;
  had_balance bigint;
  had_spend bigint;
  had_day date;
  had_owed bigint;
  next_threshold bigint;
  receipt bigint;
  n_lines integer;
  lines_total bigint;
  lines_discount bigint;
  lines_vat bigint;
  entry bigint;
  points bigint := 0;
  spend bigint;
  tier bigint;
  day date;
begin
  if store is null and request ? 'store_code' then
    select s.store_id into store from oba.stores s where s.code = request ->> 'store_code';
  end if;
  if pay is not null then
    cash := coalesce ((pay ->> 'cash')::bigint, 0);
    card := coalesce ((pay ->> 'card')::bigint, 0);
    other := coalesce ((pay ->> 'other')::bigint, 0);
  end if;
  -- One expression, not a statement for each.
  wrong := case
    when store is null or no is null or at is null or amount is null then 'missing'
    when length (no) not between 1 and 64 or no ~ '[[:cntrl:]]' or till not between 0 and 9999 then 'number'
    when length (request ->> 'cashier') > 100 or length (request ->> 'fiscal_id') > 64 or length (request ->> 'reason') > 1000 then 'length'
    when via not in ('till', 'staff') then 'source'
    when via = 'till' and not pg_has_role (session_user, 'oba_helper', 'member') then 'till'
    when amount not between 0 and 100000000 then 'total'
    when jsonb_typeof (request -> 'lines') is distinct from 'array' or jsonb_array_length (request -> 'lines') not between 1 and 1000 then 'lines'
    when request ->> 'currency' <> 'AZN' then 'currency'
    when at > now() + interval '5 minutes' then 'future'
    when pay is not null and (least (cash, card, other) < 0 or cash + card + other <> amount or pay - 'cash' - 'card' - 'other' <> '{}') then 'payments' end;
  if wrong is not null then
    case wrong
      when 'missing' then perform oba.refuse ('OB001', 'A receipt needs a store, a receipt number, a time and a total.');
      when 'number' then perform oba.refuse ('OB001', 'A receipt number has 1 to 64 characters, a till number is up to 9999.');
      when 'length' then perform oba.refuse ('OB001', 'A cashier has up to 100 characters, a fiscal id 64, a reason 1,000.');
      when 'source' then perform oba.refuse ('OB001', 'A receipt comes from a till or from staff.');
      when 'till' then perform oba.refuse ('OB006', 'Only the helper records for tills.', 'Record it as a staff entry.');
      when 'total' then perform oba.refuse ('OB001', 'The total of a receipt is between 0 and 1,000,000 AZN.', 'A return is recorded as a return of its sale.');
      when 'lines' then perform oba.refuse ('OB001', 'A receipt has 1 to 1,000 lines.');
      when 'currency' then perform oba.refuse ('OB001', 'Receipts are in AZN.');
      when 'future' then perform oba.refuse ('OB011', 'The receipt''s time lies in the future.', 'Check the clock of the till.');
      when 'payments' then perform oba.refuse ('OB010', 'The payments (cash, card, other) do not make the total.');
    end case;
  end if;
  if hash is null then
    hash := sha256 (convert_to ('record_receipt' || request::text, 'UTF8'));
  end if;
  if link is not null then
    earned_at := (link ->> 'earned_at')::timestamptz;
    at := (link ->> 'at')::timestamptz;
    carried := coalesce ((link ->> 'carried')::boolean, false);
    replaces := link ? 'original';
  end if;

  -- One at a time for one till receipt, and the second finds what the first has done; and whoever dates something waits for a closing, as in hold_month().
  if link is null then
    perform pg_advisory_xact_lock (hashtextextended (no, store * 10007 + till)), pg_advisory_xact_lock_shared (hashtext ('oba.close_month'));
  elsif not replaces then
    perform pg_advisory_xact_lock (hashtextextended (no, store * 10007 + till));
  end if;
  if not replaces then
    select k.request_hash, k.answer into known_hash, answer from oba.receipt_keys k where k.store_id = store and k.till_no = till and k.receipt_no = no;
    if found then
      -- The second way to make the hash is how it was made before.
      if known_hash in (hash, sha256 (convert_to (request::text, 'UTF8'))) then
        return answer || '{"replayed": true}';
      end if;
      perform oba.refuse ('OB004', format ('Receipt %s of till %s was recorded before with other contents.', no, till),
                          'If both are real, the till has used a number twice.');
    end if;
  end if;

  -- Whose it is.
  if customer is null and request ->> 'card' is not null then
    select k.customer_id, k.state into customer, state from oba.cards k where k.token_hash = sha256 (convert_to (request ->> 'card', 'UTF8'));
    if not found then
      select k.customer_id, k.state into customer, state from oba.cards k where k.number = request ->> 'card';
    end if;
    if not found then
      perform oba.refuse ('OB002', 'This card is not known.', 'Post the receipt without a card; it can be attached to the customer later.');
    elsif state not in ('active', 'revoked') then
      perform oba.refuse ('OB006', format ('This card is %s.', state), 'Post the receipt without a card; it can be attached to the customer later.');
    end if;
  end if;
  select (select max (c.month) from oba.closed_months c), (select s.store_id from oba.stores s where s.store_id = store),
         (select k.merged_into from oba.customers k where k.customer_id = customer),
         (select l.chat_id from oba.telegram_links l where l.customer_id = customer and l.unreachable_at is null),
         r.rule_id, r.version, (r.parameters ->> 'qepik_per_point')::bigint, (r.parameters ->> 'valid_months')::integer
  into closed, known_store, survivor, chat, rule, version, qepik_per_point, valid_months
  from (select) one
  left join lateral (select e.rule_id, e.version, e.parameters from oba.earning_rules e
                     where case when link ->> 'rule_id' is null then e.kind = 'base' and e.state = 'live' and earned_at >= e.valid_from and earned_at < e.valid_to
                                else e.rule_id = (link ->> 'rule_id')::bigint and e.version = (link ->> 'rule_version')::integer end
                     order by e.version desc limit 1) r on true;
  -- What is recorded already stays; only then does it matter whether its month is closed.
  if closed is not null and link is null then
    perform oba.hold_month (at);
  end if;
  if known_store is null then
    perform oba.refuse ('OB002', format ('There is no store %s.', store));
  end if;
  if customer is not null then
    asked := customer;
    if survivor is not null then
      customer := oba.customer_root (customer);   -- a till that knows the old number
    end if;
    -- The account before the status: whoever merges this customer right now holds it, and the receipt then is the survivor's.
    loop
      select p.tier_id, p.balance, p.tier_spend, p.tier_day, p.owed, (select min (t.threshold) from oba.tiers t where t.tier_id > p.tier_id)
      into had_tier, had_balance, had_spend, had_day, had_owed, next_threshold
      from oba.points_accounts p where p.customer_id = customer for update;
      select k.status, k.merged_into into state, survivor from oba.customers k where k.customer_id = customer and k.kind = 'person';
      exit when survivor is null or state = 'erased';
      customer := oba.customer_root (customer);
    end loop;
    if not found or (state = 'erased' and via = 'staff') then
      perform oba.refuse ('OB002', format ('There is no customer %s.', customer));
    end if;
    person := state <> 'erased';
    earns := state = 'active';
    if link ? 'earns' then
      earns := coalesce ((link ->> 'earns')::boolean, earns);
    end if;
  end if;
  if not person then
    select w.customer_id into customer from oba.walk_ins w where w.store_id = store;
    if not found then
      perform oba.refuse ('OB002', format ('There is no store %s.', store));
    end if;
  end if;
  if via = 'staff' then
    perform oba.check_scope (store);
  end if;

  receipt := nextval ('oba.receipt_ids');
  if replaces then
    no := 'C' || receipt;
  end if;
  with kept as (
    insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, discount, vat, total)
    select customer, at, receipt, l.n, l.product_id, (l.quantity * 1000)::bigint, l.unit_price, l.discount, l.vat, l.total
    from (select x.n, case when x.v ->> 'product' is not null then (select p.product_id from oba.products p where p.product_id = (x.v ->> 'product')::bigint)
                           when x.v ->> 'barcode' is not null then (select p.product_id from oba.products p where p.barcode = x.v ->> 'barcode')
                           else (select p.product_id from oba.products p where p.code = x.v ->> 'code') end as product_id,
                 (x.v ->> 'quantity')::numeric as quantity, (x.v ->> 'unit_price')::bigint as unit_price, coalesce ((x.v ->> 'discount')::bigint, 0) as discount,
                 coalesce ((x.v ->> 'vat')::bigint, 0) as vat, (x.v ->> 'total')::bigint as total
          from jsonb_array_elements (request -> 'lines') with ordinality x (v, n) offset 0) l
    where l.product_id is not null and l.quantity > 0 and l.quantity <= 1000000 and l.quantity * 1000 = trunc (l.quantity * 1000)
      and l.unit_price between 0 and 100000000 and l.discount >= 0 and l.vat between 0 and l.total
      and (abs (l.total + l.discount - l.quantity * l.unit_price) <= 1 or carried)
    returning total, discount, vat
  )
  select count (*), sum (k.total), sum (k.discount), sum (k.vat) into n_lines, lines_total, lines_discount, lines_vat from kept k;
  if n_lines <> jsonb_array_length (request -> 'lines') then
    perform oba.refuse_line (request, carried);
  elsif lines_total <> amount then
    perform oba.refuse ('OB010', format ('The lines make %s qəpik, the receipt says %s.', lines_total, amount));
  end if;

  insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, fiscal_id, total, discount, vat,
                            paid_cash, paid_card, paid_other, line_count, reason, source,
                            original_customer_id, original_sold_at, original_receipt_id, reason_code, batch_id)
  values (customer, at, receipt, store, till, no, request ->> 'cashier', request ->> 'fiscal_id', amount, lines_discount, lines_vat,
          cash, card, other, n_lines, request ->> 'reason', via,
          (link #>> '{original,customer_id}')::bigint, (link #>> '{original,sold_at}')::timestamptz, (link #>> '{original,receipt_id}')::bigint,
          link ->> 'reason_code', (link ->> 'batch_id')::bigint);

  if person then
    day := oba.business_day (earned_at);
    points := coalesce (amount / qepik_per_point, 0);
    if points > 0 then
      entry := nextval ('oba.entry_ids');
      insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source)
      values (customer, at, entry, 'earn', case when earns then points else 0 end, rule, version,
              case when earns then jsonb_build_object ('total', amount) else jsonb_build_object ('total', amount, 'withheld', 'blocked') end,
              receipt, at, via);
      if earns then
        insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on)
        values (customer, entry, at, receipt, points, points, (day + make_interval (months => valid_months))::date);
      else
        points := 0;
      end if;
    end if;
    -- Points and tier in one UPDATE: a second one of the same row would check its foreign keys again.
    if link is not null then
      day := oba.business_day (at);
    end if;
    spend := case when had_day = day then had_spend + amount else oba.tier_spend (customer, had_spend, had_day, day, amount) end;
    tier := had_tier;
    if spend >= next_threshold then
      select max (t.tier_id) into tier from oba.tiers t where t.threshold <= spend;
      insert into oba.tier_changes (customer_id, at, from_tier, to_tier, why, spend, spend_day, receipt_id)
      values (customer, at, had_tier, tier, 'spend', spend, greatest (had_day, day), receipt);
    end if;
    update oba.points_accounts p
    set balance = p.balance + points, lifetime = p.lifetime + points, tier_spend = spend, tier_day = greatest (p.tier_day, day), tier_id = tier,
        tier_since = case when tier > had_tier then at else p.tier_since end, updated_at = now()
    where p.customer_id = customer;
    if had_owed > 0 and points > 0 then
      perform oba.settle_debts (customer, day);
    end if;
    answer := jsonb_build_object ('receipt_id', receipt, 'customer_id', customer, 'sold_at', at,
                                  'points', points, 'balance', had_balance + points, 'tier', tier, 'tier_changed', tier <> had_tier);
    if customer <> asked then
      select l.chat_id into chat from oba.telegram_links l where l.customer_id = customer and l.unreachable_at is null;
    end if;
    if chat is not null and not coalesce ((link ->> 'silent')::boolean, false) then
      insert into oba.outbox (customer_id, chat_id, kind, payload)
      values (customer, chat, 'receipt', answer || jsonb_build_object ('store', store, 'total', amount));
      if tier <> had_tier then
        insert into oba.outbox (customer_id, chat_id, kind, payload) values (customer, chat, 'tier', jsonb_build_object ('from', had_tier, 'to', tier));
      end if;
    end if;
  else
    answer := jsonb_build_object ('receipt_id', receipt, 'customer_id', customer, 'sold_at', at);
  end if;
  if via = 'staff' and link is null then
    perform oba.audit_add ('receipt.record', 'receipt', receipt::text, customer,
                           jsonb_build_object ('total', jsonb_build_array (null, amount), 'receipt_no', jsonb_build_array (null, no)), request ->> 'reason');
  end if;
  insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id, request_hash, answer)
  values (store, till, no, customer, at, receipt, hash, answer);
  return answer;
end $$;

-- As in 0032 and 0044. A receipt's hash is made once for both of its keys.
create or replace function oba.once (action text, request jsonb, scope text, key text) returns jsonb
language plpgsql
as $$
declare
  hash bytea;
  known_hash bytea;
  answer jsonb;
  about bigint;
  state text;
  message text;
  hint text;
  detail text;
begin
  if request is null then
    perform oba.refuse ('OB001', 'The request is missing.');
  end if;
  if key is not null then
    if scope is null or length (key) not between 1 and 200 or length (scope) not between 1 and 100 then
      perform oba.refuse ('OB001', 'A key has 1 to 200 characters.');
    end if;
    hash := sha256 (convert_to (action || request::text, 'UTF8'));
    perform pg_advisory_xact_lock (hashtextextended (scope || e'\x1f' || key, 1));
    select k.request_hash, k.answer into known_hash, answer from oba.idempotency_keys k where k.scope = once.scope and k.key = once.key;
    if found then
      if known_hash = hash then
        return answer || '{"replayed": true}';
      end if;
      perform oba.refuse ('OB005', 'This key was used for another request.', 'Send each new request with a key of its own.');
    end if;
  end if;
  begin
    case action
      when 'record_receipt' then answer := oba.enter_receipt (request, null, hash);
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
      else execute format ('select oba.%I ($1)', 'do_' || action) into answer using request;
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
    if action not in ('record_receipt', 'return_lines') then
      about := substring (coalesce (answer ->> 'customer_id', request ->> 'customer_id') from '^[0-9]{1,18}$')::bigint;
    end if;
    insert into oba.idempotency_keys (scope, key, request_hash, refused, answer, customer_id) values (scope, key, hash, answer ? 'refused', answer, about);
  end if;
  return answer;
end $$;

-- ---------------------------------------------------------------- corrections

-- As in 0060, but in PL/pgSQL: a function in SQL that is not inlined is planned anew for each call, over each month there is. And what answers a sale is not
-- looked for in the months before it.

create or replace function oba.open_from () returns timestamptz
language plpgsql stable
as $$
begin
  return coalesce ((select oba.day_start ((max (c.month) + interval '1 month')::date) from oba.closed_months c), '-infinity');
end $$;

create or replace function oba.entry_time (at timestamptz) returns timestamptz
language plpgsql stable
as $$
begin
  return case when at >= oba.open_from () then at else now() end;
end $$;

create or replace function oba.is_erased (customer bigint) returns boolean
language plpgsql stable
as $$
begin
  return exists (select from oba.customers c where c.customer_id = customer and c.status = 'erased');
end $$;

create or replace function oba.earned_by (o oba.receipts) returns jsonb
language plpgsql stable
as $$
begin
  return coalesce ((select jsonb_build_object ('rule_id', l.rule_id, 'rule_version', l.rule_version, 'earns', not l.inputs ? 'withheld')
                    from oba.points_ledger l
                    where l.customer_id = o.customer_id and l.occurred_at = o.sold_at and l.receipt_id = o.receipt_id and l.kind = 'earn'), '{}');
end $$;

create or replace function oba.true_time (o oba.receipts) returns timestamptz
language plpgsql stable
as $$
begin
  return coalesce ((select c.happened_at from oba.corrections c where c.replacement_receipt_id = o.receipt_id), o.sold_at);
end $$;

create or replace function oba.lines_left (o oba.receipts)
returns table (line_no integer, product_id bigint, unit_price bigint, quantity bigint, discount bigint, vat bigint, total bigint)
language plpgsql stable
as $$
begin
  return query
  with back as materialized (
    select l.original_line_no, sum (l.quantity) as quantity, sum (l.discount) as discount, sum (l.vat) as vat, sum (l.total) as total
    from oba.receipts r join oba.receipt_lines l on l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id
    where r.original_receipt_id = o.receipt_id and r.kind in ('return', 'void') and r.sold_at >= o.sold_at and l.sold_at >= o.sold_at group by 1
  )
  select s.line_no, s.product_id, s.unit_price, (s.quantity + coalesce (b.quantity, 0))::bigint, (s.discount + coalesce (b.discount, 0))::bigint,
         (s.vat + coalesce (b.vat, 0))::bigint, (s.total + coalesce (b.total, 0))::bigint
  from oba.receipt_lines s left join back b on b.original_line_no = s.line_no
  where s.customer_id = o.customer_id and s.sold_at = o.sold_at and s.receipt_id = o.receipt_id and s.quantity + coalesce (b.quantity, 0) > 0;
end $$;

create or replace function oba.lines_as_json (o oba.receipts) returns jsonb
language plpgsql stable
as $$
begin
  return (select coalesce (jsonb_agg (jsonb_build_object ('product', l.product_id, 'quantity', l.quantity / 1000.0, 'unit_price', l.unit_price, 'discount', l.discount, 'vat', l.vat,
                                                          'total', l.total) order by l.line_no), '[]')
          from oba.lines_left (o) l);
end $$;

create or replace function oba.lines_before (o oba.receipts, v oba.receipts) returns jsonb
language plpgsql stable
as $$
begin
  return (select coalesce (jsonb_agg (jsonb_build_object ('product', g.product_id, 'quantity', g.quantity / 1000.0, 'unit_price', g.unit_price, 'discount', g.discount, 'vat', g.vat,
                                                          'total', g.total) order by g.line_no), '[]')
          from (select x.line_no, x.product_id, x.unit_price, sum (x.quantity) as quantity, sum (x.discount) as discount, sum (x.vat) as vat, sum (x.total) as total
                from (select * from oba.lines_left (o)
                      union all
                      select l.original_line_no, l.product_id, l.unit_price, - l.quantity, - l.discount, - l.vat, - l.total
                      from oba.receipt_lines l where l.customer_id = v.customer_id and l.sold_at = v.sold_at and l.receipt_id = v.receipt_id) x
                group by 1, 2, 3) g);
end $$;

create or replace function oba.correction_figures (customer bigint) returns jsonb
language plpgsql stable
as $$
begin
  return (select jsonb_build_object ('customer_id', a.customer_id, 'balance', a.balance, 'owed', a.owed, 'tier', a.tier_id, 'spend', a.tier_spend,
                                     'lots', (select coalesce (jsonb_object_agg (l.lot_id, jsonb_build_array (l.expires_on, l.remaining)), '{}')
                                              from oba.points_lots l where l.customer_id = a.customer_id))
          from oba.points_accounts a where a.customer_id = customer);
end $$;

create or replace function oba.figures_changed (before jsonb, after jsonb) returns jsonb
language plpgsql stable
as $$
begin
  return (select jsonb_build_object ('customer_id', before -> 'customer_id', 'balance', jsonb_build_array (before -> 'balance', after -> 'balance'),
                                     'owed', jsonb_build_array (before -> 'owed', after -> 'owed'), 'tier', jsonb_build_array (before -> 'tier', after -> 'tier'),
                                     'spend', jsonb_build_array (before -> 'spend', after -> 'spend'),
                                     'lots', coalesce (jsonb_agg (jsonb_build_object ('lot_id', case when before -> 'lots' ? x.key then x.key::bigint end, 'expires_on', x.value -> 0,
                                                                                      'before', coalesce (before #> array['lots', x.key, '1'], '0'), 'after', x.value -> 1)
                                                                  order by x.value ->> 0, x.key::bigint) filter (where x.key is not null), '[]'))
          from (select 1) one left join jsonb_each (after -> 'lots') x on before #> array['lots', x.key] is distinct from x.value and (before -> 'lots' ? x.key or x.value ->> 1 <> '0'));
end $$;

create or replace function oba.correction_preview (what text, o oba.receipts, back oba.receipts, new oba.receipts, c oba.corrections, true_at timestamptz, proposer text, customers jsonb) returns jsonb
language plpgsql stable
as $$
begin
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
end $$;

create or replace function oba.find_receipt (named jsonb) returns oba.receipts
language plpgsql stable
as $$
declare
  customer bigint := (named ->> 'customer_id')::bigint;
  at timestamptz := (named ->> 'sold_at')::timestamptz;
  receipt bigint := (named ->> 'receipt_id')::bigint;
  o oba.receipts;
begin
  if not named ? 'receipt_id' then
    select k.customer_id, k.sold_at, k.receipt_id into customer, at, receipt from oba.receipt_keys k
    where k.store_id = (named ->> 'store')::bigint and k.till_no = coalesce ((named ->> 'till')::integer, 0) and k.receipt_no = named ->> 'receipt_no';
  end if;
  select r.* into o from oba.receipts r where r.customer_id = customer and r.sold_at = at and r.receipt_id = receipt;
  if o.receipt_id is null then
    perform oba.refuse ('OB002', 'There is no such receipt.', 'Check store, till and receipt number on the paper.');
  end if;
  return o;
end $$;

-- The tier of a person anew after a correction, up or down, as if the receipts had been right from the beginning; an override stays.
create or replace function oba.correct_tier (customer bigint, at timestamptz) returns void
language plpgsql
as $$
begin
  perform oba.recount_tier (customer, greatest ((select a.tier_day from oba.points_accounts a where a.customer_id = customer), oba.business_day (at)), true, null);
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

select oba.patch_function ('oba.post_correction', 'where r.original_receipt_id = o.receipt_id);', 'where r.original_receipt_id = o.receipt_id and r.sold_at >= o.sold_at);');
select oba.patch_function ('oba.post_correction', 'where r.original_receipt_id = o.receipt_id and r.receipt_id = reversal;',
                           'where r.original_receipt_id = o.receipt_id and r.receipt_id = reversal and r.sold_at >= o.sold_at;');
select oba.patch_function ('oba.undo_correction', 'exists (select from oba.receipts r where r.original_receipt_id = o.receipt_id)',
                           'exists (select from oba.receipts r where r.original_receipt_id = o.receipt_id and r.sold_at >= o.sold_at)');
select oba.patch_function ('oba.take_points_back', 'l.reverses_id = e.entry_id and l.kind = ''clawback'');', 'l.reverses_id = e.entry_id and l.kind = ''clawback'' and l.occurred_at >= e.occurred_at);');
select oba.patch_function ('oba.do_return_lines', 'where r.original_receipt_id = o.receipt_id and r.kind in (''return'', ''void'') and r.sold_at >= o.sold_at group by 1',
                           'where r.original_receipt_id = o.receipt_id and r.kind in (''return'', ''void'') and r.sold_at >= o.sold_at and l.sold_at >= o.sold_at group by 1');
-- Null: why it is. The receipts of a year are added up once.
select oba.patch_function ('oba.recount_tier', 'reached, why, spent, day)', 'reached, coalesce (why, case when reached < a.tier_id then ''downgrade'' else ''spend'' end), spent, day)');
-- A plan for the values is made from the months that matter; one for any values from all of them, which takes ten times as long, and once in a while it is tried.
alter function oba.preview_correction (jsonb) set plan_cache_mode = force_custom_plan;
alter function oba.correct_receipt (jsonb, text, text) set plan_cache_mode = force_custom_plan;
alter function oba.decide_approval (jsonb, text, text) set plan_cache_mode = force_custom_plan;

-- ---------------------------------------------------------------- browsing

-- How many receipts, or lines of products, an index has for a condition; more than @most is @most + 1, so that counting costs next to nothing.
create function oba.count_kinds (kinds text[], most integer) returns bigint
language sql stable
return (select count (*) from (select from oba.receipts r where r.kind = any (kinds) and r.kind <> 'sale' limit most + 1) x);

create function oba.count_amounts (least_amount bigint, most_amount bigint, most integer) returns bigint
language sql stable
return (select count (*) from (select from oba.receipts r where r.total >= coalesce (least_amount, -9223372036854775808)
                                                            and r.total <= coalesce (most_amount, 9223372036854775807) limit most + 1) x);

create function oba.count_lines (products bigint[], most integer) returns bigint
language sql stable
return (select count (*) from (select from oba.receipt_lines l where l.product_id = any (products) limit most + 1) x);

/*
 * receipt_way(), but the rarer of two conditions leads, and the other is looked up: a product that sells seldom rather than all of some stores; rare amounts or
 * kinds rather than all of a product that sells every minute, or all that were ever returned.
 */
create or replace function oba.receipt_best_way (filter jsonb) returns text
language plpgsql stable set enable_seqscan = off
as $$
declare
  few constant integer := 5000;
  way text := oba.receipt_way (filter);
  products bigint[] := case when filter ? 'products' then oba.json_numbers (filter -> 'products') end;
  n integer;
begin
  if way = 'store' then
    n := least (few, 1000 * jsonb_array_length (filter -> 'stores'));
    return case when products is not null and oba.count_lines (products, n) <= n then 'product' else way end;
  elsif way not in ('product', 'corrected') then
    return way;
  end if;
  if filter ? 'kinds' and not filter -> 'kinds' ? 'sale' then
    n := oba.count_kinds (oba.json_names (filter -> 'kinds'), 10 * few);
    if n <= few or (way = 'product' and oba.count_lines (products, n) > n) then
      return 'kind';
    end if;
  end if;
  if filter ? 'amount' then
    n := oba.count_amounts ((filter #>> '{amount,0}')::bigint, (filter #>> '{amount,1}')::bigint, 4 * few);
    if n <= few or (n <= 4 * few and way = 'product' and oba.count_lines (products, n) > n) then
      return 'amount';
    end if;
  end if;
  if way = 'product' and filter -> 'corrected' = 'true' and oba.count_lines (products, few) > few then
    return 'corrected';
  end if;
  return way;
end $$;

-- Which receipts have a product is read from its index alone, and joined month by month: reading the lines themselves would be gigabytes for what sells every minute.
drop index oba.receipt_lines_product;
create index receipt_lines_product on oba.receipt_lines (product_id, sold_at) include (customer_id, receipt_id);
alter function oba.receipt_totals (jsonb) set enable_partitionwise_join = on;
alter function oba.receipt_totals (jsonb) set work_mem = '64MB';
alter function oba.receipt_points (jsonb) set enable_partitionwise_join = on;
alter function oba.receipt_points (jsonb) set work_mem = '64MB';

-- A return is not corrected itself: nothing is looked through to find none.
select oba.patch_function ('oba.receipt_page_sql', 'conditions text := oba.receipt_conditions (filter, way, true);',
                           'conditions text := oba.receipt_conditions (filter, way, true)
    || case when filter -> ''corrected'' = ''true'' and (not filter -> ''kinds'' ?| array[''sale'', ''correction''] or (filter #>> ''{amount,1}'')::bigint < 0) then '' and false'' else '''' end;');

-- The names of stores are joined, not looked up for each receipt that is put in their order.
select oba.patch_function ('oba.receipt_page_sql', 'key text := oba.receipt_sort_key (sort);',
                           'key text := case when sort = ''store'' and way in (''time'', ''customer'') then ''s.name'' else oba.receipt_sort_key (sort) end;');
select oba.patch_function ('oba.receipt_page_sql', 'return format (''select %s from oba.receipts r where true%s order by %s limit $4'', columns, conditions, row_order);',
                           'return format (''select %s from oba.receipts r%s where true%s order by %s limit $4'', columns,
                   case when sort = ''store'' then '' left join oba.stores s on s.store_id = r.store_id'' else '''' end, conditions, row_order);');

drop function oba.patch_function (text, text, text);

reset role;
