-- Files of stores, products, customers and sales: checked and merged in sets.
--
-- An import is one transaction of the importer's own login (an administrator):
--   1. select oba.import_stage (kind)            makes pg_temp.import_rows, which only this login can fill and nobody can change
--   2. COPY pg_temp.import_rows (...) from stdin every row of the file; a row that is no good as a line of text has only line and fault
--   3. select oba.import_check (kind, options)   -> what would happen, as jsonb; pg_temp.import_rejects has line and reason
--   4. select oba.import_merge (kind, options)   -> the batch's id; does it
--   5. select oba.import_post (batch)            sales only: receipt keys, points, tiers
-- A dry run stops after 3. Reasons are codes ("unknown:store"); the program has the sentences.
--
-- The natural keys make a repetition harmless: store code, product code, a customer's id in the other system or phone, and of a receipt store, till and
-- number. What is there with the same contents is counted as known; a receipt that is there with other contents is rejected, since
-- receipts are not edited.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- How another system calls a customer.
create table oba.customer_external_ids (
  external_id   text primary key check (length (external_id) between 1 and 64),
  customer_id   bigint not null references oba.customers
);
create index customer_external_ids_customer on oba.customer_external_ids (customer_id);
grant select on oba.customer_external_ids to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;

-- ---------------------------------------------------------------- staging

create function oba.import_stage (kind text) returns void
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  case kind
    when 'stores' then
      create temp table import_rows (line bigint not null, fault text, code text, name text, region text, city text, district text, address text,
        latitude double precision, longitude double precision, opened_on date, closed_on date) on commit drop;
    when 'products' then
      create temp table import_rows (line bigint not null, fault text, code text, name text, barcode text, brand text, category text, unit text,
        price bigint, vat_permille integer) on commit drop;
    when 'customers' then
      create temp table import_rows (line bigint not null, fault text, external_id text, phone text, given_name text, family_name text, patronymic text,
        birth_date date, language text, city text, email text, preferred_store text, notes text, registered_at timestamptz) on commit drop;
    when 'sales' then
      create temp table import_rows (line bigint not null, fault text, store text, till integer, receipt_no text, sold_at timestamptz, customer text,
        product text, quantity bigint, total bigint, discount bigint, vat bigint, cashier text,
        check (fault is not null
               or (store is not null and till between 0 and 9999 and length (receipt_no) between 1 and 64 and sold_at >= '2000-01-01' and product is not null
                   and quantity > 0 and total >= 0 and discount >= 0 and vat between 0 and total) is true)) on commit drop;
    else
      perform oba.refuse ('OB001', 'Stores, products, customers and sales can be imported.');
  end case;
  create temp table import_rejects (line bigint not null, reason text not null) on commit drop;
  execute format ('grant insert on pg_temp.import_rows to %I', session_user);
  execute format ('grant select on pg_temp.import_rejects to %I', session_user);
end $$;

-- The functions below run with the owner's rights on tables in a schema where the caller may make tables, too: take none of the caller's.
create function oba.import_own (name text) returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if not exists (select from pg_class c where c.oid = to_regclass ('pg_temp.' || name) and c.relkind = 'r' and c.relowner = 'oba_owner'::regrole) then
    perform oba.refuse ('OB001', 'The rows to import are not staged.', 'Start the import again.');
  end if;
end $$;

-- Rejects every row but the first of those that have the same @key; the file calls it @field.
create function oba.import_reject_twice (key text, field text) returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
begin
  execute format ('update pg_temp.import_rows r set fault = %L
                   from (select line, row_number () over (partition by %2$I order by line) as n
                         from pg_temp.import_rows where fault is null and %2$I is not null) d
                   where d.line = r.line and d.n > 1', 'twice:' || field, key);
end $$;

create function oba.import_keep_rejects () returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
begin
  insert into pg_temp.import_rejects (line, reason) select r.line, r.fault from pg_temp.import_rows r where r.fault is not null;
end $$;

create function oba.import_count_rejects () returns jsonb
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
begin
  return (select coalesce (jsonb_object_agg (reason, n), '{}') from (select reason, count (*) as n from pg_temp.import_rejects group by 1) r);
end $$;

create function oba.import_add_batch (kind text, options jsonb, fresh bigint, known bigint) returns bigint
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  batch bigint;
begin
  insert into oba.import_batches (kind, file_name, mapping, rows_read, rows_new, rows_known, rows_rejected)
  select import_add_batch.kind, left (coalesce (options ->> 'file', ''), 500), options -> 'mapping',
         (select count (*) from pg_temp.import_rows), fresh, known, (select count (*) from pg_temp.import_rejects)
  returning batch_id into batch;
  return batch;
end $$;

-- ---------------------------------------------------------------- stores

create function oba.import_check_stores (options jsonb) returns jsonb
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  counts record;
begin
  perform oba.import_reject_twice ('code', 'code');
  update pg_temp.import_rows r set fault = 'order:closed_on'
  from (select i.line from pg_temp.import_rows i left join oba.stores s using (code)
        where i.fault is null and coalesce (i.closed_on, s.closed_on) < coalesce (i.opened_on, s.opened_on)) b where b.line = r.line;
  perform oba.import_keep_rejects ();

  create temp table import_plan on commit drop as
  select r.*, s.store_id,
         s.store_id is not null
         and (coalesce (r.name, s.name), coalesce (r.region, s.region), coalesce (r.city, s.city), coalesce (r.district, s.district),
              coalesce (r.address, s.address), coalesce (r.latitude, s.latitude), coalesce (r.longitude, s.longitude),
              coalesce (r.opened_on, s.opened_on), coalesce (r.closed_on, s.closed_on))
             is distinct from (s.name, s.region, s.city, s.district, s.address, s.latitude, s.longitude, s.opened_on, s.closed_on) as changed
  from pg_temp.import_rows r left join oba.stores s using (code) where r.fault is null;
  select count (*) filter (where store_id is null) as inserted, count (*) filter (where changed) as updated,
         count (*) filter (where store_id is not null and not changed) as unchanged, count (*) filter (where store_id is null and name is null) as unnamed
  into counts from pg_temp.import_plan;
  return to_jsonb (counts);
end $$;

create function oba.import_merge_stores (options jsonb) returns bigint
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  fresh bigint;
begin
  update oba.stores s
  set name = coalesce (p.name, s.name), region = coalesce (p.region, s.region), city = coalesce (p.city, s.city), district = coalesce (p.district, s.district),
      address = coalesce (p.address, s.address), latitude = coalesce (p.latitude, s.latitude), longitude = coalesce (p.longitude, s.longitude),
      opened_on = coalesce (p.opened_on, s.opened_on), closed_on = coalesce (p.closed_on, s.closed_on)
  from pg_temp.import_plan p where p.changed and s.store_id = p.store_id;
  insert into oba.stores (code, name, region, city, district, address, latitude, longitude, opened_on, closed_on)
  select code, coalesce (name, code), coalesce (region, ''), coalesce (city, ''), coalesce (district, ''), coalesce (address, ''),
         latitude, longitude, opened_on, closed_on
  from pg_temp.import_plan where store_id is null order by line;
  get diagnostics fresh = row_count;
  return oba.import_add_batch ('stores', options, fresh, (select count (*) from pg_temp.import_plan where store_id is not null));
end $$;

-- ---------------------------------------------------------------- products

create function oba.import_check_products (options jsonb) returns jsonb
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  counts record;
begin
  perform oba.import_reject_twice ('code', 'code');
  perform oba.import_reject_twice ('barcode', 'barcode');
  update pg_temp.import_rows r set fault = 'taken:barcode' from oba.products p where r.fault is null and p.barcode = r.barcode and p.code <> r.code;
  perform oba.import_keep_rejects ();

  -- Categories by their path: each level below the one before, found by its name (the first also by its code).
  create temp table import_categories on commit drop as
  with paths as (select distinct category, string_to_array (category, e'\x1f') as levels from pg_temp.import_rows where fault is null and category is not null)
  select array_to_string (levels[1:n], e'\x1f') as path, n as level, levels[n] as name,
         nullif (array_to_string (levels[1:n - 1], e'\x1f'), '') as parent, null::bigint as category_id
  from paths, generate_series (1, cardinality (levels)) n group by 1, 2, 3, 4;
  for counts in select distinct level from pg_temp.import_categories order by 1 loop
    update pg_temp.import_categories c set category_id = k.category_id
    from oba.categories k left join pg_temp.import_categories p on p.category_id = k.parent_id
    where c.level = counts.level and k.name_az = c.name and k.parent_id is not distinct from p.category_id and c.parent is not distinct from p.path;
  end loop;
  update pg_temp.import_categories c set category_id = k.category_id from oba.categories k
  where c.category_id is null and c.parent is null and k.code = c.name;

  create temp table import_plan on commit drop as
  select r.*, p.product_id, c.category_id,
         p.product_id is not null
         and (not p.known
              or (coalesce (r.name, p.name), coalesce (r.barcode, p.barcode), coalesce (r.brand, p.brand), coalesce (r.unit, p.unit), coalesce (r.price, p.price),
                  coalesce (r.vat_permille, p.vat_permille))
                 is distinct from (p.name, p.barcode, p.brand, p.unit, p.price, p.vat_permille)
              or (r.category is not null and p.category_id is distinct from c.category_id)) as changed
  from pg_temp.import_rows r left join oba.products p using (code) left join pg_temp.import_categories c on c.path = r.category
  where r.fault is null;
  select count (*) filter (where product_id is null) as inserted, count (*) filter (where changed) as updated,
         count (*) filter (where product_id is not null and not changed) as unchanged, count (*) filter (where product_id is null and name is null) as unnamed,
         (select count (*) from pg_temp.import_categories where category_id is null) as categories
  into counts from pg_temp.import_plan;
  return to_jsonb (counts);
end $$;

create function oba.import_merge_products (options jsonb) returns bigint
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  fresh bigint;
  depth integer;
begin
  for depth in select distinct level from pg_temp.import_categories where category_id is null order by 1 loop
    -- A readable code where it is free, else one with a hash of the path.
    insert into oba.categories (parent_id, code, name_az)
    select p.category_id,
           case when c.slug <> '' and length (c.slug) <= 60 and c.n = 1 and not exists (select from oba.categories k where k.code = c.slug) then c.slug
                else left (c.slug, 27) || '-' || md5 (c.path) end, c.name
    from (select path, parent, name, slug, row_number () over (partition by slug order by path) as n
          from (select *, replace (btrim (oba.fold (replace (path, e'\x1f', ' / '))), ' ', '-') as slug
                from pg_temp.import_categories where level = depth and category_id is null) s) c
    left join pg_temp.import_categories p on p.path = c.parent
    order by c.path;
    update pg_temp.import_categories c set category_id = k.category_id
    from oba.categories k left join pg_temp.import_categories p on p.category_id = k.parent_id
    where c.level = depth and c.category_id is null and k.name_az = c.name and k.parent_id is not distinct from p.category_id and c.parent is not distinct from p.path;
  end loop;

  update oba.products t
  set name = coalesce (p.name, t.name), barcode = coalesce (p.barcode, t.barcode), brand = coalesce (p.brand, t.brand),
      category_id = coalesce (c.category_id, t.category_id), unit = coalesce (p.unit, t.unit), price = coalesce (p.price, t.price),
      vat_permille = coalesce (p.vat_permille, t.vat_permille), known = true
  from pg_temp.import_plan p left join pg_temp.import_categories c on c.path = p.category where p.changed and t.product_id = p.product_id;
  insert into oba.products (code, name, barcode, brand, category_id, unit, price, vat_permille)
  select p.code, coalesce (p.name, p.code), p.barcode, coalesce (p.brand, ''), c.category_id, coalesce (p.unit, 'pcs'), p.price, coalesce (p.vat_permille, 180)
  from pg_temp.import_plan p left join pg_temp.import_categories c on c.path = p.category where p.product_id is null order by p.line;
  get diagnostics fresh = row_count;
  return oba.import_add_batch ('products', options, fresh, (select count (*) from pg_temp.import_plan where product_id is not null));
end $$;

-- ---------------------------------------------------------------- customers

create function oba.import_check_customers (options jsonb) returns jsonb
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  counts record;
begin
  perform oba.import_reject_twice ('external_id', 'id');
  perform oba.import_reject_twice ('phone', 'phone');
  update pg_temp.import_rows r set fault = 'unknown:preferred_store'
  where r.fault is null and r.preferred_store is not null and not exists (select from oba.stores s where s.code = r.preferred_store);

  -- The id of the other system says who it is; without one, the phone does.
  create temp table import_plan on commit drop as
  select r.*, x.customer_id as by_id, p.customer_id as by_phone, null::bigint as customer_id, false as fresh, false as changed
  from pg_temp.import_rows r
  left join oba.customer_external_ids x on x.external_id = r.external_id
  left join oba.customer_phones p on p.phone = r.phone
  where r.fault is null;
  update pg_temp.import_rows r
  set fault = case when p.by_id is not null then 'taken:phone' else 'other:id' end
  from pg_temp.import_plan p
  where p.line = r.line and p.by_phone is not null
        and (p.by_id <> p.by_phone
             or (p.by_id is null and p.external_id is not null
                 and exists (select from oba.customer_external_ids o where o.customer_id = p.by_phone)));
  update pg_temp.import_rows r set fault = 'erased'
  from pg_temp.import_plan p join oba.customers c on c.customer_id = coalesce (p.by_id, p.by_phone) and c.status = 'erased'
  where p.line = r.line and r.fault is null;
  delete from pg_temp.import_plan p using pg_temp.import_rows r where r.line = p.line and r.fault is not null;
  perform oba.import_keep_rejects ();

  update pg_temp.import_plan set customer_id = coalesce (by_id, by_phone), fresh = coalesce (by_id, by_phone) is null;
  update pg_temp.import_plan p
  set changed = true
  from oba.customers c left join oba.stores s on s.store_id = c.preferred_store_id
  where c.customer_id = p.customer_id
        and ((coalesce (p.phone, c.phone), coalesce (p.given_name, c.given_name), coalesce (p.family_name, c.family_name), coalesce (p.patronymic, c.patronymic),
              coalesce (p.birth_date, c.birth_date), coalesce (p.language, c.language), coalesce (p.city, c.city), coalesce (p.email, c.email),
              coalesce (p.notes, c.notes), coalesce (p.preferred_store, s.code))
             is distinct from (c.phone, c.given_name, c.family_name, c.patronymic, c.birth_date, c.language, c.city, c.email, c.notes, s.code)
             or (p.external_id is not null and p.by_id is null));
  select count (*) filter (where fresh) as inserted, count (*) filter (where changed) as updated, count (*) filter (where not fresh and not changed) as unchanged,
         count (*) filter (where fresh and given_name is null and family_name is null) as unnamed
  into counts from pg_temp.import_plan;
  return to_jsonb (counts);
end $$;

create function oba.import_merge_customers (options jsonb) returns bigint
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  batch bigint := oba.import_add_batch ('customers', options, (select count (*) from pg_temp.import_plan where fresh),
                                        (select count (*) from pg_temp.import_plan where not fresh));
begin
  update pg_temp.import_plan set customer_id = nextval (pg_get_serial_sequence ('oba.customers', 'customer_id')) where fresh;
  update oba.customers c
  set phone = coalesce (p.phone, c.phone), given_name = coalesce (p.given_name, c.given_name), family_name = coalesce (p.family_name, c.family_name),
      patronymic = coalesce (p.patronymic, c.patronymic), birth_date = coalesce (p.birth_date, c.birth_date), language = coalesce (p.language, c.language),
      city = coalesce (p.city, c.city), email = coalesce (p.email, c.email), notes = coalesce (p.notes, c.notes),
      preferred_store_id = coalesce (s.store_id, c.preferred_store_id), updated_at = now(), version = c.version + 1
  from pg_temp.import_plan p left join oba.stores s on s.code = p.preferred_store
  where p.changed and c.customer_id = p.customer_id;
  insert into oba.customers (customer_id, phone, given_name, family_name, patronymic, birth_date, language, city, email, notes, preferred_store_id,
                             registered_at, registered_through, batch_id)
  select p.customer_id, p.phone, coalesce (p.given_name, ''),
         coalesce (p.family_name, case when p.given_name is null then coalesce (p.external_id, p.phone) else '' end), coalesce (p.patronymic, ''),
         p.birth_date, coalesce (p.language, 'az'), coalesce (p.city, ''), p.email, coalesce (p.notes, ''), s.store_id, coalesce (p.registered_at, now()), 'import', batch
  from pg_temp.import_plan p left join oba.stores s on s.code = p.preferred_store
  where p.fresh order by p.line;
  insert into oba.customer_external_ids (external_id, customer_id)
  select p.external_id, p.customer_id from pg_temp.import_plan p where p.external_id is not null and p.by_id is null;
  return batch;
end $$;

-- ---------------------------------------------------------------- sales

/*
 * options: "create": ["stores", "customers", "products"], "partial": keep a receipt whose other lines are rejected.
 * Codes in import_rows: customer "i:" id of the other system, "p:" phone, "c:" card number; product "c:" code, "b:" barcode.
 */
create function oba.import_check_sales (options jsonb) returns jsonb
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
         case when x.known then case when x.same then null else 'differs' end
              when x.last_at > now() + interval '5 minutes' then 'future:time'
              when s.store_id is null and not make_stores then 'unknown:store'
              when x.customer <> x.other_customer then 'mixed:customer'
              when x.last_at - x.sold_at > interval '12 hours' then 'reused'
              when c.erased or (x.customer is not null and c.customer_id is null and (x.customer like 'c:%' or not make_customers)) then 'unknown:customer'
              when x.total > 100000000 then 'range:receipt'
              when x.broken and not partial then 'held' end as fault
  from (select g.*, k.receipt_id is not null as known, o.total = g.total and o.line_count = g.lines and o.kind = 'sale' as same
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

-- Bare records, named by their code, for what the new receipts name and nobody knows.
create function oba.import_make_missing (batch bigint) returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
begin
  insert into oba.stores (code, name)
  select distinct x.store, x.store from pg_temp.import_receipts x where x.fault is null and x.store_id is null order by 1;
  update pg_temp.import_receipts x set store_id = s.store_id from oba.stores s where x.fault is null and x.store_id is null and s.code = x.store;

  insert into oba.products (code, name, known)
  select distinct u.code, u.code, false from pg_temp.import_unknown u where u.product_id is null order by 1;
  update pg_temp.import_products p set product_id = k.product_id from oba.products k where p.product_id is null and k.code = p.code;

  create temp table import_people on commit drop as
  select nextval (pg_get_serial_sequence ('oba.customers', 'customer_id')) as customer_id, f.*
  from (select x.customer, substr (x.customer, 3) as name, min (x.sold_at) as since from pg_temp.import_receipts x
        where x.fault is null and not x.known and x.customer is not null and x.customer_id is null group by 1 order by 3, 1) f;
  insert into oba.customers (customer_id, family_name, phone, registered_at, registered_through, batch_id)
  select customer_id, name, case when customer like 'p:%' then name end, since, 'import', batch from pg_temp.import_people order by customer_id;
  insert into oba.customer_external_ids (external_id, customer_id) select name, customer_id from pg_temp.import_people where customer like 'i:%';
  update pg_temp.import_receipts x set customer_id = p.customer_id from pg_temp.import_people p
  where x.fault is null and not x.known and x.customer_id is null and p.customer = x.customer;
end $$;

create function oba.import_merge_sales (options jsonb) returns bigint
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  batch bigint := oba.import_add_batch ('sales', options, 0, (select coalesce (sum (lines), 0)::bigint from pg_temp.import_receipts where known and fault is null));
  month record;
begin
  perform oba.import_make_missing (batch);
  perform oba.ensure_partitions (oba.business_day (min (sold_at)), oba.business_day (max (sold_at)))
  from pg_temp.import_receipts where fault is null and not known having count (*) > 0;

  create temp table import_new on commit drop as
  select nextval ('oba.receipt_ids') as receipt_id, coalesce (n.customer_id, w.customer_id) as customer_id, n.sold_at, n.store_id, n.store, n.till, n.receipt_no,
         n.cashier, n.total, n.discount, n.vat, n.lines
  from (select * from pg_temp.import_receipts where fault is null and not known order by sold_at, store, till, receipt_no) n
  join oba.customers w on w.walk_in_store_id = n.store_id;
  analyze pg_temp.import_new;

  -- How it was paid is not in these files.
  insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, total, discount, vat, paid_other, line_count, source, batch_id)
  select customer_id, sold_at, receipt_id, store_id, till, receipt_no, cashier, total, discount, vat, total, lines, 'import', batch
  from pg_temp.import_new order by receipt_id;
  insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, discount, vat, total)
  select n.customer_id, n.sold_at, n.receipt_id, row_number () over (partition by n.receipt_id order by r.line), p.product_id, r.quantity,
         ((r.total + r.discount) * 1000 + r.quantity / 2) / r.quantity, r.discount, r.vat, r.total
  from pg_temp.import_rows r join pg_temp.import_new n using (store, till, receipt_no) join pg_temp.import_products p using (product)
  where r.fault is null;

  update oba.import_batches b set rows_new = (select coalesce (sum (lines), 0) from pg_temp.import_new) where b.batch_id = batch;
  -- post_batch() is planned by what the statistics say of these months.
  for month in select distinct to_char (oba.business_day (sold_at), '_YYYY_MM') as suffix from pg_temp.import_new loop
    execute format ('analyze oba.%I, oba.%I', 'receipts' || month.suffix, 'receipt_lines' || month.suffix);
  end loop;
  return batch;
end $$;

-- ---------------------------------------------------------------- the doors

create function oba.import_check (kind text, options jsonb) returns jsonb
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
  return answer || jsonb_build_object ('rejected', oba.import_count_rejects ());
end $$;

create function oba.import_merge (kind text, options jsonb) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp set work_mem = '128MB' set jit = off
as $$
declare
  batch bigint;
begin
  perform oba.import_own ('import_rows'), oba.import_own ('import_rejects'), oba.import_own (case kind when 'sales' then 'import_receipts' else 'import_plan' end);
  case kind
    when 'stores' then batch := oba.import_merge_stores (options);
    when 'products' then batch := oba.import_merge_products (options);
    when 'customers' then batch := oba.import_merge_customers (options);
    when 'sales' then batch := oba.import_merge_sales (options);
    else perform oba.refuse ('OB001', 'Stores, products, customers and sales can be imported.');
  end case;
  if kind <> 'sales' then
    update oba.import_batches set state = 'posted', finished_at = clock_timestamp () where batch_id = batch;
  end if;
  return batch;
end $$;

-- Only what import_merge() of this login has made, and only once.
create function oba.import_post (batch bigint) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if not exists (select from oba.import_batches b where b.batch_id = batch and b.kind = 'sales' and b.state = 'loading' and b.by_whom = session_user) then
    perform oba.refuse ('OB002', format ('There is no batch %s to post.', batch));
  end if;
  return oba.post_batch (batch);
end $$;

grant execute on function oba.import_stage (text), oba.import_check (text, jsonb), oba.import_merge (text, jsonb), oba.import_post (bigint) to oba_admin;

reset role;
