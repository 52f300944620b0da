/* When points expire, to the day; what is spent in a day; codes that are guessed; adjustments and the second person; warnings. */
#include "schema-house.h"

#include <string.h>

static void
assert_account (House *house, int customer, const char *expected)
{
  assert_ask (house->conn, expected, "select concat_ws (' ', balance, owed) from oba.points_accounts where customer_id = %d", customer);
}

static void
assert_lots (House *house, int customer, const char *expected)
{
  assert_ask (house->conn, expected, "select coalesce (string_agg (remaining || ' ' || expires_on, ', ' order by expires_on, lot_id), '') from oba.points_lots where customer_id = %d and remaining > 0",
              customer);
}

/* A policy that holds in the past, where the tests live, and a base rule without a period of its own. */
static void
set_policy (House *house, const char *mode, int months, const char *ends_on)
{
  run (house->conn, "alter table oba.earning_rules disable trigger keep; update oba.earning_rules set parameters = parameters - 'valid_months'; alter table oba.earning_rules enable trigger keep;"
                    "insert into oba.expiry_policies (version, mode, months, ends_on, warn_minimum, valid_from)"
                    " select max (version) + 1, '%s', %d, '%s', 10, '2022-01-01' from oba.expiry_policies", mode, months, ends_on);
}

/* The day of Bakı counts, at midnight there; a month later is the same day, or the last one of a shorter month. */
static void
test_boundaries (House *house, gconstpointer unused)
{
  static const struct { int months; const char *ends_on; const char *at; const char *expected; } cases[] = {
    { 12, "day", "2024-02-29 12:00+04", "2025-02-28" },
    { 48, "day", "2024-02-29 12:00+04", "2028-02-29" },
    { 12, "day", "2023-02-28 12:00+04", "2024-02-28" },
    { 1, "day", "2024-01-31 12:00+04", "2024-02-29" },
    { 1, "day", "2023-01-31 12:00+04", "2023-02-28" },
    { 6, "day", "2023-08-31 23:59:59.999999+04", "2024-02-29" },
    { 6, "day", "2023-08-31 20:00+00", "2024-03-01" },
    { 6, "day", "2023-08-31 19:59:59.999999+00", "2024-02-29" },
    { 1, "day", "2023-12-31 20:00+00", "2024-02-01" },
    { 1, "month", "2024-01-01 00:00+04", "2024-02-29" },
    { 1, "month", "2023-12-31 19:59:59+00", "2024-01-31" },
    { 12, "month", "2023-02-01 12:00+04", "2024-02-29" },
    { 12, "month", "2024-02-29 12:00+04", "2025-02-28" },
    { 24, "month", "2023-12-31 23:00+04", "2025-12-31" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set_policy (house, "period", cases[i].months, cases[i].ends_on);
      assert_ask (house->conn, cases[i].expected, "select oba.lot_expiry ('%s')", cases[i].at);
    }
  /* A rule's own period goes before the policy's, and ends as the policy says. */
  assert_ask (house->conn, "2024-03-31", "select oba.lot_expiry ('2024-01-10 12:00+04', 2)");

  /* A version begins with its day in Bakı; what was given before keeps its day. */
  set_policy (house, "period", 12, "day");
  sale (house->conn, 100, "1", "2024-05-31T23:59:59+04:00", 1000);
  run (house->conn, "insert into oba.expiry_policies (version, mode, months, ends_on, warn_minimum, valid_from) values (99, 'period', 1200, 'month', 10, '2024-06-01')");
  sale (house->conn, 100, "2", "2024-06-01T00:00:00+04:00", 500);
  assert_ask (house->conn, "2025-05-31 2124-06-30", "select string_agg (expires_on::text, ' ' order by lot_id) from oba.points_lots");
}

/* What an administrator may set: from tomorrow, on the version that was looked at. */
static void
test_policy (House *house, gconstpointer unused)
{
  static const struct { const char *state; const char *request; } cases[] = {
    { "OB003", "{'mode': 'period', 'months': 12, 'ends_on': 'day', 'warn_minimum': 10, 'valid_from': '2124-01-01', 'version': 7}" },
    { "OB001", "{'mode': 'never', 'months': 12, 'ends_on': 'day', 'warn_minimum': 10, 'valid_from': '2030-01-01', 'version': 1}" },
    { "OB001", "{'mode': 'period', 'months': 0, 'ends_on': 'day', 'warn_minimum': 10, 'valid_from': '2030-01-01', 'version': 1}" },
    { "OB001", "{'mode': 'period', 'months': 121, 'ends_on': 'day', 'warn_minimum': 10, 'valid_from': '2030-01-01', 'version': 1}" },
    { "OB001", "{'mode': 'period', 'months': 12, 'ends_on': 'week', 'warn_minimum': 10, 'valid_from': '2030-01-01', 'version': 1}" },
    { "OB001", "{'mode': 'period', 'months': 12, 'ends_on': 'day', 'warn_minimum': 0, 'valid_from': '2030-01-01', 'version': 1}" },
    { "OB011", "{'mode': 'period', 'months': 12, 'ends_on': 'day', 'warn_minimum': 10, 'version': 1}" },
    { "OB011", "{'mode': 'period', 'months': 12, 'ends_on': 'day', 'warn_minimum': 10, 'valid_from': '2020-01-01', 'version': 1}" },
    { "OB001", "{'mode': 'period', 'months': 12, 'ends_on': 'day', 'warn_minimum': 10, 'valid_from': '2024-02-30', 'version': 1}" },
  };
  g_autofree char *tomorrow = ask (house->conn, "select oba.business_day (now()) + 1");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    call_refused (house->conn, cases[i].state, "set_expiry_policy", "%s", cases[i].request);
  g_free (call (house->conn, "set_expiry_policy", "k", "{'mode': 'inactivity', 'months': 6, 'ends_on': 'month', 'warn_minimum': 50, 'valid_from': '%s', 'version': 1}", tomorrow));
  g_free (call (house->conn, "set_expiry_policy", "k", "{'mode': 'inactivity', 'months': 6, 'ends_on': 'month', 'warn_minimum': 50, 'valid_from': '%s', 'version': 1}", tomorrow));
  assert_ask (house->conn, "2", "select max (version) from oba.expiry_policies");
  assert_ask (house->conn, "period inactivity", "select (oba.expiry_policy (now())).mode || ' ' || (oba.expiry_policy (now() + interval '1 day')).mode");
  refused (house->conn, "OB009", "delete from oba.expiry_policies");
}

/* Each purchase moves the last day of all points, but of those that have a day of their own, and of those that were lost before it. */
static void
test_inactivity (House *house, gconstpointer unused)
{
  set_policy (house, "inactivity", 1200, "day");
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 1000);
  sale (house->conn, 100, "2", "2024-02-29T23:30:00+04:00", 500);
  assert_lots (house, 100, "10 2124-02-29, 5 2124-02-29");
  /* A small purchase that earns nothing moves them, too; a late one does not move them back. */
  sale (house->conn, 100, "3", "2024-03-05T10:00:00+04:00", 50);
  sale (house->conn, 100, "4", "2024-01-20T10:00:00+04:00", 300);
  assert_lots (house, 100, "10 2124-03-05, 5 2124-03-05, 3 2124-03-05");
  run (house->conn, "update oba.points_lots set fixed = true, expires_on = '2124-03-05' where points = 3");
  sale (house->conn, 100, "5", "2024-04-01T10:00:00+04:00", 200);
  assert_lots (house, 100, "3 2124-03-05, 10 2124-04-01, 5 2124-04-01, 2 2124-04-01");
  /* What came back to an empty lot is good for as long as what had stayed. */
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 13}"));
  sale (house->conn, 100, "6", "2024-05-01T10:00:00+04:00", 50);
  g_free (call (house->conn, "move_redemption", NULL, "{'customer_id': 100, 'redemption_id': 1, 'state': 'cancelled'}"));
  assert_lots (house, 100, "3 2124-03-05, 10 2124-05-01, 5 2124-05-01, 2 2124-05-01");
  /* Points that were lost before the purchase stay lost, even when nobody has expired them yet. */
  run (house->conn, "update oba.points_lots set expires_on = '2024-05-09' where points = 5");
  sale (house->conn, 100, "7", "2024-05-10T00:00:00+04:00", 50);
  assert_lots (house, 100, "5 2024-05-09, 3 2124-03-05, 10 2124-05-10, 2 2124-05-10");
  g_assert_cmpint (ask_int (house->conn, "select oba.expire_points ()"), ==, 1);
  assert_account (house, 100, "15 0");
  all_is_well (house);
  /* The person who takes the points over keeps their day, and moves it with the next purchase; the way back keeps the later one. */
  run (house->conn, "select oba.merge_customers ('{\"source\": 100, \"survivor\": 200}', null)");
  assert_lots (house, 200, "3 2124-03-05, 10 2124-05-10, 2 2124-05-10");
  sale (house->conn, 200, "8", "2024-06-01T10:00:00+04:00", 50);
  assert_lots (house, 200, "3 2124-03-05, 10 2124-06-01, 2 2124-06-01");
  all_is_well (house);
  run (house->conn, "select oba.unmerge_customers ('{\"merge_id\": 1}', null)");
  assert_lots (house, 100, "3 2124-03-05, 10 2124-06-01, 2 2124-06-01");
  all_is_well (house);
}

/* A receipt that a clerk puts right today was bought when it was bought; what comes late, even from before the policy, is followed by what was bought since. */
static void
test_inactivity_late (House *house, gconstpointer unused)
{
  g_autofree char *returned = NULL;

  set_policy (house, "inactivity", 1200, "day");
  run (house->conn, "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false");
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 1000);
  sale (house->conn, 100, "2", "2024-02-10T10:00:00+04:00", 500);
  returned = call (house->conn, "correct_receipt", NULL, "{'kind': 'return', 'receipt': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'seen': 0, 'lines': [{'line': 1, 'quantity': 1}], 'reason_code': 'other', 'reason': 'wrong'}");
  g_free (call (house->conn, "correct_receipt", NULL, "{'kind': 'undo', 'seen': 1, 'correction_id': %d, 'reason_code': 'other', 'reason': 'was right'}",
                (int) ask_int (house->conn, "select $r$%s$r$::jsonb ->> 'correction_id'", returned)));
  assert_lots (house, 100, "5 2124-02-10, 10 2124-02-10");
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 15}"));
  sale (house->conn, 100, "3", "2024-03-01T10:00:00+04:00", 50);
  g_free (call (house->conn, "move_redemption", NULL, "{'customer_id': 100, 'redemption_id': 1, 'state': 'cancelled'}"));
  assert_lots (house, 100, "5 2124-03-01, 10 2124-03-01");

  run (house->conn, "insert into oba.expiry_policies (version, mode, months, ends_on, warn_minimum, valid_from) values (98, 'period', 2, 'day', 10, '2024-01-01'), (99, 'inactivity', 1200, 'day', 10, '2024-02-01')");
  sale (house->conn, 200, "4", "2024-02-10T10:00:00+04:00", 700);
  sale (house->conn, 200, "5", "2024-01-20T10:00:00+04:00", 300);
  sale (house->conn, 200, "6", "2024-01-31T23:59:59+04:00", 100);
  assert_lots (house, 200, "7 2124-02-10, 3 2124-02-10, 1 2124-02-10");
  all_is_well (house);
}

/* A file gives the very days that the receipts would have given one by one, in either mode, also where points were lost in between. */
static void
test_bulk_alike (House *house, gconstpointer mode)
{
  static const char *const days[] = { "2023-01-05", "2023-01-31", "2023-03-31", "2023-04-30", "2023-09-15", "2024-02-29", "2024-03-01", "2024-08-31" };

  set_policy (house, mode, 2, "month");
  run (house->conn, "insert into oba.customers (customer_id, given_name) values (1100, 'twin')");
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autofree char *no = g_strdup_printf ("%u", i);
      g_autofree char *at = g_strdup_printf ("%sT%s+04:00", days[i], i % 2 == 0 ? "23:59:59" : "00:00:00");

      sale (house->conn, 100, no, at, 1000 + 100 * i);
    }
  run (house->conn, "insert into oba.import_batches (kind) values ('demo');"
                    "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)"
                    " select 1100, sold_at, receipt_id + 1000000, line_no, product_id, quantity, unit_price, total from oba.receipt_lines;"
                    "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, paid_cash, line_count, source, batch_id)"
                    " select 1100, sold_at, receipt_id + 1000000, store_id, 2, receipt_no, total, paid_cash, line_count, 'demo', 1 from oba.receipts;"
                    "select oba.post_batch (1)");
  assert_ask (house->conn, "0", "select count (*) from (select entry_at, points, remaining, expires_on, fixed from oba.points_lots where customer_id = 100"
                                " except select entry_at, points, remaining, expires_on, fixed from oba.points_lots where customer_id = 1100) x");
  assert_ask (house->conn, "8", "select count (*) from oba.points_lots where customer_id = 1100");
  while (ask_int (house->conn, "select oba.expire_points (1)") > 0)
    ;
  assert_ask (house->conn, "true", "select (count (distinct balance) = 1)::text from oba.points_accounts where customer_id in (100, 1100)");
  all_is_well (house);
}

static char *
bill (int customer, const char *no, const char *code)
{
  return g_strdup_printf ("{\"store\": 1, \"till\": 1, \"receipt_no\": \"%s\", \"sold_at\": \"2024-02-10T10:00:00+04:00\", \"customer_id\": %d, \"total\": 100, \"payments\": {\"points\": 100},"
                          " \"spend_code\": \"%s\", \"lines\": [{\"product\": 1, \"quantity\": 1, \"unit_price\": 100, \"total\": 100}]}",
                          no, customer, code);
}

/* One limit of a day for bills and for rewards; what is given back on the same day counts no longer. */
static void
test_daily_limit (House *house, gconstpointer unused)
{
  g_autofree char *now = ask (house->conn, "select to_char (now(), 'YYYY-MM-DD\"T\"HH24:MI:SS') || '+04:00'");
  g_autofree char *code = NULL, *late_code = NULL, *late = NULL;

  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 500, 'reason': 'x'}"));
  run (house->conn, "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (2, 1, 100, false, 90, '2024-01-01')");
  /* What a till takes counts for rewards, too; what a receipt of an earlier day took, that comes late, does not. */
  code = ask (house->conn, "select oba.make_spend_code (100) ->> 'code'");
  g_free (call (house->conn, "record_receipt", NULL,
                "{'store': 1, 'till': 1, 'receipt_no': 'today', 'sold_at': '%s', 'customer_id': 100, 'total': 100, 'payments': {'points': 5, 'cash': 95}, 'spend_code': '%s',"
                " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}",
                now, code));
  late_code = ask (house->conn, "select oba.make_spend_code (100) ->> 'code'");
  late = bill (100, "late", late_code);
  g_free (ask (house->conn, "select oba.record_receipt ('%s')", late));
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 60}"));
  call_refused (house->conn, "OB015", "redeem_points", "{'customer_id': 100, 'points': 36}");
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 35}"));
  call_refused (house->conn, "OB015", "redeem_points", "{'customer_id': 100, 'points': 1}");
  g_free (call (house->conn, "move_redemption", NULL, "{'customer_id': 100, 'redemption_id': 1, 'state': 'cancelled'}"));
  /* An adjustment that is taken back is no spending. */
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': -30, 'reason_code': 'misuse'}"));
  g_free (call (house->conn, "adjust_points", NULL, "{'undo': 2}"));
  call_refused (house->conn, "OB015", "redeem_points", "{'customer_id': 100, 'points': 61}");
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 60}"));
  all_is_well (house);
}

static void
assert_paid (House *house, const char *no, const char *code, const char *key, const char *expected)
{
  g_autofree char *request = bill (100, no, code);

  assert_ask (house->conn, expected, "select coalesce (a ->> 'message', a ->> 'spent') from oba.record_receipt ('%s', %s) a", request, key);
}

/* A till that tries codes is stopped after five, with a key or without, and the customer's real code with it; a code that was right forgets the wrong ones. */
static void
test_guessing (House *house, gconstpointer unused)
{
  g_autofree char *last = NULL;
#define WRONG "This spend code is not this customer's."
  g_autofree char *code = NULL, *used = NULL, *message = NULL;

  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 900, 'reason': 'x'}"));
  for (guint i = 0; i < 4; i++)
    assert_paid (house, "a", "00000000", "null, null", WRONG);
  used = ask (house->conn, "select oba.make_spend_code (100) ->> 'code'");
  assert_paid (house, "a", used, "null, null", "100");
  assert_ask (house->conn, "0", "select count (*) from oba.spend_tries");
  code = ask (house->conn, "select oba.make_spend_code (100) ->> 'code'");
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *key = g_strdup_printf ("'till:1', 'k%u'", i);

      assert_paid (house, "b", "00000000", key, WRONG);
      assert_paid (house, "b", "00000000", key, WRONG);   /* the same request once more is one try */
    }
  message = ask (house->conn, "select 'Too many wrong spend codes were given: codes spend nothing until ' || to_char (locked_until at time zone 'Asia/Baku', 'HH24:MI') || '.' from oba.spend_tries");
  assert_paid (house, "b", code, "null, null", message);
  assert_paid (house, "b", "00000000", "null, null", message);
  refused (house->conn, "OB014", "select oba.make_spend_code (100)");
  assert_ask (house->conn, "0 locked", "select concat_ws (' ', q ->> 'spendable', q ->> 'why') from oba.quote_points ('{\"customer_id\": 100}') q");
  /* What was paid before is answered again, whatever was tried since. */
  assert_paid (house, "a", used, "null, null", "100");
  /* After a while it goes on; the code of then is dead. */
  run (house->conn, "update oba.spend_tries set locked_until = now() - interval '1 second'");
  last = bill (100, "b", code);
  refused (house->conn, "OB014", "select oba.record_receipt ('%s')", last);
  g_free (code);
  code = ask (house->conn, "select oba.make_spend_code (100) ->> 'code'");
  assert_paid (house, "b", code, "null, null", "100");
  all_is_well (house);
#undef WRONG
}

/* Forty tills that guess at once get five tries between them. */
static void
test_guessing_at_once (House *house, gconstpointer unused)
{
  PGconn *tills[40];
  guint wrong = 0, locked = 0;

  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 900, 'reason': 'x'}"));
  for (guint i = 0; i < G_N_ELEMENTS (tills); i++)
    {
      g_autofree char *no = g_strdup_printf ("n%u", i);
      g_autofree char *request = bill (100, no, "00000000");
      g_autofree char *sql = g_strdup_printf ("select oba.record_receipt ('%s', 'till', 'k%u') ->> 'message'", request, i);

      tills[i] = house_connect (house);
      g_assert_true (PQsendQuery (tills[i], sql));
    }
  for (guint i = 0; i < G_N_ELEMENTS (tills); i++)
    {
      PGresult *result = PQgetResult (tills[i]);

      g_assert_cmpint (PQresultStatus (result), ==, PGRES_TUPLES_OK);
      if (g_str_has_prefix (PQgetvalue (result, 0, 0), "Too many"))
        locked++;
      else
        wrong++;
      PQclear (result);
      PQfinish (tills[i]);
    }
  g_assert_cmpuint (wrong, ==, 5);
  g_assert_cmpuint (locked, ==, 35);
}

/* Who may lock, who may unlock, and what everybody is told. */
static void
test_lock (House *house, gconstpointer unused)
{
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 50, 'reason': 'x'}"));
  g_free (call (house->conn, "lock_spending", NULL, "{'customer_id': 100, 'locked': true, 'reason_code': 'lost_phone', 'reason': 'rang up'}"));
  assert_ask (house->conn, "t lost_phone postgres", "select concat_ws (' ', spending_locked_at is not null, spending_lock_reason, spending_locked_by) from oba.points_accounts where customer_id = 100");
  call_refused (house->conn, "OB006", "redeem_points", "{'customer_id': 100, 'points': 1}");
  call_refused (house->conn, "OB001", "lock_spending", "{'customer_id': 100, 'locked': true, 'reason_code': 'mood'}");
  call_refused (house->conn, "OB001", "lock_spending", "{'customer_id': 100}");
  call_refused (house->conn, "OB002", "lock_spending", "{'customer_id': 7, 'locked': true}");
  run (house->conn, "create role clerk_l login; grant oba_clerk to clerk_l; set session authorization clerk_l");
  call_refused (house->conn, "OB006", "lock_spending", "{'customer_id': 100, 'locked': true, 'reason_code': 'suspicion'}");
  g_free (call (house->conn, "lock_spending", NULL, "{'customer_id': 100, 'locked': false}"));
  run (house->conn, "reset session authorization");
  g_free (call (house->conn, "lock_spending", NULL, "{'customer_id': 100, 'locked': true, 'reason_code': 'suspicion'}"));
  run (house->conn, "set session authorization clerk_l");
  call_refused (house->conn, "OB006", "lock_spending", "{'customer_id': 100, 'locked': false}");
  run (house->conn, "reset session authorization");
  call_refused (house->conn, "OB006", "redeem_points", "{'customer_id': 100, 'points': 1}");
  g_free (call (house->conn, "lock_spending", NULL, "{'customer_id': 100, 'locked': false}"));
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 1}"));
  assert_ask (house->conn, "4", "select count (*) from oba.audit where action = 'spending.lock'");
  run (house->conn, "reset session authorization; drop owned by clerk_l; drop role clerk_l");
}

/* Up to the limit one person adjusts, in one go or in many; above it a second one decides on what was seen. */
static void
test_adjust (House *house, gconstpointer unused)
{
  g_autofree char *answer = NULL;

  run (house->conn, "create role sup_one login; grant oba_supervisor to sup_one; create role sup_two login; grant oba_supervisor to sup_two;"
                    "update oba.correction_limits set adjust_points = 100; set session authorization sup_one");
  call_refused (house->conn, "OB001", "adjust_points", "{'customer_id': 100, 'points': 0, 'reason': 'x'}");
  call_refused (house->conn, "OB001", "adjust_points", "{'customer_id': 100, 'points': 10000001, 'reason': 'x'}");
  call_refused (house->conn, "OB001", "adjust_points", "{'customer_id': 100, 'points': 5}");
  call_refused (house->conn, "OB001", "adjust_points", "{'customer_id': 100, 'points': 5, 'reason_code': 'because'}");
  call_refused (house->conn, "OB007", "adjust_points", "{'customer_id': 100, 'points': -5, 'reason_code': 'misuse'}");
  call_refused (house->conn, "OB002", "adjust_points", "{'customer_id': 7, 'points': 5, 'reason_code': 'goodwill'}");
  assert_ask (house->conn, "[] [0, 60] [{\"after\": 60, \"before\": 0, \"lot_id\": null, \"expires_on\": \"x\"}]",
              "select concat_ws (' ', p -> 'needs', p #> '{customers,0,balance}', jsonb_set (p #> '{customers,0,lots}', '{0,expires_on}', '\"x\"'))"
              " from oba.preview_adjustment ('{\"customer_id\": 100, \"points\": 60, \"reason_code\": \"goodwill\"}') p");
  assert_account (house, 100, "0 0");
  g_free (call (house->conn, "adjust_points", "k1", "{'customer_id': 100, 'points': 60, 'reason_code': 'goodwill'}"));
  g_free (call (house->conn, "adjust_points", "k1", "{'customer_id': 100, 'points': 60, 'reason_code': 'goodwill'}"));
  assert_account (house, 100, "60 0");
  /* 60 and 41 make more than 100. */
  answer = call (house->conn, "adjust_points", "k2", "{'customer_id': 100, 'points': -41, 'reason_code': 'misuse', 'reason': 'as seen'}");
  assert_ask (house->conn, "true [\"points\"]", "select concat_ws (' ', a -> 'waits', a #> '{preview,needs}') from (select $r$%s$r$::jsonb as a) x", answer);
  assert_account (house, 100, "60 0");
  call_refused (house->conn, "OB004", "adjust_points", "{'customer_id': 100, 'points': 500, 'reason_code': 'goodwill'}");
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 200, 'points': 100, 'reason_code': 'goodwill'}"));
  call_refused (house->conn, "OB006", "decide_approval", "{'approval_id': 1, 'approve': true}");
  run (house->conn, "set session authorization sup_two");
  /* The points have changed meanwhile: the second person sees what would happen now. */
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 7, 'reason_code': 'goodwill'}"));
  g_free (answer);
  answer = call (house->conn, "decide_approval", NULL, "{'approval_id': 1, 'approve': true}");
  assert_ask (house->conn, "true [67, 26]", "select concat_ws (' ', a -> 'stale', a #> '{preview,customers,0,balance}') from (select $r$%s$r$::jsonb as a) x", answer);
  assert_account (house, 100, "67 0");
  g_free (call (house->conn, "decide_approval", NULL, "{'approval_id': 1, 'approve': true}"));
  assert_account (house, 100, "26 0");
  run (house->conn, "reset session authorization");
  assert_ask (house->conn, "sup_one sup_two as seen", "select concat_ws (' ', a.made_by, a.posted_by, l.reason) from oba.adjustments a join oba.points_ledger l using (customer_id, entry_id) where a.points = -41");
  all_is_well (house);
  run (house->conn, "drop owned by sup_one; drop owned by sup_two; drop role sup_one; drop role sup_two");
}

/* What was adjusted is taken back by an entry of its own: from its own lot, to the lots it came from; once, and not what was lost since. */
static void
test_undo (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 2000);
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 50, 'reason_code': 'goodwill'}"));
  assert_account (house, 100, "70 0");
  g_free (call (house->conn, "adjust_points", NULL, "{'undo': 1, 'reason': 'typed wrong'}"));
  assert_lots (house, 100, "20 2124-01-10");
  call_refused (house->conn, "OB013", "adjust_points", "{'undo': 1}");
  call_refused (house->conn, "OB013", "adjust_points", "{'undo': 2}");
  call_refused (house->conn, "OB002", "adjust_points", "{'undo': 99}");
  /* Down and back. */
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': -15, 'reason_code': 'misuse'}"));
  assert_lots (house, 100, "5 2124-01-10");
  g_free (call (house->conn, "adjust_points", NULL, "{'undo': 3}"));
  assert_lots (house, 100, "20 2124-01-10");
  assert_ask (house->conn, "50 -50 -15 15", "select string_agg (points::text, ' ' order by entry_id) from oba.points_ledger where kind = 'adjust'");
  all_is_well (house);
  /* Given, and spent: what is left of its lot, and the rest of the others; not more than there is. */
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 10, 'reason_code': 'goodwill'}"));
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 25}"));
  call_refused (house->conn, "OB007", "adjust_points", "{'undo': 5}");
  sale (house->conn, 100, "2", "2024-01-11T10:00:00+04:00", 700);
  g_free (call (house->conn, "adjust_points", NULL, "{'undo': 5}"));
  assert_account (house, 100, "2 0");
  /* Given, and lost since. */
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 10, 'reason_code': 'goodwill'}"));
  run (house->conn, "update oba.points_lots set expires_on = '2024-05-05' where points = 10 and remaining = 10; select oba.expire_points ()");
  call_refused (house->conn, "OB013", "adjust_points", "{'undo': 7}");
  /* Taken from a lot that has ended since: it comes back, and is lost at once. */
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': -2, 'reason_code': 'misuse'}"));
  run (house->conn, "update oba.points_lots set expires_on = '2024-06-01' where remaining = 0");
  g_free (call (house->conn, "adjust_points", NULL, "{'undo': 8}"));
  assert_account (house, 100, "0 0");
}

/* Lots of many customers and days, and one customer with more than a batch: in small batches, one entry a day, beside somebody who holds an account, and after a crash. */
static void
test_expiring (House *house, gconstpointer unused)
{
  PGconn *other;
  guint batches = 0;

  run (house->conn, "insert into oba.customers (customer_id, given_name) select 5000 + n, 'Ad' from generate_series (1, 300) n;"
                    "create temp table due as select 5000 + n %% 300 + 1 as customer_id, nextval ('oba.entry_ids') as entry_id, date '2024-01-01' + n %% 3 as day, 1 + n %% 7 as points from generate_series (1, 1200) n"
                    " union all select 5001, nextval ('oba.entry_ids'), date '2024-01-05', 2 from generate_series (1, 450);"
                    "insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, reason, source) select customer_id, timestamptz '2023-06-01 12:00+04', entry_id, 'adjust', points, 'x', 'staff' from due;"
                    "insert into oba.points_lots (customer_id, entry_id, entry_at, points, remaining, expires_on) select customer_id, entry_id, timestamptz '2023-06-01 12:00+04', points, points, day from due;"
                    "update oba.points_accounts a set balance = s.points from (select customer_id, sum (points) as points from due group by 1) s where a.customer_id = s.customer_id");
  other = house_connect (house);
  run (other, "begin; select from oba.points_accounts where customer_id = 5002 for update");
  /* A crash in the middle of a batch leaves nothing of it. */
  run (house->conn, "begin; select oba.expire_points (50); rollback");
  assert_ask (house->conn, "0", "select count (*) from oba.points_ledger where kind = 'expire'");
  while (ask_int (house->conn, "select oba.expire_points (100000, null, 1)") > 0)
    batches++;
  g_assert_cmpuint (batches, >=, 5);
  assert_ask (house->conn, "5002", "select string_agg (distinct customer_id::text, ' ') from oba.points_lots where remaining > 0");
  run (other, "commit");
  PQfinish (other);
  while (ask_int (house->conn, "select oba.expire_points ()") > 0)
    ;
  assert_ask (house->conn, "0 0", "select sum (balance) || ' ' || (select sum (remaining) from oba.points_lots) from oba.points_accounts");
  assert_ask (house->conn, "t", "select (select sum (points) from due) = - sum (points) from oba.points_ledger where kind = 'expire'");
  all_is_well (house);
}

/* Whom the job tells, of what, once; whom not; and two days that were missed. */
static void
test_warnings (House *house, gconstpointer unused)
{
  g_autofree char *rows = NULL;

  run (house->conn, "insert into oba.customers (customer_id, given_name) select 5000 + n, 'Ad' from generate_series (1, 7) n;"
                    "insert into oba.telegram_links (chat_id, customer_id) select 9000 + n, 5000 + n from generate_series (1, 7) n where n <> 3;"
                    "update oba.telegram_links set unreachable_at = now() where customer_id = 5004;"
                    "insert into oba.consents (customer_id, channel, granted, since) values (5005, 'telegram', false, now()), (5006, 'telegram', true, now()), (5006, 'sms', false, now());"
                    "update oba.customers set status = 'blocked', blocked_reason = 'x' where customer_id = 5007;"
                    "insert into oba.points_lots (customer_id, entry_id, entry_at, points, remaining, expires_on)"
                    " select 5000 + n, nextval ('oba.entry_ids'), now(), case n when 2 then 40 else 200 end, case n when 2 then 40 else 200 end, oba.business_day (now()) + 30 from generate_series (1, 7) n"
                    " union all select 5001, nextval ('oba.entry_ids'), now(), 70, 70, oba.business_day (now()) + 30"
                    " union all select 5001, nextval ('oba.entry_ids'), now(), 130, 130, oba.business_day (now()) + 5"
                    " union all select 5001, nextval ('oba.entry_ids'), now(), 999, 999, oba.business_day (now()) + 4");
  for (guint i = 0; i < 3; i++)
    while (ask_int (house->conn, "select oba.warn_expiry (2)") > 0)
      ;
  assert_ask (house->conn, "5001 270 30 30, 5001 130 5 7, 5006 200 30 30",
              "select string_agg (concat_ws (' ', customer_id, payload -> 'points', payload -> 'days', payload -> 'distance'), ', ' order by customer_id, (payload ->> 'expires_on')::date desc)"
              " from oba.outbox where kind = 'expiry'");
  assert_ask (house->conn, "3", "select count (*) from oba.expiry_warnings");
  /* By day, in Bakı. */
  assert_ask (house->conn, "t", "select bool_and (extract (hour from not_before at time zone 'Asia/Baku') between 10 and 19 and not_before > now() - interval '1 minute') from oba.outbox where kind = 'expiry'");
  /* Nobody is found by reading what is not due: the plan is the index's. */
  run (house->conn, "set enable_seqscan = off");
  rows = ask (house->conn, "explain (format json) select l.customer_id, sum (l.remaining) from oba.points_lots l where l.remaining > 0 and l.expires_on = '2024-01-01' and l.customer_id > 5"
                           " group by l.customer_id order by l.customer_id limit 500");
  g_assert_nonnull (strstr (rows, "points_lots_expiry"));
  g_assert_null (strstr (rows, "\"Sort\""));
}

/* The same points are told of twice, 30 days before they end and 7, each once, however often the job runs on either day; and of what was spent in between nothing is said. */
static void
test_warned_twice (House *house, gconstpointer unused)
{
  run (house->conn, "insert into oba.customers (customer_id, given_name) values (5101, 'Ad'), (5102, 'Ad');"
                    "insert into oba.telegram_links (chat_id, customer_id) values (9101, 5101), (9102, 5102);"
                    "insert into oba.points_lots (customer_id, entry_id, entry_at, points, remaining, expires_on)"
                    " select n, nextval ('oba.entry_ids'), now() - interval '1 year', 200, 200, oba.business_day (now()) + 7 from generate_series (5101, 5102) n");
  for (guint i = 0; i < 2; i++)
    while (ask_int (house->conn, "select oba.warn_expiry (500, oba.business_day (now()) - 23)") > 0)
      ;
  assert_ask (house->conn, "5101 30, 5102 30", "select string_agg (customer_id || ' ' || days_before, ', ' order by customer_id) from oba.expiry_warnings");
  run (house->conn, "update oba.points_lots set remaining = 0 where customer_id = 5102");
  for (guint i = 0; i < 2; i++)
    while (ask_int (house->conn, "select oba.warn_expiry ()") > 0)
      ;
  assert_ask (house->conn, "5101 30, 5101 7, 5102 30",
              "select string_agg (customer_id || ' ' || (payload ->> 'distance'), ', ' order by customer_id, (payload ->> 'distance')::integer desc) from oba.outbox where kind = 'expiry'");
}

/* What a policy would have made of what is there. */
static void
test_what_if (House *house, gconstpointer unused)
{
  set_policy (house, "period", 24, "day");
  run (house->conn, "insert into oba.points_lots (customer_id, entry_id, entry_at, points, remaining, expires_on, fixed)"
                    " select 100, nextval ('oba.entry_ids'), oba.day_start (d), p, p, (d + interval '24 months')::date, f"
                    " from (values ((now() - interval '20 months')::date, 10, false), ((now() - interval '1 month')::date, 7, false), ((now() - interval '20 months')::date, 5, true)) x (d, p, f)");
  assert_ask (house->conn, "10 22 12 12",
              "select concat_ws (' ', p -> 'gone', p -> 'points', (select sum ((m ->> 2)::bigint) from jsonb_array_elements (p -> 'months') m),"
              " (select (m ->> 1)::bigint - (m ->> 2)::bigint + 2 from jsonb_array_elements (p -> 'months') m order by (m ->> 0) limit 1))"
              " from oba.preview_expiry_policy ('{\"mode\": \"period\", \"months\": 6, \"ends_on\": \"day\"}') p");
  refused (house->conn, "OB001", "select oba.preview_expiry_policy ('{\"mode\": \"period\", \"months\": 0, \"ends_on\": \"day\"}')");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/ledger/" name, House, NULL, house_setup, function, house_teardown)
  ADD ("boundaries", test_boundaries);
  ADD ("policy", test_policy);
  ADD ("inactivity", test_inactivity);
  ADD ("inactivity-late", test_inactivity_late);
  g_test_add ("/ledger/bulk/period", House, "period", house_setup, test_bulk_alike, house_teardown);
  g_test_add ("/ledger/bulk/inactivity", House, "inactivity", house_setup, test_bulk_alike, house_teardown);
  ADD ("daily-limit", test_daily_limit);
  ADD ("guessing", test_guessing);
  ADD ("guessing-at-once", test_guessing_at_once);
  ADD ("lock", test_lock);
  ADD ("adjust", test_adjust);
  ADD ("undo", test_undo);
  ADD ("expiring", test_expiring);
  ADD ("warnings", test_warnings);
  ADD ("warned-twice", test_warned_twice);
  ADD ("what-if", test_what_if);
#undef ADD
  status = g_test_run ();
  house_server_stop ();
  return status;
}
