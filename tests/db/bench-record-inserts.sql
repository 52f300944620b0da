\set customer random(100001, 120000)
\set product random(1, 1990)
\set store random(1, 50)
begin;
insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, vat, paid_cash, line_count, source) values (:customer, '2024-06-10 10:00+04', nextval ('oba.receipt_ids'), :store, 1, nextval ('bench_no')::text, 1250, 190, 1250, 5, 'till');
insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, vat, total) select :customer::bigint, '2024-06-10 10:00+04', currval ('oba.receipt_ids'), n, :product::bigint + n, 1000, 250, 38, 250 from generate_series (1, 5) n;
insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source) values (:customer, '2024-06-10 10:00+04', nextval ('oba.entry_ids'), 'earn', 12, 1, 1, '{"total": 1250}', currval ('oba.receipt_ids'), '2024-06-10 10:00+04', 'till');
insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on) values (:customer, currval ('oba.entry_ids'), '2024-06-10 10:00+04', currval ('oba.receipt_ids'), 12, 12, '2026-06-10');
insert into oba.outbox (customer_id, chat_id, kind, payload) select :customer::bigint, :customer::bigint, 'receipt', '{"receipt_id": 123456, "customer_id": 100001, "sold_at": "2024-06-10T06:00:00+00:00", "points": 12, "balance": 24, "tier": 1, "tier_changed": false, "store": 12, "total": 1250}' where :customer::bigint % 4 = 0;
insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id, request_hash, answer) values (:store, 1, currval ('bench_no')::text, :customer, '2024-06-10 10:00+04', currval ('oba.receipt_ids'), '\x0000000000000000000000000000000000000000000000000000000000000000', '{"receipt_id": 123456, "customer_id": 100001, "sold_at": "2024-06-10T06:00:00+00:00", "points": 12, "balance": 24, "tier": 1, "tier_changed": false}');
insert into oba.idempotency_keys (scope, key, request_hash, refused, answer) values ('till:1', 'k' || currval ('bench_no'), '\x0000000000000000000000000000000000000000000000000000000000000000', false, '{"receipt_id": 123456, "customer_id": 100001, "sold_at": "2024-06-10T06:00:00+00:00", "points": 12, "balance": 24, "tier": 1, "tier_changed": false}');
commit;
