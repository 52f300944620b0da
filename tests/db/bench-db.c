/*
 * Reads a second through core/db, by primary key on 100,000 rows: one at a time, many in flight with a sync each, and
 * through the pool, where reads share syncs; beside them plain libpq, one at a time. The ways take turns, so that a
 * busy machine slows all of them; medians.
 */

#include "oba-test-postgres.h"
#include "oba-test-wait.h"

#include <libpq-fe.h>
#include <stdlib.h>

#include "db/oba-db-pool.h"

#define N_ROWS 100000
#define N_ROUNDS 7
#define ROUND_US 400000
#define IN_FLIGHT 64

static const char sql[] = "SELECT id, name, points FROM customer WHERE id = $1";

typedef struct
{
  ObaDbConnection *connection;
  ObaDbPool *pool;
  PGconn *plain;
  GRand *rand;
  gint64 end;
  guint n_done;
  guint n_running;
} Bench;

static ObaDbParams *
next_params (Bench *bench)
{
  return oba_db_params_build ("i", (gint64) g_rand_int_range (bench->rand, 1, N_ROWS + 1));
}

static void
check (ObaDbResult *result, const GError *error)
{
  g_assert_no_error (error);
  g_assert_cmpint (oba_db_result_get_n_rows (result), ==, 1);
}

static void
run_plain (Bench *bench)
{
  while (g_get_monotonic_time () < bench->end)
    {
      g_autofree char *id = g_strdup_printf ("%d", g_rand_int_range (bench->rand, 1, N_ROWS + 1));
      const char *const values[] = { id };
      PGresult *result = PQexecPrepared (bench->plain, "by_id", 1, values, NULL, NULL, 0);

      g_assert_cmpint (PQntuples (result), ==, 1);
      PQclear (result);
      bench->n_done++;
    }
}

static void
on_answer (GObject *source, GAsyncResult *async, gpointer user_data)
{
  Bench *bench = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_connection_query_finish (OBA_DB_CONNECTION (source), async, &error);

  check (result, error);
  bench->n_done++;
  if (g_get_monotonic_time () < bench->end)
    {
      g_autoptr (ObaDbParams) params = next_params (bench);
      oba_db_connection_query_async (bench->connection, sql, params, NULL, on_answer, bench);
    }
  else
    bench->n_running--;
}

static void
on_read (GObject *source, GAsyncResult *async, gpointer user_data)
{
  Bench *bench = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (source), async, &error);

  check (result, error);
  bench->n_done++;
  if (g_get_monotonic_time () < bench->end)
    {
      g_autoptr (ObaDbParams) params = next_params (bench);
      oba_db_pool_read_async (bench->pool, sql, params, NULL, on_read, bench);
    }
  else
    bench->n_running--;
}

static gboolean
is_over (gpointer user_data)
{
  return ((Bench *) user_data)->n_running == 0;
}

static void
run_connection (Bench *bench, guint in_flight)
{
  for (bench->n_running = 0; bench->n_running < in_flight; bench->n_running++)
    {
      g_autoptr (ObaDbParams) params = next_params (bench);
      oba_db_connection_query_async (bench->connection, sql, params, NULL, on_answer, bench);
    }
  oba_test_run_until (is_over, bench);
}

static void
run_one (Bench *bench)
{
  run_connection (bench, 1);
}

static void
run_many (Bench *bench)
{
  run_connection (bench, IN_FLIGHT);
}

static void
run_pool (Bench *bench)
{
  for (bench->n_running = 0; bench->n_running < IN_FLIGHT; bench->n_running++)
    {
      g_autoptr (ObaDbParams) params = next_params (bench);
      oba_db_pool_read_async (bench->pool, sql, params, NULL, on_read, bench);
    }
  oba_test_run_until (is_over, bench);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a;
  double other = *(const double *) b;

  return one < other ? -1 : one > other;
}

static void
prepare (Bench *bench, const char *conninfo)
{
  g_autoptr (GError) error = NULL;

  g_free (oba_test_postgres_exec (
      conninfo, "CREATE TABLE customer (id bigint PRIMARY KEY, name text, points bigint);"
                "INSERT INTO customer SELECT n, 'Müştəri ' || n, n % 1000 FROM generate_series (1, " G_STRINGIFY (
                    N_ROWS) ") AS n; ANALYZE customer"));
  bench->rand = g_rand_new_with_seed (1);
  bench->connection = oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  bench->pool = oba_db_pool_new (conninfo, 2, OBA_DB_CONNECTION_DEFAULT);
  bench->plain = PQconnectdb (conninfo);
  PQclear (PQprepare (bench->plain, "by_id", sql, 0, NULL));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Bench *bench);
  } ways[] = {
    { "plain libpq, one at a time", run_plain },
    { "connection, one at a time", run_one },
    { "connection, 64 in flight", run_many },
    { "pool of 2, 64 in flight", run_pool },
  };
  g_autoptr (ObaTestPostgres) server = oba_test_postgres_new (OBA_TEST_POSTGRES_EMPTY);
  g_autofree char *conninfo = oba_test_postgres_new_empty_database (server);
  double rates[G_N_ELEMENTS (ways)][N_ROUNDS];
  Bench bench = { 0 };

  prepare (&bench, conninfo);
  for (guint round = 0; round < N_ROUNDS; round++)
    for (guint way = 0; way < G_N_ELEMENTS (ways); way++)
      {
        gint64 begun = g_get_monotonic_time ();

        bench.n_done = 0;
        bench.end = begun + ROUND_US;
        ways[way].run (&bench);
        rates[way][round] = bench.n_done * 1e6 / (double) (g_get_monotonic_time () - begun);
      }
  for (guint way = 0; way < G_N_ELEMENTS (ways); way++)
    {
      qsort (rates[way], N_ROUNDS, sizeof (double), compare);
      g_print ("%-28s %8.0f reads/s (%.0f to %.0f)  %.2f of plain\n", ways[way].name, rates[way][N_ROUNDS / 2],
               rates[way][0], rates[way][N_ROUNDS - 1], rates[way][N_ROUNDS / 2] / rates[0][N_ROUNDS / 2]);
    }
  PQfinish (bench.plain);
  g_object_unref (bench.pool);
  g_object_unref (bench.connection);
  g_rand_free (bench.rand);
  return 0;
}
