/*
 * A million customers into a file, with the columns that an export has when nobody chooses any, in the order of the list: rows a second and memory of
 * our CSV and workbook, and of plain libpq that writes what COPY (the same rows in the same order) TO STDOUT (FORMAT csv) sends, as psql's \copy does.
 *
 * The parent keeps the database; each measurement is a child of its own, so that its memory is its own. The ways take turns; medians, but for the workbook, which goes once.
 * Ends with 1 when one of the product's limits is exceeded.
 */

#include "oba-test-postgres.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "db/oba-db-sql.h"
#include "export/oba-export.h"

#define N_ROWS 1000000
#define N_ROUNDS 3

#define MIN_ROWS_A_SECOND 100000
#define MAX_RESIDENT_MB 200

/* ---- a child: one export */

static double
peak_mb (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL) || (line = strstr (text, "VmHWM:")) == NULL)
    return NAN;
  return g_ascii_strtod (line + strlen ("VmHWM:"), NULL) / 1024;
}

static gint64
run_ours (const char *conninfo, const char *path, ObaExportFormat format)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_autoptr (ObaExportOptions) options = oba_export_options_new (OBA_EXPORT_CUSTOMERS, format, path);
  g_autoptr (ObaExportReport) report = NULL;

  if (connection != NULL)
    report = oba_export_run (connection, options, NULL, NULL, NULL, &error);
  if (report == NULL)
    g_error ("%s", error->message);
  return report->rows;
}

static char *
copy_statement (void)
{
  g_autoptr (ObaCustomerQuery) query = oba_customer_query_new (NULL, OBA_CUSTOMER_SORT_NAME, FALSE);
  g_autoptr (GString) columns = g_string_new (NULL);
  g_autoptr (GString) sql = g_string_new (oba_db_sql ("export/customers.sql"));
  g_autofree char *list = oba_customer_query_get_sql (query, 0);
  g_autofree char *chosen = g_strdup_printf ("select q.customer_id, row_number () over () as place from (%s) q", list);

  for (const ObaExportColumn *c = oba_export_kind_columns (OBA_EXPORT_CUSTOMERS); c->name != NULL; c++)
    if (c->flags & OBA_EXPORT_USUAL)
      g_string_append_printf (columns, "%s%s", columns->len > 0 ? ", " : "", c->sql);
  g_string_replace (sql, "{columns}", columns->str, 1);
  g_string_replace (sql, "{chosen}", chosen, 1);
  return g_strdup_printf ("copy (%s) to stdout (format csv)", sql->str);
}

static gint64
run_copy (const char *conninfo, const char *path)
{
  PGconn *conn = PQconnectdb (conninfo);
  g_autofree char *sql = copy_statement ();
  FILE *file = fopen (path, "w");
  gint64 rows = 0;
  char *line;
  int n;

  PQclear (PQexec (conn, "set work_mem = '64MB'; set jit = off"));
  PQclear (PQexec (conn, sql));
  while ((n = PQgetCopyData (conn, &line, 0)) > 0)
    {
      g_assert_cmpint (fwrite (line, 1, (size_t) n, file), ==, n);
      PQfreemem (line);
      rows++;
    }
  if (n != -1)
    g_error ("%s", PQerrorMessage (conn));
  g_assert_cmpint (fflush (file), ==, 0);
  g_assert_cmpint (fsync (fileno (file)), ==, 0);
  fclose (file);
  PQfinish (conn);
  return rows;
}

static int
run_child (const char *way, const char *conninfo, const char *path)
{
  gint64 start = g_get_monotonic_time ();
  gint64 rows = g_str_equal (way, "copy") ? run_copy (conninfo, path)
                                          : run_ours (conninfo, path, g_str_equal (way, "xlsx") ? OBA_EXPORT_XLSX : OBA_EXPORT_CSV);

  g_print ("%" G_GINT64_FORMAT " %.3f %.1f\n", rows, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC, peak_mb ());
  return 0;
}

/* ---- the parent */

static void
run_sql (const char *conninfo, const char *sql)
{
  g_free (oba_test_postgres_exec (conninfo, sql));
}

/* As the triggers would, but for all of them at once. */
static void
fill (const char *conninfo, const char *path)
{
  g_autofree char *sql = NULL;
  g_autofree char *number = g_strdup_printf ("%d", N_ROWS);
  g_autoptr (GString) script = g_string_new ("set session_replication_role = replica; set synchronous_commit = off;\n");

  if (!g_file_get_contents (path, &sql, NULL, NULL))
    g_error ("%s is missing", path);
  g_string_append (script, sql);
  g_string_replace (script, "$1", number, 0);
  g_string_append (script, ";\ninsert into oba.points_accounts (customer_id, balance, tier_id, tier_spend, tier_day)"
                           " select customer_id, customer_id * 7919 % 5000, 1 + customer_id % 4, customer_id * 104729 % 700000, current_date"
                           " from oba.customers where kind = 'person';"
                           "insert into oba.customer_stats (customer_id, receipts, last_purchase_at)"
                           " select customer_id, customer_id % 300, timestamptz '2025-01-01' + customer_id * 6007 % 900000 * interval '1 minute'"
                           " from oba.customers where kind = 'person'");
  run_sql (conninfo, script->str);
  run_sql (conninfo, "vacuum analyze oba.customers");
  run_sql (conninfo, "vacuum analyze oba.points_accounts");
  run_sql (conninfo, "vacuum analyze oba.customer_stats");
  run_sql (conninfo, "checkpoint");
}

typedef struct
{
  const char *way;
  const char *title;
  guint       n;               /* rounds; the workbook takes too long for more than one */
  double      seconds[N_ROUNDS];
  double      peak;
  double      size;
} Series;

static void
measure (Series *series, const char *program, const char *conninfo, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, series->way, NULL);
  const char *argv[] = { program, "--child", series->way, conninfo, path, NULL };
  g_autofree char *out = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;
  int status;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, &error)
      || !g_spawn_check_wait_status (status, &error))
    g_error ("%s", error->message);
  words = g_strsplit (out, " ", 3);
  g_assert_cmpint (g_ascii_strtoll (words[0], NULL, 10), ==, N_ROWS);
  series->seconds[series->n++] = g_ascii_strtod (words[1], NULL);
  series->peak = MAX (series->peak, g_ascii_strtod (words[2], NULL));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  series->size = (double) info.st_size / 1e6;
  g_unlink (path);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a, other = *(const double *) b;

  return (one > other) - (one < other);
}

static double
median (Series *series)
{
  qsort (series->seconds, series->n, sizeof (double), compare);
  return series->seconds[series->n / 2];
}

static int
judge (const char *what, double value, double limit, gboolean least, const char *unit)
{
  gboolean kept = least ? value >= limit : value <= limit;

  g_print ("%-50s %8.0f %s, %s %.0f: %s\n", what, value, unit, least ? "at least" : "at most", limit, kept ? "kept" : "EXCEEDED");
  return kept ? 0 : 1;
}

static int
run_parent (const char *program, const char *fill_path)
{
  g_autoptr (ObaTestPostgres) postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autofree char *folder = g_dir_make_tmp ("oba-bench-export-XXXXXX", NULL);
  Series all[] = { { "csv", "our CSV" }, { "copy", "COPY, plain libpq" }, { "xlsx", "our workbook" } };
  double load[1];
  int exceeded = 0;

  fill (conninfo, fill_path);
  for (guint round = 0; round < N_ROUNDS; round++)
    for (guint i = 0; i < G_N_ELEMENTS (all); i++)
      if (round == 0 || i < 2)
        measure (&all[i], program, conninfo, folder);
  g_rmdir (folder);
  if (getloadavg (load, 1) == 1)
    g_print ("Load of this machine: %.1f on %u processors; figures are only worth as much as it was idle.\n", load[0], g_get_num_processors ());
  g_print ("%-20s %12s %10s %10s %8s\n", "1,000,000 customers", "rows/s", "seconds", "peak MB", "file MB");
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_print ("%-20s %12.0f %10.2f %10.0f %8.0f\n", all[i].title, N_ROWS / median (&all[i]), median (&all[i]), all[i].peak, all[i].size);
  g_print ("\n");
  exceeded += judge ("Rows a second to CSV", N_ROWS / median (&all[0]), MIN_ROWS_A_SECOND, TRUE, "rows");
  exceeded += judge ("Resident, CSV", all[0].peak, MAX_RESIDENT_MB, FALSE, "MB");
  exceeded += judge ("Resident, workbook", all[2].peak, MAX_RESIDENT_MB, FALSE, "MB");
  return exceeded > 0 ? 1 : 0;
}

int
main (int argc, char *argv[])
{
  if (argc == 5 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2], argv[3], argv[4]);
  if (argc != 2)
    {
      g_printerr ("Usage: %s BENCH-FILL.SQL\n", argv[0]);
      return 2;
    }
  return run_parent (argv[0], argv[1]);
}
