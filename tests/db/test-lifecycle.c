/* Lifecycle: what a clerk is told of a person's coming and staying away is true to the day, however late it is computed. */
#include "schema-house.h"

#include <math.h>
#include <string.h>

/* "2024-01-01 new, 2024-01-22 active": the changes that stand. (transfer full) */
static char *
history (House *house, gint64 customer)
{
  return ask (house->conn,
              "select string_agg (to_char (at at time zone 'Asia/Baku', 'YYYY-MM-DD') || ' ' || to_state, ', ' order "
              "by at, change_id) from oba.lifecycle_history where customer_id = %" G_GINT64_FORMAT,
              customer);
}

#define assert_history(house, customer, expected) \
  G_STMT_START \
    { \
      g_autofree char *oba_history = history (house, customer); \
      g_assert_cmpstr (oba_history, ==, expected); \
    } \
  G_STMT_END

/* PostgreSQL's own housekeeping may be a transaction that is older than ours, for a moment. */
static void
fold (House *house)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (ask_int (house->conn, "select count (*) from oba.receipts, oba.rollup_state where xid >= folded_below") > 0)
    {
      run (house->conn, "select oba.fold_rollups ()");
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    }
}

/* As the jobs would have left it on the evening of @day; "" is today. */
static void
refresh (House *house, const char *day)
{
  fold (house);
  while (ask_int (house->conn, "select oba.refresh_lifecycle (1, nullif ('%s', '')::date)", day) > 0)
    ;
}

/* A receipt at noon of each day: "2024-01-01 2024-01-08". */
static void
visit (House *house, gint64 customer, const char *days)
{
  g_auto (GStrv) list = g_strsplit (days, " ", -1);

  for (guint i = 0; list[i] != NULL; i++)
    {
      g_autofree char *at = strchr (list[i], 'T') != NULL ? g_strdup (list[i]) : g_strdup_printf ("%sT12:00:00+04:00", list[i]);
      g_autofree char *no = g_strdup_printf ("%" G_GINT64_FORMAT "-%s", customer, at);

      sale (house->conn, customer, no, at, 500);
    }
}

/* Who came once is new until the 60th day, then lapsing, from the 180th day lost; who never came is nothing. */
static void
test_once (House *house, gconstpointer unused)
{
  visit (house, 100, "2024-01-10");
  refresh (house, "2024-01-10");
  assert_history (house, 100, "2024-01-10 new");
  assert_ask (house->conn, "new 2024-01-10 00:00:00+04 2024-03-10 1",
              "select concat_ws (' ', lifecycle, lifecycle_since, lifecycle_due, visit_days) from oba.customer_stats where customer_id = 100");
  refresh (house, "2024-03-09");
  assert_history (house, 100, "2024-01-10 new");
  refresh (house, "2024-03-10");
  assert_history (house, 100, "2024-01-10 new, 2024-03-10 lapsing");
  refresh (house, "2024-07-07");
  assert_history (house, 100, "2024-01-10 new, 2024-03-10 lapsing");
  refresh (house, "2024-07-08");
  assert_history (house, 100, "2024-01-10 new, 2024-03-10 lapsing, 2024-07-08 lost");
  assert_ask (house->conn, "lost 2024-07-08 00:00:00+04",
              "select concat_ws (' ', lifecycle, lifecycle_since, lifecycle_due) from oba.customer_stats where customer_id = 100");
  refresh (house, "");
  assert_ask (house->conn, "1", "select count (*) from oba.customer_stats where customer_id = 200 and lifecycle is null and lifecycle_since is null");
  all_is_well (house);
}

/* A weekly buyer: active at the fourth visit, lapsing after 14 days, lost after 60, won back, and active again at the fourth visit since. */
static void
test_weekly (House *house, gconstpointer unused)
{
  visit (house, 100, "2024-01-01 2024-01-08 2024-01-15");
  refresh (house, "2024-01-15");
  assert_history (house, 100, "2024-01-01 new");
  visit (house, 100, "2024-01-22 2024-01-29");
  refresh (house, "2024-02-11");
  assert_history (house, 100, "2024-01-01 new, 2024-01-22 active");
  refresh (house, "2024-03-28");
  assert_history (house, 100, "2024-01-01 new, 2024-01-22 active, 2024-02-12 lapsing");
  refresh (house, "2024-03-29");
  assert_history (house, 100, "2024-01-01 new, 2024-01-22 active, 2024-02-12 lapsing, 2024-03-29 lost");
  visit (house, 100, "2024-04-01 2024-04-08 2024-04-15");
  refresh (house, "2024-04-15");
  assert_history (house, 100, "2024-01-01 new, 2024-01-22 active, 2024-02-12 lapsing, 2024-03-29 lost, 2024-04-01 won_back");
  visit (house, 100, "2024-04-22");
  refresh (house, "2024-04-22");
  assert_history (house, 100,
                  "2024-01-01 new, 2024-01-22 active, 2024-02-12 lapsing, 2024-03-29 lost, 2024-04-01 won_back, 2024-04-22 active");
  assert_ask (house->conn, "5 28 196 2024-01-29 60",
              "select concat_ws (' ', visits, gap_sum, gap_squares, last_visit_day, absent_days) from oba.lifecycle_history where to_state = 'lost'");
  refresh (house, "");
  all_is_well (house);
}

/* Gaps of 1, 13, 1, 13 days: mean 7, deviation 6, so 19 days; and 60 as three times 19 is less. */
static void
test_irregular (House *house, gconstpointer unused)
{
  visit (house, 100, "2024-01-01 2024-01-02 2024-01-15 2024-01-16 2024-01-29");
  refresh (house, "2024-02-16");
  assert_history (house, 100, "2024-01-01 new, 2024-01-16 active");
  refresh (house, "2024-03-29");
  assert_history (house, 100, "2024-01-01 new, 2024-01-16 active, 2024-02-17 lapsing, 2024-03-29 lost");
  /* Never below 14 days, never above 120, never above three times the mean. */
  assert_ask (house->conn, "14 120 21 20 60", "select concat_ws (' ', oba.lapsing_after (3, 3, 3), oba.lapsing_after (10, 900, 81000), "
              "oba.lapsing_after (10, 70, 4900), oba.lapsing_after (3, 30, 300), oba.lapsing_after (2, 4, 8))");
  assert_ask (house->conn, "60 360 63 60 180", "select concat_ws (' ', oba.lost_after (3, 3, 3), oba.lost_after (10, 900, 81000), "
              "oba.lost_after (10, 70, 4900), oba.lost_after (3, 30, 300), oba.lost_after (2, 4, 8))");
}

/* Days are Baku's: half past midnight is another day than an hour before, whatever UTC says; several receipts of a day are one visit. */
static void
test_days (House *house, gconstpointer unused)
{
  visit (house, 100, "2024-01-10T08:00:00+04:00 2024-01-10T23:30:00+04:00 2024-01-10T20:30:00+00:00 2024-01-11T01:00:00+04:00");
  refresh (house, "2024-01-11");
  assert_ask (house->conn, "2 2024-01-11 1 1", "select concat_ws (' ', visit_days, last_visit_day, gaps, gap_sum) from oba.customer_stats where customer_id = 100");
  /* On the very day on which somebody would be lapsing: lapsing at midnight, active at noon. */
  visit (house, 200, "2024-01-01 2024-01-08 2024-01-15 2024-01-22 2024-02-05 2024-02-18");
  refresh (house, "2024-02-20");
  assert_history (house, 200, "2024-01-01 new, 2024-01-22 active, 2024-02-05 lapsing, 2024-02-05 active");
  refresh (house, "");
  all_is_well (house);
}

/* Who lapsed before the fourth visit and came back is no more new. */
static void
test_slow_start (House *house, gconstpointer unused)
{
  visit (house, 100, "2024-01-01 2024-03-15");
  refresh (house, "2024-03-15");
  assert_history (house, 100, "2024-01-01 new, 2024-03-01 lapsing, 2024-03-15 active");
  refresh (house, "");
  all_is_well (house);
}

/* A receipt that comes late corrects what was said too early: the wrong change is withdrawn, not forgotten. */
static void
test_late (House *house, gconstpointer unused)
{
  visit (house, 100, "2024-01-01 2024-01-08 2024-01-15 2024-01-22");
  refresh (house, "2024-02-20");
  assert_history (house, 100, "2024-01-01 new, 2024-01-22 active, 2024-02-05 lapsing");
  visit (house, 100, "2024-01-29");
  refresh (house, "2024-02-20");
  assert_history (house, 100, "2024-01-01 new, 2024-01-22 active, 2024-02-12 lapsing");
  assert_ask (house->conn, "1 4", "select (select count (*) from oba.lifecycle_withdrawals) || ' ' || (select count (*) from oba.lifecycle_changes)");
  refused (house->conn, "OB009", "delete from oba.lifecycle_changes");
  refused (house->conn, "OB009", "update oba.lifecycle_withdrawals set change_id = 1");
  /* A receipt of a day on which the person was there anyway changes nothing but the count. */
  visit (house, 100, "2024-01-29T18:00:00+04:00");
  refresh (house, "2024-02-20");
  assert_ask (house->conn, "1 4", "select (select count (*) from oba.lifecycle_withdrawals) || ' ' || (select count (*) from oba.lifecycle_changes)");
  refresh (house, "");
  all_is_well (house);
}

/* A return brings nobody back, a sale that was voided was no visit. */
static void
test_returns (House *house, gconstpointer unused)
{
  visit (house, 100, "2024-01-01");
  g_free (call (house->conn, "return_lines", NULL,
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '100-2024-01-01T12:00:00+04:00'}, 'sold_at': '2024-03-15T10:00:00+04:00', "
                "'lines': [{'line': 1, 'quantity': 1}], 'reason_code': 'x'}"));
  visit (house, 200, "2024-01-01 2024-02-01");
  refresh (house, "2024-03-20");
  assert_history (house, 100, "2024-01-01 new, 2024-03-01 lapsing");
  assert_history (house, 200, "2024-01-01 new");
  g_free (call (house->conn, "return_lines", NULL,
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '200-2024-02-01T12:00:00+04:00'}, 'sold_at': '2024-03-21T10:00:00+04:00', "
                "'reason_code': 'x'}"));
  refresh (house, "2024-03-21");
  assert_history (house, 200, "2024-01-01 new, 2024-03-01 lapsing");
  g_free (call (house->conn, "return_lines", NULL,
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '200-2024-01-01T12:00:00+04:00'}, 'sold_at': '2024-03-21T10:00:00+04:00', "
                "'reason_code': 'x'}"));
  refresh (house, "2024-03-21");
  assert_history (house, 200, "");
  assert_ask (house->conn, "0", "select concat_ws (' ', visit_days, last_visit_day, lifecycle, lifecycle_since, lifecycle_due) from oba.customer_stats where customer_id = 200");
  refresh (house, "");
  all_is_well (house);
}

/* A loaded past has the dates of the past. */
static void
test_import (House *house, gconstpointer unused)
{
  gint64 batch = ask_int (house->conn, "insert into oba.import_batches (kind) values ('sales') returning batch_id");

  run (house->conn,
       "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, paid_cash, line_count, source, batch_id)"
       " select 100, oba.day_start ('2023-01-02'::date + n * 7) + interval '1 hour', 5000 + n, 1, 3, n::text, 100, 100, 1, 'import', %" G_GINT64_FORMAT
       " from generate_series (0, 9) n", batch);
  run (house->conn, "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)"
       " select customer_id, sold_at, receipt_id, 1, 1, 1000, 100, 100 from oba.receipts");
  run (house->conn, "select setval ('oba.receipt_ids', 10000)");
  run (house->conn, "select oba.post_batch (%" G_GINT64_FORMAT ")", batch);
  refresh (house, "");
  assert_history (house, 100, "2023-01-02 new, 2023-01-23 active, 2023-03-20 lapsing, 2023-05-05 lost");
  assert_ask (house->conn, "t", "select bool_and (recorded_at > now() - interval '1 hour') from oba.lifecycle_changes");
  all_is_well (house);
}

/* ---- the same by plain stepping through the days, apart from the code under test */

typedef struct
{
  GString *text;
  const char *state;
} Oracle;

static void
becomes (Oracle *oracle, const char *state, int day)
{
  GDate date;
  char buffer[16];

  if (g_strcmp0 (oracle->state, state) == 0)
    return;
  oracle->state = state;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, 1, 2023);
  g_date_add_days (&date, (guint) day);
  g_date_strftime (buffer, sizeof buffer, "%Y-%m-%d", &date);
  g_string_append_printf (oracle->text, "%s%s %s", oracle->text->len > 0 ? ", " : "", buffer, state);
}

static int
limit (GArray *gaps)
{
  guint n = MIN (gaps->len, 10);
  double mean = 0, variance = 0, days;

  if (n < 3)
    return 60;
  for (guint i = gaps->len - n; i < gaps->len; i++)
    mean += MIN (g_array_index (gaps, int, i), 90) / (double) n;
  for (guint i = gaps->len - n; i < gaps->len; i++)
    variance += pow (MIN (g_array_index (gaps, int, i), 90) - mean, 2) / n;
  days = CLAMP (mean + 2 * sqrt (variance), 2 * mean, 3 * mean);
  return (int) ceil (CLAMP (days, 14, 120) - 1e-9);
}

/* The story of the visits on the days (from 2023-01-01) for which @came is set, until @today. (transfer full) */
static char *
tell (const gboolean *came, int today)
{
  Oracle oracle = { g_string_new (NULL), NULL };
  g_autoptr (GArray) gaps = g_array_new (FALSE, FALSE, sizeof (int));
  const char *phase = NULL;
  int last = -1, in_phase = 0;

  for (int day = 0; day <= today; day++)
    {
      if (last >= 0 && day - last == limit (gaps))
        becomes (&oracle, "lapsing", day);
      if (last >= 0 && day - last == MAX (60, 3 * limit (gaps)))
        becomes (&oracle, "lost", day);
      if (!came[day])
        continue;
      if (last < 0)
        phase = "new";
      else if (strcmp (oracle.state, "lost") == 0)
        phase = "won_back";
      else if (strcmp (oracle.state, "lapsing") == 0 || in_phase + 1 >= 4)
        phase = "active";
      in_phase = last < 0 || strcmp (oracle.state, "lost") == 0 ? 1 : in_phase + 1;
      if (last >= 0)
        g_array_append_vals (gaps, &(int) { day - last }, 1);
      last = day;
      becomes (&oracle, phase, day);
    }
  return g_string_free (oracle.text, FALSE);
}

#define DAYS 700

/* Receipts in any order, late ones and voids among them, refreshed at any time: always what plain stepping through the days tells. */
static void
test_random (House *house, gconstpointer unused)
{
  guint32 seed = (guint32) g_test_rand_int ();
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
  static gboolean came[2][DAYS];
  int today = 0;

  g_test_message ("seed %u", seed);
  memset (came, 0, sizeof came);
  for (guint round = 0; round < 60; round++)
    {
      today += g_rand_int_range (dice, 0, g_rand_int_range (dice, 1, 8) == 1 ? 150 : 20);
      today = MIN (today, DAYS - 1);
      for (int k = g_rand_int_range (dice, 0, 4); k > 0; k--)
        {
          int who = g_rand_int_range (dice, 0, 2);
          int day = g_rand_int_range (dice, 0, 5) == 0 ? g_rand_int_range (dice, 0, today + 1) : today - g_rand_int_range (dice, 0, MIN (today + 1, 20));
          g_autofree char *no = g_strdup_printf ("%u-%d-%d", round, k, day);
          g_autofree char *at = ask (house->conn, "select oba.day_start ('2023-01-01'::date + %d) + interval '%d minutes'", day, g_rand_int_range (dice, 0, 1440));

          sale (house->conn, who == 0 ? 100 : 200, no, at, 100);
          if (g_rand_int_range (dice, 0, 6) == 0)
            g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': '%s'}, 'sold_at': '%s', 'reason_code': 'x'}", no, at));
          else
            came[who][day] = TRUE;
        }
      fold (house);
      while (ask_int (house->conn, "select oba.refresh_lifecycle (%d, '2023-01-01'::date + %d)", g_rand_int_range (dice, 1, 3), today) > 0)
        ;
      for (int who = 0; who < 2; who++)
        {
          g_autofree char *told = tell (came[who], today);

          assert_history (house, who == 0 ? 100 : 200, told);
        }
    }
  refresh (house, "");
  all_is_well (house);
}

/* Two jobs at once, and receipts that are not folded yet: nothing twice, nothing lost. */
static void
test_two_at_once (House *house, gconstpointer unused)
{
  PGconn *other = house_connect (house);

  visit (house, 100, "2024-01-01");
  fold (house);
  run (other, "begin");
  g_assert_cmpint (ask_int (other, "select oba.refresh_lifecycle ()"), ==, 1);
  g_assert_cmpint (ask_int (house->conn, "select oba.refresh_lifecycle ()"), ==, 0);
  run (other, "commit");
  g_assert_cmpint (ask_int (house->conn, "select oba.refresh_lifecycle ()"), ==, 0);
  /* Posted, not folded: not looked at until the totals have it, so that the list and the lifecycle tell of the same receipts. */
  visit (house, 100, "2024-01-05");
  g_assert_cmpint (ask_int (house->conn, "select oba.refresh_lifecycle ()"), ==, 0);
  refresh (house, "");
  assert_ask (house->conn, "2", "select visit_days from oba.customer_stats where customer_id = 100");
  all_is_well (house);
  PQfinish (other);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, House, NULL, house_setup, func, house_teardown)
  ADD ("/lifecycle/once", test_once);
  ADD ("/lifecycle/weekly", test_weekly);
  ADD ("/lifecycle/irregular", test_irregular);
  ADD ("/lifecycle/days", test_days);
  ADD ("/lifecycle/slow-start", test_slow_start);
  ADD ("/lifecycle/late", test_late);
  ADD ("/lifecycle/returns", test_returns);
  ADD ("/lifecycle/import", test_import);
  ADD ("/lifecycle/random", test_random);
  ADD ("/lifecycle/two-at-once", test_two_at_once);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
