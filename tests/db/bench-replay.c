/*
 * A rule replayed over 1,000,000 receipts, each of four kinds, beside a plain scan of the same receipts (their count, sum and customers); tiers count points, so that
 * the twelve months of everybody are added up, too. The limit is ten seconds. Arguments: the fill script;
 * OBA_BENCH_DATABASE names a database that was filled before.
 */
#include "oba-test-postgres.h"

#include <libpq-fe.h>
#include <stdlib.h>

#define MAX_SECONDS 10.0
#define N_ROUNDS 3

static char *
ask (PGconn *conn, const char *sql)
{
  PGresult *result = PQexec (conn, sql);
  char *value;

  if (PQresultStatus (result) != PGRES_TUPLES_OK && PQresultStatus (result) != PGRES_COMMAND_OK)
    g_error ("%s\n%s", sql, PQerrorMessage (conn));
  value = g_strdup (PQntuples (result) > 0 ? PQgetvalue (result, 0, 0) : "");
  PQclear (result);
  return value;
}

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static double
replay (PGconn *conn, guint rule, char **came)
{
  gint64 start = g_get_monotonic_time ();
  g_autofree char *begin = g_strdup_printf ("begin; select oba.replay_begin ('{\"rule_id\": %u, \"version\": 1, \"from\": \"2024-01-01\", \"to\": \"2024-12-31\"}')", rule);
  g_autofree char *answer = ask (conn, begin);
  g_autofree char *chunks = g_strdup_printf ("select count (*) from (select oba.replay_chunk ((x ->> 0)::date, (x ->> 1)::date) from jsonb_array_elements ('%s'::jsonb -> 'chunks') x offset 0) y", answer);
  double seconds;

  g_free (ask (conn, chunks));
  *came = ask (conn, "select concat_ws (' ', a -> 'receipts', 'receipts,', a -> 'touched', 'touched,', a -> 'customers', 'customers,', a -> 'points', 'points,', (select sum ((m ->> 2)::bigint) from jsonb_array_elements (a -> 'moves') m), 'would change tier') from oba.replay_end () a");
  seconds = seconds_since (start);
  g_free (ask (conn, "rollback"));
  return seconds;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a, other = *(const double *) b;

  return (one > other) - (one < other);
}

int
main (int argc, char **argv)
{
  g_autoptr (ObaTestPostgres) server = NULL;
  g_autofree char *conninfo = g_strdup (g_getenv ("OBA_BENCH_DATABASE"));
  gboolean well = TRUE;
  PGconn *conn;

  if (conninfo == NULL)
    {
      g_autofree char *sql = NULL;
      g_auto (GStrv) parts = NULL;

      server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
      conninfo = oba_test_postgres_new_database (server);
      g_file_get_contents (argv[argc - 1], &sql, NULL, NULL);
      conn = PQconnectdb (conninfo);
      parts = g_strsplit (sql, "vacuum analyze;", 2);
      g_free (ask (conn, parts[0]));
      g_free (ask (conn, "vacuum analyze"));
      PQfinish (conn);
    }
  conn = PQconnectdb (conninfo);
  for (guint rule = 2; rule <= 5; rule++)
    {
      double took[N_ROUNDS], scan[N_ROUNDS];
      g_autofree char *name = NULL, *came = NULL, *which = g_strdup_printf ("select name from oba.earning_rules where rule_id = %u", rule);

      name = ask (conn, which);
      for (guint round = 0; round < N_ROUNDS; round++)
        {
          gint64 start = g_get_monotonic_time ();

          g_free (ask (conn, "select count (*), sum (total), count (distinct customer_id) from oba.receipts where kind = 'sale'"));
          scan[round] = seconds_since (start);
          g_clear_pointer (&came, g_free);
          took[round] = replay (conn, rule, &came);
        }
      qsort (took, N_ROUNDS, sizeof (double), compare);
      qsort (scan, N_ROUNDS, sizeof (double), compare);
      g_print ("%-18s %5.1f s (at most %.0f), a plain scan %.1f s: %s\n", name, took[N_ROUNDS / 2], MAX_SECONDS, scan[N_ROUNDS / 2], came);
      well = well && took[N_ROUNDS / 2] <= MAX_SECONDS;
    }
  PQfinish (conn);
  return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
