-- What bench-replay.c runs rules over: 1,000,000 receipts of a year of 200,000 customers, three lines each, 200 stores, 2,000 products in 20 categories; 2 % come back in part.
set session_replication_role = replica;
set synchronous_commit = off;
set jit = off;
select oba.ensure_partitions ('2024-01-01', '2025-01-31');
insert into oba.stores (store_id, code, name) select n, 'S' || n, 'OBA ' || n from generate_series (1, 200) n;
insert into oba.customers (customer_id, kind, walk_in_store_id) select n, 'walk_in', n from generate_series (1, 200) n;
insert into oba.walk_ins (store_id, customer_id) select n, n from generate_series (1, 200) n;
insert into oba.categories (category_id, code, name_az) select n, 'C' || n, 'Qrup ' || n from generate_series (1, 20) n;
insert into oba.products (product_id, code, name, category_id) select n, 'P' || n, 'Mal ' || n, 1 + n % 20 from generate_series (1, 2000) n;
insert into oba.customers (customer_id, given_name, family_name, birth_date) select 1000 + n, 'Ad', 'Soyad' || n, date '1960-01-01' + n % 15000 from generate_series (1, 200000) n;
insert into oba.points_accounts (customer_id, tier_id) select 1000 + n, 1 + n % 4 from generate_series (1, 200000) n;
insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, paid_cash, line_count, source)
select 1001 + (hashint8 (n) & 2147483647) % 200000, '2024-01-01 00:00+04'::timestamptz + n * interval '31.5 seconds', n, 1 + n % 200, 1, n::text, 300 + n % 4000 * 3, 300 + n % 4000 * 3, 3, 'import'
  from generate_series (1, 1000000) n;
insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)
select customer_id, sold_at, receipt_id, l, 1 + (hashint8 (receipt_id * 7 + l) & 2147483647) % 2000, 1000, total / 3, total / 3 from oba.receipts, generate_series (1, 3) l;
insert into oba.receipts (customer_id, sold_at, receipt_id, kind, store_id, till_no, receipt_no, total, paid_cash, line_count, original_customer_id, original_sold_at, original_receipt_id, reason_code, source)
select customer_id, sold_at + interval '2 days', 10000000 + receipt_id, 'return', store_id, till_no, 'R' || receipt_id, - total / 3, - total / 3, 1, customer_id, sold_at, receipt_id, 'damaged', 'till'
  from oba.receipts where receipt_id % 50 = 0;
insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total, original_line_no)
select r.customer_id, r.sold_at, r.receipt_id, 1, l.product_id, -1000, 1000, r.total, 1
  from oba.receipts r join oba.receipt_lines l on l.customer_id = r.original_customer_id and l.sold_at = r.original_sold_at and l.receipt_id = r.original_receipt_id and l.line_no = 1
 where r.kind = 'return';
insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source)
select customer_id, sold_at, receipt_id, 'earn', total / 100, 1, 1, jsonb_build_object ('total', total), receipt_id, sold_at, 'import' from oba.receipts where kind = 'sale';
insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values
  (2, 1, 'multiplier', 'Twice', 'draft', '{"factor": 2000}'),
  (3, 1, 'bonus', 'A category', 'draft', '{"points": 1, "per": "amount", "qepik": 100, "categories": [3]}'),
  (4, 1, 'multiplier', 'Evenings of gold', 'draft', '{"factor": 3000, "tiers": [3, 4], "weekdays": [1, 2, 3, 4, 5], "hours": [1080, 1260], "min_basket": 2000}'),
  (5, 1, 'bonus', 'Birthday', 'draft', '{"points": 50, "per": "receipt", "birthday": [3, 3], "once": "year"}');
-- Tiers by points: the replay adds up the twelve months of everybody.
insert into oba.tier_schemes (version, basis, downgrade, grace_days) values (2, 'points', 'at_once', 0);
update oba.tiers set threshold = (tier_id - 1) * 150;
insert into oba.tier_scheme_steps (version, tier_id, threshold) select 2, tier_id, threshold from oba.tiers;
vacuum analyze;
