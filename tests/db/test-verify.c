/* verify: silent about sound data, and red for each thing that can be broken behind the functions' back. */
#include "schema-house.h"

#include <string.h>

#include "db/oba-db-sql.h"
#include "verify/oba-verify.h"

/* Customer 100 pays 80 qəpik of 200 with points, and brings back one of two pieces. */
static void
pay_with_points (House *house)
{
  g_autofree char *code = ask (house->conn, "select oba.make_spend_code (100) ->> 'code'");

  g_free (call (house->conn, "record_receipt", NULL,
                "{'store': 1, 'till': 1, 'receipt_no': 'paid', 'sold_at': '2024-01-16T10:00:00+04:00', 'customer_id': 100, 'total': 200, 'payments': {'cash': 120, 'points': 80}, "
                "'spend_code': '%s', 'lines': [{'product': 1, 'quantity': 2, 'unit_price': 100, 'total': 200}]}", code));
  g_free (call (house->conn, "return_lines", NULL,
                "{'original': {'store': 1, 'till': 1, 'receipt_no': 'paid'}, 'sold_at': '2024-01-17T10:00:00+04:00', 'lines': [{'line': 1, 'quantity': 1}], 'reason_code': 'x'}"));
}

/* Sales, a partial return, points spent and restored, a tier, consents, a key, messages, the audit chain, rollups. */
static void
live_a_little (House *house)
{
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 150000);
  sale (house->conn, 100, "2", "2024-01-11T10:00:00+04:00", 9950);
  sale (house->conn, 200, "3", "2024-01-12T10:00:00+04:00", 777);
  g_free (call (house->conn, "return_lines", NULL,
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '2'}, 'sold_at': '2024-01-13T10:00:00+04:00', "
                "'lines': [{'line': 1, 'quantity': 0.5}], 'reason_code': 'x'}"));
  g_free (call (house->conn, "record_receipt", "k1",
                "{'store': 2, 'receipt_no': '1', 'sold_at': '2024-01-10T10:00:00+04:00', 'total': 100, 'lines': "
                "[{'product': 2, 'quantity': 1, 'unit_price': 100, 'total': 100}]}"));
  g_free (call (house->conn, "record_receipt", "k2", "{'store': 9}"));
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 50}"));
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 60}"));
  g_free (
      call (house->conn, "move_redemption", NULL, "{'customer_id': 100, 'redemption_id': 2, 'state': 'cancelled'}"));
  g_free (call (house->conn, "set_consent", NULL, "{'customer_id': 100, 'channel': 'sms', 'granted': true}"));
  g_free (call (house->conn, "link_telegram", NULL, "{'customer_id': 200, 'chat_id': 5000000001}"));
  sale (house->conn, 200, "4", "2024-01-14T10:00:00+04:00", 500);
  pay_with_points (house);
  run (house->conn, "insert into oba.customers (customer_id, given_name, phone) values (300, 'Elcin', '+994701112234')");
  sale (house->conn, 300, "5", "2024-01-15T10:00:00+04:00", 1100);
  run (house->conn, "select oba.merge_customers ('{\"source\": 300, \"survivor\": 200}', null)");
  /* Points that expired, points that were given and taken back. */
  run (house->conn, "insert into oba.customers (customer_id, given_name) values (400, 'Kənan')");
  sale (house->conn, 400, "6", "2024-01-16T10:00:00+04:00", 700);
  run (house->conn, "update oba.points_lots set expires_on = '2024-01-20' where customer_id = 400; select oba.expire_points ()");
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 400, 'points': 10, 'reason_code': 'goodwill'}"));
  g_free (call (house->conn, "adjust_points", NULL, "{'undo': 1}"));
  run (
      house->conn,
      "update oba.products set price = 1 where product_id = 1; update oba.products set price = 2 where product_id = 1");
  job_does (house, "fold_rollups", 10);
  job_does (house, "refresh_lifecycle", 3);
  run (house->conn, "select oba.fold_liability ()");
  run (house->conn, "select oba.check_tills (100)");
  while (ask_int (house->conn, "select count (*) from oba.audit a where not exists (select from oba.audit_seals s "
                               "where s.audit_id = a.audit_id)") > 0)
    run (house->conn, "select oba.audit_seal ()");
}

static const struct
{
  const char *invariant;
  const char *harm;
} harms[] = {
  { "balances", "update oba.points_accounts set balance = balance + 1 where customer_id = 100" },
  { "balances", "update oba.points_accounts set lifetime = 0 where customer_id = 100" },
  { "balances", "delete from oba.points_accounts where customer_id = 100" },
  { "balances", "update oba.points_accounts set owed = 5, balance = balance - 5 where customer_id = 200" },
  { "lots", "update oba.points_lots set remaining = remaining - 1 where customer_id = 200" },
  { "lots", "delete from oba.points_lots where customer_id = 200" },
  { "lots", "update oba.points_lots set points = points + 1, remaining = remaining + 1 where customer_id = 200" },
  { "lots_once", "insert into oba.points_lots (customer_id, entry_id, entry_at, points, remaining, expires_on) select "
                 "customer_id, entry_id, entry_at, 1, 1, expires_on from oba.points_lots limit 1" },
  { "allocations", "delete from oba.ledger_allocations where points = 50" },
  { "allocations", "delete from oba.ledger_allocations where points < 0" },
  { "allocations",
    "insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) values (100, 99999, 1, 1)" },
  { "allocations", "update oba.ledger_allocations set lot_id = 99999 where points = 50" },
  { "allocations", "insert into oba.points_debts (customer_id, entry_id, entry_at, points, remaining) select "
                   "customer_id, entry_id, occurred_at, 1, 1 from oba.points_ledger where kind = 'redeem' limit 1" },
  { "corrections", "insert into oba.corrections (kind, reason_code, original_receipt_id, reversal_receipt_id, made_by) values ('void', 'other', 1, 99999, session_user)" },
  { "corrections", "insert into oba.corrections (kind, reason_code, replacement_customer_id, replacement_sold_at, replacement_receipt_id, made_by) "
                   "select 'missed', 'other', customer_id, sold_at, receipt_id, 'somebody' from oba.receipts where receipt_no = '3'" },
  { "corrections", "insert into oba.corrections (kind, reason_code, replacement_customer_id, replacement_sold_at, replacement_receipt_id, made_by) "
                   "select 'missed', 'other', customer_id, sold_at, receipt_id, session_user from oba.receipts cross join generate_series (1, 2) where receipt_no = '3'" },
  { "corrections", "insert into oba.corrections (kind, reason_code, original_receipt_id, replacement_customer_id, replacement_sold_at, replacement_receipt_id, made_by) "
                   "select 'move', 'other', 1, customer_id, sold_at, receipt_id, session_user from oba.receipts where receipt_no = '3'" },
  { "corrections", "update oba.receipts set original_customer_id = customer_id, original_sold_at = sold_at, original_receipt_id = 1 where receipt_no = '3'" },
  { "closed_months", "select oba.close_month ('{\"month\": \"2024-01-01\"}'); update oba.closed_months set closed_at = now() - interval '2 days'" },
  { "closed_months", "select oba.close_month ('{\"month\": \"2024-01-01\"}'); select oba.close_month ('{\"month\": \"2024-01-01\"}'); update oba.receipts set total = total + 1, paid_cash = paid_cash + 1 where receipt_no = '3'" },
  { "closed_months", "select oba.close_month ('{\"month\": \"2024-01-01\"}'); select oba.close_month ('{\"month\": \"2024-01-01\"}'); update oba.month_totals set liability = liability + 1" },
  { "closed_months", "select oba.close_month ('{\"month\": \"2024-01-01\"}'); select oba.close_month ('{\"month\": \"2024-02-01\"}'); "
                     "select oba.close_month ('{\"month\": \"2024-03-01\"}'); delete from oba.closed_months where month = '2024-02-01'" },
  { "earning", "update oba.points_ledger set points = points + 1 where kind = 'earn' and customer_id = 200" },
  { "earning", "delete from oba.points_ledger where kind = 'earn' and customer_id = 200" },
  { "earning", "insert into oba.points_ledger (customer_id, occurred_at, kind, points, rule_id, rule_version, inputs, "
               "source) values (200, '2024-01-01', 'earn', 5, 1, 1, '{\"total\": 500}', 'staff')" },
  { "earning_once",
    "insert into oba.points_ledger (customer_id, occurred_at, kind, points, receipt_id, source) select customer_id, "
    "occurred_at, kind, points, receipt_id, source from oba.points_ledger where kind = 'earn' limit 1" },
  { "rules", "insert into oba.points_ledger (customer_id, occurred_at, kind, points, rule_id, rule_version, inputs, source) values (200, '2024-01-01', 'bonus', 5, 1, 1, '{\"total\": 500}', 'staff')" },
  { "clawbacks", "delete from oba.points_ledger where kind = 'clawback'" },
  { "clawbacks", "update oba.points_ledger set points = points - 1 where kind = 'clawback'" },
  { "clawbacks", "update oba.points_ledger set reverses_id = 99999 where kind = 'clawback'" },
  { "receipts", "update oba.receipts set total = total + 1, paid_cash = paid_cash + 1 where receipt_no = '3'" },
  { "receipts", "update oba.receipt_lines set vat = 1 where customer_id = 200" },
  { "receipts", "delete from oba.receipt_lines where customer_id = 200" },
  { "receipts", "delete from oba.receipts where receipt_no = '3'" },
  { "receipts", "update oba.receipts set line_count = 2 where receipt_no = '3'" },
  { "returns", "update oba.receipt_lines set quantity = -1001 where quantity < 0" },
  { "returns", "update oba.receipt_lines set product_id = 2 where quantity < 0" },
  { "returns", "update oba.receipts set original_receipt_id = 99999 where kind = 'return'" },
  { "returns", "update oba.receipt_lines set original_line_no = 9 where quantity < 0" },
  { "orphans", "delete from oba.products where product_id = 1" },
  { "orphans", "delete from oba.customers where customer_id = 200" },
  { "orphans", "delete from oba.stores where store_id = 1" },
  { "orphans", "update oba.receipts set store_id = 1 where store_id = 2" },
  { "orphans",
    "update oba.points_ledger set receipt_id = 99999, receipt_sold_at = occurred_at where customer_id = 200" },
  { "orphans", "update oba.points_ledger set redemption_id = 99999 where kind = 'redeem'" },
  { "orphans", "update oba.redemptions set reward_id = 99999" },
  { "orphans", "update oba.redemption_events set redemption_id = 99999 where event_no = 2" },
  { "orphans", "insert into oba.stock_movements (reward_id, kind, quantity) values (99999, 'receipt', 0)" },
  { "receipt_keys", "delete from oba.receipt_keys where receipt_no = '3'" },
  { "receipt_keys", "update oba.receipt_keys set receipt_id = 99999 where receipt_no = '3'" },
  { "imports", "insert into oba.import_batches (kind, state) values ('sales', 'reversed')" },
  { "imports", "insert into oba.import_batches (batch_id, kind, state, reversed_at, reversed_by) values (77, 'sales', 'reversed', now(), 'a'); "
               "update oba.receipts set batch_id = 77 where receipt_no = '3'" },
  { "imports", "insert into oba.import_batches (batch_id, kind) values (77, 'sales'); insert into oba.import_batches (batch_id, kind, reverses) "
               "values (78, 'sales', 77); update oba.receipts set batch_id = 78 where receipt_no = '3'" },
  { "idempotency", "update oba.idempotency_keys set answer = answer || '{\"receipt_id\": 99999}' where not refused" },
  { "idempotency", "update oba.idempotency_keys set answer = '{\"refused\": true}' where refused" },
  { "bulk_actions", "insert into oba.bulk_actions (kind, parameters, wanted, seen) values ('block', '{}', 1, 1)" },
  { "name_words", "delete from oba.name_words where word = 'elieve'" },
  { "name_words", "insert into oba.name_words (word) values ('nobody')" },
  { "name_words", "update oba.customers set search_text = 'somebody else' where customer_id = 200" },
  { "segments", "insert into oba.segments (name, kind, filter) values ('R', 'rule', '{\"tiers\": [1]}'); "
                "insert into oba.segment_members (customer_id, segment_id) select 100, max (segment_id) from oba.segments" },
  { "segments", "insert into oba.segments (name, kind, filter) values ('R', 'rule', '{\"segments\": [77]}')" },
  { "segments", "insert into oba.segments (name, kind) values ('S', 'static'); insert into oba.segment_members (customer_id, segment_id) "
                "select w.customer_id, s.segment_id from oba.segments s, oba.walk_ins w" },
  { "segments", "insert into oba.list_views (name, owner, page, query) values ('V', 'ghost', 'customers', '{}')" },
  { "tiers", "update oba.points_accounts set tier_id = 3 where customer_id = 100" },
  { "tiers", "update oba.tier_changes set from_tier = 3" },
  { "tiers", "update oba.tiers set threshold = 1200 where tier_id = 2" },
  { "tier_spend", "update oba.points_accounts set tier_spend = tier_spend + 1 where customer_id = 100" },
  { "tier_spend", "update oba.points_accounts set tier_day = null, tier_spend = 0 where customer_id = 200" },
  { "rollup_days", "update oba.rollup_store_days set revenue = revenue + 1 where store_id = 2" },
  { "rollup_days", "update oba.rollup_days set card_receipts = card_receipts + 1" },
  { "rollup_days", "delete from oba.rollup_days" },
  { "tills", "update oba.till_days set sales = sales + 1 where till_no = 1" },
  { "tills", "delete from oba.till_days where day = '2024-01-11'; insert into oba.till_days (store_id, till_no, day, sales, returns, hours, first_at, last_at)"
             " values (1, 2, '2024-01-11', 1, 0, 1, now(), now())" },
  { "tills", "insert into oba.cashier_days values (1, '2024-01-11', 'nobody', 1, 0, 0, 0)" },
  { "tills", "insert into oba.till_findings (kind, store_id, till_no, first_no, last_no, day, receipts, begins_at) values ('gap', 1, 1, 2, 3, '2024-01-11', 2, now());"
             "insert into oba.till_finding_events (finding_id, event_no, state, receipts) select max (finding_id), 1, 'open', 2 from oba.till_findings" },
  { "tills", "insert into oba.till_findings (kind, store_id, till_no, day, receipts, begins_at) values ('late', 1, 1, '2020-01-01', 2, now())" },
  { "rollup_hours", "update oba.rollup_hours set revenue = revenue + 1" },
  { "rollup_baskets", "update oba.rollup_store_hours set receipts = receipts + 1 where store_id = 1" },
  { "rollup_baskets", "delete from oba.rollup_store_baskets where store_id = 0 and measure = 'lines'" },
  { "rollup_categories", "update oba.rollup_store_categories set discounted = discounted + 1 where store_id = 2" },
  { "rollup_categories", "update oba.rollup_store_categories set category_id = 7 where store_id = 0" },
  { "rollup_products", "update oba.rollup_product_days set quantity = quantity + 1" },
  { "rollup_products", "insert into oba.rollup_product_days (day, product_id) values ('2020-01-01', 1)" },
  { "rollup_store_sales", "insert into oba.rollup_store_sales values (1, '2020-01-01', '{1}', '{1000}', '{100}', '{}')" },
  { "rollup_store_sales", "insert into oba.rollup_store_pieces (store_id, day, products, quantities, revenues, buyers) values (1, '2020-01-01', '{}', '{}', '{}', '{3210}')" },
  { "rollup_tiers", "insert into oba.rollup_tier_baskets values (1, '2020-01-01', 'lines', 1, 1)" },
  { "rollup_tiers", "insert into oba.rollup_tier_categories values (1, '2020-01-01', 1, 0, 100, 0, 0)" },
  { "rollup_receipts", "insert into oba.rollup_receipts values (0, '2020-01-01', 'sale', 1, 100, 0, 0, 1)" },
  { "customer_stats", "update oba.customer_stats set revenue = 1 where customer_id = 200" },
  { "customer_stats", "delete from oba.customer_stats where customer_id = 200" },
  { "customers", "delete from oba.customer_phones where customer_id = 200" },
  { "customers", "update oba.customers set phone = '+994500000000' where customer_id = 200" },
  { "customers", "delete from oba.customers where kind = 'walk_in' and walk_in_store_id = 1" },
  { "customers", "update oba.consents set granted = false" },
  { "redemptions", "update oba.redemptions set points = points + 1" },
  { "redemptions", "update oba.redemptions set state = 'handed_out' where state = 'approved'" },
  { "redemptions", "delete from oba.redemptions where restore_id is not null" },
  { "stock", "insert into oba.rewards (code, kind, name_az, cost, stock) values ('CUP', 'gift', 'Fincan', 1, 5); update oba.rewards set stock = 7" },
  { "stock", "insert into oba.rewards (code, kind, name_az, cost) values ('CUP', 'gift', 'Fincan', 1); "
             "insert into oba.reward_stock (reward_id, store_id, stock) select reward_id, 1, 2 from oba.rewards" },
  { "spending", "delete from oba.points_ledger where kind = 'redeem' and receipt_id is not null" },
  { "spending", "update oba.points_ledger set points = points - 1 where kind = 'redeem' and receipt_id is not null" },
  { "spending", "update oba.points_ledger set inputs = inputs || '{\"paid\": 79}' where kind = 'redeem' and receipt_id is not null" },
  { "spending", "update oba.receipts set paid_points = 79, paid_cash = 121 where receipt_no = 'paid'" },
  { "spending", "update oba.receipts set paid_points = -39, paid_cash = -61 where kind = 'return' and paid_points <> 0" },
  { "spending", "update oba.receipts set paid_points = -1, paid_cash = paid_cash + 1 where kind = 'return' and paid_points = 0" },
  { "spending", "update oba.points_ledger set points = points + 1 where kind = 'restore' and receipt_id is not null" },
  { "spending", "delete from oba.points_ledger where kind = 'restore' and receipt_id is not null" },
  { "spending", "update oba.points_ledger set reverses_id = 99999 where kind = 'restore' and receipt_id is not null" },
  { "spending", "update oba.ledger_allocations set lot_id = (select max (lot_id) from oba.points_lots where customer_id = 100) where points = -40" },
  { "spending", "delete from oba.spend_codes" },
  { "spending", "update oba.points_accounts set redeemed_points = redeemed_points - 1 where redeemed_on is not null" },
  { "spending", "update oba.points_accounts set redeemed_on = null where redeemed_on is not null" },
  { "spending", "insert into oba.spend_codes (customer_id, code_hash, expires_at, used_at, receipt_sold_at, receipt_id) "
                "select customer_id, code_hash, expires_at, used_at, receipt_sold_at, receipt_id from oba.spend_codes" },
  { "earning", "update oba.points_ledger set inputs = inputs - 'base' where inputs ? 'base'" },
  { "liability", "update oba.liability_lots set points = points + 1" },
  { "liability", "delete from oba.liability_days where kind = 'redeem'" },
  { "liability", "update oba.liability_days set entries = entries + 1 where kind = 'clawback'" },
  { "liability", "update oba.points_lots set expires_on = expires_on + 40 where customer_id = 200" },
  { "liability", "update oba.points_accounts set owed = 5 where customer_id = 200" },
  { "liability", "insert into oba.closed_months values ('2024-01-01'); insert into oba.month_totals select t.month, t.receipts, t.returns, t.revenue, t.issued, t.redeemed, t.clawed_back, "
                 "t.expired, t.adjusted, t.liability + 1 from oba.count_month ('2024-01-01') t" },
  { "lifecycle", "update oba.customer_stats set lifecycle = 'active' where customer_id = 100" },
  { "lifecycle", "update oba.customer_stats set visit_days = 9 where customer_id = 200" },
  { "lifecycle", "update oba.lifecycle_changes set at = at + interval '1 day' where to_state = 'lost'" },
  { "lifecycle", "delete from oba.lifecycle_changes where to_state = 'lapsing'" },
  { "lifecycle", "insert into oba.lifecycle_withdrawals select customer_id, change_id from oba.lifecycle_changes limit 1" },
  { "lifecycle", "insert into oba.lifecycle_withdrawals values (100, 99999)" },
  { "audit", "update oba.audit set who = 'somebody' where action = 'product.update'" },
  { "audit", "delete from oba.audit where audit_id = (select min (audit_id) from oba.audit)" },
  { "audit", "update oba.audit_seals set hash = sha256 ('x') where seal_no = 1" },
  { "audit", "delete from oba.audit_seals where seal_no = 2" },
  { "audit", "insert into oba.audit (at, action, subject, subject_id, changes) values (now() - interval '3 days', 'x', "
             "'x', 'x', '{}')" },
  { "audit_personal", "update oba.audit_personal set changes = changes || '{\"chat_id\": [null, 1]}'" },
  { "audit_personal", "update oba.audit_personal set reason = 'x'" },
  { "audit_personal", "delete from oba.audit_personal" },
  { "erasures", "insert into oba.erasures (customer_id, reason_code, asked_for, figures) values (200, 'law', 200, '{}')" },
  { "erasures", "update oba.customers set status = 'erased', given_name = '', family_name = '', phone = null, sort_name = '', search_text = '' where customer_id = 200" },
  { "merges", "update oba.points_ledger set points = points + 1 where kind = 'transfer' and points > 0" },
  { "merges", "update oba.points_ledger set inputs = '{}' where kind = 'transfer' and points > 0" },
  { "merges", "update oba.points_lots set expires_on = expires_on + 1 where customer_id = 300" },
  { "merges", "delete from oba.points_lots where lot_id = (select survivor_lot from oba.merge_lots)" },
  { "merges", "update oba.points_accounts set balance = 1 where customer_id = 300" },
  { "merges", "update oba.points_accounts set tier_spend = 1 where customer_id = 300" },
  { "merges", "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('x'), '7700', 300)" },
  { "merges", "update oba.merges set undone_at = now()" },
  { "merges", "update oba.customers set merged_into = 100 where customer_id = 300" },
  { "merges", "update oba.customers set status = 'merged', merged_into = 300 where customer_id = 200" },
  { "adjustments", "update oba.adjustments set points = 11 where undoes is null" },
  { "adjustments", "delete from oba.adjustments where undoes is null" },
  { "adjustments", "update oba.points_ledger set reverses_id = 1 where kind = 'adjust' and reverses_id is not null" },
  { "adjustments", "update oba.adjustments set approval_id = 7, made_by = 'x'" },
  { "expiry", "update oba.points_lots set expires_on = '2024-01-21' where customer_id = 400 and expires_on = '2024-01-20'" },
  { "expiry", "insert into oba.outbox (customer_id, chat_id, kind, payload) select 400, 5, 'expiry', '{\"expires_on\": \"2024-01-20\", \"distance\": 7}' from generate_series (1, 2)" },
  { "outbox", "update oba.outbox set chat_id = null" },
  { "outbox", "update oba.outbox set state = 'sending', leased_until = now() - interval '2 days', leased_by = 'x'" },
  { "outbox", "update oba.outbox set customer_id = 99999" },
  { "outbox", "insert into oba.broadcasts (name, text_az) values ('x', 'x'); update oba.outbox set broadcast_id = (select max (b.broadcast_id) from oba.broadcasts b)" },
  { "partitions", "drop table oba.audit_2023_06" },
  { "partitions", "alter table oba.receipts_2023_06 rename to receipts_2019_06" },
  { "guards", "alter table oba.receipts_2024_01 disable trigger append_only" },
  { "guards", "drop trigger append_only_all on oba.audit" },
  { "guards", "grant update on oba.points_accounts to oba_clerk" },
  { "guards", "grant execute on function oba.once (text, jsonb, text, text) to public" },
};

static gint64
count_broken (House *house, const char *invariant)
{
  g_autofree char *name = g_strdup_printf ("verify/%s.sql", invariant);

  return ask_int (house->conn, "with broken (what) as materialized (\n%s\n) select count (*) from broken",
                  oba_db_sql (name));
}

/* Each harm is done behind the triggers' back and undone again. */
static void
test_red (House *house, gconstpointer unused)
{
  g_auto (GStrv) files = g_resources_enumerate_children ("/az/oba/verify", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GHashTable) proven = g_hash_table_new (g_str_hash, g_str_equal);

  live_a_little (house);
  all_is_well (house);
  for (guint i = 0; i < G_N_ELEMENTS (harms); i++)
    {
      run (house->conn, "begin; set local session_replication_role = replica");
      run (house->conn, "%s", harms[i].harm);
      if (count_broken (house, harms[i].invariant) == 0)
        g_error ("%s does not see: %s", harms[i].invariant, harms[i].harm);
      run (house->conn, "rollback");
      g_hash_table_add (proven, (gpointer) harms[i].invariant);
    }
  for (guint i = 0; files[i] != NULL; i++)
    {
      g_autofree char *name = g_strndup (files[i], strlen (files[i]) - strlen (".sql"));

      if (!g_hash_table_contains (proven, name))
        g_error ("nothing shows that %s ever turns red", name);
    }
}

/* A constraint that a superuser dropped does not blind verify: a lot below zero. */
static void
test_below_zero (House *house, gconstpointer unused)
{
  live_a_little (house);
  run (house->conn, "begin; alter table oba.points_lots drop constraint points_lots_check; update oba.points_lots set "
                    "remaining = -1 where customer_id = 200");
  g_assert_cmpint (count_broken (house, "lots"), ==, 3);
  run (house->conn, "rollback");
}

/* Each control total of a closed month is checked: what was written down, and every kind of receipt and of points that it is made of. */
static void
test_month_totals (House *house, gconstpointer unused)
{
  const char *const totals[] = { "receipts", "returns", "revenue", "issued", "redeemed", "clawed_back", "expired", "adjusted", "liability" };
  const char *const receipts[] = { "sale", "return" };
  const char *const points[][2] = { { "earn", "redeem" }, { "bonus", "clawback" }, { "restore", "expire" }, { "adjust", "expire" }, { "transfer", "clawback" } };

  live_a_little (house);
  g_free (call (house->conn, "close_month", NULL, "{'month': '2024-01-01'}"));
  g_free (call (house->conn, "close_month", NULL, "{'month': '2024-01-01'}"));
  g_assert_cmpint (count_broken (house, "closed_months"), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (totals); i++)
    {
      run (house->conn, "begin; set local session_replication_role = replica; update oba.month_totals set %s = %s + 1", totals[i], totals[i]);
      g_assert_cmpint (count_broken (house, "closed_months"), ==, 1);
      run (house->conn, "rollback");
    }
  for (guint i = 0; i < G_N_ELEMENTS (receipts); i++)
    {
      run (house->conn, "begin; set local session_replication_role = replica; delete from oba.receipts where (kind, receipt_id) in (select kind, min (receipt_id) from oba.receipts where kind = '%s' group by 1)", receipts[i]);
      g_assert_cmpint (count_broken (house, "closed_months"), ==, 1);
      run (house->conn, "rollback");
    }
  /* Points that are slipped in, and as many of another kind taken out: all points together are the same, the totals are not. */
  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      run (house->conn, "begin; set local session_replication_role = replica; insert into oba.points_ledger (customer_id, occurred_at, kind, points, source)"
                        " values (100, '2024-01-01 00:00:00+04', '%s', 5, 'staff'), (100, '2024-01-01 00:00:00+04', '%s', -5, 'staff')", points[i][0], points[i][1]);
      g_assert_cmpint (count_broken (house, "closed_months"), ==, 1);
      run (house->conn, "rollback");
    }
  /* What happens in the next month is none of its business. */
  sale (house->conn, 100, "next", "2024-02-01T00:00:00+04:00", 1000);
  g_assert_cmpint (count_broken (house, "closed_months"), ==, 0);
}

/* The run tells what is broken, counts all of it, shows the first hundred, and changes nothing. */
static void
test_report (House *house, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (GPtrArray) invariants = NULL;

  live_a_little (house);
  run (house->conn, "insert into oba.customers (given_name) select 'A' from generate_series (1, 150); delete from "
                    "oba.customer_stats where customer_id > 1000");
  connection = oba_db_connection_open_sync (house->conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  invariants = oba_verify_run_sync (connection, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (oba_verify_count_broken (invariants), ==, 1);
  for (guint i = 0; i < invariants->len; i++)
    {
      ObaInvariant *invariant = g_ptr_array_index (invariants, i);

      g_assert_cmpuint (strlen (invariant->title), >, 20);
      if (strcmp (invariant->name, "customer_stats") != 0)
        continue;
      g_assert_cmpint (invariant->n_broken, ==, 150);
      g_assert_cmpuint (invariant->broken->len, ==, OBA_VERIFY_MAX_SHOWN);
      g_assert_true (g_str_has_prefix (g_ptr_array_index (invariant->broken, 0), "customer "));
    }
  assert_ask (house->conn, "0",
              "select count (*) from pg_stat_activity where state like 'idle in transaction%%' and datname = "
              "current_database ()");
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* In a main loop, and cancelled in the middle: the connection is as it was. */
static void
test_async (House *house, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection =
      oba_db_connection_open_sync (house->conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GPtrArray) invariants = NULL;
  g_autoptr (ObaDbResult) rows = NULL;

  g_assert_no_error (error);
  oba_verify_run_async (connection, NULL, NULL, NULL, keep_result, &first);
  while (first == NULL)
    g_main_context_iteration (NULL, TRUE);
  invariants = oba_verify_run_finish (first, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (oba_verify_count_broken (invariants), ==, 0);

  oba_verify_run_async (connection, NULL, NULL, cancellable, keep_result, &second);
  g_cancellable_cancel (cancellable);
  while (second == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (oba_verify_run_finish (second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  rows = oba_db_connection_query_sync (
      connection,
      "select pg_current_xact_id_if_assigned() is null and current_setting ('transaction_read_only') = 'off'", NULL,
      NULL, &error);
  g_assert_no_error (error);
  g_assert_true (oba_db_result_get_bool (rows, 0, 0));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, House, NULL, house_setup, func, house_teardown)
  ADD ("/verify/red", test_red);
  ADD ("/verify/below-zero", test_below_zero);
  ADD ("/verify/month-totals", test_month_totals);
  ADD ("/verify/report", test_report);
  ADD ("/verify/async", test_async);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
