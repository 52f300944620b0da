-- Files out and in: exports are audited; a finished import is known by its file and can be reversed as a batch.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- out

-- Numbers the exports in the audit.
create sequence oba.export_ids as bigint;

-- {"kind", "format", "columns": [...], "filter", ...}: committed by the exporting program before it reads the first row. Returns the export's number.
create function oba.export_begin (request jsonb) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  id bigint := nextval ('oba.export_ids');
begin
  if jsonb_typeof (request) is distinct from 'object' or request ->> 'kind' is null or length (request::text) > 20000 then
    perform oba.refuse ('OB001', 'An export says what it takes along.');
  end if;
  perform oba.audit_add ('export.begin', 'export', id::text, (request ->> 'customer')::bigint, jsonb_build_object ('export', jsonb_build_array (null, request)), null);
  return id;
end $$;

-- {"rows", "points", "money"}: what the file holds.
create function oba.export_end (export bigint, totals jsonb) returns void
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if not exists (select from oba.audit a where a.subject = 'export' and a.subject_id = export::text and a.action = 'export.begin' and a.who = session_user) then
    perform oba.refuse ('OB002', format ('There is no export %s.', export));
  end if;
  perform oba.audit_add ('export.end', 'export', export::text, null,
                         jsonb_build_object ('rows', jsonb_build_array (null, totals -> 'rows'), 'points', jsonb_build_array (null, totals -> 'points'),
                                             'money', jsonb_build_array (null, totals -> 'money')), null);
end $$;

grant execute on function oba.export_begin (jsonb), oba.export_end (bigint, jsonb)
  to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;

-- ---------------------------------------------------------------- in

alter table oba.import_batches drop constraint import_batches_state_check;
alter table oba.import_batches add constraint import_batches_state_check check (state in ('loading', 'posted', 'reversing', 'reversed'));
alter table oba.import_batches
  add column rows_changed      bigint not null default 0,                            -- were there, with other contents
  add column reverses          bigint references oba.import_batches,                 -- a batch of reversing receipts; people see the batch that it reverses
  add column reversal_stage    text check (reversal_stage in ('receipts', 'people', 'rest')),
  add column reversal_position bigint not null default 0,                            -- the last receipt or customer of the stage that was looked at
  add column reversal          jsonb;                                                -- {"receipts", "money", "points", "customers", "kept", "products", "stores"} so far
create index import_batches_file on oba.import_batches (file_sha256) where file_sha256 is not null;
create index import_batches_reverses on oba.import_batches (reverses) where reverses is not null;
-- Every step of a reversal changes the row: the audit is told of its beginning and its end.
drop trigger audit on oba.import_batches;
create trigger audit_new after insert on oba.import_batches for each row execute function oba.audit_row ('import', 'batch_id');
create trigger audit after update on oba.import_batches
  for each row when (old.state <> new.state or old.finished_at is distinct from new.finished_at) execute function oba.audit_row ('import', 'batch_id');

-- A reversal goes through a batch in steps.
drop index oba.receipts_batch;
create index receipts_batch on oba.receipts (batch_id, receipt_id) where batch_id is not null;
drop index oba.customers_batch;
create index customers_batch on oba.customers (batch_id, customer_id) where batch_id is not null;

-- The import that made a store or product, if one did: import_merge() says which is under way.
alter table oba.stores add column batch_id bigint default nullif (current_setting ('oba.batch', true), '')::bigint;
alter table oba.products add column batch_id bigint default nullif (current_setting ('oba.batch', true), '')::bigint;
create index stores_batch on oba.stores (batch_id) where batch_id is not null;
create index products_batch on oba.products (batch_id) where batch_id is not null;

create or replace function oba.import_add_batch (kind text, options jsonb, fresh bigint, known bigint) returns bigint
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  batch bigint := current_setting ('oba.batch')::bigint;
begin
  insert into oba.import_batches (batch_id, kind, file_name, file_sha256, mapping, rows_read, rows_new, rows_known, rows_changed, rows_rejected)
  values (batch, import_add_batch.kind, left (coalesce (options ->> 'file', ''), 500), decode (nullif (options ->> 'sha256', ''), 'hex'), options -> 'mapping',
          (select count (*) from pg_temp.import_rows), fresh, known, coalesce ((options ->> 'changed')::bigint, 0), (select count (*) from pg_temp.import_rejects));
  return batch;
end $$;

create or replace function oba.import_check (kind text, options jsonb) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp set work_mem = '128MB' set jit = off
as $$
declare
  answer jsonb;
begin
  perform oba.import_own ('import_rows'), oba.import_own ('import_rejects');
  -- One import after the other: the second then finds what the first has brought.
  perform pg_advisory_xact_lock (hashtext ('oba.import'));
  case kind
    when 'stores' then answer := oba.import_check_stores (options);
    when 'products' then answer := oba.import_check_products (options);
    when 'customers' then answer := oba.import_check_customers (options);
    when 'sales' then answer := oba.import_check_sales (options);
    else perform oba.refuse ('OB001', 'Stores, products, customers and sales can be imported.');
  end case;
  return answer || jsonb_build_object ('rejected', oba.import_count_rejects (), 'same_file',
    (select jsonb_build_object ('batch', b.batch_id, 'state', b.state, 'at', extract (epoch from b.started_at)::bigint) from oba.import_batches b
     where b.file_sha256 = decode (nullif (options ->> 'sha256', ''), 'hex') and b.kind = import_check.kind order by b.batch_id desc limit 1));
end $$;

create or replace function oba.import_merge (kind text, options jsonb) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp set work_mem = '128MB' set jit = off
as $$
declare
  batch bigint;
begin
  perform oba.import_own ('import_rows'), oba.import_own ('import_rejects'), oba.import_own (case kind when 'sales' then 'import_receipts' else 'import_plan' end);
  perform set_config ('oba.batch', nextval (pg_get_serial_sequence ('oba.import_batches', 'batch_id'))::text, true);
  case kind
    when 'stores' then batch := oba.import_merge_stores (options);
    when 'products' then batch := oba.import_merge_products (options);
    when 'customers' then batch := oba.import_merge_customers (options);
    when 'sales' then batch := oba.import_merge_sales (options);
    else perform oba.refuse ('OB001', 'Stores, products, customers and sales can be imported.');
  end case;
  perform set_config ('oba.batch', '', true);
  if kind = 'products' then
    -- What a reversal took out of the catalogue and a later file names is in it again.
    update oba.products p set withdrawn_at = null from pg_temp.import_plan i where i.changed and p.product_id = i.product_id and p.withdrawn_at is not null;
  end if;
  if kind <> 'sales' then
    update oba.import_batches set state = 'posted', finished_at = clock_timestamp () where batch_id = batch;
  end if;
  return batch;
end $$;

-- ---------------------------------------------------------------- reversing a batch

/*
 * What a reversal does with what the batch has brought:
 *   receipts   each sale gets a reversing receipt ('void', reason code "import-reversed") of what was not returned yet; its points are clawed back as
 *              by any return, tiers follow, nobody is written to. The numbers stay taken: a receipt is booked once.
 *   customers  whom nobody has used or changed since is erased as "mistake": identity gone, phone and foreign id free again. Others stay, with the reason.
 *   products   become unnamed and withdrawn, stores closed, unless they are in use by others.
 * What the file changed in records that were there stays changed: their history has the values of before.
 * It goes in steps, each a transaction of its own; whoever repeats the request goes on where the last step ended, and two at once take turns.
 */

-- Why a customer of @batch stays; null: goes.
create function oba.batch_keeps (batch bigint, c oba.customers) returns text
language plpgsql stable
as $$
begin
  return case
    when c.version > 1 then 'changed'
    when exists (select from oba.receipts r where r.customer_id = c.customer_id and r.batch_id is distinct from batch
                 and not exists (select from oba.import_batches x where x.batch_id = r.batch_id and x.reverses = batch)) then 'bought'
    when exists (select from oba.points_ledger l where l.customer_id = c.customer_id and l.kind in ('redeem', 'restore', 'adjust', 'bonus', 'transfer')) then 'points'
    when exists (select from oba.cards k where k.customer_id = c.customer_id) then 'card'
    when exists (select from oba.telegram_links t where t.customer_id = c.customer_id) then 'telegram'
    when exists (select from oba.consent_history h where h.customer_id = c.customer_id) then 'consent'
    when (select count (*) from oba.customer_family (c.customer_id)) > 1 then 'merged'
  end;
end $$;

-- Customers of a batch who are somebody still, and why they would stay, or stayed.
create function oba.batch_kept (batch bigint, most integer default 1000)
returns table (customer_id bigint, full_name text, phone text, reason text)
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  return query
  select k.customer_id, concat_ws (' ', nullif (k.family_name, ''), nullif (k.given_name, '')), k.phone, k.why
  from (select c.*, oba.batch_keeps (batch, c) as why from oba.customers c
        where c.batch_id = batch and c.kind = 'person' and c.status not in ('erased', 'merged') order by c.customer_id) k
  where k.why is not null limit most;
end $$;

-- What is not returned yet of a batch's sales.
create function oba.batch_sales (batch bigint, after bigint, most integer)
returns table (customer_id bigint, sold_at timestamptz, receipt_id bigint, store_id bigint)
language sql stable
as $$
  select r.customer_id, r.sold_at, r.receipt_id, r.store_id from oba.receipts r
  where r.batch_id = batch and r.receipt_id > after and r.kind = 'sale' order by r.receipt_id limit most
$$;

create function oba.preview_reversal (batch bigint) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  b oba.import_batches;
  sales record;
  people record;
begin
  select * into b from oba.import_batches i where i.batch_id = batch and i.reverses is null;
  if not found then
    perform oba.refuse ('OB002', format ('There is no import %s.', batch));
  end if;
  select count (*) as receipts, coalesce (sum (x.total - x.back), 0)::bigint as money into sales
  from (select r.total, coalesce ((select - sum (v.total) from oba.receipts v where v.original_receipt_id = r.receipt_id and v.kind in ('return', 'void')), 0) as back,
               r.line_count
        from oba.receipts r where r.batch_id = batch and r.kind = 'sale') x where x.total > x.back or x.back = 0;
  select count (*) filter (where k.why is null) as going, coalesce (sum (1) filter (where k.why is not null), 0)::bigint as staying into people
  from (select oba.batch_keeps (batch, c) as why from oba.customers c where c.batch_id = batch and c.kind = 'person' and c.status not in ('erased', 'merged')) k;
  return jsonb_build_object ('batch_id', batch, 'kind', b.kind, 'state', b.state, 'receipts', sales.receipts, 'money', sales.money,
    'points', (select coalesce (sum (l.points), 0)::bigint from oba.receipts r
               join oba.points_ledger l on l.customer_id = r.customer_id and l.occurred_at = r.sold_at and l.receipt_id = r.receipt_id and l.kind = 'earn'
               where r.batch_id = batch and r.kind = 'sale'),
    'customers', people.going, 'kept', people.staying, 'changed', b.rows_changed,
    'products', (select count (*) from oba.products p where p.batch_id = batch and p.withdrawn_at is null),
    'stores', (select count (*) from oba.stores s where s.batch_id = batch and s.closed_on is null));
end $$;

-- One step of receipts: what is left of up to @most sales after @after is reversed in a batch of its own. Returns figures and the last receipt looked at.
create function oba.reverse_sales (b oba.import_batches, after bigint, most integer) returns jsonb
language plpgsql
as $$
declare
  batch bigint;
  last_one bigint;
  n bigint;
  money bigint;
  points bigint;
begin
  create temp table reversing on commit drop as select * from oba.batch_sales (b.batch_id, after, most);
  select max (r.receipt_id) into last_one from pg_temp.reversing r;
  if last_one is null then
    drop table pg_temp.reversing;
    return null;
  end if;
  -- Before returns as do_return_lines() takes them: the receipt, then the account.
  perform pg_advisory_xact_lock (hashtextextended ('return', r.receipt_id)) from (select * from pg_temp.reversing order by receipt_id) r;
  perform from oba.points_accounts a where a.customer_id in (select r.customer_id from pg_temp.reversing r) order by a.customer_id for update;

  create temp table reversing_lines on commit drop as
  select r.customer_id, r.sold_at, r.receipt_id, r.store_id, l.line_no, l.product_id, l.unit_price, l.quantity - coalesce (d.quantity, 0) as quantity,
         l.discount - coalesce (d.discount, 0) as discount, l.vat - coalesce (d.vat, 0) as vat, l.total - coalesce (d.total, 0) as total
  from pg_temp.reversing r join oba.receipt_lines l using (customer_id, sold_at, receipt_id)
  left join lateral (select - sum (x.quantity) as quantity, - sum (x.discount) as discount, - sum (x.vat) as vat, - sum (x.total) as total
                     from oba.receipts v join oba.receipt_lines x using (customer_id, sold_at, receipt_id)
                     where v.original_receipt_id = r.receipt_id and v.kind in ('return', 'void') and v.sold_at >= r.sold_at and x.original_line_no = l.line_no) d on true
  where l.quantity > coalesce (d.quantity, 0);

  insert into oba.import_batches (kind, file_name, reverses) values ('sales', b.file_name, b.batch_id) returning batch_id into batch;
  create temp table reversing_receipts on commit drop as
  select nextval ('oba.receipt_ids') as void_id, x.* from
    (select customer_id, sold_at, receipt_id, store_id, count (*)::integer as lines, sum (total)::bigint as total, sum (discount)::bigint as discount, sum (vat)::bigint as vat
     from pg_temp.reversing_lines group by 1, 2, 3, 4 order by receipt_id) x;
  insert into oba.receipts (customer_id, sold_at, receipt_id, kind, store_id, till_no, receipt_no, total, discount, vat, paid_other, line_count,
                            original_customer_id, original_sold_at, original_receipt_id, reason_code, source, batch_id)
  select customer_id, now(), void_id, 'void', store_id, 0, 'R' || void_id, - total, - discount, - vat, - total, lines, customer_id, sold_at, receipt_id,
         'import-reversed', 'import', batch
  from pg_temp.reversing_receipts order by void_id;
  insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, discount, vat, total, original_line_no)
  select l.customer_id, now(), r.void_id, row_number () over (partition by r.void_id order by l.line_no), l.product_id, - l.quantity, l.unit_price,
         - l.discount, - l.vat, - l.total, l.line_no
  from pg_temp.reversing_lines l join pg_temp.reversing_receipts r using (receipt_id);
  perform oba.post_batch (batch);
  select count (*), coalesce (sum (r.total), 0)::bigint into n, money from pg_temp.reversing_receipts r;
  select coalesce (- sum (l.points), 0)::bigint into points from oba.points_ledger l join pg_temp.reversing_receipts r on l.customer_id = r.customer_id
    and l.receipt_id = r.void_id and l.occurred_at = now() and l.kind = 'clawback';
  drop table pg_temp.reversing, pg_temp.reversing_lines, pg_temp.reversing_receipts;
  return jsonb_build_object ('position', last_one, 'receipts', n, 'money', money, 'points', points);
end $$;

-- One step of people. Erasing is 0044's, for many at once.
create function oba.reverse_people (b oba.import_batches, after bigint, most integer) returns jsonb
language plpgsql
as $$
declare
  last_one bigint;
  looked bigint[];
  going bigint[];
  gone bigint;
begin
  looked := array (select c.customer_id from oba.customers c where c.batch_id = b.batch_id and c.customer_id > after and c.kind = 'person'
                   order by c.customer_id limit most);
  last_one := looked[cardinality (looked)];
  if last_one is null then
    return null;
  end if;
  perform from oba.customers c where c.customer_id = any (looked) order by c.customer_id for update;
  perform from oba.points_accounts a where a.customer_id = any (looked) order by a.customer_id for update;
  going := array (select c.customer_id from oba.customers c
                  where c.customer_id = any (looked) and c.status not in ('erased', 'merged') and oba.batch_keeps (b.batch_id, c) is null order by 1);
  if cardinality (going) > 0 then
    insert into oba.erasures (customer_id, reason_code, asked_for, figures) select g, 'mistake', g, jsonb_build_object ('batch', b.batch_id) from unnest (going) g;
    perform oba.erase_reasons (going);
    perform oba.erase_points (g) from unnest (going) g where exists (select from oba.points_lots l where l.customer_id = g and l.remaining > 0);
    perform oba.erase_messages (going);
    perform oba.erase_answers (going, array (select c.phone from oba.customers c where c.customer_id = any (going) and c.phone is not null),
                               array (select c.email from oba.customers c where c.customer_id = any (going) and c.email is not null));
    perform oba.erase_identity (going);
    delete from oba.audit_personal p where p.customer_id = any (going);
    perform oba.audit_add ('customer.erase', 'customer', g::text, g, jsonb_build_object ('erased_for', jsonb_build_array (null, 'mistake')), null) from unnest (going) g;
  end if;
  select count (*) into gone from oba.customers c where c.customer_id = any (looked) and c.status in ('erased', 'merged');
  return jsonb_build_object ('position', last_one, 'customers', cardinality (going), 'kept', cardinality (looked) - gone);
end $$;

-- The last step: products and stores that only this batch knows.
create function oba.reverse_rest (b oba.import_batches) returns jsonb
language plpgsql
as $$
declare
  since date := oba.business_day (b.started_at);
  products bigint;
  stores bigint;
begin
  update oba.products p set known = false, withdrawn_at = now()
  where p.batch_id = b.batch_id and p.withdrawn_at is null and (b.kind = 'products' or not p.known)
        and p.product_id not in (select d.product_id from oba.rollup_product_days d where d.day >= since and d.sales > 0);
  get diagnostics products = row_count;
  update oba.stores s set closed_on = greatest (s.opened_on, oba.business_day (now()))
  where s.batch_id = b.batch_id and s.closed_on is null
        and s.store_id not in (select d.store_id from oba.rollup_store_days d where d.day >= since and d.receipts > 0)
        and not exists (select from oba.tills t where t.store_id = s.store_id and t.revoked_at is null)
        and not exists (select from oba.staff w where w.store_id = s.store_id and w.disabled_at is null);
  get diagnostics stores = row_count;
  return jsonb_build_object ('products', products, 'stores', stores);
end $$;

/*
 * {"batch_id", "most": rows of one step (default 500)} -> {"batch_id", "done", "stage", "reversal": figures so far, "by": who began it}
 * Called, each time with a new key, until it is done.
 */
create function oba.do_reverse_batch (request jsonb) returns jsonb
language plpgsql
as $$
declare
  b oba.import_batches;
  most integer := coalesce ((request ->> 'most')::integer, 500);
  step jsonb;
  sums jsonb;
  stage text;
begin
  if most not between 1 and 2000 then
    perform oba.refuse ('OB001', 'A step of a reversal is 1 to 2,000 rows.');
  end if;
  select * into b from oba.import_batches i where i.batch_id = (request ->> 'batch_id')::bigint and i.reverses is null for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no import %s.', request ->> 'batch_id'));
  elsif b.kind = 'demo' then
    perform oba.refuse ('OB006', 'The demo chain is no import that could be reversed.');
  elsif b.state = 'loading' then
    perform oba.refuse ('OB013', 'This import is not finished.');
  end if;
  stage := coalesce (b.reversal_stage, 'receipts');
  if b.state <> 'reversed' then
    if stage = 'receipts' then
      step := oba.reverse_sales (b, b.reversal_position, most);
    elsif stage = 'people' then
      step := oba.reverse_people (b, b.reversal_position, most);
    else
      step := oba.reverse_rest (b);
    end if;
    select jsonb_object_agg (f, coalesce ((b.reversal ->> f)::bigint, 0) + coalesce ((step ->> f)::bigint, 0)) into sums
      from unnest (array['receipts', 'money', 'points', 'customers', 'kept', 'products', 'stores']) f;
    update oba.import_batches i
    set reversal = sums, reversed_by = coalesce (i.reversed_by, session_user),
        reversal_position = case when step is null then 0 else coalesce ((step ->> 'position')::bigint, 0) end,
        reversal_stage = case when step is not null then stage when stage = 'receipts' then 'people' else 'rest' end,
        state = case when stage = 'rest' then 'reversed' else 'reversing' end, reversed_at = case when stage = 'rest' then now() end
    where i.batch_id = b.batch_id returning * into b;
    if b.state = 'reversed' then
      perform pg_notify ('oba_customers', '0');
    end if;
  end if;
  return jsonb_build_object ('batch_id', b.batch_id, 'done', b.state = 'reversed', 'stage', b.reversal_stage, 'reversal', b.reversal, 'by', b.reversed_by);
end $$;

select oba.add_action ('reverse_batch', 'oba_supervisor', 'oba_admin');
grant execute on function oba.preview_reversal (bigint) to oba_supervisor, oba_admin, oba_auditor;
grant execute on function oba.batch_kept (bigint, integer) to oba_supervisor, oba_admin, oba_auditor;
-- Supervisors import, too.
grant execute on function oba.import_stage (text), oba.import_check (text, jsonb), oba.import_merge (text, jsonb), oba.import_post (bigint) to oba_supervisor;

reset role;
