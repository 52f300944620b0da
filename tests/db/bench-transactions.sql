-- 4,000,000 receipts of two years with 20,000,000 lines, in the order of their time as tills send them; the indexes are made when all is there, which is
-- many times as fast. Half of the receipts are of 300,000 persons, the first of whom has 5,000; half of walk-ins. Some products sell far more than others,
-- product 9999 seldom; store 1600 closed a year ago; 1.5 % are returns.
set session_replication_role = replica;
set work_mem = '256MB';
set maintenance_work_mem = '1GB';
set jit = off;
set synchronous_commit = off;
select oba.ensure_partitions ((now () - interval '730 days')::date, now ()::date);

create temp table made_again as
select pg_get_indexdef (i.indexrelid) as sql, i.indexrelid::regclass::text as name, c.conname, i.indrelid::regclass::text as owner, pg_get_constraintdef (c.oid) as def
  from pg_index i join pg_class r on r.oid = i.indrelid left join pg_constraint c on c.conindid = i.indexrelid and c.conrelid = i.indrelid
 where i.indrelid in ('oba.receipts'::regclass, 'oba.receipt_lines'::regclass, 'oba.points_ledger'::regclass, 'oba.receipt_keys'::regclass);
do $$
declare
  i record;
begin
  for i in select * from made_again loop
    if i.conname is not null then
      execute format ('alter table %s drop constraint %I', i.owner, i.conname);
    else
      execute 'drop index ' || i.name;
    end if;
  end loop;
end $$;

insert into oba.stores (store_id, code, name, city) select n, 'S' || n, 'OBA ' || n, 'Bakı' from generate_series (1, 1600) n;
insert into oba.customers (customer_id, kind, walk_in_store_id) select n, 'walk_in', n from generate_series (1, 1600) n;
insert into oba.walk_ins (store_id, customer_id) select n, n from generate_series (1, 1600) n;
insert into oba.customers (customer_id, given_name, family_name) select 10000 + n, 'Ad', 'Soyad' || n from generate_series (1, 300000) n;
insert into oba.products (product_id, code, barcode, name) select n, 'P' || n, lpad (n::text, 13, '0'), 'Mal ' || n from generate_series (1, 10000) n;

insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, fiscal_id, total, discount, vat, paid_cash, line_count, source)
select case when n % 2 = 0 then store when n % 800 = 1 then 10001 else 10002 + hash % 299999 end, now () - interval '728 days' + n * interval '15.5 seconds', n, store, 1 + n % 6, n::text,
       'Kassir ' || store * 4 + hash % 4, 'F' || n, amount, amount / 50, amount * 18 / 118, amount, 5, 'import'
  from (select n, hash, case when n > 2000000 then 1 + hash % 1599 else 1 + hash % 1600 end as store,
               100 + (hash % 3000)::bigint + case when hash % 20011 = 0 then 200000 else 0 end as amount
          from (select n, hashint8 (n) & 2147483647 as hash from generate_series (1, 4000000) n) h) s;
insert into oba.receipts (customer_id, sold_at, receipt_id, kind, store_id, till_no, receipt_no, cashier, total, vat, paid_cash, line_count,
                          original_customer_id, original_sold_at, original_receipt_id, reason_code, source)
select customer_id, sold_at + interval '2 days', 10000000 + receipt_id, case when receipt_id % 3 = 0 then 'void' else 'return' end, store_id, till_no, 'R' || receipt_id, cashier,
       - total, - vat, - total, 1, customer_id, sold_at, receipt_id, 'damaged', 'till'
  from oba.receipts where receipt_id % 67 = 0 and receipt_id < 3980000;
insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)
select customer_id, sold_at, receipt_id, l, case when receipt_id % 40009 = 0 then 9999 else 1 + floor (9900 * power (((hashint8 (receipt_id * 7 + l) & 2147483647) % 100000) / 100000.0, 3))::bigint end,
       1000, total / 5, total / 5
  from oba.receipts, generate_series (1, 5) l where kind = 'sale';
insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total, original_line_no)
select r.customer_id, r.sold_at, r.receipt_id, 1, l.product_id, -1000, 1000, r.total, 1
  from oba.receipts r join oba.receipt_lines l on l.receipt_id = r.original_receipt_id and l.line_no = 1;
insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id)
select store_id, till_no, receipt_no, customer_id, sold_at, receipt_id from oba.receipts;
insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, receipt_id, receipt_sold_at, source)
select customer_id, sold_at, receipt_id, 'earn', total / 100, 1, 1, receipt_id, sold_at, 'import' from oba.receipts where kind = 'sale' and customer_id > 10000;
insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on)
select customer_id, entry_id, occurred_at, receipt_id, points, points, (occurred_at + interval '24 months')::date from oba.points_ledger where points > 0;
insert into oba.points_accounts (customer_id, balance, lifetime) select 10000 + n, 0, 0 from generate_series (1, 300000) n;
update oba.points_accounts a set balance = l.points, lifetime = l.points
  from (select customer_id, sum (points) as points from oba.points_ledger group by 1) l where l.customer_id = a.customer_id;

do $$
declare
  i record;
begin
  for i in select * from made_again order by conname nulls last loop
    if i.conname is not null then
      execute format ('alter table %s add constraint %I %s', i.owner, i.conname, i.def);
    else
      execute replace (i.sql, ' ON ONLY ', ' ON ');
    end if;
  end loop;
end $$;
select setval ('oba.receipt_ids', 100000000);
select setval ('oba.entry_ids', 100000000);
