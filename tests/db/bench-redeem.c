/*
 * One redemption against a bare UPDATE of the account's row, and against the bare statements of its rows, in the same run, by the medians. Fails above three times the UPDATE.
 * The UPDATE takes as many points off the balance as the redemption does, in the same tables with the same indexes. Each way is one round trip over one and the same connection, sent as
 * text, a transaction of its own that is committed to the disk as the product commits, for customers taken one after the other; the ways go first in turn, so that a busy machine slows all.
 * One connection, since that is what somebody at a till waits for: more of them share their waits for the disk, in each way.
 * What the same costs without waiting for the disk is told beside it, not judged: there the rows alone are more than three UPDATEs.
 * OBA_BENCH_REDEMPTIONS: how many (400). OBA_BENCH_CUSTOMERS: among how many (2,000).
 */
#include "schema-house.h"

#include <stdlib.h>

#define LIMIT 3.0
#define FIRST_CUSTOMER 1000
#define WARMING 20

static int
compare (gconstpointer a, gconstpointer b)
{
  return *(const gint64 *) a < *(const gint64 *) b ? -1 : *(const gint64 *) a > *(const gint64 *) b;
}

static gint64
median_of (GArray *times)
{
  g_array_sort (times, compare);
  return g_array_index (times, gint64, times->len / 2);
}

static void
measure (House *house, GArray *times, const char *sql)
{
  gint64 start = g_get_monotonic_time ();
  gint64 took;

  run (house->conn, "%s", sql);
  took = g_get_monotonic_time () - start;
  g_array_append_val (times, took);
}

/* The rows of a redemption, a statement each, so that every invariant holds afterwards. %u: the customer, twice the number. */
static const char bare[] =
  "begin;"
  "insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, redemption_id, source)"
  " values (%1$u, now(), nextval ('oba.entry_ids'), 'redeem', -3, nextval ('oba.redemptions_redemption_id_seq'), 'staff');"
  "update oba.points_lots set remaining = remaining - 3 where customer_id = %1$u and lot_id = (select min (l.lot_id) from oba.points_lots l where l.customer_id = %1$u);"
  "insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points)"
  " select customer_id, currval ('oba.entry_ids'), lot_id, 3 from oba.points_lots where customer_id = %1$u;"
  "update oba.points_accounts set balance = balance - 3, updated_at = now(), redeemed_on = oba.business_day (now()), redeemed_points = redeemed_points + 3 where customer_id = %1$u;"
  "insert into oba.redemptions (customer_id, redemption_id, reward_id, quantity, points, state, entry_id, entry_at, voucher_hash, expires_at, through, proof) overriding system value"
  " values (%1$u, currval ('oba.redemptions_redemption_id_seq'), 1, 1, 3, 'approved', currval ('oba.entry_ids'), now(), sha256 ('%2$u'), now() + interval '30 days', 'staff', 'supervisor');"
  "insert into oba.redemption_events (customer_id, redemption_id, event_no, to_state, through) values (%1$u, currval ('oba.redemptions_redemption_id_seq'), 1, 'approved', 'staff');"
  "insert into oba.vouchers (voucher_hash, customer_id, redemption_id, code) values (sha256 ('%2$u'), %1$u, currval ('oba.redemptions_redemption_id_seq'), '000000000000');"
  "update oba.rewards set stock = stock - 1 where reward_id = 1 and stock >= 1;"
  "insert into oba.stock_movements (reward_id, kind, quantity) values (1, 'reserve', -1);"
  "insert into oba.idempotency_keys (scope, key, request_hash, refused, answer, customer_id) values ('bare', 'k%2$u', sha256 ('%2$u'), false, '{\"customer_id\": %1$u}', %1$u);"
  "commit";

enum
{
  UPDATE,
  REDEMPTION,
  ROWS,
  N_WAYS
};

static guint
wanted (const char *variable, guint otherwise)
{
  const char *text = g_getenv (variable);

  return text != NULL ? MAX (1, (guint) g_ascii_strtoull (text, NULL, 10)) : otherwise;
}

/* What a way sends for its @turn of all. (transfer full) */
static char *
statement_of (guint way, guint turn, guint customers)
{
  guint customer = FIRST_CUSTOMER + turn % customers;

  switch (way)
    {
    case UPDATE:
      return g_strdup_printf ("update oba.points_accounts set balance = balance - 3, updated_at = now() where customer_id = %u", customer);
    case REDEMPTION:
      return g_strdup_printf ("select oba.redeem_points ('{\"customer_id\": %u, \"reward_id\": 1}', 'bench', 'k%u')", customer, turn);
    default:
      return g_strdup_printf (bare, customer, turn);
    }
}

/* The medians of @n turns, in microseconds; @turn: how many there were before. */
static void
take_turns (House *house, guint n, guint customers, guint *turn, int medians[N_WAYS])
{
  GArray *times[N_WAYS];

  for (guint i = 0; i < N_WAYS; i++)
    times[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < n + WARMING; i++, ++*turn)
    {
      for (guint k = 0; k < N_WAYS && i == WARMING; k++) /* what was planned and read for the first time is not measured */
        g_array_set_size (times[k], 0);
      for (guint k = 0; k < N_WAYS; k++)
        {
          guint way = (i + k) % N_WAYS;
          g_autofree char *sql = statement_of (way, *turn, customers);

          measure (house, times[way], sql);
        }
    }
  for (guint i = 0; i < N_WAYS; i++)
    {
      medians[i] = (int) MAX (1, median_of (times[i]));
      g_array_unref (times[i]);
    }
}

static double
report (const char *commit, const int medians[N_WAYS])
{
  double ratio = (double) medians[REDEMPTION] / medians[UPDATE];

  g_print ("# %-26s UPDATE %5d us, redemption %5d us: %.2f times; its rows in bare statements %5d us: %.2f times\n", commit, medians[UPDATE], medians[REDEMPTION], ratio, medians[ROWS],
           (double) medians[ROWS] / medians[UPDATE]);
  return ratio;
}

static void
bench (House *house, gconstpointer unused)
{
  guint n = wanted ("OBA_BENCH_REDEMPTIONS", 400);
  guint customers = wanted ("OBA_BENCH_CUSTOMERS", 2000);
  guint turns = 0;
  int medians[N_WAYS];

  run (house->conn,
       "insert into oba.rewards (reward_id, code, kind, name_az, cost, stock, state) values (1, 'cup', 'gift', 'Fincan', 3, 1000000, 'live');"
       "insert into oba.customers (customer_id, given_name) select %1$u + n, 'C' from generate_series (0, %2$u - 1) n;"
       "select count (oba.credit (%1$u + n, now(), 'adjust', 100000, '2040-01-01', null, null, null, null, null, 'x', 'staff')) from generate_series (0, %2$u - 1) n; analyze",
       FIRST_CUSTOMER, customers);
  run (house->conn, "set synchronous_commit = off");
  take_turns (house, n, customers, &turns, medians);
  report ("not waiting for the disk:", medians);
  run (house->conn, "set synchronous_commit = on");
  take_turns (house, n, customers, &turns, medians);
  if (report ("committed to the disk:", medians) > LIMIT)
    {
      g_print ("# more than %.1f times\n", LIMIT);
      g_test_fail ();
    }
  /* What the bare UPDATEs took without a reason. */
  run (house->conn, "update oba.points_accounts set balance = balance + 3 * ((%2$u - 1 - (customer_id - %1$u)) / %3$u + 1) where customer_id between %1$u and %1$u + least (%2$u, %3$u) - 1",
       FIRST_CUSTOMER, turns, customers);
  all_is_well (house);
}

int
main (int argc, char **argv)
{
  int status;

  g_setenv ("OBA_TEST_DURABLE", "1", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/redeem/cost", House, NULL, house_setup, bench, house_teardown);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
