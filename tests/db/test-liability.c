/* What the chain owes in points: always what lots and ledger say, whatever happens, in whatever order it is committed and counted. */
#include "schema-house.h"

#include <string.h>

#include "db/oba-db-sql.h"

/* The lots by tier and months, and the ledger by day and kind, against what the page and the report are given. */
static const char differences[] =
    "with cells as (select p.tier_id, date_trunc ('month', oba.business_day (l.entry_at))::date as earned, date_trunc ('month', l.expires_on)::date as expires, sum (l.remaining)::bigint as points"
    "               from oba.points_lots l join oba.points_accounts p using (customer_id) where l.remaining > 0 group by 1, 2, 3),"
    "     days as (select oba.business_day (occurred_at) as day, kind, count (*) as entries, sum (points)::bigint as points from oba.points_ledger group by 1, 2)"
    " select (select count (*) from oba.liability_now () n full join cells c using (tier_id, earned, expires) where n.points is distinct from c.points)"
    "      + (select count (*) from oba.liability_movements () n full join days d using (day, kind) where (n.entries, n.points) is distinct from (d.entries, d.points))";

static gint64
count_broken (House *house)
{
  return ask_int (house->conn, "with broken (what) as materialized (\n%s\n) select count (*) from broken", oba_db_sql ("verify/liability.sql"));
}

static void
assert_agrees (House *house, guint32 seed, guint step)
{
  gint64 wrong = ask_int (house->conn, "%s", differences);

  if (wrong != 0 || count_broken (house) != 0)
    g_error ("seed %u, step %u: %" G_GINT64_FORMAT " figures are not the ledger's; %s", seed, step, wrong,
             ask (house->conn, "with broken (what) as materialized (\n%s\n) select string_agg (what, '; ') from broken", oba_db_sql ("verify/liability.sql")));
}

/* Until what is committed is folded. */
static void
fold (House *house)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  do
    run (house->conn, "select oba.fold_liability ()");
  while (ask_int (house->conn, "select count (*) from oba.points_ledger l, oba.liability_state s where l.xid >= s.folded_below") > 0 && g_get_monotonic_time () < deadline);
  g_assert_cmpint (ask_int (house->conn, "select oba.fold_liability ()"), ==, 0);
}

static char *
months (House *house, const char *first, const char *last)
{
  return ask (house->conn, "select string_agg (concat_ws (' ', to_char (month, 'MM'), opening, issued, redeemed, expired, clawed_back, adjusted, closing), ', ' order by month)"
                           " from oba.liability_months (%s, %s)", first, last);
}

/* Every kind of movement is in its month and its column; opening and movements make the closing, which is the next one's opening. */
static void
test_months (House *house, gconstpointer unused)
{
  const char *expected = "01 0 99 0 0 33 0 66, 02 66 50 20 0 0 5 101, 03 101 0 0 0 0 0 101, 04 101 0 0 96 0 0 5";
  g_autofree char *before = NULL, *after = NULL, *part = NULL, *now = NULL;

  run (house->conn, "set timezone = 'Asia/Baku'");
  sale (house->conn, 100, "1", "2024-01-31T23:59:59+04:00", 9900);
  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'sold_at': '2024-01-31T23:59:59.5+04:00',"
                                                   " 'lines': [{'line': 1, 'quantity': 0.333}], 'reason_code': 'x'}"));
  sale (house->conn, 200, "2", "2024-02-01T00:00:00+04:00", 5000);
  /* Dated by hand into the past: what the functions do is always of now. */
  run (house->conn, "do $$ begin"
                    " perform oba.debit (200, '2024-02-29 23:59:59+04', 'redeem', 20, null, false, null, null, null, null, null, null, null, null, 'till');"
                    " perform oba.credit (200, '2024-02-29 23:59:59+04', 'adjust', 5, '2124-01-01', null, null, null, null, null, 'x', 'staff'); end $$");
  fold (house);
  run (house->conn, "update oba.points_lots set expires_on = '2024-03-31' where points > 5");
  run (house->conn, "select oba.expire_points (100, '2024-03-31')");
  g_assert_cmpint (ask_int (house->conn, "select count (*) from oba.points_ledger where kind = 'expire'"), ==, 0);
  run (house->conn, "select oba.expire_points (100, '2024-04-01')");
  before = months (house, "'2024-01-01'", "'2024-04-30'");
  fold (house);
  after = months (house, "'2024-01-01'", "'2024-04-30'");
  g_assert_cmpstr (before, ==, expected);
  g_assert_cmpstr (after, ==, expected);
  assert_agrees (house, 0, 0);

  /* Of one day only what is of that day. */
  part = months (house, "'2024-02-29'", "'2024-02-29'");
  g_assert_cmpstr (part, ==, "02 116 0 20 0 0 5 101");
  now = ask (house->conn, "select concat_ws (' ', tier_id, earned, expires, points) from oba.liability_now ()");
  g_assert_cmpstr (now, ==, "1 2024-02-01 2124-01-01 5");
}

/* How old a lot is goes by months, as reports say it. */
static void
test_ages (House *house, gconstpointer unused)
{
  assert_ask (house->conn, "0 1 1 2 3 4 5 6",
              "select string_agg (oba.liability_age ((date '2024-03-01' - make_interval (months => n))::date, '2024-03-31')::text, ' ' order by n)"
              " from unnest (array[0, 1, 3, 4, 12, 13, 24, 25]) n");
}

/* A tier's points go with the person, and a lot's with its last day, also when those change while other things are still uncommitted. */
static void
test_moves (House *house, gconstpointer unused)
{
  PGconn *other = house_connect (house);

  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 9900);
  fold (house);
  /* Holds up what is younger than itself. */
  run (other, "begin; select pg_current_xact_id ()");
  sale (house->conn, 100, "2", "2024-01-11T10:00:00+04:00", 150000);
  run (house->conn, "update oba.points_lots set expires_on = '2122-05-05' where points = 99");
  g_assert_cmpint (ask_int (house->conn, "select oba.fold_liability ()"), ==, 0);
  assert_agrees (house, 0, 1);
  assert_ask (house->conn, "2 99 2122-05-01, 2 1500 2124-01-01", "select string_agg (concat_ws (' ', tier_id, points, expires), ', ' order by points) from oba.liability_now ()");
  run (other, "commit");
  fold (house);
  assert_ask (house->conn, "2 99 2122-05-01, 2 1500 2124-01-01", "select string_agg (concat_ws (' ', tier_id, points, expires), ', ' order by points) from oba.liability_lots");
  g_assert_cmpint (ask_int (house->conn, "select count (*) from oba.liability_moves"), ==, 0);
  assert_agrees (house, 0, 2);
  PQfinish (other);
}

/* A point that was spent before its sale came back is owed to us: it is in no lot, and the ledger is as much lower. */
static void
test_owed (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 10000);
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 70}"));
  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'lines': [{'line': 1, 'quantity': 1}], 'reason_code': 'x'}"));
  assert_agrees (house, 0, 0);
  assert_ask (house->conn, "0 -70", "select concat_ws (' ', (select coalesce (sum (points), 0) from oba.liability_now ()), (select sum (points) from oba.liability_movements ()))");
  fold (house);
  /* The debt is paid under the entry that made it, in a later transaction. */
  sale (house->conn, 100, "2", "2024-01-12T10:00:00+04:00", 10000);
  fold (house);
  assert_ask (house->conn, "30 30", "select concat_ws (' ', (select sum (points) from oba.liability_lots), (select sum (points) from oba.liability_days))");
  assert_agrees (house, 0, 1);
}

/* In another cluster (a restored dump) transaction ids mean nothing: everything is counted anew, and goes on from there. */
static void
test_restored (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 9900);
  fold (house);
  run (house->conn, "begin; set local session_replication_role = replica; update oba.points_ledger set xid = '9000000000'; update oba.liability_lots set points = 7;"
                    " update oba.liability_state set system_identifier = 1; commit");
  run (house->conn, "select oba.fold_liability ()");
  assert_agrees (house, 0, 0);
  sale (house->conn, 100, "2", "2024-01-11T10:00:00+04:00", 9900);
  assert_agrees (house, 0, 1);
  fold (house);
  assert_ask (house->conn, "198", "select sum (points) from oba.liability_lots");
  run (house->conn, "begin");
  sale (house->conn, 100, "3", "2024-01-11T10:00:00+04:00", 9900);
  refused (house->conn, "OB013", "select oba.rebuild_liability ()");
  run (house->conn, "rollback");
}

/* Something that might happen to points just now. */
static char *
anything (GRand *dice, guint n, int first)
{
  int customer = first + g_rand_int_range (dice, 0, 3);
  int other = first + g_rand_int_range (dice, 0, 3);
  int no = g_rand_int_range (dice, 0, (int) n + 1);

  switch (g_rand_int_range (dice, 0, 16))
    {
    case 0:
      return g_strdup_printf ("select oba.redeem_points ('{\"customer_id\": %d, \"points\": %d}')", customer, g_rand_int_range (dice, 1, 300));
    case 1:
      return g_strdup_printf ("select oba.move_redemption (jsonb_build_object ('customer_id', customer_id, 'redemption_id', redemption_id, 'state', 'cancelled'))"
                              " from oba.redemptions where state = 'approved' and customer_id = %d limit 1", customer);
    case 2:
      return g_strdup_printf ("select oba.adjust_points ('{\"customer_id\": %d, \"points\": %d, \"reason\": \"x\"}')", customer, g_rand_boolean (dice) ? 77 : -33);
    case 3:
      return g_strdup_printf ("select oba.merge_customers ('{\"source\": %d, \"survivor\": %d}', null)", customer, other);
    case 4:
      return g_strdup_printf ("select oba.unmerge_customers (jsonb_build_object ('merge_id', merge_id), null) from oba.merges where undone_at is null and source_id between %d and %d"
                              " order by merge_id desc limit 1", first, first + 2);
    case 5:
      return g_strdup_printf ("update oba.points_lots set expires_on = '2024-05-05' where customer_id = %d and lot_id %% 3 = %d", customer, g_rand_int_range (dice, 0, 3));
    case 6:
      return g_strdup ("select oba.expire_points (1)");
    case 7:
      return g_strdup ("select oba.refresh_tiers (2)");
    case 8:
    case 9:
      return g_strdup_printf ("select oba.return_lines ('{\"original\": {\"store\": 1, \"till\": 1, \"receipt_no\": \"%d\"}, \"lines\": [{\"line\": 1, \"quantity\": 1}], \"reason_code\": \"x\"}')", no);
    default:
      return g_strdup_printf ("select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"%u\", \"sold_at\": \"%d-01-10T10:00:00+04:00\", \"customer_id\": %d, \"total\": %d,"
                              " \"lines\": [{\"product\": 1, \"quantity\": 3, \"unit_price\": %d, \"total\": %d}]}', 'till', 'k%u')",
                              n, g_rand_boolean (dice) ? 2024 : 2023, customer, 66 * 600, 22 * 600, 66 * 600, n);
    }
}

static void
attempt (PGconn *conn, const char *sql, guint *done)
{
  PGresult *result = PQexec (conn, sql);

  if (PQresultStatus (result) == PGRES_TUPLES_OK || PQresultStatus (result) == PGRES_COMMAND_OK)
    (*done)++;
  else if (strncmp (PQresultErrorField (result, PG_DIAG_SQLSTATE), "OB", 2) != 0 && strcmp (PQresultErrorField (result, PG_DIAG_SQLSTATE), "55P03") != 0)
    g_error ("%s", PQresultErrorMessage (result));
  PQclear (result);
}

/*
 * Two at work, one of them in long transactions that it sometimes takes back, so that the job always has something younger than what it may count; tiers rise and fall, lots
 * move and expire, persons are merged and parted. After every step the figures are the ledger's, folded or not.
 */
static void
test_anything (House *house, gconstpointer unused)
{
  guint32 seed = (guint32) g_test_rand_int ();
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
  PGconn *slow = house_connect (house);
  guint done = 0;

  run (house->conn, "insert into oba.customers (customer_id, given_name) select n, 'X' from generate_series (1000, 1005) n; set lock_timeout = 100");
  run (slow, "set lock_timeout = 100");
  for (guint n = 0; n < 200; n++)
    {
      g_autofree char *sql = anything (dice, 2 * n, 1000);
      g_autofree char *late = anything (dice, 2 * n + 1, 1003);

      attempt (house->conn, sql, &done);
      if (PQtransactionStatus (slow) == PQTRANS_IDLE)
        run (slow, "begin; select pg_current_xact_id ()");
      run (slow, "savepoint s");
      attempt (slow, late, &done);
      if (PQtransactionStatus (slow) == PQTRANS_INERROR)
        run (slow, "rollback to s");
      if (g_rand_int_range (dice, 0, 5) == 0)
        run (slow, g_rand_int_range (dice, 0, 4) == 0 ? "rollback" : "commit");
      if (g_rand_int_range (dice, 0, 3) == 0)
        run (house->conn, "select oba.fold_liability ()");
      if (n % 8 == 0)
        assert_agrees (house, seed, n);
    }
  PQfinish (slow);
  assert_agrees (house, seed, 200);
  fold (house);
  assert_agrees (house, seed, 201);
  g_assert_cmpuint (done, >, 200);
  g_assert_cmpint (ask_int (house->conn, "select count (*) from oba.merges"), >, 0);
  g_assert_cmpint (ask_int (house->conn, "select count (*) from oba.points_ledger where kind = 'expire'"), >, 0);
}

/* Only an administrator says what points are worth, with a reason, and never over what a colleague said meanwhile; clerks do not see what the chain owes. */
static void
test_rules (House *house, gconstpointer unused)
{
  assert_ask (house->conn, "1 100 f 0", "select concat_ws (' ', version, point_value, own_value, breakage) from oba.liability_value (now ())");
  g_free (call (house->conn, "set_spending_rules", NULL, "{'version': 1, 'point_value': 2, 'earns': false, 'code_seconds': 90}"));
  assert_ask (house->conn, "200", "select point_value from oba.liability_value (now ())");
  g_free (call (house->conn, "set_liability_rule", NULL, "{'version': 1, 'point_value': 85, 'breakage': 1250, 'reason': 'as audited'}"));
  assert_ask (house->conn, "2 85 t 1250", "select concat_ws (' ', version, point_value, own_value, breakage) from oba.liability_value (now ())");
  call_refused (house->conn, "OB003", "set_liability_rule", "{'version': 1, 'breakage': 0, 'reason': 'x'}");
  call_refused (house->conn, "OB001", "set_liability_rule", "{'version': 2, 'breakage': 10001, 'reason': 'x'}");
  call_refused (house->conn, "OB001", "set_liability_rule", "{'version': 2, 'breakage': 0, 'point_value': 0, 'reason': 'x'}");
  call_refused (house->conn, "OB001", "set_liability_rule", "{'version': 2, 'breakage': 0, 'reason': ' '}");
  refused (house->conn, "OB009", "update oba.liability_rules set breakage = 0");
  run (house->conn, "create role liability_clerk in role oba_clerk; create role liability_marketing in role oba_marketing");
  run (house->conn, "set role liability_clerk");
  refused (house->conn, "42501", "select * from oba.liability_now ()");
  run (house->conn, "set role liability_marketing");
  run (house->conn, "select * from oba.liability_now ()");
  refused (house->conn, "42501", "select oba.set_liability_rule ('{}')");
  refused (house->conn, "42501", "update oba.liability_lots set points = 0");
  run (house->conn, "reset role; drop role liability_clerk; drop role liability_marketing");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, House, NULL, house_setup, func, house_teardown)
  ADD ("/liability/months", test_months);
  ADD ("/liability/ages", test_ages);
  ADD ("/liability/moves", test_moves);
  ADD ("/liability/owed", test_owed);
  ADD ("/liability/restored", test_restored);
  ADD ("/liability/rules", test_rules);
  ADD ("/liability/anything", test_anything);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
