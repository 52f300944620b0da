/*
 * Rules of earning besides the base: when each applies, to the microsecond; how they stand with others; caps; what a return takes back; and who may put one live. What goes wrong here is points
 * that a customer was promised and did not get, or got twice.
 */
#include "schema-house.h"

#include <string.h>

/* Puts a rule live from ever, as if it had been. */
static void
rule (House *house, int id, const char *kind, const char *parameters)
{
  g_autofree char *json = g_strdelimit (g_strdup (parameters), "'", '"');

  assert_ask (house->conn, "", "select oba.rule_problem ('%s', '%s')", kind, json);
  run (house->conn, "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values (%d, 1, '%s', 'Rule %d', 'live', '%s')", id, kind, id, json);
}

/* What the rules besides the base gave for the receipt: "rule points, rule points". */
static void
assert_gave (House *house, gint64 receipt, const char *expected)
{
  assert_ask (house->conn, expected,
              "select coalesce (string_agg (rule_id || ' ' || points, ', ' order by rule_id), '') from oba.points_ledger where receipt_id = %" G_GINT64_FORMAT " and kind = 'bonus'", receipt);
}

static void
assert_account (House *house, int customer, const char *expected)
{
  assert_ask (house->conn, expected, "select concat_ws (' ', balance, owed, lifetime) from oba.points_accounts where customer_id = %d", customer);
}

/* A basket of @tea of product 1 at 1.00 and @sugar of product 2 at 2.50. */
static gint64
basket (House *house, int customer, const char *no, const char *at, int store, int tea, int sugar)
{
  g_autofree char *answer = NULL;
  g_autoptr (GString) filled = g_string_new (NULL);

  if (tea > 0)
    g_string_append_printf (filled, "{'product': 1, 'quantity': %d, 'unit_price': 100, 'total': %d}", tea, tea * 100);
  if (sugar > 0)
    g_string_append_printf (filled, "%s{'product': 2, 'quantity': %d, 'unit_price': 250, 'total': %d}", tea > 0 ? ", " : "", sugar, sugar * 250);
  answer = call (house->conn, "record_receipt", NULL, "{'store': %d, 'till': 1, 'receipt_no': '%s', 'sold_at': '%s', 'customer_id': %d, 'total': %d, 'lines': [%s]}", store, no, at, customer,
                 tea * 100 + sugar * 250, filled->str);
  return ask_int (house->conn, "select $r$%s$r$::jsonb ->> 'receipt_id'", answer);
}

static void
give_back (House *house, const char *no, const char *lines, const char *at)
{
  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': '%s'}, 'lines': [%s], 'reason_code': 'other', 'sold_at': '%s'}", no, lines, at));
}

/* Each condition on its own, on both sides of its edge. */
static void
test_conditions (House *house, gconstpointer unused)
{
  rule (house, 2, "bonus", "{'points': 1, 'per': 'receipt', 'hours': [1080, 1200]}");
  rule (house, 3, "bonus", "{'points': 1, 'per': 'receipt', 'hours': [1380, 60]}");
  rule (house, 4, "bonus", "{'points': 1, 'per': 'receipt', 'weekdays': [6, 7]}");
  rule (house, 5, "bonus", "{'points': 1, 'per': 'receipt', 'min_basket': 5000}");
  rule (house, 6, "bonus", "{'points': 1, 'per': 'receipt', 'stores': [2]}");
  assert_gave (house, sale (house->conn, 100, "1", "2024-01-10T17:59:59.999999+04:00", 100), "");
  assert_gave (house, sale (house->conn, 100, "2", "2024-01-10T18:00:00+04:00", 100), "2 1");
  assert_gave (house, sale (house->conn, 100, "3", "2024-01-10T19:59:59.999999+04:00", 100), "2 1");
  assert_gave (house, sale (house->conn, 100, "4", "2024-01-10T20:00:00+04:00", 100), "");
  /* Over midnight; and the hour is that of Baku, which has had no summer time since 2016. */
  assert_gave (house, sale (house->conn, 100, "5", "2024-01-10T22:59:59.999999+04:00", 100), "");
  assert_gave (house, sale (house->conn, 100, "6", "2024-01-10T19:00:00+00:00", 100), "3 1");
  assert_gave (house, sale (house->conn, 100, "7", "2024-07-11T00:59:59.999999+04:00", 100), "3 1");
  assert_gave (house, sale (house->conn, 100, "8", "2024-07-10T21:00:00+00:00", 100), "");
  /* Friday midnight begins Saturday, Sunday's ends it. */
  assert_gave (house, sale (house->conn, 100, "9", "2024-01-12T22:59:59+04:00", 100), "");
  assert_gave (house, sale (house->conn, 100, "10", "2024-01-13T01:00:00+04:00", 100), "4 1");
  assert_gave (house, sale (house->conn, 100, "11", "2024-01-14T22:59:59+04:00", 100), "4 1");
  assert_gave (house, sale (house->conn, 100, "12", "2024-01-15T01:00:00+04:00", 100), "");
  assert_gave (house, sale (house->conn, 100, "13", "2024-01-16T12:00:00+04:00", 4999), "");
  assert_gave (house, sale (house->conn, 100, "14", "2024-01-16T12:01:00+04:00", 5000), "5 1");
  assert_gave (house, basket (house, 100, "15", "2024-01-16T12:02:00+04:00", 2, 1, 0), "6 1");
  assert_gave (house, basket (house, 100, "16", "2024-01-16T12:03:00+04:00", 1, 1, 0), "");
  /* A blocked customer earns nothing. */
  g_free (call (house->conn, "block_customer", NULL, "{'customer_id': 200, 'blocked': true, 'reason': 'lost card'}"));
  assert_gave (house, sale (house->conn, 200, "17", "2024-01-13T12:00:00+04:00", 9000), "");
  all_is_well (house);
}

/* A rule holds from its beginning to the microsecond before its end, by the time of the sale, whenever the receipt comes. */
static void
test_validity (House *house, gconstpointer unused)
{
  rule (house, 2, "multiplier", "{'factor': 2000}");
  run (house->conn, "alter table oba.earning_rules disable trigger keep; update oba.earning_rules set valid_from = '2024-03-01 00:00+04', valid_to = '2024-04-01 00:00+04' where rule_id = 2");
  assert_gave (house, sale (house->conn, 100, "1", "2024-02-29T23:59:59.999999+04:00", 1000), "");
  assert_gave (house, sale (house->conn, 100, "2", "2024-03-31T23:59:59.999999+04:00", 1000), "2 10");
  assert_gave (house, sale (house->conn, 100, "3", "2024-04-01T00:00:00+04:00", 1000), "");
  assert_gave (house, sale (house->conn, 100, "4", "2024-03-01T00:00:00+04:00", 1099), "2 10");
  all_is_well (house);
}

/* Who was born on 29 February has the birthday on the 28th in other years; a gift of a year is given once about it, also over New Year. */
static void
test_birthday (House *house, gconstpointer unused)
{
  run (house->conn, "update oba.customers set birth_date = '2000-02-29' where customer_id = 100; update oba.customers set birth_date = '1990-01-01' where customer_id = 200");
  rule (house, 2, "bonus", "{'points': 20, 'per': 'receipt', 'birthday': [0, 0]}");
  rule (house, 3, "bonus", "{'points': 50, 'per': 'receipt', 'birthday': [3, 0], 'once': 'year'}");
  assert_gave (house, sale (house->conn, 100, "1", "2023-02-28T12:00:00+04:00", 100), "2 20, 3 50");
  assert_gave (house, sale (house->conn, 100, "2", "2023-03-01T00:00:00+04:00", 100), "");
  assert_gave (house, sale (house->conn, 100, "3", "2024-02-28T23:59:59+04:00", 100), "3 50");
  assert_gave (house, sale (house->conn, 100, "4", "2024-02-29T00:00:00+04:00", 100), "2 20");
  assert_gave (house, sale (house->conn, 200, "5", "2023-12-28T12:00:00+04:00", 100), "");
  assert_gave (house, sale (house->conn, 200, "6", "2023-12-29T12:00:00+04:00", 100), "3 50");
  assert_gave (house, sale (house->conn, 200, "7", "2024-01-01T12:00:00+04:00", 100), "2 20");
  /* The birthday itself is in no entry. */
  assert_ask (house->conn, "0", "select count (*) from oba.points_ledger where inputs::text ~ '(0[12]-[0-9]{2}|birth)'");
  all_is_well (house);
}

/* Amounts, pieces and multipliers of some lines; what is below a category counts. */
static void
test_lines (House *house, gconstpointer unused)
{
  gint64 id;

  run (house->conn, "insert into oba.categories (code, name_az, parent_id) values ('C2', 'Qara çay', 1); update oba.products set category_id = 2 where product_id = 1;"
                    "update oba.products set category_id = null where product_id = 2");
  rule (house, 2, "bonus", "{'points': 5, 'per': 'piece', 'categories': [1]}");
  rule (house, 3, "bonus", "{'points': 2, 'per': 'amount', 'qepik': 300, 'products': [2]}");
  rule (house, 4, "multiplier", "{'factor': 1500, 'products': [1]}");
  id = basket (house, 100, "1", "2024-01-10T12:00:00+04:00", 1, 7, 3);
  assert_gave (house, id, "2 35, 3 4, 4 3");
  assert_ask (house->conn, "{\"lines\": [1], \"total\": 1450, \"amount\": 700}", "select inputs from oba.points_ledger where rule_id = 4");
  /* The tea goes back: what the tea gave goes, what the sugar gave stays; in two steps, to the point. */
  give_back (house, "1", "{'line': 1, 'quantity': 2}", "2024-01-11T12:00:00+04:00");
  assert_account (house, 100, "43 0 43");
  give_back (house, "1", "{'line': 1, 'quantity': 5}", "2024-01-12T12:00:00+04:00");
  assert_account (house, 100, "11 0 11");
  give_back (house, "1", "{'line': 2, 'quantity': 3}", "2024-01-13T12:00:00+04:00");
  assert_account (house, 100, "0 0 0");
  all_is_well (house);
}

/* By the tier that the customer had before the receipt, and had when it was sold: one that comes late, or is put right, too. */
static void
test_tier (House *house, gconstpointer unused)
{
  rule (house, 2, "multiplier", "{'factor': 3000, 'tiers': [2, 3]}");
  assert_gave (house, sale (house->conn, 100, "1", "2024-01-10T12:00:00+04:00", 100000), "");
  assert_gave (house, sale (house->conn, 100, "2", "2024-01-11T12:00:00+04:00", 1000), "2 20");
  assert_gave (house, sale (house->conn, 100, "3", "2024-01-09T12:00:00+04:00", 1000), "");
  all_is_well (house);
}

/* The table of what several rules give together. */
static void
test_stacking (House *house, gconstpointer unused)
{
  rule (house, 2, "multiplier", "{'factor': 2000}");                                                               /* +10: adds */
  rule (house, 3, "multiplier", "{'factor': 3000, 'weekdays': [1]}");                                              /* +20 on Mondays: adds, never 2 x 3 */
  rule (house, 4, "bonus", "{'points': 7, 'per': 'receipt', 'stacking': 'best', 'group': 'week', 'weekdays': [1, 2, 3, 4]}");
  rule (house, 5, "bonus", "{'points': 9, 'per': 'receipt', 'stacking': 'best', 'group': 'week', 'weekdays': [2, 4]}");
  rule (house, 6, "bonus", "{'points': 9, 'per': 'receipt', 'stacking': 'best', 'group': 'week', 'weekdays': [2, 4], 'order': 50}");
  rule (house, 7, "bonus", "{'points': 3, 'per': 'receipt', 'stacking': 'best', 'group': 'other', 'weekdays': [2]}");
  rule (house, 8, "bonus", "{'points': 4, 'per': 'receipt', 'stacking': 'exclusive', 'weekdays': [3, 4]}");
  rule (house, 9, "bonus", "{'points': 400, 'per': 'receipt', 'stacking': 'exclusive', 'weekdays': [4], 'order': 200}");
  rule (house, 10, "bonus", "{'points': 1, 'per': 'receipt', 'once': 'day'}");
  assert_gave (house, sale (house->conn, 100, "mo", "2024-01-08T12:00:00+04:00", 1000), "2 10, 3 20, 4 7, 10 1");
  assert_gave (house, sale (house->conn, 100, "tu", "2024-01-09T12:00:00+04:00", 1000), "2 10, 6 9, 7 3, 10 1");
  assert_gave (house, sale (house->conn, 100, "we", "2024-01-10T12:00:00+04:00", 1000), "8 4, 10 1");
  assert_gave (house, sale (house->conn, 100, "th", "2024-01-11T12:00:00+04:00", 1000), "8 4, 10 1");
  assert_gave (house, sale (house->conn, 100, "fr", "2024-01-12T12:00:00+04:00", 1000), "2 10, 10 1");
  assert_gave (house, sale (house->conn, 100, "fr2", "2024-01-12T12:00:00.000001+04:00", 1000), "2 10");
  assert_account (house, 100, "152 0 152");
  all_is_well (house);
}

/* First the cap that names a rule, then the one over all; gifts and the base are not capped; the next day begins anew; what was voided gives its room back, what was returned does not. */
static void
test_caps (House *house, gconstpointer unused)
{
  rule (house, 2, "multiplier", "{'factor': 2000}");
  rule (house, 3, "bonus", "{'points': 8, 'per': 'receipt'}");
  rule (house, 4, "bonus", "{'points': 100, 'per': 'receipt', 'once': 'day'}");
  rule (house, 5, "cap", "{'points': 15, 'rules': [2]}");
  rule (house, 6, "cap", "{'points': 30}");
  assert_gave (house, sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 1000), "2 10, 3 8, 4 100");
  assert_gave (house, sale (house->conn, 100, "2", "2024-01-10T11:00:00+04:00", 1000), "2 5, 3 7");
  assert_gave (house, sale (house->conn, 100, "3", "2024-01-10T12:00:00+04:00", 1000), "");
  assert_ask (house->conn, "{\"total\": 1000, \"uncapped\": 10, \"base_points\": 10}", "select inputs from oba.points_ledger where rule_id = 2 and points = 5");
  assert_gave (house, sale (house->conn, 100, "4", "2024-01-11T00:00:00+04:00", 100000), "2 15, 3 8, 4 100");
  give_back (house, "2", "{'line': 1, 'quantity': 1}", "2024-01-10T13:00:00+04:00");
  assert_gave (house, sale (house->conn, 100, "5", "2024-01-10T14:00:00+04:00", 1000), "");
  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'reason_code': 'other', 'sold_at': '2024-01-10T15:00:00+04:00'}"));
  assert_gave (house, sale (house->conn, 100, "6", "2024-01-10T16:00:00+04:00", 1000), "2 10, 3 8, 4 100");
  all_is_well (house);
}

/* A receipt whose return is undone is entered today, but was bought when it was bought: the gift of that day is given, today's is not. */
static void
test_put_right (House *house, gconstpointer unused)
{
  g_autofree char *today = ask (house->conn, "select to_char (now() at time zone 'Asia/Baku', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+04:00\"')");
  g_autofree char *returned = NULL;

  run (house->conn, "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false");
  rule (house, 2, "bonus", "{'points': 7, 'per': 'receipt', 'once': 'day'}");
  rule (house, 3, "multiplier", "{'factor': 3000}");
  rule (house, 4, "cap", "{'points': 30}");
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 1000);
  returned = call (house->conn, "correct_receipt", NULL, "{'kind': 'return', 'receipt': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'seen': 0, 'lines': [{'line': 1, 'quantity': 1}], 'reason_code': 'other', 'reason': 'wrong'}");
  g_free (call (house->conn, "correct_receipt", NULL, "{'kind': 'undo', 'seen': 1, 'correction_id': %d, 'reason_code': 'other', 'reason': 'was right'}",
                (int) ask_int (house->conn, "select $r$%s$r$::jsonb ->> 'correction_id'", returned)));
  assert_account (house, 100, "37 0 37");
  assert_gave (house, sale (house->conn, 100, "2", "2024-01-10T12:00:00+04:00", 1000), "3 10");
  assert_gave (house, sale (house->conn, 100, "3", today, 1000), "2 7, 3 20");
  all_is_well (house);
}

/* Until 2015 Baku had summer time: days of 23 and 25 hours, and midnight an hour earlier in UTC. Old receipts fall on the day that the clock on the wall said. */
static void
test_summer_time (House *house, gconstpointer unused)
{
  static const struct { const char *at, *day, *expires, *gift; } cases[] = {
    { "2015-03-28T19:59:59.999999Z", "2015-03-28", "2015-04-28", "2 7" },
    { "2015-03-28T20:00:00Z", "2015-03-29", "2015-04-29", "2 7" },   /* 23 hours */
    { "2015-03-29T18:59:59.999999Z", "2015-03-29", "2015-04-29", "" },
    { "2015-03-29T19:00:00Z", "2015-03-30", "2015-04-30", "2 7" },
    { "2015-06-30T19:00:00Z", "2015-07-01", "2015-08-01", "2 7" },
    { "2015-10-24T18:59:59.999999Z", "2015-10-24", "2015-11-24", "2 7" },
    { "2015-10-24T19:00:00Z", "2015-10-25", "2015-11-25", "2 7" },   /* 25 hours */
    { "2015-10-25T19:59:59.999999Z", "2015-10-25", "2015-11-25", "" },
    { "2015-10-25T20:00:00Z", "2015-10-26", "2015-11-26", "2 7" },
    { "2016-02-29T19:59:59.999999Z", "2016-02-29", "2016-03-29", "2 7" },
    { "2016-06-30T19:59:59.999999Z", "2016-06-30", "2016-07-30", "2 7" }, /* no summer time any more */
    { "2016-06-30T20:00:00Z", "2016-07-01", "2016-08-01", "2 7" },
  };

  run (house->conn, "select oba.ensure_partitions ('2015-03-01', '2016-07-31')");
  rule (house, 2, "bonus", "{'points': 7, 'per': 'receipt', 'once': 'day', 'valid_months': 1}");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *no = g_strdup_printf ("%u", i);
      gint64 id = sale (house->conn, 100, no, cases[i].at, 10000);

      assert_gave (house, id, cases[i].gift);
      assert_ask (house->conn, cases[i].day, "select business_day from oba.receipts where receipt_id = %" G_GINT64_FORMAT, id);
      if (*cases[i].gift != '\0')
        assert_ask (house->conn, cases[i].expires, "select expires_on from oba.points_lots where receipt_id = %" G_GINT64_FORMAT " and points = 7", id);
    }
  /* The year that makes the tier, too: the 28th of March counts until the 27th a year later. */
  sale (house->conn, 200, "a", "2015-03-28T19:59:59Z", 60000);
  sale (house->conn, 200, "b", "2015-10-24T19:00:00Z", 40000);
  assert_ask (house->conn, "2 2015-10-25", "select concat_ws (' ', tier_id, tier_day) from oba.points_accounts where customer_id = 200");
  run (house->conn, "select oba.refresh_tiers (10, '2016-03-27')");
  assert_ask (house->conn, "2", "select tier_id from oba.points_accounts where customer_id = 200");
  run (house->conn, "select oba.refresh_tiers (10, '2016-03-28')");
  assert_ask (house->conn, "1 40000", "select concat_ws (' ', tier_id, tier_spend) from oba.points_accounts where customer_id = 200");
  /* What a month has ended is lost at the midnight on the wall, in summer an hour earlier. */
  while (ask_int (house->conn, "select oba.expire_points ()") > 0)
    ;
  assert_ask (house->conn, "04-28 19:00, 04-29 19:00, 04-30 19:00, 08-01 19:00, 11-24 20:00, 11-25 20:00, 11-26 20:00, 03-29 20:00, 07-30 20:00, 08-01 20:00",
              "select string_agg (to_char (occurred_at at time zone 'UTC', 'MM-DD HH24:MI'), ', ' order by occurred_at) from oba.points_ledger where kind = 'expire' and customer_id = 100");
  all_is_well (house);
}

/* Eight tills, one customer: the cap lets through what it says, and the first purchase is one. */
static void
test_at_once (House *house, gconstpointer unused)
{
  PGconn *tills[8];

  rule (house, 2, "multiplier", "{'factor': 2000}");
  rule (house, 3, "cap", "{'points': 55}");
  rule (house, 4, "bonus", "{'points': 500, 'per': 'receipt', 'first_purchase': true, 'once': 'ever'}");
  for (guint i = 0; i < G_N_ELEMENTS (tills); i++)
    tills[i] = house_connect (house);
  for (guint i = 0; i < G_N_ELEMENTS (tills); i++)
    {
      g_autofree char *sql =
        g_strdup_printf ("select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"%u\", \"sold_at\": \"2024-01-10T10:00:0%u+04:00\", \"customer_id\": 100, \"total\": 1000, "
                         "\"lines\": [{\"product\": 1, \"quantity\": 1, \"unit_price\": 1000, \"total\": 1000}]}', 'till', 'k%u')", i, i, i);

      g_assert_cmpint (PQsendQuery (tills[i], sql), ==, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (tills); i++)
    {
      PGresult *result = PQgetResult (tills[i]);

      if (PQresultStatus (result) != PGRES_TUPLES_OK)
        g_error ("%s", PQresultErrorMessage (result));
      PQclear (result);
      PQfinish (tills[i]);
    }
  assert_account (house, 100, "635 0 635");
  assert_ask (house->conn, "55 500", "select string_agg (s::text, ' ' order by rule_id) from (select rule_id, sum (points) as s from oba.points_ledger where kind = 'bonus' group by 1) x");
  all_is_well (house);
}

/* The first purchase is one a person: a return takes the gift back and does not make the next one the first; a receipt that was put right, or was never bought, does not spend it. */
static void
test_first_purchase (House *house, gconstpointer unused)
{
  rule (house, 2, "bonus", "{'points': 500, 'per': 'receipt', 'first_purchase': true, 'once': 'ever'}");
  run (house->conn, "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false");
  assert_gave (house, sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 1000), "2 500");
  assert_gave (house, sale (house->conn, 100, "2", "2024-01-11T10:00:00+04:00", 1000), "");
  assert_gave (house, sale (house->conn, 100, "3", "2024-01-09T10:00:00+04:00", 1000), "");
  /* The cashier had typed a wrong price: what is right instead is the first purchase as well. */
  g_free (call (house->conn, "correct_receipt", NULL, "{'kind': 'change', 'receipt': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'reason_code': 'cashier_error', 'reason': 'wrong price', 'seen': 0, "
                "'total': 900, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 900, 'total': 900}]}"));
  assert_account (house, 100, "529 0 529");
  all_is_well (house);
  /* The receipt was another customer's: their first, while what is left here has a first one before it. */
  g_free (call (house->conn, "correct_receipt", NULL, "{'kind': 'move', 'receipt': {'store': 1, 'till': 1, 'receipt_no': '3'}, 'customer_id': 200, 'reason_code': 'wrong_customer', 'reason': 'wrong card', 'seen': 0}"));
  assert_account (house, 200, "510 0 510");
  assert_account (house, 100, "519 0 519");
  all_is_well (house);
}

/* Registering is rewarded where a customer is made, in the shops that take part; a file that is loaded is no registration. */
static void
test_registration (House *house, gconstpointer unused)
{
  gint64 id;

  rule (house, 2, "bonus", "{'points': 25, 'event': 'registration', 'valid_months': 3}");
  rule (house, 3, "bonus", "{'points': 5, 'event': 'registration', 'stores': [2]}");
#define REGISTER "{'given_name': 'Nigar', 'family_name': '%s', 'phone': '%s', 'store_id': %d}"
  g_free (call (house->conn, "register_customer", "n", REGISTER, "Quliyeva", "+994502223344", 1));
  g_free (call (house->conn, "register_customer", "n", REGISTER, "Quliyeva", "+994502223344", 1));
  id = ask_int (house->conn, "select customer_id from oba.customers where family_name = 'Quliyeva'");
  assert_account (house, (int) id, "25 0 25");
  assert_ask (house->conn, "t", "select expires_on = (oba.business_day (now()) + interval '3 months')::date from oba.points_lots");
  g_free (call (house->conn, "register_customer", "m", REGISTER, "Rzayeva", "+994502223355", 2));
  id = ask_int (house->conn, "select customer_id from oba.customers where family_name = 'Rzayeva'");
  assert_account (house, (int) id, "30 0 30");
  assert_account (house, 100, "0 0 0");
  all_is_well (house);
}

static void
login (House *house, const char *name, const char *role)
{
  run (house->conn, "reset session authorization; select oba.staff_add ('%s_%d', '%s', '%s'); set session authorization %s_%d", name, PQbackendPID (house->conn), name, role, name,
       PQbackendPID (house->conn));
}

static void
as (House *house, const char *name)
{
  run (house->conn, "reset session authorization; set session authorization %s_%d", name, PQbackendPID (house->conn));
}

/* A draft is written by marketing and put live by somebody else who may; what counted is never changed, and what was sold before it ended still earns by it. */
static void
test_states (House *house, gconstpointer unused)
{
  login (house, "aysel", "clerk");
  login (house, "anar", "supervisor");
  login (house, "murad", "admin");
  login (house, "mina", "marketing");
#define DRAFT "{'kind': 'multiplier', 'name': 'Double', 'parameters': {'factor': 2000}}"
  call_refused (house->conn, "OB001", "save_rule", "{'kind': 'multiplier', 'name': 'Double', 'parameters': {'factor': 1000}}");
  call_refused (house->conn, "OB001", "save_rule", "{'kind': 'multiplier', 'name': 'Double', 'parameters': {'factor': 2000, 'colour': 1}}");
  call_refused (house->conn, "OB001", "save_rule", "{'kind': 'multiplier', 'name': 'Double', 'parameters': {'factor': 2000, 'stores': [99]}}");
  call_refused (house->conn, "OB001", "save_rule", "{'kind': 'base', 'name': 'Base', 'parameters': {'qepik_per_point': 50, 'valid_months': 12}}");
  g_free (call (house->conn, "save_rule", NULL, DRAFT));
  call_refused (house->conn, "OB003", "save_rule", "{'rule_id': 2, 'version': 1, 'revision': 7, 'name': 'Triple', 'parameters': {'factor': 3000}}");
  g_free (call (house->conn, "save_rule", NULL, "{'rule_id': 2, 'version': 1, 'revision': 1, 'name': 'Triple', 'parameters': {'factor': 3000}}"));
  call_refused (house->conn, "OB006", "move_rule", "{'rule_id': 2, 'version': 1, 'state': 'live'}");
  g_free (call (house->conn, "move_rule", NULL, "{'rule_id': 2, 'version': 1, 'revision': 2, 'state': 'test'}"));
  call_refused (house->conn, "OB013", "save_rule", "{'rule_id': 2, 'version': 1, 'revision': 3, 'name': 'Double', 'parameters': {'factor': 2000}}");
  call_refused (house->conn, "OB013", "save_rule", "{'rule_id': 2, 'name': 'Double', 'parameters': {'factor': 2000}}");

  /* A test reckons and gives nothing. */
  run (house->conn, "reset session authorization");
  assert_gave (house, sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 1000), "");
  assert_ask (house->conn, "20", "select sum (points) from oba.rule_trials where rule_id = 2");

  as (house, "aysel");
  refused (house->conn, "42501", "select oba.move_rule ('{}')");
  as (house, "anar");
  refused (house->conn, "42501", "select oba.save_rule ('{}')");
  call_refused (house->conn, "OB006", "move_rule", "{'rule_id': 2, 'version': 1, 'state': 'draft'}");
  g_free (call (house->conn, "move_rule", NULL, "{'rule_id': 2, 'version': 1, 'state': 'live'}"));
  call_refused (house->conn, "OB013", "move_rule", "{'rule_id': 2, 'version': 1, 'state': 'live'}");
  run (house->conn, "reset session authorization");
  assert_ask (house->conn, "t", "select valid_from between now() + interval '9 minutes' and now() + interval '10 minutes' from oba.earning_rules where rule_id = 2");
  refused (house->conn, "OB009", "update oba.earning_rules set parameters = '{}' where rule_id = 2");
  refused (house->conn, "OB009", "delete from oba.earning_rules where rule_id = 2");

  /* Its time has come and gone. */
  run (house->conn, "alter table oba.earning_rules disable trigger keep; update oba.earning_rules set valid_from = '2024-02-01 00:00+04' where rule_id = 2; alter table oba.earning_rules enable trigger keep");
  as (house, "mina");
  call_refused (house->conn, "OB006", "move_rule", "{'rule_id': 2, 'version': 1, 'state': 'retired', 'reason': 'too dear'}");
  as (house, "murad");
  call_refused (house->conn, "OB001", "move_rule", "{'rule_id': 2, 'version': 1, 'state': 'retired'}");
  g_free (call (house->conn, "move_rule", NULL, "{'rule_id': 2, 'version': 1, 'state': 'retired', 'reason': 'too dear'}"));
  call_refused (house->conn, "OB013", "move_rule", "{'rule_id': 1, 'version': 1, 'state': 'retired', 'reason': 'too dear'}");
  /* The administrator writes the next version of the base: not to be put live alone. */
  g_free (call (house->conn, "save_rule", NULL, "{'rule_id': 1, 'name': 'Half', 'parameters': {'qepik_per_point': 200, 'valid_months': 12}, 'valid_from': '2124-01-01T00:00:00+04:00'}"));
  call_refused (house->conn, "OB006", "move_rule", "{'rule_id': 1, 'version': 2, 'state': 'live'}");
  as (house, "anar");
  g_free (call (house->conn, "move_rule", NULL, "{'rule_id': 1, 'version': 2, 'state': 'live'}"));
  run (house->conn, "reset session authorization");
  assert_ask (house->conn, "1 2124-01-01 00:00:00+04, 2 infinity", "select string_agg (concat_ws (' ', version, valid_to), ', ' order by version) from oba.earning_rules where rule_id = 1");
  assert_gave (house, sale (house->conn, 100, "2", "2024-03-10T10:00:00+04:00", 1000), "2 20");
  /* After the rule it earned by has gone, a return takes back what it gave. */
  give_back (house, "2", "{'line': 1, 'quantity': 1}", "2024-03-11T10:00:00+04:00");
  assert_account (house, 100, "10 0 10");
  assert_ask (house->conn, "draft test live retired", "select string_agg (to_state, ' ' order by step_no) from oba.rule_steps where rule_id = 2");
  all_is_well (house);
  run (house->conn, "delete from oba.staff; drop role aysel_%1$d, anar_%1$d, murad_%1$d, mina_%1$d", PQbackendPID (house->conn));
}

/* Fifty rules and a receipt of a thousand lines: what it takes is told. */
static void
test_many (House *house, gconstpointer unused)
{
  gint64 begin;

  for (int i = 2; i < 52; i++)
    rule (house, i, i % 2 == 0 ? "multiplier" : "bonus",
          i % 2 == 0 ? "{'factor': 1100, 'products': [1, 2], 'tiers': [1, 2]}" : "{'points': 1, 'per': 'amount', 'qepik': 50, 'categories': [1], 'weekdays': [1, 2, 3, 4, 5, 6, 7]}");
  g_free (ask (house->conn, "select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'warm' || n, 'sold_at', '2024-01-10T10:00:00+04:00', 'customer_id', 200, 'total', 100, 'lines', "
                            "jsonb_build_array (jsonb_build_object ('product', 1, 'quantity', 1, 'unit_price', 100, 'total', 100)))) from generate_series (1, 10) n"));
  begin = g_get_monotonic_time ();
  g_free (ask (house->conn, "select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'long', 'sold_at', '2024-01-10T10:00:00+04:00', 'customer_id', 100, 'total', 100000, 'lines', "
                            "(select jsonb_agg (jsonb_build_object ('product', 1 + n %% 2, 'quantity', 1, 'unit_price', case n %% 2 when 0 then 100 else 100 end, 'total', 100)) from generate_series (1, 1000) n)))"));
  g_test_message ("a receipt of 1,000 lines by 50 rules: %.0f ms", (double) (g_get_monotonic_time () - begin) / 1000);
  assert_ask (house->conn, "50", "select count (*) from oba.points_ledger where kind = 'bonus' and customer_id = 100");
  all_is_well (house);
}

/* The same shopping, whatever the rules: sixty receipts of three months, of which every fourth comes back in part later, one was cancelled, and one was paid for by nobody known. */
static void
shop (House *house)
{
  g_autoptr (GRand) dice = g_rand_new_with_seed (5);

  run (house->conn, "update oba.customers set birth_date = '1990-02-11' where customer_id = 100; update oba.products set category_id = null where product_id = 2");
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *no = g_strdup_printf ("r%u", i);
      g_autofree char *at = g_strdup_printf ("2024-%02u-%02uT%02u:%02u:00+04:00", 1 + i / 20, 1 + (i % 20) / 2, 9 + i % 2 * 6 + (guint) g_rand_int_range (dice, 0, 6), i);
      int tea = g_rand_int_range (dice, 1, 30), sugar = g_rand_int_range (dice, 0, 6);

      basket (house, i % 3 == 0 ? 200 : 100, no, at, 1, tea, sugar);
    }
  for (guint i = 0; i < 60; i += 4)
    {
      g_autofree char *no = g_strdup_printf ("r%u", i);

      give_back (house, no, "{'line': 1, 'quantity': 1}", "2024-05-10T10:00:00+04:00");
    }
  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': 'r59'}, 'reason_code': 'other', 'sold_at': '2024-05-11T10:00:00+04:00'}"));
}

/* Runs the draft over what was sold, a month at a time. */
static gint64
replay (House *house, int id, int version)
{
  g_autofree char *answer = NULL;

  run (house->conn, "begin; select oba.replay_begin ('{\"rule_id\": %d, \"version\": %d, \"from\": \"2024-01-01\", \"to\": \"2024-03-31\"}')", id, version);
  run (house->conn, "select oba.replay_chunk ('2024-01-01', '2024-01-31'); select oba.replay_chunk ('2024-02-01', '2024-02-29'); select oba.replay_chunk ('2024-03-01', '2024-03-31')");
  answer = ask (house->conn, "select oba.replay_end ()");
  run (house->conn, "rollback");
  assert_ask (house->conn, "t", "select sum ((w ->> 1)::bigint) is not distinct from nullif ((a ->> 'points')::bigint, 0) or (a ->> 'points')::bigint = 0 from (select $r$%s$r$::jsonb as a) x cross join jsonb_array_elements (a -> 'weeks') w group by a", answer);
  return ask_int (house->conn, "select ($r$%s$r$::jsonb ->> 'points')::bigint", answer);
}

/* What the replay of a draft says is what going live would have given, less what the returns would have taken: the same shopping is done again with the rule live. */
static void
test_replay (House *house, gconstpointer unused)
{
  static const struct
  {
    const char *kind, *parameters;
    gint64 sign;
  } drafts[] = {
    { "multiplier", "{'factor': 2500, 'tiers': [1]}", 1 },
    { "bonus", "{'points': 7, 'per': 'receipt', 'stacking': 'exclusive', 'weekdays': [1, 2, 3], 'hours': [840, 600]}", 0 },
    { "bonus", "{'points': 50, 'per': 'receipt', 'birthday': [7, 7], 'once': 'year'}", 1 },
    { "bonus", "{'points': 9, 'per': 'receipt', 'first_purchase': true, 'once': 'ever'}", 1 },
    { "bonus", "{'points': 3, 'per': 'amount', 'qepik': 200, 'categories': [1]}", 1 },
    { "cap", "{'points': 20}", -1 },
  };

  rule (house, 2, "multiplier", "{'factor': 2000, 'min_basket': 1000}");
  rule (house, 3, "bonus", "{'points': 4, 'per': 'receipt', 'stacking': 'best', 'group': 'a'}");
  shop (house);
  for (guint i = 0; i < G_N_ELEMENTS (drafts); i++)
    {
      House other;
      gint64 said, given;
      g_autofree char *json = g_strdelimit (g_strdup (drafts[i].parameters), "'", '"');

      run (house->conn, "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values (%u, 1, '%s', 'Draft', 'draft', '%s')", 10 + i, drafts[i].kind, json);
      said = replay (house, 10 + (int) i, 1);
      house_setup (&other, NULL);
      rule (&other, 2, "multiplier", "{'factor': 2000, 'min_basket': 1000}");
      rule (&other, 3, "bonus", "{'points': 4, 'per': 'receipt', 'stacking': 'best', 'group': 'a'}");
      rule (&other, 10 + (int) i, drafts[i].kind, drafts[i].parameters);
      shop (&other);
      given = ask_int (other.conn, "select sum (lifetime) from oba.points_accounts") - ask_int (house->conn, "select sum (lifetime) from oba.points_accounts");
      g_test_message ("%s %s: %" G_GINT64_FORMAT, drafts[i].kind, drafts[i].parameters, said);
      g_assert_cmpint (said, ==, given);
      g_assert_true (drafts[i].sign == 0 ? said != 0 : said * drafts[i].sign > 0);
      all_is_well (&other);
      house_teardown (&other, NULL);
    }
}

/* Tiers by points: bronze, silver from 100, gold from 200, platinum from 300; and customers besides 100 and 200. */
static void
tiers_by_points (House *house)
{
  run (house->conn, "insert into oba.tier_schemes (version, basis, downgrade, grace_days) values (2, 'points', 'at_once', 0); update oba.tiers set threshold = (tier_id - 1) * 100;"
                    "insert into oba.tier_scheme_steps (version, tier_id, threshold) select 2, tier_id, threshold from oba.tiers;"
                    "insert into oba.customers (customer_id, given_name, family_name) select n, 'Ad', 'Soyad' from generate_series (300, 900, 100) n");
}

/* A year of shopping that ends with 31 March 2024; each customer stands at an edge. */
static void
shop_for_tiers (House *house)
{
  sale (house->conn, 300, "t1", "2024-01-10T10:00:00+04:00", 5000);    /* 50, twice 100: silver to the point */
  sale (house->conn, 400, "t2", "2024-01-10T10:00:00+04:00", 4900);    /* 49, twice 98 */
  sale (house->conn, 500, "t3", "2023-03-31T10:00:00+04:00", 9900);    /* 99: the day before the twelve months */
  sale (house->conn, 600, "t4", "2023-04-01T00:00:00+04:00", 9900);    /* 99: the first of them */
  sale (house->conn, 700, "t5", "2024-02-10T10:00:00+04:00", 15000);   /* 150, twice 300: past gold */
  sale (house->conn, 800, "t6", "2024-03-31T23:59:59+04:00", 10000);   /* 100, twice 200 */
  sale (house->conn, 900, "t7", "2024-04-01T00:00:00+04:00", 90000);   /* the day after */
}

static char *
replay_moves (House *house, int id)
{
  char *moves;

  run (house->conn, "begin; select oba.replay_begin ('{\"rule_id\": %d, \"version\": 1, \"from\": \"2023-01-01\", \"to\": \"2024-03-31\"}')", id);
  run (house->conn, "select oba.replay_chunk (x::date, (x + interval '1 month - 1 day')::date) from generate_series (timestamp '2023-01-01', '2024-03-01', '1 month') x");
  moves = ask (house->conn, "select concat_ws (' ', a ->> 'basis', (a -> 'moves')::text, (a -> 'tiers')::text, jsonb_array_length (a -> 'days')) from oba.replay_end () a");
  run (house->conn, "rollback");
  return moves;
}

/* Who would stand where: to the point, and to the day. What the replay says is where they stand when the same is sold with the rule live. */
static void
test_tier_moves (House *house, gconstpointer unused)
{
  g_autofree char *money = NULL, *points = NULL, *held = NULL, *capped = NULL;
  House other;

  /* By what is spent a rule moves nobody. */
  run (house->conn, "insert into oba.customers (customer_id, given_name, family_name) select n, 'Ad', 'Soyad' from generate_series (300, 900, 100) n");
  shop_for_tiers (house);
  run (house->conn, "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values (2, 1, 'multiplier', 'Twice', 'draft', '{\"factor\": 2000}'), (3, 1, 'cap', 'Ten a day', 'draft', '{\"points\": 10}')");
  money = replay_moves (house, 2);
  g_assert_true (g_str_has_prefix (money, "spend [] "));
  house_teardown (house, NULL);

  house_setup (house, NULL);
  tiers_by_points (house);
  shop_for_tiers (house);
  run (house->conn, "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values (2, 1, 'multiplier', 'Twice', 'draft', '{\"factor\": 2000}')");
  points = replay_moves (house, 2);
  g_assert_cmpstr (points, ==, "points [[1, 2, 2], [2, 3, 1], [2, 4, 1]] [[1, 4, 297], [2, 2, 250], [3, 0, 0], [4, 0, 0]] 5");
  /* A most that a colleague set stays one. */
  run (house->conn, "insert into oba.tier_overrides (customer_id, tier_id, from_tier, holds, until, reason) values (700, 2, 2, 'at_most', '2090-01-01', 'why'); update oba.points_accounts set tier_override = 'at_most' where customer_id = 700");
  held = replay_moves (house, 2);
  g_assert_true (g_str_has_prefix (held, "points [[1, 2, 2], [2, 3, 1]] "));

  /* The same, sold with the rule live; and what a cap would take from them. */
  house_setup (&other, NULL);
  tiers_by_points (&other);
  rule (&other, 2, "multiplier", "{'factor': 2000}");
  shop_for_tiers (&other);
  assert_ask (other.conn, "300 2, 400 1, 600 2, 700 4, 800 3",
              "select string_agg (customer_id || ' ' || tier_id, ', ' order by customer_id) from oba.points_accounts where customer_id in (300, 400, 600, 700, 800)");
  run (other.conn, "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values (3, 1, 'cap', 'Ten a day', 'draft', '{\"points\": 10}')");
  capped = replay_moves (&other, 3);
  g_assert_true (g_str_has_prefix (capped, "points [[2, 1, 1], [3, 2, 1], [4, 2, 1]] "));   /* 600 keeps 109 */
  house_teardown (&other, NULL);
}

/* The example of the editor says what the till would give: base, each rule, and the order in which they stand. */
static void
test_example (House *house, gconstpointer unused)
{
  static const char say[] = "select concat_ws (' ', a -> 'total', a -> 'base', (select string_agg (concat_ws ('/', r ->> 'name', r ->> 'full', r ->> 'given'), ' ' order by n)"
                            " from jsonb_array_elements (a -> 'rules') with ordinality x (r, n))) from oba.rule_example ('%s') a";
  static const char basket_of[] = "\"lines\": [[1, 3000, 300], [2, 2000, 500], [null, 1000, 200]], \"at\": \"2024-01-13T12:00:00+04:00\", \"store_id\": 1, \"tier_id\": 3";
  g_autofree char *plain = g_strdup_printf ("{%s}", basket_of);
  g_autofree char *draft = g_strdup_printf ("{%s, \"rule\": {\"kind\": \"bonus\", \"name\": \"New\", \"parameters\": {\"points\": 9, \"per\": \"receipt\", \"stacking\": \"exclusive\"}}}", basket_of);
  g_autofree char *wrong = g_strdup_printf ("{%s, \"rule\": {\"kind\": \"bonus\", \"name\": \"New\", \"parameters\": {\"points\": 0, \"per\": \"receipt\"}}}", basket_of);
  g_autofree char *more = g_strdup_printf ("{%s, \"rule\": {\"rule_id\": 2, \"kind\": \"multiplier\", \"name\": \"More\", \"parameters\": {\"factor\": 4000}}}", basket_of);

  rule (house, 2, "multiplier", "{'factor': 2000, 'tiers': [3]}");
  rule (house, 3, "bonus", "{'points': 2, 'per': 'piece', 'products': [1]}");
  rule (house, 4, "bonus", "{'points': 7, 'per': 'receipt', 'stacking': 'best', 'group': 'a'}");
  rule (house, 5, "bonus", "{'points': 5, 'per': 'receipt', 'stacking': 'best', 'group': 'a', 'weekdays': [6]}");
  rule (house, 6, "bonus", "{'points': 4, 'per': 'receipt', 'once': 'year', 'stacking': 'add'}");
  rule (house, 7, "cap", "{'points': 12}");
  rule (house, 8, "bonus", "{'points': 50, 'per': 'receipt', 'min_basket': 2000}");
  assert_ask (house->conn, "1000 10 Rule 6/4/4 Rule 2/10/10 Rule 3/6/2 Rule 4/7/0 Rule 5/5/0 Rule 8/0/0 Rule 7/0/0", say, plain);
  assert_ask (house->conn, "1000 10 Rule 6/4/4 New/9/9 Rule 2/10/0 Rule 3/6/0 Rule 4/7/0 Rule 5/5/0 Rule 8/0/0 Rule 7/0/0", say, draft);
  assert_ask (house->conn, "1000 10 Rule 6/4/4 More/30/12 Rule 3/6/0 Rule 4/7/0 Rule 5/5/0 Rule 8/0/0 Rule 7/0/0", say, more);
  refused (house->conn, "OB001", "select oba.rule_example ('%s')", wrong);
  refused (house->conn, "OB001", "select oba.rule_example ('{\"lines\": []}')");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define TEST(path, function) g_test_add ("/earning-rules/" path, House, NULL, house_setup, function, house_teardown)
  TEST ("conditions", test_conditions);
  TEST ("validity", test_validity);
  TEST ("birthday", test_birthday);
  TEST ("lines", test_lines);
  TEST ("tier", test_tier);
  TEST ("stacking", test_stacking);
  TEST ("caps", test_caps);
  TEST ("put-right", test_put_right);
  TEST ("summer-time", test_summer_time);
  TEST ("at-once", test_at_once);
  TEST ("first-purchase", test_first_purchase);
  TEST ("registration", test_registration);
  TEST ("states", test_states);
  TEST ("many", test_many);
  TEST ("replay", test_replay);
  TEST ("tier-moves", test_tier_moves);
  TEST ("example", test_example);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
