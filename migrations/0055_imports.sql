-- A file that was reversed can be imported again, mended or as it was.
--
-- Reversing frees what the batch alone had taken: the phones and foreign ids of its customers (0045), and here the numbers of its receipts. A number leads to
-- the booking that stands, for a till's return as for the search; a reversed booking stands for nothing any more. So the key goes, and the receipt, its
-- lines and the reversing receipt stay for ever. A receipt of which something was returned before the reversal keeps its number: booked a second time,
-- that return would count for nothing, and the points would be earned twice. The importer rejects it ("returned"), and a person decides.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- Whether all that ever happened to a sale is that its import was reversed.
create function oba.is_taken_back (sold timestamptz, receipt bigint) returns boolean
language sql stable
as $$
  select coalesce (bool_and (v.kind = 'void' and v.reason_code = 'import-reversed'), false)
  from oba.receipts v where v.original_receipt_id = receipt and v.sold_at >= sold
$$;

-- Keys are never changed and never removed, but for those.
create function oba.guard_receipt_keys () returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'DELETE' or not oba.is_taken_back (old.sold_at, old.receipt_id) then
    raise exception 'Rows of %.% are never changed or removed.', tg_table_schema, tg_table_name
      using errcode = 'OB009', hint = 'Record a correction: a reversing entry and, where wanted, a replacement.';
  end if;
  return old;
end $$;

drop trigger append_only on oba.receipt_keys;
create trigger append_only before update or delete on oba.receipt_keys for each row execute function oba.guard_receipt_keys ();

create function oba.free_receipt_numbers (batch bigint, after bigint, upto bigint) returns void
language sql
as $$
  delete from oba.receipt_keys k using oba.receipts r
  where r.batch_id = batch and r.receipt_id > after and r.receipt_id <= upto and r.kind = 'sale' and k.store_id = r.store_id and k.till_no = r.till_no
        and k.receipt_no = r.receipt_no and k.receipt_id = r.receipt_id and oba.is_taken_back (r.sold_at, r.receipt_id)
$$;

-- One step of people. Erasing is 0044's, for many at once.
create or replace function oba.reverse_people (b oba.import_batches, after bigint, most integer) returns jsonb
language plpgsql
as $$
declare
  last_one bigint;
  looked bigint[];
  going bigint[];
  gone bigint;
  contacts text[];
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
    contacts := oba.contacts_of (going);
    insert into oba.erasures (customer_id, reason_code, asked_for, figures) select g, 'mistake', g, jsonb_build_object ('batch', b.batch_id) from unnest (going) g;
    perform oba.erase_reasons (going);
    perform oba.erase_points (g) from unnest (going) g where exists (select from oba.points_lots l where l.customer_id = g and l.remaining > 0);
    perform oba.erase_messages (going);
    perform oba.erase_answers (going, contacts);
    perform oba.erase_searches (going, contacts);
    perform oba.erase_identity (going);
    delete from oba.audit_personal p where p.customer_id = any (going);
    perform oba.audit_add ('customer.erase', 'customer', g::text, g, jsonb_build_object ('erased_for', jsonb_build_array (null, 'mistake')), null) from unnest (going) g;
  end if;
  select count (*) into gone from oba.customers c where c.customer_id = any (looked) and c.status in ('erased', 'merged');
  return jsonb_build_object ('position', last_one, 'customers', cardinality (going), 'kept', cardinality (looked) - gone);
end $$;

-- Closed by the reversal of the import that had brought it, not by people.
alter table oba.stores add column withdrawn_at timestamptz;

create or replace function oba.do_reverse_batch (request jsonb) returns jsonb
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
  -- An import under way may be about to use what a step would take away.
  if not pg_try_advisory_xact_lock_shared (hashtext ('oba.import')) then
    perform oba.refuse ('OB013', 'An import is running.', 'The reversal can go on when the import has ended.');
  end if;
  stage := coalesce (b.reversal_stage, 'receipts');
  if b.state <> 'reversed' then
    if stage = 'receipts' then
      step := oba.reverse_sales (b, b.reversal_position, most);
      perform oba.free_receipt_numbers (b.batch_id, b.reversal_position, (step ->> 'position')::bigint);
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

create or replace function oba.reverse_rest (b oba.import_batches) returns jsonb
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
  update oba.stores s set closed_on = greatest (s.opened_on, oba.business_day (now())), withdrawn_at = now()
  where s.batch_id = b.batch_id and s.closed_on is null
        and s.store_id not in (select d.store_id from oba.rollup_store_days d where d.day >= since and d.receipts > 0)
        and not exists (select from oba.tills t where t.store_id = s.store_id and t.revoked_at is null)
        and not exists (select from oba.staff w where w.store_id = s.store_id and w.disabled_at is null);
  get diagnostics stores = row_count;
  return jsonb_build_object ('products', products, 'stores', stores);
end $$;

-- ---------------------------------------------------------------- in again

create or replace function oba.import_check_stores (options jsonb) returns jsonb
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  counts record;
begin
  perform oba.import_reject_twice ('code', 'code');
  update pg_temp.import_rows r set fault = 'order:closed_on'
  from (select i.line from pg_temp.import_rows i left join oba.stores s using (code)
        where i.fault is null and coalesce (i.closed_on, case when s.withdrawn_at is null then s.closed_on end) < coalesce (i.opened_on, s.opened_on)) b where b.line = r.line;
  perform oba.import_keep_rejects ();

  create temp table import_plan on commit drop as
  select r.*, s.store_id,
         s.store_id is not null
         and (s.withdrawn_at is not null or (coalesce (r.name, s.name), coalesce (r.region, s.region), coalesce (r.city, s.city), coalesce (r.district, s.district),
              coalesce (r.address, s.address), coalesce (r.latitude, s.latitude), coalesce (r.longitude, s.longitude),
              coalesce (r.opened_on, s.opened_on), coalesce (r.closed_on, s.closed_on))
             is distinct from (s.name, s.region, s.city, s.district, s.address, s.latitude, s.longitude, s.opened_on, s.closed_on)) as changed
  from pg_temp.import_rows r left join oba.stores s using (code) where r.fault is null;
  select count (*) filter (where store_id is null) as inserted, count (*) filter (where changed) as updated,
         count (*) filter (where store_id is not null and not changed) as unchanged, count (*) filter (where store_id is null and name is null) as unnamed
  into counts from pg_temp.import_plan;
  return to_jsonb (counts);
end $$;

create or replace function oba.import_merge_stores (options jsonb) returns bigint
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  fresh bigint;
begin
  update oba.stores s
  set name = coalesce (p.name, s.name), region = coalesce (p.region, s.region), city = coalesce (p.city, s.city), district = coalesce (p.district, s.district),
      address = coalesce (p.address, s.address), latitude = coalesce (p.latitude, s.latitude), longitude = coalesce (p.longitude, s.longitude),
      opened_on = coalesce (p.opened_on, s.opened_on), closed_on = coalesce (p.closed_on, case when s.withdrawn_at is null then s.closed_on end),
      batch_id = case when s.withdrawn_at is null then s.batch_id else current_setting ('oba.batch')::bigint end, withdrawn_at = null
  from pg_temp.import_plan p where p.changed and s.store_id = p.store_id;
  insert into oba.stores (code, name, region, city, district, address, latitude, longitude, opened_on, closed_on)
  select code, coalesce (name, code), coalesce (region, ''), coalesce (city, ''), coalesce (district, ''), coalesce (address, ''),
         latitude, longitude, opened_on, closed_on
  from pg_temp.import_plan where store_id is null order by line;
  get diagnostics fresh = row_count;
  return oba.import_add_batch ('stores', options, fresh, (select count (*) from pg_temp.import_plan where store_id is not null));
end $$;

-- A receipt of a reversed import is known only while something of it stands: it waits for the end of the reversal, or for a person.
create or replace function oba.import_check_sales (options jsonb) returns jsonb
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  make_stores constant boolean := coalesce (options -> 'create' ? 'stores', false);
  make_customers constant boolean := coalesce (options -> 'create' ? 'customers', false);
  make_products constant boolean := coalesce (options -> 'create' ? 'products', false);
  partial constant boolean := coalesce ((options ->> 'partial')::boolean, false);
  counts record;
begin
  analyze pg_temp.import_rows;
  create temp table import_stores on commit drop as
  select d.store, s.store_id from (select distinct r.store from pg_temp.import_rows r where r.fault is null) d left join oba.stores s on s.code = d.store;
  create temp table import_products on commit drop as
  select d.product, d.code, k.product_id, coalesce (k.known, false) as known
  from (select distinct r.product, substr (r.product, 3) as code from pg_temp.import_rows r where r.fault is null) d
  left join oba.products c on c.code = d.code left join oba.products b on b.barcode = d.code
  left join oba.products k on k.product_id = case when d.product like 'c:%' then coalesce (c.product_id, b.product_id) else coalesce (b.product_id, c.product_id) end;
  create temp table import_customers on commit drop as
  select d.customer, d.name, case when e.status <> 'erased' then u.customer_id end as customer_id, e.status is not distinct from 'erased' as erased
  from (select distinct r.customer, substr (r.customer, 3) as name from pg_temp.import_rows r where r.fault is null and r.customer is not null) d
  left join lateral (select x.customer_id from oba.customer_external_ids x where d.customer like 'i:%' and x.external_id = d.name
                     union all select p.customer_id from oba.customer_phones p where d.customer like 'p:%' and p.phone = d.name
                     union all select k.customer_id from oba.cards k where d.customer like 'c:%' and k.number = d.name and k.state <> 'blank') u on true
  left join oba.customers e on e.customer_id = u.customer_id;
  analyze pg_temp.import_stores, pg_temp.import_products, pg_temp.import_customers;

  if not make_products then
    update pg_temp.import_rows r set fault = 'unknown:product' from pg_temp.import_products p
    where r.fault is null and p.product = r.product and p.product_id is null;
  end if;

  create temp table import_receipts on commit drop as
  select x.store, x.till, x.receipt_no, x.sold_at, x.customer, x.cashier, x.lines, x.quantity, x.total, x.discount, x.vat, s.store_id, c.customer_id, coalesce (x.same, false) as known,
         case when x.known then case when x.reversal = 'reversing' then 'reversing' when x.reversal = 'reversed' then 'returned' when x.same then null else 'differs' end
              when x.last_at > now() + interval '5 minutes' then 'future:time'
              when s.store_id is null and not make_stores then 'unknown:store'
              when x.customer <> x.other_customer then 'mixed:customer'
              when x.last_at - x.sold_at > interval '12 hours' then 'reused'
              when c.erased or (x.customer is not null and c.customer_id is null and (x.customer like 'c:%' or not make_customers)) then 'unknown:customer'
              when x.total > 100000000 then 'range:receipt'
              when x.broken and not partial then 'held' end as fault
  from (select g.*, k.receipt_id is not null as known, o.total = g.total and o.line_count = g.lines and o.kind = 'sale' and v.state is null as same,
               v.state as reversal
        from (select r.store, r.till, r.receipt_no, min (r.sold_at) as sold_at, max (r.sold_at) as last_at, min (r.customer) as customer,
                     max (r.customer) as other_customer, min (r.cashier) as cashier, count (*) filter (where r.fault is null) as lines,
                     coalesce (sum (r.quantity) filter (where r.fault is null), 0)::bigint as quantity,
                     coalesce (sum (r.total) filter (where r.fault is null), 0)::bigint as total,
                     coalesce (sum (r.discount) filter (where r.fault is null), 0)::bigint as discount,
                     coalesce (sum (r.vat) filter (where r.fault is null), 0)::bigint as vat,
                     bool_or (r.fault is not null and r.fault <> 'nothing') as broken
              from pg_temp.import_rows r where r.store is not null and r.till is not null and r.receipt_no is not null
              group by r.store, r.till, r.receipt_no) g
        left join oba.stores t on t.code = g.store
        left join oba.receipt_keys k on k.store_id = t.store_id and k.till_no = g.till and k.receipt_no = g.receipt_no
        left join oba.receipts o on o.customer_id = k.customer_id and o.sold_at = k.sold_at and o.receipt_id = k.receipt_id
        left join oba.import_batches v on v.batch_id = o.batch_id and v.state in ('reversing', 'reversed')
        where g.lines > 0) x
  left join pg_temp.import_stores s on s.store = x.store
  left join pg_temp.import_customers c on c.customer = x.customer;
  analyze pg_temp.import_receipts;

  perform oba.import_keep_rejects ();
  insert into pg_temp.import_rejects (line, reason)
  select r.line, x.fault from pg_temp.import_rows r join pg_temp.import_receipts x using (store, till, receipt_no) where r.fault is null and x.fault is not null;

  -- What is sold of products that the catalogue lacks.
  create temp table import_unknown on commit drop as
  select p.product, p.code, p.product_id, count (*) as lines, sum (r.total)::bigint as money
  from pg_temp.import_rows r join pg_temp.import_products p using (product) join pg_temp.import_receipts x using (store, till, receipt_no)
  where not p.known and r.fault is null and x.fault is null and not x.known
  group by 1, 2, 3;

  select count (*) filter (where not x.known) as receipts, count (*) filter (where x.known) as receipts_known,
         coalesce (sum (x.lines) filter (where not x.known), 0)::bigint as inserted, coalesce (sum (x.lines) filter (where x.known), 0)::bigint as unchanged,
         coalesce (sum (x.quantity) filter (where not x.known), 0)::bigint as quantity,
         coalesce (sum (x.total) filter (where not x.known), 0)::bigint as money, coalesce (sum (x.total) filter (where x.known), 0)::bigint as money_known,
         coalesce (sum (x.discount) filter (where not x.known), 0)::bigint as discount,
         count (distinct x.store) filter (where x.store_id is null) as stores,
         count (distinct x.customer) filter (where x.customer_id is null and not x.known) as customers
  into counts from pg_temp.import_receipts x where x.fault is null;
  return to_jsonb (counts)
         || (select jsonb_build_object ('products', count (*) filter (where u.product_id is null), 'product_lines', coalesce (sum (u.lines), 0)::bigint,
                                        'product_money', coalesce (sum (u.money), 0)::bigint) from pg_temp.import_unknown u);
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
    update oba.products p set withdrawn_at = null, batch_id = batch from pg_temp.import_plan i where i.changed and p.product_id = i.product_id and p.withdrawn_at is not null;
  end if;
  if kind = 'sales' then
    -- Stores and products, too, that these sales name.
    update oba.stores s set closed_on = null, withdrawn_at = null, batch_id = batch
    where s.withdrawn_at is not null and s.store_id in (select x.store_id from pg_temp.import_receipts x where x.fault is null and not x.known);
    update oba.products p set withdrawn_at = null, batch_id = batch from pg_temp.import_products i
    where p.product_id = i.product_id and p.withdrawn_at is not null and not p.known;
  else
    update oba.import_batches set state = 'posted', finished_at = clock_timestamp () where batch_id = batch;
  end if;
  return batch;
end $$;

-- ---------------------------------------------------------------- what is typed

-- Control characters but for tabs and line ends, marks and overrides of the direction, characters without a width: a text with them is not what it looks like.
create function oba.holds_invisible (said text) returns boolean
language sql immutable
as $$
  select said ~ '[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]'
$$;

-- As in 0047, and no more in notes than in names.
create or replace function oba.customer_from (request jsonb, base oba.customers) returns oba.customers
language plpgsql stable
as $$
declare
  c oba.customers;
  bad text;
begin
  if jsonb_typeof (request) <> 'object' then
    perform oba.refuse ('OB001', 'The request is not a JSON object.');
  end if;
  select k into bad from jsonb_object_keys (request) k
    where k not in ('given_name', 'family_name', 'patronymic', 'phone', 'birth_date', 'language', 'city', 'email',
                    'preferred_store_id', 'notes', 'categories', 'store_id', 'through', 'consents') limit 1;
  if bad is not null then
    perform oba.refuse ('OB001', format ('A customer has no field "%s".', left (bad, 100)));
  end if;
  -- PostgreSQL reads more as a day than people mean: "yesterday", the 13th month of an American January.
  if request ->> 'birth_date' !~ '^([0-9]{4}-[0-9]{2}-[0-9]{2})?$' then
    perform oba.refuse ('OB001', format ('%s is not a possible birth date.', left (request ->> 'birth_date', 40)));
  end if;
  c := jsonb_populate_record (base, request - 'categories' - 'store_id' - 'through' - 'consents');
  c.given_name := btrim (coalesce (c.given_name, ''));
  c.family_name := btrim (coalesce (c.family_name, ''));
  c.patronymic := btrim (coalesce (c.patronymic, ''));
  c.city := btrim (coalesce (c.city, ''));
  c.notes := coalesce (c.notes, '');
  c.phone := nullif (c.phone, '');
  c.email := nullif (c.email, '');

  -- Control characters and bidirectional overrides make a name look like another; only notes may have line ends.
  if concat (c.given_name, c.family_name, c.patronymic, c.city, c.email) ~ '[\t\n]'
     or oba.holds_invisible (concat (c.given_name, c.family_name, c.patronymic, c.city, c.email, c.notes)) then
    perform oba.refuse ('OB001', 'A text holds an invisible control character.', 'Type it anew instead of pasting it.');
  end if;
  if c.given_name = '' and c.family_name = '' then
    perform oba.refuse ('OB001', 'A customer needs a given name or a family name.');
  end if;
  if greatest (length (c.given_name), length (c.family_name), length (c.patronymic), length (c.city)) > 100 then
    perform oba.refuse ('OB001', 'A name or city is longer than 100 characters.');
  end if;
  if length (c.notes) > 4000 then
    perform oba.refuse ('OB001', 'The notes are longer than 4,000 characters.');
  end if;
  if c.phone !~ '^\+[1-9][0-9]{6,14}$' then
    perform oba.refuse ('OB001', format ('"%s" is not a phone number.', left (c.phone, 40)), 'Write it as +994501234567.');
  end if;
  if length (c.email) > 254 or c.email !~ '^[^@[:space:]]+@[^@[:space:]]+$' then
    perform oba.refuse ('OB001', format ('"%s" is not an e-mail address.', left (c.email, 60)));
  end if;
  if c.birth_date < '1900-01-01' or c.birth_date > oba.business_day (now()) then
    perform oba.refuse ('OB001', format ('%s is not a possible birth date.', c.birth_date));
  end if;
  if c.language is null or c.language not in ('az', 'ru', 'en') then
    perform oba.refuse ('OB001', 'The language is az, ru or en.');
  end if;
  if c.preferred_store_id is not null and not exists (select from oba.stores s where s.store_id = c.preferred_store_id) then
    perform oba.refuse ('OB002', format ('There is no store %s.', c.preferred_store_id));
  end if;
  return c;
end $$;

-- As in 0004; a reason is shown to staff as names are.
create or replace function oba.do_block_customer (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c oba.customers;
  block boolean := (request ->> 'blocked')::boolean;
  why text := nullif (btrim (request ->> 'reason'), '');
begin
  select * into c from oba.customers k where k.customer_id = (request ->> 'customer_id')::bigint and k.kind = 'person' for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  elsif c.status = 'erased' then
    perform oba.refuse ('OB006', 'This customer was erased.');
  elsif block is null or why is null or length (why) > 1000 then
    perform oba.refuse ('OB001', 'Blocking and unblocking need a reason of at most 1,000 characters.');
  elsif oba.holds_invisible (why) then
    perform oba.refuse ('OB001', 'A text holds an invisible control character.', 'Type it anew instead of pasting it.');
  elsif (c.status = 'blocked') = block then
    perform oba.refuse ('OB013', case when block then 'This customer is blocked already.' else 'This customer is not blocked.' end);
  end if;
  perform set_config ('oba.reason', why, true);
  update oba.customers k
  set status = case when block then 'blocked' else 'active' end, blocked_reason = case when block then why end,
      status_since = now(), updated_at = now(), version = k.version + 1
  where k.customer_id = c.customer_id returning version into c.version;
  perform set_config ('oba.reason', '', true);
  return jsonb_build_object ('customer_id', c.customer_id, 'version', c.version);
end $$;

reset role;
