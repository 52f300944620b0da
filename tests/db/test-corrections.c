/* Putting receipts right: what is previewed is what happens, nothing is edited, points keep their expiry, and what is large waits for a second person. */
#include "schema-house.h"

#include <string.h>

#include "oba-test-wait.h"
#include "base/oba-error.h"
#include "db/oba-db-request.h"
#include "approvals/oba-approvals.h"
#include "sales/oba-correctable.h"

#define REASON "'reason_code': 'cashier_error', 'reason': 'as the customer says'"
#define RECEIPT "'receipt': {'store': 1, 'till': 1, 'receipt_no': '%s'}"

static const char account[] = "select concat_ws (' ', balance, owed, tier_id, tier_spend) from oba.points_accounts where customer_id = %d";
static const char lots[] = "select string_agg (remaining || ' ' || expires_on, ', ' order by expires_on, lot_id) from oba.points_lots where customer_id = %d and remaining > 0";

static void
assert_account (House *house, int customer, const char *expected)
{
  g_autofree char *was = ask (house->conn, account, customer);

  g_assert_cmpstr (was, ==, expected);
}

static void
assert_lots (House *house, int customer, const char *expected)
{
  g_autofree char *was = ask (house->conn, lots, customer);

  g_assert_cmpstr (was, ==, expected);
}

/* The limits are far away, so that one person may do all of it: receipts of these tests are years old. */
static void
free_hands (House *house)
{
  run (house->conn, "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false");
}

/* Previews and posts; the effect must be the same. Returns the correction's number. */
static gint64
correct (House *house, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gint64
correct (House *house, const char *format, ...)
{
  g_autofree char *text = NULL, *json = NULL, *before = NULL, *preview = NULL, *answer = NULL, *after = NULL;
  const char *state = "select string_agg (a::text, ' ' order by customer_id) || (select count (*) from oba.receipts) || (select count (*) from oba.points_ledger) from oba.points_accounts a";
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  json = g_strdelimit (g_strdup_printf ("{%s, " REASON "}", text), "'", '"');
  before = ask (house->conn, "%s", state);
  preview = ask (house->conn, "select oba.preview_correction ($r$%s$r$)", json);
  after = ask (house->conn, "%s", state);
  g_assert_cmpstr (before, ==, after);
  answer = ask (house->conn, "select oba.correct_receipt ($r$%s$r$::jsonb || jsonb_build_object ('seen', $r$%s$r$::jsonb -> 'seen'))", json, preview);
  assert_ask (house->conn, "true", "select ($r$%s$r$::jsonb -> 'preview' = $r$%s$r$::jsonb)::text", answer, preview);
  all_is_well (house);
  return ask_int (house->conn, "select $r$%s$r$::jsonb ->> 'correction_id'", answer);
}

static void
correct_refused (House *house, const char *state, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
correct_refused (House *house, const char *state, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  call_refused (house->conn, state, "correct_receipt", "{%s, " REASON "}", text);
}

/* 100 points of a purchase, of which 70 are spent; 30 older ones that expire sooner. */
static void
shop (House *house)
{
  free_hands (house);
  sale (house->conn, 100, "old", "2023-01-10T10:00:00+04:00", 3000);
  run (house->conn, "update oba.points_lots set expires_on = '2122-01-01' where customer_id = 100");
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 10000);
}

/* A wrong total is put right on its day: revenue, points and tier are what they would have been, and the points expire when they would have. */
static void
test_change (House *house, gconstpointer unused)
{
  gint64 id, undo;

  shop (house);
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': -50, 'reason': 'spent'}"));
  assert_lots (house, 100, "80 2124-01-10");
  id = correct (house, "'kind': 'change', " RECEIPT ", 'total': 9050, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 9050, 'total': 9050}]", "1");
  assert_account (house, 100, "70 0 1 9050");
  assert_lots (house, 100, "70 2124-01-10");
  assert_ask (house->conn, "sale 10000 2024-01-10, void -10000 2024-01-10, sale 9050 2024-01-10",
              "select string_agg (concat_ws (' ', kind, total, business_day), ', ' order by receipt_id) from oba.receipts where receipt_no <> 'old'");
  job_does (house, "fold_rollups", 4);
  assert_ask (house->conn, "9050", "select revenue from oba.rollup_days where day = '2024-01-10'");
  all_is_well (house);

  /* The old receipt is over; the new one can be returned from. */
  correct_refused (house, "OB008", "'kind': 'void', 'seen': 2, " RECEIPT, "1");
  correct_refused (house, "OB003", "'kind': 'void', 'seen': 0, " RECEIPT, "1");
  undo = correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_account (house, 100, "80 0 1 10000");
  assert_lots (house, 100, "80 2124-01-10");
  correct_refused (house, "OB013", "'kind': 'undo', 'seen': 1, 'correction_id': %" G_GINT64_FORMAT, id);
  correct_refused (house, "OB013", "'kind': 'undo', 'seen': 0, 'correction_id': %" G_GINT64_FORMAT, undo);
  job_does (house, "fold_rollups", 2);
  assert_ask (house->conn, "10000", "select revenue from oba.rollup_days where day = '2024-01-10'");
  all_is_well (house);
}

/* What was spent of a receipt stays spent of it: points of other purchases keep their days, whatever is put right. */
static void
test_other_lots (House *house, gconstpointer unused)
{
  gint64 id;

  free_hands (house);
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 10000);
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': -50, 'reason': 'spent'}"));
  sale (house->conn, 100, "2", "2024-03-10T10:00:00+04:00", 10000);
  assert_lots (house, 100, "50 2124-01-10, 100 2124-03-10");
  id = correct (house, "'kind': 'change', " RECEIPT ", 'total': 9000, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 9000, 'total': 9000}]", "1");
  assert_lots (house, 100, "40 2124-01-10, 100 2124-03-10");
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_lots (house, 100, "50 2124-01-10, 100 2124-03-10");
  id = correct (house, "'kind': 'move', 'customer_id': 200, " RECEIPT, "2");
  assert_lots (house, 100, "50 2124-01-10");
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_lots (house, 100, "50 2124-01-10, 100 2124-03-10");
}

/* What a merged customer bought is put right for the one who stands for them, and belongs to the family as before. */
static void
test_of_merged (House *house, gconstpointer unused)
{
  gint64 id;

  free_hands (house);
  sale (house->conn, 200, "1", "2024-01-10T10:00:00+04:00", 10000);
  run (house->conn, "update oba.customers set family_name = 'Əliyeva' where customer_id = 200; select oba.merge_customers ('{\"source\": 200, \"survivor\": 100}', null)");
  assert_account (house, 100, "100 0 1 10000");
  id = correct (house, "'kind': 'change', " RECEIPT ", 'total': 9000, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 9000, 'total': 9000}]", "1");
  assert_account (house, 100, "90 0 1 9000");
  assert_account (house, 200, "0 0 1 0");
  assert_lots (house, 100, "90 2124-01-10");
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_account (house, 100, "100 0 1 10000");
  id = ask_int (house->conn, "select max (correction_id) from oba.corrections");
  correct_refused (house, "OB001", "'kind': 'move', 'customer_id': 200, 'seen': 0, 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'C%" G_GINT64_FORMAT "'}",
                   ask_int (house->conn, "select replacement_receipt_id from oba.corrections where correction_id = %" G_GINT64_FORMAT, id));
}

/* Money of an erased customer's receipt is put right as ever; they get nothing new, and owe nothing. */
static void
test_of_erased (House *house, gconstpointer unused)
{
  shop (house);
  g_free (call (house->conn, "erase_customer", NULL, "{'customer_id': 100, 'confirm': '100', 'reason': 'request'}"));
  correct_refused (house, "OB002", "'kind': 'change', 'seen': 0, 'store': 2, " RECEIPT, "1");
  correct (house, "'kind': 'void', " RECEIPT, "1");
  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': 'old'}, 'lines': [{'line': 1, 'quantity': 0.5}], 'reason_code': 'x', 'reason': 'Aygün'}"));
  all_is_well (house);
  correct (house, "'kind': 'move', 'customer_id': 200, " RECEIPT, "old");
  assert_account (house, 200, "15 0 1 1500");
}

/* An import that is reversed takes along what was put right of it since. */
static void
test_of_import (House *house, gconstpointer unused)
{
  free_hands (house);
  run (house->conn, "insert into oba.import_batches (batch_id, kind) values (7, 'sales');"
                    "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, line_count, paid_other, source, batch_id)"
                    " values (100, '2024-01-10 10:00+04', nextval ('oba.receipt_ids'), 1, 1, 'i1', 5000, 1, 5000, 'import', 7);"
                    "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)"
                    " select customer_id, sold_at, receipt_id, 1, 1, 1000, 5000, 5000 from oba.receipts; select oba.post_batch (7)");
  correct (house, "'kind': 'move', 'customer_id': 200, " RECEIPT, "i1");
  assert_account (house, 200, "50 0 1 5000");
  while (ask_int (house->conn, "select (oba.reverse_batch ('{\"batch_id\": 7}') ->> 'done')::boolean::integer") == 0)
    ;
  assert_account (house, 100, "0 0 1 0");
  assert_ask (house->conn, "0 0", "select (select balance from oba.points_accounts where customer_id = 200) || ' ' || (select sum (total) from oba.receipts)");
  all_is_well (house);
}

/* Another store or another day: the money goes where it was taken, the lines stay, what was returned before stays returned. */
static void
test_store_and_time (House *house, gconstpointer unused)
{
  shop (house);
  g_free (call (house->conn, "record_receipt", NULL,
                "{'store': 1, 'till': 1, 'receipt_no': '2', 'sold_at': '2024-02-10T10:00:00+04:00', 'customer_id': 100, 'total': 710, 'payments': {'card': 700, 'cash': 10}, 'lines': ["
                "{'barcode': '4760000000011', 'quantity': 3, 'unit_price': 100, 'discount': 1, 'vat': 45, 'total': 299}, {'code': 'P3', 'quantity': 1.235, 'unit_price': 333, 'total': 411}]}"));
  correct (house, "'kind': 'return', " RECEIPT ", 'lines': [{'line': 1, 'quantity': 1}], 'refund': 'cash'", "2");
  correct (house, "'kind': 'change', " RECEIPT ", 'store': 2, 'sold_at': '2024-02-11T09:30:00+04:00'", "2");
  assert_ask (house->conn, "2 2024-02-11 611 30 611 3.235 0",
              "select concat_ws (' ', r.store_id, r.business_day, r.total, r.vat, r.paid_card, (select sum (l.quantity) / 1000.0::numeric(9,3) from oba.receipt_lines l where l.receipt_id = r.receipt_id)::numeric(9,3),"
              " r.paid_cash) from oba.receipts r order by receipt_id desc limit 1");
  assert_ask (house->conn, "611", "select sum (total) from oba.receipts where business_day > '2024-02-01'");
  correct_refused (house, "OB001", "'kind': 'change', 'seen': 0, " RECEIPT, "1");
  correct_refused (house, "OB002", "'kind': 'change', 'seen': 0, 'store': 7, " RECEIPT, "1");
  correct_refused (house, "OB011", "'kind': 'change', 'seen': 0, 'sold_at': '2999-02-11T09:30:00+04:00', " RECEIPT, "1");
  correct_refused (house, "OB010", "'kind': 'change', 'seen': 0, 'total': 100, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 90, 'total': 90}], " RECEIPT, "1");
  correct_refused (house, "OB001", "'kind': 'change', 'seen': 0, 'total': 100, 'lines': 'all', " RECEIPT, "1");
  all_is_well (house);
}

/* Who forgot the card gets the points; who got them by mistake gives them back, even when they were spent. */
static void
test_move (House *house, gconstpointer unused)
{
  gint64 id;

  shop (house);
  g_free (call (house->conn, "record_receipt", NULL, "{'store': 1, 'till': 1, 'receipt_no': 'w', 'sold_at': '2024-01-10T10:00:00+04:00', 'total': 6000,"
                                                     " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 6000, 'total': 6000}]}"));
  id = correct (house, "'kind': 'move', 'customer_id': 200, " RECEIPT, "w");
  assert_account (house, 200, "60 0 1 6000");
  assert_lots (house, 200, "60 2124-01-10");
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_account (house, 200, "0 0 1 0");
  assert_ask (house->conn, "walk_in 6000", "select c.kind || ' ' || r.total from oba.receipts r join oba.customers c using (customer_id) order by receipt_id desc limit 1");

  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': -115, 'reason': 'spent'}"));
  id = correct (house, "'kind': 'move', 'customer_id': 200, " RECEIPT, "1");
  assert_account (house, 100, "-85 85 1 0");
  assert_account (house, 200, "100 0 1 10000");
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_account (house, 100, "15 0 1 10000");
  assert_lots (house, 100, "15 2124-01-10");
  assert_account (house, 200, "0 0 1 0");
  correct_refused (house, "OB002", "'kind': 'move', 'customer_id': 9, 'seen': 0, " RECEIPT, "old");
  correct_refused (house, "OB001", "'kind': 'move', 'customer_id': 100, 'seen': 0, " RECEIPT, "old");
  correct (house, "'kind': 'move', " RECEIPT, "old");
  assert_ask (house->conn, "walk_in 3000", "select c.kind || ' ' || r.total from oba.receipts r join oba.customers c using (customer_id) order by receipt_id desc limit 1");
}

/* A return and a void, and both undone: to the qəpik, to the point and to the day. */
static void
test_return_and_void (House *house, gconstpointer unused)
{
  static const char day[] = "select coalesce (sum (total), 0) from oba.receipts where business_day = '%s'";
  gint64 id;

  shop (house);
  g_free (call (house->conn, "record_receipt", NULL,
                "{'store': 1, 'till': 1, 'receipt_no': '2', 'sold_at': '2024-02-10T10:00:00+04:00', 'customer_id': 100, 'total': 710, 'payments': {'card': 700, 'cash': 10}, 'lines': ["
                "{'barcode': '4760000000011', 'quantity': 3, 'unit_price': 100, 'discount': 1, 'vat': 45, 'total': 299}, {'code': 'P3', 'quantity': 1.235, 'unit_price': 333, 'total': 411}]}"));
  id = correct (house, "'kind': 'return', " RECEIPT ", 'lines': [{'line': 1, 'quantity': 1}], 'refund': 'cash'", "2");
  assert_account (house, 100, "136 0 1 -99");
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_account (house, 100, "137 0 1 0");
  assert_lots (house, 100, "30 2122-01-01, 100 2124-01-10, 7 2124-02-10");
  assert_ask (house->conn, "710", day, "2024-02-10");
  assert_ask (house->conn, "710 700 10 45 1", "select concat_ws (' ', total, paid_card, paid_cash, vat, discount) from oba.receipts where original_receipt_id is not null and kind = 'sale'");

  id = correct (house, "'kind': 'void', " RECEIPT, "1");
  assert_account (house, 100, "37 0 1 0");
  assert_ask (house->conn, "0", day, "2024-01-10");
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_account (house, 100, "137 0 1 0");
  assert_lots (house, 100, "30 2122-01-01, 100 2124-01-10, 7 2124-02-10");
  assert_ask (house->conn, "10000", day, "2024-01-10");
  correct_refused (house, "OB008", "'kind': 'return', 'seen': 0, " RECEIPT ", 'lines': [{'line': 1, 'quantity': 2}]", "old");
  correct_refused (house, "OB001", "'kind': 'return', 'seen': 0, " RECEIPT, "old");
  correct_refused (house, "OB002", "'kind': 'void', 'seen': 0, " RECEIPT, "nowhere");
}

/* From paper; when the till sends it after all, it is not counted twice. */
static void
test_missed (House *house, gconstpointer unused)
{
#define PAPER                                                                                                                                     \
  "{'store': 1, 'till': 3, 'receipt_no': 'p1', 'sold_at': '2024-01-10T10:00:00+04:00', 'customer_id': 100, 'total': 5000,"                        \
  " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 5000, 'total': 5000}]}"
  gint64 id;

  free_hands (house);
  id = correct (house, "'kind': 'missed', 'data': " PAPER);
  assert_account (house, 100, "50 0 1 5000");
  call_refused (house->conn, "OB004", "record_receipt", PAPER);
  correct_refused (house, "OB004", "'kind': 'missed', 'data': " PAPER);
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_account (house, 100, "0 0 1 0");
  correct_refused (house, "OB001", "'kind': 'missed'");
  correct_refused (house, "OB001", "'kind': 'missed', 'data': [1]");
  correct_refused (house, "OB001", "'kind': 'else'");
  call_refused (house->conn, "OB001", "correct_receipt", "{'kind': 'missed', 'reason_code': 'because', 'reason': 'because'}");
  call_refused (house->conn, "OB001", "correct_receipt", "{'kind': 'missed', 'reason_code': 'other', 'reason': ' x '}");
  call_refused (house->conn, "OB001", "correct_receipt", "'text'");
}

/* A tier that a typing error gave is taken back with it. */
static void
test_tier (House *house, gconstpointer unused)
{
  gint64 id;

  free_hands (house);
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 350000);
  assert_account (house, 100, "3500 0 3 350000");
  id = correct (house, "'kind': 'change', " RECEIPT ", 'total': 3500, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 3500, 'total': 3500}]", "1");
  assert_account (house, 100, "35 0 1 3500");
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_account (house, 100, "3500 0 3 350000");
}

/* The version of the rule that earned is the one that takes back and earns anew, whatever holds today. */
static void
test_rule_version (House *house, gconstpointer unused)
{
  shop (house);
  run (house->conn, "update oba.earning_rules set state = 'retired'; insert into oba.earning_rules (rule_id, version, kind, name, state, parameters)"
                    " values (1, 2, 'base', 'half', 'live', '{\"qepik_per_point\": 200, \"valid_months\": 12}')");
  correct (house, "'kind': 'change', " RECEIPT ", 'total': 9000, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 9000, 'total': 9000}]", "1");
  assert_account (house, 100, "120 0 1 9000");
  assert_lots (house, 100, "30 2122-01-01, 90 2124-01-10");
  correct (house, "'kind': 'move', 'customer_id': 200, " RECEIPT, "old");
  assert_account (house, 200, "30 0 1 3000");
}

static void
assert_closed (House *house, const char *expected, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* What a preview says of a closed month: the day of the receipt, and whether its entry is dated today; "" for nothing. */
static void
assert_closed (House *house, const char *expected, const char *format, ...)
{
  g_autofree char *text = NULL, *json = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  json = g_strdelimit (g_strdup_printf ("{%s, " REASON "}", text), "'", '"');
  assert_ask (house->conn, expected, "select concat_ws (' ', p #>> '{closed,day}', (p #>> '{closed,entry}')::date = oba.business_day (now ())) from oba.preview_correction ($r$%s$r$) p", json);
}

/* What is closed stays as it was; it is put right in the open month, and the points still expire when they would have. */
static void
test_closed_month (House *house, gconstpointer unused)
{
  static const char january[] = "select concat_ws (' ', receipts, returns, revenue, issued, liability) from oba.month_totals where month = '2024-01-01'";

  shop (house);
  call_refused (house->conn, "OB001", "close_month", "{'month': '2024-01-02'}");
  call_refused (house->conn, "OB011", "close_month", "{'month': '2999-01-01'}");
  g_free (call (house->conn, "close_month", "m1", "{'month': '2024-01-01'}"));
  g_free (call (house->conn, "close_month", "m2", "{'month': '2024-01-01'}"));
  call_refused (house->conn, "OB013", "close_month", "{'month': '2024-01-01'}");
  call_refused (house->conn, "OB013", "close_month", "{'month': '2024-03-01'}");
  assert_ask (house->conn, "1 0 10000 100 130", "%s", january);
  all_is_well (house);

  call_refused (house->conn, "OB011", "record_receipt", PAPER);
  call_refused (house->conn, "OB011", "return_lines", "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'sold_at': '2024-01-12T10:00:00+04:00', 'reason_code': 'x'}");
  correct_refused (house, "OB011", "'kind': 'change', 'seen': 0, 'sold_at': '2024-01-11T09:30:00+04:00', " RECEIPT, "1");
  assert_closed (house, "2024-01-10 t", "'kind': 'void', " RECEIPT, "1");
  assert_closed (house, "2024-01-10 t", "'kind': 'missed', 'data': " PAPER);
  assert_closed (house, "", "'kind': 'return', 'lines': [{'line': 1, 'quantity': 1}], " RECEIPT, "1");
  correct (house, "'kind': 'change', " RECEIPT ", 'total': 9000, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 9000, 'total': 9000}]", "1");
  assert_lots (house, 100, "30 2122-01-01, 90 2124-01-10");
  assert_ask (house->conn, "-1000 t 2024-01-10",
              "select concat_ws (' ', sum (r.total), bool_and (r.sold_at > now() - interval '1 hour'), (select oba.business_day (happened_at) from oba.corrections))"
              " from oba.receipts r where original_receipt_id is not null");
  correct (house, "'kind': 'missed', 'data': " PAPER);
  assert_lots (house, 100, "30 2122-01-01, 90 2124-01-10, 50 2124-01-10");
  correct (house, "'kind': 'void', " RECEIPT, "old");
  assert_ask (house->conn, "1 0 10000 100 130", "%s", january);
  run (house->conn, "insert into oba.import_batches (batch_id, kind) values (7, 'sales')");
  run (house->conn, "insert into oba.receipts (customer_id, sold_at, store_id, till_no, receipt_no, total, line_count, paid_cash, source, batch_id)"
                    " values (100, '2024-01-10', 1, 1, 'late', 0, 0, 0, 'import', 7)");
  refused (house->conn, "OB011", "select oba.post_batch (7)");
}

static char *
login (House *house, const char *name, const char *role)
{
  run (house->conn, "select oba.staff_add ('%s', '%s', '%s')", name, name, role);
  return g_strdup_printf ("%s user=%s", house->conninfo, name);
}

static PGconn *
log_in (House *house, const char *name, const char *role)
{
  g_autofree char *conninfo = login (house, name, role);
  PGconn *conn = PQconnectdb (conninfo);

  g_assert_cmpint (PQstatus (conn), ==, CONNECTION_OK);
  PQsetErrorVerbosity (conn, PQERRORS_VERBOSE);
  return conn;
}

/* Over a limit nothing changes until a supervisor who is somebody else says yes; what they approve is what they see. */
static void
test_second_person (House *house, gconstpointer unused)
{
  g_autofree char *answer = NULL, *decided = NULL;
  PGconn *clerk, *supervisor, *auditor;
  gint64 id;

  run (house->conn, "select oba.ensure_partitions ((now() - interval '1 month')::date, now()::date)");
  clerk = log_in (house, "lale", "clerk");
  supervisor = log_in (house, "rena", "supervisor");
  auditor = log_in (house, "vera", "auditor");
  g_free (ask (house->conn, "select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'a' || n, 'sold_at', now() - n * interval '10 days', 'customer_id', 100, 'total', 100 * n,"
                            " 'lines', jsonb_build_array (jsonb_build_object ('product', 1, 'quantity', n, 'unit_price', 100, 'total', 100 * n)))) from generate_series (1, 2) n"));
  sale (house->conn, 100, "big", "2024-01-10T10:00:00+04:00", 500000);

  /* Small and young: at once. Old: not. */
  answer = call (clerk, "correct_receipt", NULL, "{'kind': 'void', 'seen': 0, " RECEIPT ", " REASON "}", "a1");
  assert_ask (house->conn, "1", "select count (*) from oba.corrections where made_by = 'lale' and posted_by = 'lale'");
  g_free (answer);
  answer = call (clerk, "correct_receipt", NULL, "{'kind': 'void', 'seen': 0, " RECEIPT ", " REASON "}", "a2");
  assert_ask (house->conn, "[\"age\"]", "select $r$%s$r$::jsonb #>> '{preview,needs}'", answer);
  g_free (answer);
  answer = call (clerk, "correct_receipt", "big", "{'kind': 'void', 'seen': 0, " RECEIPT ", " REASON "}", "big");
  assert_ask (house->conn, "true [\"amount\", \"points\", \"age\"]", "select concat_ws (' ', $r$%s$r$::jsonb ->> 'waits', $r$%s$r$::jsonb #>> '{preview,needs}')", answer, answer);
  assert_ask (house->conn, "1", "select count (*) from oba.corrections");
  assert_account (house, 100, "5002 0 1 200");
  call_refused (clerk, "OB004", "correct_receipt", "{'kind': 'void', 'seen': 0, " RECEIPT ", " REASON "}", "big");

  id = ask_int (house->conn, "select $r$%s$r$::jsonb ->> 'approval_id'", answer);
  refused (clerk, "42501", "select oba.decide_approval ('{\"approval_id\": %" G_GINT64_FORMAT ", \"approve\": true}')", id);
  /* The figures change while it waits: the supervisor is shown the new ones first. */
  sale (house->conn, 100, "later", "2024-01-11T10:00:00+04:00", 1000);
  decided = call (supervisor, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", id);
  assert_ask (house->conn, "true", "select $r$%s$r$::jsonb ->> 'stale'", decided);
  g_free (decided);
  decided = call (supervisor, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", id);
  assert_ask (house->conn, "approved lale rena", "select concat_ws (' ', a.state, c.made_by, c.posted_by) from oba.approvals a join oba.corrections c using (approval_id)");
  assert_ask (house->conn, "as the customer says", "select reason from oba.receipts where kind = 'void' order by receipt_id desc limit 1");
  assert_account (house, 100, "12 0 1 200");
  all_is_well (house);

  /* A supervisor's own proposal needs another one; auditors look only; nobody enters or returns past the limits. */
  g_free (answer);
  answer = call (supervisor, "correct_receipt", NULL, "{'kind': 'void', 'seen': 0, " RECEIPT ", " REASON "}", "later");
  id = ask_int (house->conn, "select $r$%s$r$::jsonb ->> 'approval_id'", answer);
  call_refused (supervisor, "OB006", "decide_approval", "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", id);
  call_refused (auditor, "42501", "correct_receipt", "{'kind': 'void', 'seen': 0, " RECEIPT ", " REASON "}", "later");
  call_refused (auditor, "42501", "preview_correction", "{'kind': 'void', " RECEIPT ", " REASON "}", "later");
  call_refused (clerk, "42501", "record_receipt", PAPER);
  call_refused (clerk, "42501", "return_lines", "{'reason_code': 'x'}");
  call_refused (supervisor, "42501", "set_correction_limits", "{'version': 1}");
  call_refused (supervisor, "42501", "close_month", "{'month': '2024-01-01'}");
  g_free (call (house->conn, "set_correction_limits", NULL, "{'version': 1, 'amount': 0, 'points': 0, 'age_days': 1, 'own_receipts': true}"));
  call_refused (house->conn, "OB003", "set_correction_limits", "{'version': 1, 'amount': 0, 'points': 0, 'age_days': 1, 'own_receipts': true}");
  call_refused (house->conn, "OB001", "set_correction_limits", "{'version': 2, 'amount': -1, 'points': 0, 'age_days': 1, 'own_receipts': true}");
  PQfinish (clerk);
  PQfinish (supervisor);
  PQfinish (auditor);
}

/* Two clerks at one receipt: one corrects it, the other is told. */
static void
test_two_clerks (House *house, gconstpointer unused)
{
  PGconn *one, *other;
  PGresult *result;
  const char *sql = "select oba.correct_receipt ('{\"kind\": \"void\", \"seen\": 0, \"receipt\": {\"store\": 1, \"till\": 1, \"receipt_no\": \"1\"},"
                    " \"reason_code\": \"other\", \"reason\": \"twice\"}')";

  shop (house);
  one = house_connect (house);
  other = house_connect (house);
  run (one, "begin");
  g_free (ask (one, "%s", sql));
  g_assert_cmpint (PQsendQuery (other, sql), ==, 1);
  run (one, "commit");
  result = PQgetResult (other);
  g_assert_cmpstr (PQresultErrorField (result, PG_DIAG_SQLSTATE), ==, "OB003");
  PQclear (result);
  PQclear (PQgetResult (other));
  assert_account (house, 100, "30 0 1 0");
  PQfinish (one);
  PQfinish (other);
  all_is_well (house);
}

/* Of years of months a void, a change and a move read those from its sale on, and the year of the tier: a chain with many would wait for plans over all of them. */
static void
test_months (House *house, gconstpointer unused)
{
  static const char *const requests[] = {
    "{'kind': 'void', %s, " REASON "}",
    "{'kind': 'change', 'total': 500, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 500, 'total': 500}], %s, " REASON "}",
    "{'kind': 'move', 'customer_id': 200, %s, " REASON "}",
  };
  g_autofree char *sold_at = ask (house->conn, "select (now () - interval '1 day')::text");

  free_hands (house);
  run (house->conn, "select oba.ensure_partitions ('2018-01-01', now ()::date)");
  sale (house->conn, 100, "1", sold_at, 1000);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GString) request = g_string_new (requests[i]);

      g_string_replace (request, "%s", "'receipt': {'store': 1, 'till': 1, 'receipt_no': '1'}", 0);
      g_string_replace (request, "'", "\"", 0);
      run (house->conn, "begin");
      /* A preview is taken back, with its locks. */
      assert_ask (house->conn, "t", "select oba.correct_receipt ($r$%s$r$::jsonb || '{\"seen\": 0}') ? 'correction_id'", request->str);
      g_test_message ("%s", requests[i]);
      assert_ask (house->conn, "t", "select count (*) filter (where c.relname like 'receipts_%%') <= 18 and count (*) filter (where c.relname like 'receipt_lines_%%') <= 6"
                                    " and count (*) filter (where c.relname like 'points_ledger_%%') <= 6"
                                    " from (select distinct l.relation from pg_locks l where l.pid = pg_backend_pid ()) l join pg_class c on c.oid = l.relation and c.relkind = 'r'");
      run (house->conn, "rollback");
    }
}

/* What a dialog calls. */

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer user_data)
{
  return *(GAsyncResult **) user_data != NULL;
}

static ObaCorrectionPreview *
look (ObaDbPool *pool, ObaCorrection *correction, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  oba_correction_preview_async (pool, correction, NULL, keep_result, &result);
  oba_test_run_until (has_result, &result);
  return oba_correction_preview_finish (result, error);
}

static gboolean
post (ObaDbPool *pool, ObaCorrection *correction, const ObaCorrectionPreview *preview, ObaCorrectionOutcome *outcome, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *key = oba_db_request_new_key ();

  oba_correction_post_async (pool, correction, preview, key, NULL, keep_result, &result);
  oba_test_run_until (has_result, &result);
  return oba_correction_post_finish (result, outcome, error);
}

static ObaReceiptKey
key_of (House *house, const char *no)
{
  return (ObaReceiptKey) { ask_int (house->conn, "select customer_id from oba.receipt_keys where receipt_no = '%s'", no),
                           ask_int (house->conn, "select (extract (epoch from sold_at) * 1000000)::bigint from oba.receipt_keys where receipt_no = '%s'", no),
                           ask_int (house->conn, "select receipt_id from oba.receipt_keys where receipt_no = '%s'", no) };
}

/* The dialog's own calls: the preview has every figure, posting heeds it, an undo is one more correction, and what waits is listed with its figures. */
static void
test_calls (House *house, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  ObaDbPool *pool = oba_db_pool_new (house->conninfo, 2, OBA_DB_CONNECTION_DEFAULT);
  g_autoptr (ObaCorrection) change = oba_correction_new (OBA_CORRECTION_CHANGE);
  g_autoptr (ObaCorrection) back = NULL, missed = oba_correction_new (OBA_CORRECTION_MISSED), give = oba_correction_new (OBA_CORRECTION_RETURN);
  g_autoptr (ObaCorrectionPreview) preview = NULL, undone = NULL, paper = NULL, giving = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  ObaApprovalsFilter filter = { 0 };
  g_autoptr (GPtrArray) waiting = NULL;
  ObaCorrectionOutcome outcome;
  ObaCorrectionPerson *person;
  ObaReceiptKey key;

  shop (house);
  key = key_of (house, "1");
  oba_correction_set_receipt (change, &key);
  oba_correction_add_line (change, 3, 1235, 333, 0, 0, 411);
  oba_correction_add_line (change, 1, 2000, 1000, 100, 9, 1900);
  oba_correction_set_reason (change, oba_correction_reason_codes ()[3], "weighed again");
  preview = look (pool, change, &error);
  g_assert_no_error (error);
  g_assert_cmpint (preview->taken_back, ==, 10000);
  g_assert_cmpint (preview->put_in, ==, 2311);
  g_assert_cmpint (preview->seen, ==, 0);
  g_assert_cmpuint (g_strv_length (preview->needs), ==, 0);
  g_assert_cmpuint (preview->people->len, ==, 1);
  person = g_ptr_array_index (preview->people, 0);
  g_assert_cmpstr (person->name, ==, "Əliyeva Aygün");
  g_assert_cmpstr (person->tier[1], ==, "Bronze");
  g_assert_cmpint (person->balance[0], ==, 130);
  g_assert_cmpint (person->balance[1], ==, 53);
  g_assert_cmpuint (person->lots->len, ==, 2);
  g_assert_cmpint (g_array_index (person->lots, ObaCorrectionLot, 0).after, ==, 0);
  g_assert_cmpint (g_array_index (person->lots, ObaCorrectionLot, 1).lot_id, ==, 0);
  g_assert_cmpint (g_date_get_year (&g_array_index (person->lots, ObaCorrectionLot, 1).expires_on), ==, 2124);
  g_assert_cmpuint (preview->rollups->len, ==, 1);
  g_assert_cmpint (((ObaCorrectionRollup *) g_ptr_array_index (preview->rollups, 0))->revenue, ==, -7689);
  g_assert_cmpstr (((ObaCorrectionRollup *) g_ptr_array_index (preview->rollups, 0))->store, ==, "OBA Nizami");
  g_assert_true (post (pool, change, preview, &outcome, &error));
  g_assert_no_error (error);
  g_assert_cmpint (outcome.approval_id, ==, 0);
  g_assert_false (post (pool, change, preview, &outcome, &error));
  g_assert_true (oba_db_error_is_refusal (error, "OB003"));
  g_clear_error (&error);

  back = oba_correction_new_undo (outcome.correction_id);
  oba_correction_set_reason (back, "mistake", "it was right");
  undone = look (pool, back, &error);
  g_assert_no_error (error);
  g_assert_true (post (pool, back, undone, &outcome, &error));
  g_assert_no_error (error);
  assert_account (house, 100, "130 0 1 10000");

  oba_correction_set_store (missed, 2, 4);
  oba_correction_set_paper (missed, "p9", "Leyla", NULL);
  oba_correction_set_time (missed, key.at);
  oba_correction_set_customer (missed, 200);
  oba_correction_add_line (missed, 1, 1000, 700, 0, 0, 700);
  oba_correction_add_payment (missed, "card", 700);
  oba_correction_set_reason (missed, "missed", "on paper only");
  run (house->conn, "update oba.correction_limits set age_days = 30");
  paper = look (pool, missed, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (paper->needs[0], ==, "age");
  g_assert_true (post (pool, missed, paper, &outcome, &error));
  g_assert_no_error (error);
  g_assert_cmpint (outcome.correction_id, ==, 0);
  g_assert_cmpint (outcome.approval_id, >, 0);

  key = key_of (house, "old");
  oba_correction_set_receipt (give, &key);
  oba_correction_return_line (give, 1, 500);
  oba_correction_set_refund (give, "card");
  oba_correction_set_reason (give, "damaged", "half of it");
  giving = look (pool, give, &error);
  g_assert_no_error (error);
  g_assert_cmpint (giving->taken_back, ==, 1500);
  g_assert_true (post (pool, give, giving, &outcome, &error));
  g_assert_no_error (error);

  oba_approvals_read_async (pool, TRUE, &filter, 10, NULL, keep_result, &result);
  oba_test_run_until (has_result, &result);
  waiting = oba_approvals_read_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (waiting->len, ==, 2);
  g_assert_cmpstr (((ObaApproval *) g_ptr_array_index (waiting, 0))->kind, ==, "missed");
  g_assert_cmpstr (((ObaApproval *) g_ptr_array_index (waiting, 0))->reason, ==, "on paper only");
  g_assert_cmpint (((ObaApproval *) g_ptr_array_index (waiting, 1))->receipt->key.receipt_id, ==, key.receipt_id);
  g_assert_cmpint (((ObaApproval *) g_ptr_array_index (waiting, 1))->receipt->key.at, ==, key.at);
  g_assert_cmpint (((ObaApproval *) g_ptr_array_index (waiting, 1))->correction->taken_back, ==, 1500);
  g_assert_true (((ObaApproval *) g_ptr_array_index (waiting, 1))->is_mine);
  oba_db_pool_close (pool);
  g_object_unref (pool);
}

static ObaCorrectable *
correctable_of (ObaDbPool *pool, const ObaReceiptKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  ObaCorrectable *self;

  oba_correctable_read_async (pool, key, NULL, keep_result, &result);
  oba_test_run_until (has_result, &result);
  self = oba_correctable_read_finish (result, &error);
  if (self == NULL)
    g_assert_error (error, OBA_ERROR, OBA_ERROR_NOT_FOUND);
  return self;
}

/* Whichever receipt of a family is looked at, it is the one that holds now which is put right; and what is undone is the last thing that was done to it. */
static void
test_holding (House *house, gconstpointer unused)
{
  ObaDbPool *pool = oba_db_pool_new (house->conninfo, 2, OBA_DB_CONNECTION_DEFAULT);
  ObaReceiptKey key, nobody = { 1, 2, 3 };
  g_autoptr (ObaCorrectable) first = NULL;
  g_autoptr (ObaCorrectable) changed = NULL;
  g_autoptr (ObaCorrectable) by_void = NULL;
  g_autoptr (ObaCorrectable) returned = NULL;
  g_autoptr (ObaCorrectable) undone = NULL;
  gint64 change, back;

  shop (house);
  key = key_of (house, "1");
  g_assert_null (correctable_of (pool, &nobody));
  first = correctable_of (pool, &key);
  g_assert_cmpint (first->left, ==, 10000);
  g_assert_cmpint (first->cash, ==, 10000);
  g_assert_cmpint (first->undo_id, ==, 0);
  g_assert_true (first->person);

  change = correct (house, "'kind': 'change', " RECEIPT ", 'total': 9000, 'lines': [{'product': 1, 'quantity': 3, 'unit_price': 3000, 'total': 9000}]", "1");
  changed = correctable_of (pool, &key);
  g_assert_cmpint (changed->key.receipt_id, !=, key.receipt_id);
  g_assert_cmpint (changed->left, ==, 9000);
  g_assert_cmpint (changed->undo_id, ==, change);
  g_assert_cmpint (changed->undo_kind, ==, OBA_CORRECTION_CHANGE);
  key.receipt_id = ask_int (house->conn, "select receipt_id from oba.receipts where kind = 'void'");
  by_void = correctable_of (pool, &key);
  g_assert_cmpint (by_void->key.receipt_id, ==, changed->key.receipt_id);

  back = correct (house, "'kind': 'return', 'receipt': {'store': 1, 'till': 1, 'receipt_no': '%s'}, 'lines': [{'line': 1, 'quantity': 1}]", changed->number);
  returned = correctable_of (pool, &key);
  g_assert_cmpint (returned->undo_id, ==, back);
  g_assert_cmpint (returned->left, ==, 6000);
  g_assert_cmpint (((ObaCorrectableLine *) returned->lines->pdata[0])->left, ==, 2000);
  g_assert_cmpint (((ObaCorrectableLine *) returned->lines->pdata[0])->quantity, ==, 3000);
  g_assert_cmpuint (returned->answers->len, ==, 1);
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, back);
  undone = correctable_of (pool, &key);
  g_assert_cmpint (undone->left, ==, 9000);
  g_assert_cmpint (undone->undo_id, ==, 0);
  oba_db_pool_close (pool);
  g_object_unref (pool);
}

/* What is posted is what was looked at: when the points are others by then, nothing is. */
static void
test_expects (House *house, gconstpointer unused)
{
  ObaDbPool *pool = oba_db_pool_new (house->conninfo, 2, OBA_DB_CONNECTION_DEFAULT);
  g_autoptr (ObaCorrection) correction = oba_correction_new (OBA_CORRECTION_VOID);
  g_autoptr (ObaCorrectionPreview) before = NULL;
  g_autoptr (ObaCorrectionPreview) again = NULL;
  g_autoptr (GError) error = NULL;
  ObaCorrectionOutcome outcome;
  ObaReceiptKey key;

  shop (house);
  key = key_of (house, "1");
  oba_correction_set_receipt (correction, &key);
  before = look (pool, correction, &error);   /* no reason yet */
  g_assert_no_error (error);
  oba_correction_set_reason (correction, "other", "as the customer says");
  sale (house->conn, 100, "2", "2024-03-10T10:00:00+04:00", 10000);
  g_assert_false (post (pool, correction, before, &outcome, &error));
  g_assert_true (oba_db_error_is_refusal (error, "OB003"));
  g_clear_error (&error);
  assert_ask (house->conn, "0", "select count(*) from oba.corrections");
  again = look (pool, correction, &error);
  g_assert_no_error (error);
  g_assert_true (post (pool, correction, again, &outcome, &error));
  all_is_well (house);
  oba_db_pool_close (pool);
  g_object_unref (pool);
}

/* People choose from what the database allows. */
static void
test_reasons (House *house, gconstpointer unused)
{
  g_autofree char *mine = g_strjoinv (",", (GStrv) oba_correction_reason_codes ());

  assert_ask (house->conn, mine, "select array_to_string (oba.correction_reasons (), ',')");
  g_assert_cmpstr (oba_correction_reason_title ("damaged"), ==, "Damaged or spoiled");
  g_assert_cmpstr (oba_correction_reason_title ("x"), ==, "x");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, House, NULL, house_setup, func, house_teardown)
  ADD ("/corrections/change", test_change);
  ADD ("/corrections/other-lots", test_other_lots);
  ADD ("/corrections/of-import", test_of_import);
  ADD ("/corrections/of-merged", test_of_merged);
  ADD ("/corrections/of-erased", test_of_erased);
  ADD ("/corrections/store-and-time", test_store_and_time);
  ADD ("/corrections/move", test_move);
  ADD ("/corrections/return-and-void", test_return_and_void);
  ADD ("/corrections/missed", test_missed);
  ADD ("/corrections/tier", test_tier);
  ADD ("/corrections/rule-version", test_rule_version);
  ADD ("/corrections/closed-month", test_closed_month);
  ADD ("/corrections/second-person", test_second_person);
  ADD ("/corrections/two-clerks", test_two_clerks);
  ADD ("/corrections/months", test_months);
  ADD ("/corrections/calls", test_calls);
  ADD ("/corrections/holding", test_holding);
  ADD ("/corrections/expects", test_expects);
  ADD ("/corrections/reasons", test_reasons);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
