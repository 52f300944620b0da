/* A bill paid with points: what is taken, what comes back and to which lots, the second proof, and a hundred tills for the last points. */
#include "schema-house.h"

#include <string.h>

#define REASON "'reason_code': 'cashier_error', 'reason': 'as the customer says'"

static void
assert_account (House *house, int customer, const char *expected)
{
  assert_ask (house->conn, expected, "select concat_ws (' ', balance, owed, lifetime, tier_spend) from oba.points_accounts where customer_id = %d", customer);
}

static void
assert_lots (House *house, int customer, const char *expected)
{
  assert_ask (house->conn, expected, "select coalesce (string_agg (remaining || ' ' || expires_on, ', ' order by expires_on, lot_id), '') from oba.points_lots where customer_id = %d and remaining > 0",
              customer);
}

static void
free_hands (House *house)
{
  run (house->conn, "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false");
}

/* 30 points until 2122, 100 until 2124. */
static void
earn (House *house)
{
  free_hands (house);
  sale (house->conn, 100, "old", "2023-01-10T10:00:00+04:00", 3000);
  run (house->conn, "update oba.points_lots set expires_on = '2122-01-01' where customer_id = 100");
  sale (house->conn, 100, "new", "2024-01-10T10:00:00+04:00", 10000);
}

static char *
make_code (House *house, int customer)
{
  return ask (house->conn, "select oba.make_spend_code (%d) ->> 'code'", customer);
}

/* A bill of product 1, so many pieces at a price. */
static char *
bill (const char *no, int customer, int pieces, int price, int points, const char *code)
{
  return g_strdup_printf ("{'store': 1, 'till': 1, 'receipt_no': '%s', 'sold_at': '2024-02-10T10:00:00+04:00', 'customer_id': %d, 'total': %d, 'payments': {'cash': %d, 'points': %d}, "
                          "'spend_code': '%s', 'lines': [{'product': 1, 'quantity': %d, 'unit_price': %d, 'total': %d}]}",
                          no, customer, pieces * price, pieces * price - points, points, code, pieces, price, pieces * price);
}

static char *
pay (House *house, const char *no, int pieces, int price, int points)
{
  g_autofree char *code = make_code (house, 100);
  g_autofree char *request = bill (no, 100, pieces, price, points, code);

  return call (house->conn, "record_receipt", NULL, "%s", request);
}

static char *
give_back (House *house, const char *no, const char *quantity)
{
  return call (house->conn, "return_lines", NULL,
               "{'original': {'store': 1, 'till': 1, 'receipt_no': '%s'}, 'sold_at': '2024-02-12T10:00:00+04:00', "
               "'lines': [{'line': 1, 'quantity': %s}], 'reason_code': 'damaged'}", no, quantity);
}

/* The soonest to expire go first; the part paid with points earns nothing; a replay is the first answer, and the code is gone. */
static void
test_paid (House *house, gconstpointer unused)
{
  g_autofree char *code = NULL, *request = NULL, *first = NULL, *again = NULL;

  earn (house);
  code = make_code (house, 100);
  request = bill ("p", 100, 1, 1000, 50, code);
  first = call (house->conn, "record_receipt", "k", "%s", request);
  again = call (house->conn, "record_receipt", "k", "%s", request);
  assert_ask (house->conn, "50 9 89", "select concat_ws (' ', a -> 'spent', a -> 'points', a -> 'balance') from (select $r$%s$r$::jsonb as a) x", first);
  assert_ask (house->conn, "true", "select ($r$%s$r$::jsonb || '{\"replayed\": true}' = $r$%s$r$::jsonb)::text", first, again);
  assert_account (house, 100, "89 0 139 11000");
  assert_lots (house, 100, "80 2124-01-10, 9 2124-02-10");
  assert_ask (house->conn, "950 50 1000", "select concat_ws (' ', paid_cash, paid_points, total) from oba.receipts where receipt_no = 'p'");
  assert_ask (house->conn, "{\"base\": 950, \"total\": 1000, \"paid_points\": 50, \"earns_on_points\": false}", "select inputs from oba.points_ledger where kind = 'earn' order by entry_id desc limit 1");
  assert_ask (house->conn, "0", "select count (*) from oba.idempotency_keys where answer::text like '%%%s%%'", code);
  all_is_well (house);
}

/* The whole bill, to the qəpik, whatever a point is worth: rounded up, once. */
static void
test_whole_bill (House *house, gconstpointer unused)
{
  earn (house);
  run (house->conn, "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (2, 3, null, true, 60, '2024-02-01')");
  g_free (pay (house, "p", 1, 100, 100));
  assert_ask (house->conn, "-34 0 100", "select concat_ws (' ', points, paid_cash, paid_points) from oba.points_ledger l join oba.receipts r using (receipt_id, customer_id) where l.kind = 'redeem'");
  assert_account (house, 100, "97 0 131 10100");
  all_is_well (house);
  /* Under other rules since, a return goes by those of then. */
  run (house->conn, "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (3, 100, null, false, 60, now())");
  g_free (give_back (house, "p", "1"));
  assert_account (house, 100, "130 0 130 10000");
  assert_lots (house, 100, "30 2122-01-01, 100 2124-01-10");
  all_is_well (house);
}

/* Of several returns each gives back its share to the lots, the latest expiry first; together they give back all, to the point. */
static void
test_returns (House *house, gconstpointer unused)
{
  g_autofree char *third = NULL;

  earn (house);
  g_free (pay (house, "p", 3, 333, 50));
  assert_lots (house, 100, "80 2124-01-10, 9 2124-02-10");
  third = give_back (house, "p", "1");
  assert_ask (house->conn, "-333 -16 16 3", "select concat_ws (' ', a -> 'total', a -> 'paid_points', a -> 'restored', a -> 'clawback') from (select $r$%s$r$::jsonb as a) x", third);
  assert_lots (house, 100, "96 2124-01-10, 6 2124-02-10");
  all_is_well (house);
  g_free (give_back (house, "p", "1"));
  assert_lots (house, 100, "13 2122-01-01, 100 2124-01-10, 3 2124-02-10");
  all_is_well (house);
  g_free (give_back (house, "p", "1"));
  assert_account (house, 100, "130 0 130 10000");
  assert_lots (house, 100, "30 2122-01-01, 100 2124-01-10");
  assert_ask (house->conn, "0 0 0", "select concat_ws (' ', sum (total), sum (paid_points), sum (paid_cash)) from oba.receipts where receipt_no not in ('old', 'new')");
  all_is_well (house);
}

/* A lot that has all back gets no more, though another ends sooner by then: a purchase has moved it on. */
static void
test_moved_between (House *house, gconstpointer unused)
{
  earn (house);
  g_free (pay (house, "p", 4, 100, 48));
  assert_lots (house, 100, "82 2124-01-10, 3 2124-02-10");
  g_free (give_back (house, "p", "1"));
  g_free (give_back (house, "p", "1"));
  assert_lots (house, 100, "6 2122-01-01, 100 2124-01-10, 1 2124-02-10");
  run (house->conn, "update oba.points_lots set expires_on = '2130-01-01' where expires_on = '2122-01-01'");
  g_free (give_back (house, "p", "1"));
  assert_lots (house, 100, "100 2124-01-10, 18 2130-01-01");
  all_is_well (house);
  g_free (give_back (house, "p", "1"));
  assert_lots (house, 100, "100 2124-01-10, 30 2130-01-01");
  all_is_well (house);
}

/* What comes back to a lot that has expired since comes back and expires, one entry each; other lots are not touched. */
static void
test_expired_lot (House *house, gconstpointer unused)
{
  earn (house);
  g_free (pay (house, "p", 1, 1000, 50));
  run (house->conn, "update oba.points_lots set expires_on = '2024-03-01' where expires_on = '2122-01-01'");
  g_free (give_back (house, "p", "1"));
  assert_account (house, 100, "100 0 130 10000");
  assert_lots (house, 100, "100 2124-01-10");
  assert_ask (house->conn, "redeem -50, restore 50, expire -30", "select string_agg (kind || ' ' || points, ', ' order by occurred_at, entry_id) from oba.points_ledger where kind in ('redeem', 'restore', 'expire')");
  all_is_well (house);
}

static gint64
correct (House *house, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gint64
correct (House *house, const char *format, ...)
{
  g_autofree char *text = NULL, *json = NULL, *preview = NULL, *answer = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  json = g_strdelimit (g_strdup_printf ("{%s, " REASON "}", text), "'", '"');
  preview = ask (house->conn, "select oba.preview_correction ($r$%s$r$)", json);
  answer = ask (house->conn, "select oba.correct_receipt ($r$%s$r$::jsonb || jsonb_build_object ('seen', $r$%s$r$::jsonb -> 'seen'))", json, preview);
  assert_ask (house->conn, "true", "select ($r$%s$r$::jsonb -> 'preview' = $r$%s$r$::jsonb)::text", answer, preview);
  all_is_well (house);
  return ask_int (house->conn, "select coalesce ($r$%s$r$::jsonb ->> 'correction_id', '0')", answer);
}

static void
correct_refused (House *house, const char *state, const char *text)
{
  call_refused (house->conn, state, "correct_receipt", "{%s, " REASON "}", text);
}

#define PAID "'receipt': {'store': 1, 'till': 1, 'receipt_no': 'p'}"

/* Void, change and their undoing: each leaves the lots as if it had been so from the beginning; points stay the customer's. */
static void
test_corrections (House *house, gconstpointer unused)
{
  gint64 id;

  earn (house);
  g_free (pay (house, "p", 2, 500, 50));
  id = correct (house, "'kind': 'void', " PAID);
  assert_lots (house, 100, "30 2122-01-01, 100 2124-01-10");
  correct_refused (house, "OB008", "'kind': 'move', 'customer_id': 200, 'seen': 1, " PAID);
  /* Who takes points anew, without a code, needs a second person, but for one's own undo of just now. */
  id = correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_account (house, 100, "89 0 139 11000");
  assert_lots (house, 100, "80 2124-01-10, 9 2124-02-10");
}

static void
test_changes (House *house, gconstpointer unused)
{
  gint64 id;

  earn (house);
  g_free (pay (house, "p", 2, 500, 50));
  /* Other points that expire sooner came since: they stay what they are. */
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 7, 'reason': 'sorry'}"));
  run (house->conn, "update oba.points_lots set expires_on = '2121-01-01' where points = 7");
  assert_lots (house, 100, "7 2121-01-01, 80 2124-01-10, 9 2124-02-10");
  correct_refused (house, "OB013", "'kind': 'move', 'customer_id': 200, 'seen': 0, " PAID);
  correct_refused (house, "OB010", "'kind': 'change', 'seen': 0, 'total': 600, 'lines': [{'product': 1, 'quantity': 2, 'unit_price': 300, 'total': 600}], " PAID);
  id = correct (house, "'kind': 'change', 'store': 2, " PAID);
  assert_lots (house, 100, "7 2121-01-01, 80 2124-01-10, 9 2124-02-10");
  correct (house, "'kind': 'undo', 'correction_id': %" G_GINT64_FORMAT, id);
  assert_lots (house, 100, "7 2121-01-01, 80 2124-01-10, 9 2124-02-10");
  assert_account (house, 100, "96 0 139 11000");
}

/* Fewer points, then none: what is not paid with them any more is back; without points it can be another's. */
static void
test_paid_otherwise (House *house, gconstpointer unused)
{
  gint64 id, no;

  earn (house);
  g_free (pay (house, "p", 2, 500, 50));
  id = correct (house, "'kind': 'change', 'total': 1000, 'payments': {'points': 20, 'card': 980}, 'lines': [{'product': 1, 'quantity': 2, 'unit_price': 500, 'total': 1000}], " PAID);
  assert_lots (house, 100, "10 2122-01-01, 100 2124-01-10, 9 2124-02-10");
  no = ask_int (house->conn, "select replacement_receipt_id from oba.corrections where correction_id = %" G_GINT64_FORMAT, id);
  id = correct (house, "'kind': 'change', 'total': 1000, 'payments': {'card': 1000}, 'lines': [{'product': 1, 'quantity': 2, 'unit_price': 500, 'total': 1000}], "
                       "'receipt': {'store': 1, 'till': 1, 'receipt_no': 'C%" G_GINT64_FORMAT "'}", no);
  assert_lots (house, 100, "30 2122-01-01, 100 2124-01-10, 10 2124-02-10");
  no = ask_int (house->conn, "select replacement_receipt_id from oba.corrections where correction_id = %" G_GINT64_FORMAT, id);
  id = correct (house, "'kind': 'move', 'customer_id': 200, 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'C%" G_GINT64_FORMAT "'}", no);
  assert_account (house, 200, "10 0 10 1000");
  assert_lots (house, 100, "30 2122-01-01, 100 2124-01-10");
}

/* More points than the customer had agreed to, and points on a receipt from paper: only a second person's word spends them. */
static void
test_second_person (House *house, gconstpointer unused)
{
  g_autofree char *change = NULL, *missed = NULL;

  earn (house);
  g_free (pay (house, "p", 2, 500, 50));
  change = call (house->conn, "preview_correction", NULL, "{'kind': 'change', " REASON ", 'total': 1000, 'payments': {'points': 60, 'card': 940}, "
                                                          "'lines': [{'product': 1, 'quantity': 2, 'unit_price': 500, 'total': 1000}], " PAID "}");
  assert_ask (house->conn, "[\"spend\"]", "select $r$%s$r$::jsonb -> 'needs'", change);
  assert_ask (house->conn, "{\"spent\": 60, \"expired\": 0, \"restored\": 50}", "select $r$%s$r$::jsonb -> 'points'", change);
#define PAPER "'data': {'store': 1, 'till': 3, 'receipt_no': 'w', 'sold_at': '2024-02-10T10:00:00+04:00', 'customer_id': 100, 'total': 1000, 'payments': {'points': 80, 'cash': 920}, " \
              "'lines': [{'product': 1, 'quantity': 2, 'unit_price': 500, 'total': 1000}]}"
  missed = call (house->conn, "correct_receipt", NULL, "{'kind': 'missed', " REASON ", " PAPER "}");
  assert_ask (house->conn, "true [\"spend\"]", "select concat_ws (' ', a -> 'waits', a #> '{preview,needs}') from (select $r$%s$r$::jsonb as a) x", missed);
  assert_account (house, 100, "89 0 139 11000");
  run (house->conn, "select oba.staff_add ('boss', 'Nigar', 'supervisor'); set session authorization boss");
  g_free (call (house->conn, "decide_approval", NULL, "{'approval_id': 1, 'approve': true}"));
  run (house->conn, "reset session authorization; delete from oba.staff; drop role boss");
  assert_account (house, 100, "18 0 148 12000");
  assert_lots (house, 100, "9 2124-02-10, 9 2124-02-10");
  all_is_well (house);
}

/* An import that is reversed gives back the points with which one of its receipts was paid after all; a closed month counts what was spent less what came back. */
static void
test_import_and_month (House *house, gconstpointer unused)
{
  earn (house);
  run (house->conn, "insert into oba.import_batches (batch_id, kind) values (7, 'sales');"
                    "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, line_count, paid_other, source, batch_id)"
                    " values (100, '2024-01-20 10:00+04', nextval ('oba.receipt_ids'), 1, 1, 'p', 5000, 1, 5000, 'import', 7);"
                    "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)"
                    " select customer_id, sold_at, receipt_id, 1, 1, 1000, 5000, 5000 from oba.receipts where receipt_no = 'p'; select oba.post_batch (7)");
  assert_account (house, 100, "180 0 180 15000");
  g_free (call (house->conn, "correct_receipt", NULL, "{'kind': 'change', 'seen': 0, 'total': 5000, 'payments': {'points': 120, 'other': 4880}, "
                                                      "'lines': [{'product': 1, 'quantity': 1, 'unit_price': 5000, 'total': 5000}], " PAID ", " REASON "}"));
  run (house->conn, "select oba.staff_add ('boss', 'Nigar', 'supervisor'); set session authorization boss");
  g_free (call (house->conn, "decide_approval", NULL, "{'approval_id': 1, 'approve': true}"));
  run (house->conn, "reset session authorization; delete from oba.staff; drop role boss");
  assert_account (house, 100, "58 0 178 15000");
  all_is_well (house);
  assert_ask (house->conn, "120 148", "select concat_ws (' ', redeemed, issued - clawed_back) from oba.count_month ('2024-01-01') where issued > 0");
  while (ask_int (house->conn, "select (oba.reverse_batch ('{\"batch_id\": 7}') ->> 'done')::boolean::integer") == 0)
    ;
  assert_ask (house->conn, "130 0", "select concat_ws (' ', balance, owed) from oba.points_accounts where customer_id = 100");
  assert_lots (house, 100, "30 2122-01-01, 100 2124-01-10");
  all_is_well (house);
}

/* Whatever is wrong with a spend is told exactly, and leaves nothing. */
static void
test_refusals (House *house, gconstpointer unused)
{
  static const char nothing[] = "select concat_ws (' ', (select count (*) from oba.receipts), (select count (*) from oba.points_ledger), (select count (*) from oba.spend_codes where used_at is not null))";
  g_autofree char *code = NULL, *old_code = NULL, *other_code = NULL, *wrong = NULL, *wrong_again = NULL, *before = NULL, *request = NULL;
  struct { const char *state; char *request; gboolean guess; } cases[9] = { 0 };
  guint n = 0;

  earn (house);
  before = ask (house->conn, nothing);
  old_code = make_code (house, 100);
  code = make_code (house, 100);
  other_code = make_code (house, 200);
  cases[n].guess = TRUE, cases[n].state = "OB014", cases[n++].request = bill ("p", 100, 1, 1000, 50, "");
  cases[n].state = "OB014", cases[n++].request = bill ("p", 100, 1, 1000, 50, old_code);
  cases[n].guess = TRUE, cases[n].state = "OB014", cases[n++].request = bill ("p", 100, 1, 1000, 50, other_code);
  cases[n].state = "OB007", cases[n++].request = bill ("p", 100, 1, 1000, 131, code);
  cases[n].state = "OB010", cases[n++].request = bill ("p", 100, 1, 1000, -1, code);
  cases[n].state = "OB014", cases[n++].request = g_strdup ("{'store': 1, 'till': 1, 'receipt_no': 'p', 'sold_at': '2024-02-10T10:00:00+04:00', 'customer_id': 100, 'total': 100, "
                                                          "'payments': {'points': 100}, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}");
  cases[n].state = "OB014", cases[n++].request = g_strdup ("{'store': 1, 'till': 1, 'receipt_no': 'p', 'sold_at': '2024-02-10T10:00:00+04:00', 'total': 100, "
                                                          "'payments': {'points': 100}, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}");
  for (guint i = 0; i < n; i++)
    {
      /* A code that is nobody's is answered, so that it stays counted. */
      if (cases[i].guess)
        {
          g_autofree char *answer = call (house->conn, "record_receipt", NULL, "%s", cases[i].request);

          assert_ask (house->conn, cases[i].state, "select $r$%s$r$::jsonb ->> 'code'", answer);
        }
      else
        call_refused (house->conn, cases[i].state, "record_receipt", "%s", cases[i].request);
      g_free (cases[i].request);
    }
  request = bill ("p", 100, 1, 1000, 50, code);
  run (house->conn, "update oba.points_accounts set spending_locked_at = now()");
  call_refused (house->conn, "OB006", "record_receipt", "%s", request);
  refused (house->conn, "OB006", "select oba.make_spend_code (100)");
  run (house->conn, "update oba.points_accounts set spending_locked_at = null");
  g_free (call (house->conn, "block_customer", NULL, "{'customer_id': 100, 'blocked': true, 'reason': 'quarrel'}"));
  call_refused (house->conn, "OB006", "record_receipt", "%s", request);
  g_free (call (house->conn, "block_customer", NULL, "{'customer_id': 100, 'blocked': false, 'reason': 'settled'}"));
  run (house->conn, "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (2, 1, 49, false, 60, '2024-02-01')");
  call_refused (house->conn, "OB015", "record_receipt", "%s", request);
  run (house->conn, "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (3, 1, 50, false, 60, '2024-02-01');"
                    "update oba.spend_codes set expires_at = now() where customer_id = 100");
  wrong = call (house->conn, "record_receipt", "lasting", "%s", request);
  assert_ask (house->conn, "OB014 This spend code has expired.", "select concat_ws (' ', a ->> 'code', a ->> 'message') from (select $r$%s$r$::jsonb as a) x", wrong);
  assert_ask (house->conn, before, nothing);
  run (house->conn, "update oba.spend_codes set expires_at = now() + interval '1 minute' where customer_id = 100");
  wrong_again = call (house->conn, "record_receipt", "lasting", "%s", request);
  assert_ask (house->conn, "true", "select ($r$%s$r$::jsonb || '{\"replayed\": true}' = $r$%s$r$::jsonb)::text", wrong, wrong_again);
  /* With a key of its own it is done, and the code with it; what came back on the same day can be spent again on it. */
  g_free (call (house->conn, "record_receipt", "another", "%s", request));
  g_free (request);
  request = bill ("q", 100, 1, 1000, 1, code);
  call_refused (house->conn, "OB015", "record_receipt", "%s", request);
  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': 'p'}, 'sold_at': '2024-02-10T12:00:00+04:00', 'reason_code': 'damaged'}"));
  call_refused (house->conn, "OB014", "record_receipt", "%s", request);
  g_free (pay (house, "q", 1, 1000, 50));
  all_is_well (house);
}

/* The day of the limit is that of Baku: it ends at midnight there, on 29 February, too, and at the hour of summer time while there was one. */
static void
test_day_of_limit (House *house, gconstpointer unused)
{
  static const struct { const char *at; int points; gboolean allowed; } bills[] = {
    { "2024-02-28T20:00:00Z", 40, TRUE }, { "2024-02-29T19:59:59.999999Z", 21, FALSE }, { "2024-02-29T19:59:59.999999Z", 20, TRUE }, { "2024-02-29T20:00:00Z", 60, TRUE },
    { "2015-10-24T18:59:59Z", 60, TRUE }, { "2015-10-24T19:00:00Z", 30, TRUE }, { "2015-10-25T19:59:59Z", 31, FALSE }, { "2015-10-25T19:59:59Z", 30, TRUE }, { "2015-10-25T20:00:00Z", 1, TRUE },
  };

  run (house->conn, "select oba.ensure_partitions ('2015-10-01', '2015-10-31');"
                    "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (2, 1, 60, false, 60, '2015-01-01')");
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 500, 'reason': 'x'}"));
  for (guint i = 0; i < G_N_ELEMENTS (bills); i++)
    {
      g_autofree char *code = ask (house->conn, "select oba.make_spend_code (100) ->> 'code'");
      g_autofree char *key = g_strdup_printf ("k%u", i);
      g_autofree char *answer =
        call (house->conn, "record_receipt", key, "{'store': 1, 'till': 1, 'receipt_no': 'd%u', 'sold_at': '%s', 'customer_id': 100, 'total': 100, 'spend_code': '%s',"
                     " 'payments': {'cash': %d, 'points': %d}, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}", i, bills[i].at, code, 100 - bills[i].points, bills[i].points);
      assert_ask (house->conn, bills[i].allowed ? "" : "OB015", "select $r$%s$r$::jsonb ->> 'code'", answer);
    }
  all_is_well (house);
}

/* A till asks before, and is told what the receipt will be told. */
static void
test_quote (House *house, gconstpointer unused)
{
  earn (house);
  g_free (call (house->conn, "issue_card", NULL, "{'customer_id': 100, 'token': 'OBA1.secret', 'number': '7700-1'}"));
#define QUOTE(request, expected) \
  assert_ask (house->conn, expected, "select concat_ws (' ', q -> 'balance', q -> 'spendable', q -> 'worth', q ->> 'why', q -> 'amount', q -> 'points') from oba.quote_points ('" request "') q")
  QUOTE ("{\"card\": \"7700-1\", \"total\": 100}", "130 130 130 100 100");
  QUOTE ("{\"customer_id\": 100, \"total\": 1000}", "130 130 130 130 130");
  QUOTE ("{\"customer_id\": 100}", "130 130 130");
  refused (house->conn, "OB002", "select oba.quote_points ('{\"card\": \"7700-2\"}')");
  refused (house->conn, "OB002", "select oba.quote_points ('{\"customer_id\": 7}')");
  refused (house->conn, "OB002", "select oba.quote_points ('{\"customer_id\": 1}')");
  refused (house->conn, "OB001", "select oba.quote_points ('{}')");
  refused (house->conn, "OB001", "select oba.quote_points ('{\"customer_id\": 100, \"total\": -1}')");
  run (house->conn, "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (2, 3, 100, false, 60, now())");
  QUOTE ("{\"customer_id\": 100, \"total\": 200}", "130 100 300 limit 200 67");
  run (house->conn, "update oba.points_accounts set spending_locked_at = now()");
  QUOTE ("{\"customer_id\": 100, \"total\": 200}", "130 0 0 locked 0 0");
  g_free (call (house->conn, "block_customer", NULL, "{'customer_id': 100, 'blocked': true, 'reason': 'quarrel'}"));
  QUOTE ("{\"customer_id\": 100, \"total\": 200}", "130 0 0 blocked 0 0");
}

/* The part of a merged customer's receipt that was paid with points comes back to who stands for them, and apart again to whom it belongs. */
static void
test_merged (House *house, gconstpointer unused)
{
  earn (house);
  g_free (pay (house, "p", 2, 500, 50));
  run (house->conn, "update oba.customers set family_name = 'Əliyeva' where customer_id = 200; select oba.merge_customers ('{\"source\": 100, \"survivor\": 200}', null)");
  g_free (give_back (house, "p", "1"));
  assert_account (house, 100, "0 0 134 0");
  assert_account (house, 200, "109 0 0 10500");
  all_is_well (house);
  run (house->conn, "select oba.unmerge_customers ('{\"merge_id\": 1}', null)");
  all_is_well (house);
  g_free (give_back (house, "p", "1"));
  assert_account (house, 100, "130 0 130 10000");
  assert_lots (house, 100, "30 2122-01-01, 100 2124-01-10");
  all_is_well (house);
}

/* Money comes back as ever; an erased customer's points do not. */
static void
test_erased (House *house, gconstpointer unused)
{
  earn (house);
  g_free (pay (house, "p", 2, 500, 50));
  g_free (call (house->conn, "erase_customer", NULL, "{'customer_id': 100, 'confirm': '100', 'reason': 'request'}"));
  g_free (give_back (house, "p", "1"));
  all_is_well (house);
  correct (house, "'kind': 'void', " PAID);
  assert_account (house, 100, "0 0 130 10000");
}

/* A hundred tills and the last points: with a code each (as if the customer could), one is served, and the others are told for good. */
static void
test_last_points (House *house, gconstpointer unused)
{
#define N_TILLS 100
  PGconn *tills[N_TILLS];
  char *sql[N_TILLS];
  guint done = 0, told = 0;

  earn (house);
  for (guint i = 0; i < N_TILLS; i++)
    {
      g_autofree char *no = g_strdup_printf ("p%u", i);
      g_autofree char *code = g_strdup_printf ("%08u", i);
      g_autofree char *request = bill (no, 100, 1, 130, 130, code);

      run (house->conn, "insert into oba.spend_codes (customer_id, code_hash, expires_at) values (100, oba.spend_code_hash (100, '%s'), now() + interval '10 minutes')", code);
      sql[i] = g_strdup_printf ("select oba.record_receipt ('%s', 'till:%u', 'k%u')", g_strdelimit (request, "'", '"'), i, i);
      tills[i] = NULL;
    }
  for (guint i = 0; i < N_TILLS; i++)
    {
      tills[i] = house_connect (house);
      g_assert_cmpint (PQsetnonblocking (tills[i], 1), ==, 0);
    }
  for (guint i = 0; i < N_TILLS; i++)
    g_assert_cmpint (PQsendQuery (tills[i], sql[i]), ==, 1);
  for (guint i = 0; i < N_TILLS; i++)
    {
      PGresult *result;

      while (PQflush (tills[i]) == 1)
        ;
      result = PQgetResult (tills[i]);
      if (PQresultStatus (result) != PGRES_TUPLES_OK)
        g_error ("%s", PQresultErrorMessage (result));
      if (strstr (PQgetvalue (result, 0, 0), "\"OB007\"") != NULL)
        told++;
      else if (strstr (PQgetvalue (result, 0, 0), "\"spent\": 130") != NULL)
        done++;
      else
        g_error ("%s", PQgetvalue (result, 0, 0));
      PQclear (result);
      PQfinish (tills[i]);
    }
  g_assert_cmpuint (done, ==, 1);
  g_assert_cmpuint (told, ==, N_TILLS - 1);
  assert_account (house, 100, "0 0 130 10130");
  /* More points since change nothing for those who were told. */
  sale (house->conn, 100, "more", "2024-03-10T10:00:00+04:00", 50000);
  for (guint i = 0; i < N_TILLS; i++)
    {
      g_autofree char *again = ask (house->conn, "%s", sql[i]);

      g_assert_nonnull (strstr (again, "\"replayed\": true"));
      g_free (sql[i]);
    }
  assert_account (house, 100, "500 0 630 60130");
  all_is_well (house);
}

/* One code at two tills: of twenty, one. */
static void
test_one_code (House *house, gconstpointer unused)
{
  g_autofree char *code = NULL;
  PGconn *tills[20];
  guint done = 0;

  earn (house);
  code = make_code (house, 100);
  for (guint i = 0; i < G_N_ELEMENTS (tills); i++)
    {
      g_autofree char *no = g_strdup_printf ("p%u", i);
      g_autofree char *request = bill (no, 100, 1, 100, 1, code);
      g_autofree char *sql = g_strdup_printf ("select oba.record_receipt ('%s', 'till:%u', 'k%u')", g_strdelimit (request, "'", '"'), i, i);

      tills[i] = house_connect (house);
      g_assert_cmpint (PQsendQuery (tills[i], sql), ==, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (tills); i++)
    {
      PGresult *result = PQgetResult (tills[i]);

      g_assert_cmpint (PQresultStatus (result), ==, PGRES_TUPLES_OK);
      if (strstr (PQgetvalue (result, 0, 0), "used already") == NULL)
        done++;
      PQclear (result);
      PQfinish (tills[i]);
    }
  g_assert_cmpuint (done, ==, 1);
  assert_account (house, 100, "129 0 130 10100");
  all_is_well (house);
}

/* The value of a point, the limit and whether the part earns are data with versions; who may set them, and what can be asked by whom. */
static void
test_rules (House *house, gconstpointer unused)
{
  g_autofree char *set = NULL;

#define RULES "{'point_value': 2, 'daily_points': null, 'earns': true, 'code_seconds': 120, 'version': %d}"
  set = call (house->conn, "set_spending_rules", NULL, RULES, 1);
  assert_ask (house->conn, "2 2 true", "select concat_ws (' ', a -> 'version', a -> 'point_value', a -> 'earns') from (select $r$%s$r$::jsonb as a) x", set);
  call_refused (house->conn, "OB003", "set_spending_rules", RULES, 1);
  call_refused (house->conn, "OB001", "set_spending_rules", "{'point_value': 0, 'earns': true, 'code_seconds': 120, 'version': 2}");
  call_refused (house->conn, "OB001", "set_spending_rules", "{'point_value': 1, 'earns': true, 'code_seconds': 600, 'version': 2}");
  call_refused (house->conn, "OB011", "set_spending_rules", "{'point_value': 1, 'earns': true, 'code_seconds': 60, 'version': 2, 'valid_from': '2024-01-01'}");
  assert_ask (house->conn, "1 2", "select concat_ws (' ', (oba.spending_rule ('2024-01-01')).point_value, (oba.spending_rule (now())).point_value)");
  refused (house->conn, "OB009", "update oba.spending_rules set point_value = 9");
  run (house->conn, "select oba.staff_add ('leyla', 'Leyla', 'clerk'); set session authorization leyla");
  refused (house->conn, "42501", "select oba.make_spend_code (100)");
  refused (house->conn, "42501", "select code_hash from oba.spend_codes");
  refused (house->conn, "42501", "select oba.set_spending_rules ('{}')");
  run (house->conn, "reset session authorization; delete from oba.staff; drop role leyla");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define TEST(path, function) g_test_add ("/paying/" path, House, NULL, house_setup, function, house_teardown)
  TEST ("paid", test_paid);
  TEST ("whole-bill", test_whole_bill);
  TEST ("returns", test_returns);
  TEST ("moved-between", test_moved_between);
  TEST ("expired-lot", test_expired_lot);
  TEST ("corrections", test_corrections);
  TEST ("changes", test_changes);
  TEST ("paid-otherwise", test_paid_otherwise);
  TEST ("second-person", test_second_person);
  TEST ("import-and-month", test_import_and_month);
  TEST ("refusals", test_refusals);
  TEST ("day-of-limit", test_day_of_limit);
  TEST ("quote", test_quote);
  TEST ("merged", test_merged);
  TEST ("erased", test_erased);
  TEST ("one-code", test_one_code);
  TEST ("last-points", test_last_points);
  TEST ("rules", test_rules);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
