/*
 * Opening a customer's profile at a million customers, through core/customers as the window does: who they are, what their purchases tell, and the first
 * page of their timeline, asked for at once; beside them a plain libpq read of one row by its key, in turns. Strangers are opened once each, so nothing of
 * them is at hand; the heaviest customer (5,000 receipts) again and again, and their timeline down to the bottom; and the first profile of a
 * session, whose statements have to be planned, too.
 * Ends with 1 when one of the product's limits is exceeded: by the 99th percentile of strangers and of the heaviest, by the median of first ones.
 */

#include "oba-test-postgres.h"
#include "oba-test-wait.h"

#include <libpq-fe.h>
#include <stdlib.h>

#include "customers/oba-customer-insight.h"
#include "customers/oba-customers.h"
#include "customers/oba-timeline.h"

#define N_CUSTOMERS 1000000
#define N_RECEIPTS 1000000
#define N_STRANGERS 500
#define N_HEAVY 200
#define N_SESSIONS 20
#define N_CONNECTIONS 4           /* of a session */
#define PAGE 50

#define MAX_PROFILE_MS 150
#define MAX_PAGE_MS 20

typedef struct
{
  ObaDbPool *pool;
  PGconn *plain;
  gint64 first; /* the heaviest customer */
  GRand *dice;
} Bench;

static double
milliseconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000.0;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
quantile (GArray *times, double q)
{
  g_array_sort (times, compare);
  return g_array_index (times, double, MIN ((guint) (q *times->len), times->len - 1));
}

/* Returns the 99th percentile. */
static double
report (const char *what, GArray *times)
{
  double p99 = quantile (times, 0.99);

  g_print ("%-52s p50 %7.2f ms   p99 %7.2f ms   longest %7.2f ms   (%u)\n", what, quantile (times, 0.5), p99, quantile (times, 1), times->len);
  return p99;
}

static double
read_plain (Bench *bench, gint64 id)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  const char *const values[] = { text };
  gint64 start = g_get_monotonic_time ();
  PGresult *result = PQexecPrepared (bench->plain, "by_id", 1, values, NULL, NULL, 0);

  g_assert_cmpint (PQntuples (result), ==, 1);
  PQclear (result);
  return milliseconds_since (start);
}

static guint
read_page (Bench *bench, gint64 id, ObaTimelineEvent **last)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = NULL;

  oba_timeline_read_async (bench->pool, id, OBA_TIMELINE_ALL, *last, PAGE, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  events = oba_timeline_read_finish (result, &error);
  g_assert_no_error (error);
  g_clear_object (last);
  if (events->len > 0)
    *last = g_object_ref (g_ptr_array_index (events, events->len - 1));
  return events->len;
}

static double
open_profile (Bench *bench, gint64 id)
{
  gint64 start = g_get_monotonic_time ();
  GAsyncResult *pending[3] = { NULL, NULL, NULL };
  g_autoptr (GAsyncResult) person = NULL, told = NULL, timeline = NULL;
  g_autoptr (ObaCustomerProfile) profile = NULL;
  g_autoptr (ObaCustomerInsight) insight = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GError) error = NULL;

  oba_customers_profile_async (bench->pool, id, NULL, oba_test_keep_result, &pending[0]);
  oba_customers_insight_async (bench->pool, id, NULL, oba_test_keep_result, &pending[1]);
  oba_timeline_read_async (bench->pool, id, OBA_TIMELINE_ALL, NULL, PAGE, NULL, oba_test_keep_result, &pending[2]);
  person = oba_test_await (&pending[0]);
  told = oba_test_await (&pending[1]);
  timeline = oba_test_await (&pending[2]);
  profile = oba_customers_profile_finish (person, &error);
  g_assert_no_error (error);
  insight = oba_customers_insight_finish (told, &error);
  g_assert_no_error (error);
  events = oba_timeline_read_finish (timeline, &error);
  g_assert_no_error (error);
  return milliseconds_since (start);
}

static void
fill (const char *conninfo, const char *customers_file, const char *receipts_file, gint64 n_customers, gint64 n_receipts)
{
  PGconn *conn = PQconnectdb (conninfo);
  const char *const steps[] = {
    "set jit = off; set work_mem = '256MB'; set session_replication_role = replica",
    "insert into oba.stores (store_id, code, name) select n, 'S' || n, 'OBA ' || n from generate_series (1, 40) n",
    "insert into oba.categories (category_id, parent_id, code, name_az) select n, case when n > 12 then 1 + n % 12 end, 'C' || n, 'C' || n from generate_series (1, 72) n",
    "insert into oba.products (product_id, code, name, category_id) select n, 'P' || n, 'P' || n, 13 + n % 60 from generate_series (1, 500) n",
    "select oba.ensure_partitions ((now() - interval '725 days')::date, now()::date)",
    customers_file,
    "insert into oba.points_accounts (customer_id) select customer_id from oba.customers",
    "insert into oba.customer_stats (customer_id) select customer_id from oba.customers",
    receipts_file,
    "select setval ('oba.receipt_ids', 100000000)",
    "analyze",
    "set session_replication_role = origin",
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *sql = NULL;
      g_autofree char *n = g_strdup_printf ("%" G_GINT64_FORMAT, steps[i] == receipts_file ? n_receipts : n_customers);
      g_autofree char *all = g_strdup_printf ("%" G_GINT64_FORMAT, n_customers);
      const char *const values[] = { n, "1", all };
      int n_values = steps[i] == receipts_file ? 3 : steps[i] == customers_file ? 1 : 0;
      PGresult *result;

      if (n_values > 0)
        g_file_get_contents (steps[i], &sql, NULL, NULL);
      result = n_values > 0 ? PQexecParams (conn, sql, n_values, NULL, values, NULL, NULL, 0) : PQexec (conn, steps[i]);
      if (PQresultStatus (result) != PGRES_COMMAND_OK && PQresultStatus (result) != PGRES_TUPLES_OK)
        g_error ("%s", PQerrorMessage (conn));
      PQclear (result);
    }
  PQfinish (conn);
}

/* The list has opened the connections before anybody can choose a row of it. */
static void
open_connections (ObaDbPool *pool)
{
  GAsyncResult *pending[N_CONNECTIONS] = { NULL };

  for (guint i = 0; i < N_CONNECTIONS; i++)
    oba_db_pool_acquire_async (pool, NULL, oba_test_keep_result, &pending[i]);
  for (guint i = 0; i < N_CONNECTIONS; i++)
    {
      g_autoptr (GAsyncResult) result = oba_test_await (&pending[i]);
      g_autoptr (GError) error = NULL;
      ObaDbConnection *connection = oba_db_pool_acquire_finish (pool, result, &error);

      g_assert_no_error (error);
      oba_db_pool_release (pool, connection);
    }
}

static double
open_first (const char *conninfo, gint64 id)
{
  Bench session = { .pool = oba_db_pool_new (conninfo, N_CONNECTIONS, OBA_DB_CONNECTION_DEFAULT) };
  double time;

  open_connections (session.pool);
  time = open_profile (&session, id);
  oba_db_pool_close (session.pool);
  g_object_unref (session.pool);
  return time;
}

static gboolean
measure (Bench *bench, const char *conninfo, gint64 n_customers)
{
  g_autoptr (GArray) plain = g_array_new (FALSE, FALSE, sizeof (double)), strangers = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) heavy = g_array_new (FALSE, FALSE, sizeof (double)), pages = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) firsts = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (ObaTimelineEvent) last = NULL;
  guint n_events = 0, n;
  double first = open_first (conninfo, bench->first + n_customers / 2), value;
  gboolean well;

  g_print ("%-52s     %7.2f ms\n", "the very first profile since the database was made", first);
  for (guint i = 0; i < N_SESSIONS; i++)
    {
      value = open_first (conninfo, bench->first + g_rand_int_range (bench->dice, 1, (gint32) n_customers));
      g_array_append_val (firsts, value);
    }
  for (guint i = 0; i < 10; i++)
    open_profile (bench, bench->first + 1);
  for (guint i = 0; i < N_STRANGERS; i++)
    {
      gint64 id = bench->first + g_rand_int_range (bench->dice, 1, (gint32) n_customers);

      value = read_plain (bench, bench->first + g_rand_int_range (bench->dice, 1, (gint32) n_customers));
      g_array_append_val (plain, value);
      value = open_profile (bench, id);
      g_array_append_val (strangers, value);
    }
  for (guint i = 0; i < N_HEAVY; i++)
    {
      value = open_profile (bench, bench->first);
      g_array_append_val (heavy, value);
    }
  do
    {
      gint64 start = g_get_monotonic_time ();

      n = read_page (bench, bench->first, &last);
      value = milliseconds_since (start);
      g_array_append_val (pages, value);
      n_events += n;
    }
  while (n == PAGE);
  g_assert_cmpuint (n_events, >=, 15000);

  report ("plain libpq, one row of one table by its key", plain);
  report ("a profile, the first of its session", firsts);
  well = quantile (firsts, 0.5) <= MAX_PROFILE_MS;
  well = report ("a profile, of somebody else each time", strangers) <= MAX_PROFILE_MS && well;
  well = report ("a profile, of the heaviest customer", heavy) <= MAX_PROFILE_MS && well;
  report ("a page of the heaviest customer's timeline", pages);
  return well && quantile (pages, 0.95) <= MAX_PAGE_MS;
}

int
main (int argc, char **argv)
{
  gint64 n_customers = argc > 3 ? g_ascii_strtoll (argv[3], NULL, 10) : N_CUSTOMERS;
  gint64 n_receipts = argc > 4 ? g_ascii_strtoll (argv[4], NULL, 10) : N_RECEIPTS;
  g_autoptr (ObaTestPostgres) server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_autofree char *conninfo = oba_test_postgres_new_database (server);
  Bench bench = { .first = 1, .dice = g_rand_new_with_seed (1) };
  gint64 start = g_get_monotonic_time ();
  PGresult *prepared;
  gboolean well;

  if (argc < 3)
    g_error ("give bench-fill.sql and bench-profile.sql");
  fill (conninfo, argv[1], argv[2], n_customers, n_receipts);
  g_print ("%" G_GINT64_FORMAT " customers, %" G_GINT64_FORMAT " receipts, filled in %.0f s\n", n_customers, n_receipts, milliseconds_since (start) / 1000);
  bench.pool = oba_db_pool_new (conninfo, N_CONNECTIONS, OBA_DB_CONNECTION_DEFAULT);
  bench.plain = PQconnectdb (conninfo);
  prepared = PQprepare (bench.plain, "by_id", "select * from oba.customers where customer_id = $1", 0, NULL);
  PQclear (prepared);

  well = measure (&bench, conninfo, n_customers);

  PQfinish (bench.plain);
  oba_db_pool_close (bench.pool);
  g_clear_object (&bench.pool);
  g_rand_free (bench.dice);
  return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
