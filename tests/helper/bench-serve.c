/*
 * How fast the service is: customers read through the API against pgbench with the same query. Server, database and clients share the machine, so compare within one run.
 * Options: seconds of each phase, customers.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "api/oba-api-token.h"
#include "db/oba-db-sql.h"
#include "oba-test-postgres.h"
#include "serve-run.h"

#define READERS 16

typedef struct
{
  Serve *serve;
  const char *headers;
  guint number;
  guint customers;
  double seconds;
  guint requests;
  GArray *latencies; /* of double, milliseconds */
} Client;

/* One request on a kept connection: sends @text and reads one answer whole. Returns: the status */
static guint
exchange (GSocketConnection *connection, const char *text)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  char buffer[8192];
  gsize n = 0;

  if (!g_output_stream_write_all (out, text, strlen (text), NULL, NULL, NULL))
    return 0;
  while (n < sizeof buffer - 1)
    {
      gssize more = g_input_stream_read (in, buffer + n, sizeof buffer - 1 - n, NULL, NULL);
      const char *body, *length;

      if (more <= 0)
        return 0;
      n += (gsize) more;
      buffer[n] = '\0';
      body = strstr (buffer, "\r\n\r\n");
      length = strstr (buffer, "Content-Length: ");
      if (body != NULL && n >= (gsize) (body + 4 - buffer) + (length != NULL ? (gsize) atol (length + 16) : 0))
        return (guint) atoi (buffer + 9);
    }
  return 0;
}

static gpointer
read_customers (gpointer data)
{
  Client *client = data;
  g_autoptr (GSocketConnection) connection = serve_connect (client->serve);
  gint64 until = g_get_monotonic_time () + (gint64) (client->seconds * G_USEC_PER_SEC);

  for (guint i = client->number; g_get_monotonic_time () < until; i += 7919)
    {
      g_autofree char *text = g_strdup_printf ("GET /api/customers/%u HTTP/1.1\r\nHost: oba\r\n%s\r\n",
                                               i % client->customers + 1, client->headers);
      gint64 begun = g_get_monotonic_time ();
      double latency;

      if (exchange (connection, text) != 200)
        g_error ("a customer could not be read");
      latency = (double) (g_get_monotonic_time () - begun) / 1000;
      g_array_append_val (client->latencies, latency);
      client->requests++;
    }
  return NULL;
}

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static double
percentile (GArray *sorted, double p)
{
  return sorted->len > 0 ? g_array_index (sorted, double, (guint) (p * (sorted->len - 1))) : NAN;
}

static double
cpu_seconds (Serve *serve)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", g_subprocess_get_identifier (serve->process));
  g_autofree char *text = NULL;
  unsigned long user = 0, system = 0;

  g_file_get_contents (path, &text, NULL, NULL);
  sscanf (strrchr (text, ')'), ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return (double) (user + system) / (double) sysconf (_SC_CLK_TCK);
}

static double
run_clients (
    Serve *serve, const char *what, GThreadFunc func, guint n, const char *headers, guint customers, double seconds)
{
  g_autofree Client *clients = g_new0 (Client, n);
  g_autofree GThread **threads = g_new0 (GThread *, n);
  g_autoptr (GArray) latencies = g_array_new (FALSE, FALSE, sizeof (double));
  double cpu = cpu_seconds (serve);
  gint64 begun = g_get_monotonic_time ();
  double took;

  for (guint i = 0; i < n; i++)
    {
      clients[i] = (Client){ serve, headers, i, customers, seconds, 0, g_array_new (FALSE, FALSE, sizeof (double)) };
      threads[i] = g_thread_new ("client", func, &clients[i]);
    }
  for (guint i = 0; i < n; i++)
    {
      g_thread_join (threads[i]);
      g_array_append_vals (latencies, clients[i].latencies->data, clients[i].latencies->len);
      g_array_unref (clients[i].latencies);
    }
  took = (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC;
  cpu = cpu_seconds (serve) - cpu;
  g_array_sort (latencies, compare_doubles);
  printf ("%-28s %8.0f /s   p50 %6.2f ms   p99 %6.2f ms   worst %7.2f ms   CPU of the helper %4.0f us each\n", what,
          latencies->len / took, percentile (latencies, 0.5), percentile (latencies, 0.99), percentile (latencies, 1),
          cpu / latencies->len * 1e6);
  fflush (stdout);
  return latencies->len / took;
}

static double
run_pgbench (const char *conninfo, const char *directory, guint customers, double seconds)
{
  g_autofree char *script = g_build_filename (directory, "customer.pgbench", NULL);
  g_auto (GStrv) pieces = g_strsplit (oba_db_sql ("api/customer.sql"), "$1", -1);
  g_autofree char *sql = g_strjoinv (":id", pieces);
  g_autofree char *text = g_strdup_printf ("\\set id random(1, %u)\n%s;\n", customers, sql);
  g_autofree char *time = g_strdup_printf ("%.0f", seconds);
  g_autofree char *out = NULL;
  const char *argv[] = { "pgbench", "-n", "-M", "prepared", "-c",   "16",     "-j",
                         "2",       "-T", time, "-f",       script, conninfo, NULL };
  const char *at;

  g_file_set_contents (script, text, -1, NULL);
  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out,
                     NULL, NULL, NULL))
    return NAN;
  at = strstr (out, "tps = ");
  return at != NULL ? g_ascii_strtod (at + 6, NULL) : NAN;
}

static void
fill (const char *conninfo, guint customers)
{
  g_autofree char *sql = g_strdup_printf (
      "insert into oba.customers (given_name, family_name, phone) select 'Aysel', 'Məmmədova', '+99450' || (1000000 + "
      "n) from generate_series (1, %u) n;"
      "analyze",
      customers);

  g_free (oba_test_postgres_exec (conninfo, sql));
}

int
main (int argc, char **argv)
{
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 5;
  guint customers = argc > 2 ? (guint) atoi (argv[2]) : 20000;
  g_autoptr (ObaTestPostgres) postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autoptr (Serve) serve = serve_new (conninfo, NULL);
  g_autofree char *keys = g_build_filename (serve->directory, "keys", NULL);
  g_autoptr (ObaApiKeys) loaded = oba_api_keys_load (keys, NULL);
  g_autofree char *token = oba_api_token_sign (loaded, "bench", OBA_API_SCOPE_CUSTOMERS_READ, 600, NULL);
  g_autofree char *header = g_strdup_printf ("Authorization: Bearer %s\r\n", token);
  double reads, limit;

  fill (conninfo, customers);
  serve_configure (serve, "http", "log=problems");
  serve_start (serve);

  reads = run_clients (serve, "GET customer, 16 connections", read_customers, READERS, header, customers, seconds);
  limit = run_pgbench (conninfo, serve->directory, customers, seconds);
  printf ("%-28s %8.0f /s   the service gives %.2f of it\n", "pgbench, the same query", limit, reads / limit);
  printf ("%-28s %8.1f MB resident\n", "memory", serve_metric (serve, "oba_process_resident_memory_bytes") / 1e6);
  return serve_stop (serve);
}
