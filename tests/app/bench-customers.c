/*
 * How the Customers page stands a million customers: time from exec to the first frame with rows in it, memory, and how long a jump to any
 * place takes until its rows are painted; with 1,000 customers, with 1,000,000, and with the naive way (every row an object in a
 * GListStore) in the same run.
 *
 * The parent keeps a private PostgreSQL with both databases in $OBA_BENCH_DATA (made at the first run) and starts itself as a child for each
 * measurement. A child is the application itself: ObaApplication with --database, its window, its pages; only main() is another one.
 * Ends with 1 when one of the product's limits is exceeded.
 */
#include <adwaita.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/oba-money.h"
#include "base/oba-phone.h"
#include "customers/oba-customers-page.h"
#include "customers/oba-customer-text.h"
#include "db/oba-db-sql.h"
#include "db/oba-local-server.h"
#include "db/oba-migrator.h"
#include "oba-application.h"
#include "oba-window.h"

#define N_FEW 1000
#define N_MANY 1000000
#define N_JUMPS 50
#define N_STARTS 5
#define N_NAIVE_STARTS 2

#define MAX_FIRST_MS 1000
#define MAX_RESIDENT_MB 150
#define MAX_JUMP_MS 150
/* Of the same page with a thousandth of the rows: the ids are 8 MB, the rest is 64 pages of rows and noise. */
#define MAX_GROWTH_MB 30

/* ---- a child: one start of the application */

typedef struct
{
  gint64           started;          /* monotonic, just before exec */
  char            *conninfo;
  GApplication    *app;
  GtkWindow       *window;
  GtkAdjustment   *adjustment;
  ObaCustomersPage *page;            /* NULL: naive */
  GtkWidget       *list;             /* naive */
  GListStore      *store;
  double           first_ms;
  double           first_cpu_ms;
  double           complete_ms;
  double           resident_mb;
  double           anonymous_mb;
  double           jumps[N_JUMPS];
  guint            n_jumps;
  double           jump_cpus[N_JUMPS];
  gint64           jumped;
  double           jumped_cpu;
  GRand           *random;
} Child;

static double
read_status (const char *field)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL) || (line = strstr (text, field)) == NULL)
    return NAN;
  return g_ascii_strtod (line + strlen (field), NULL) / 1024;
}

static double
since (gint64 moment)
{
  return (double) (g_get_monotonic_time () - moment) / 1000;
}

/* What this process itself worked: the same on a busy machine. */
static double
cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static GtkWidget *
find_list (GtkWidget *widget)
{
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkColumnListView"))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *list = find_list (child);

      if (list != NULL)
        return list;
    }
  return NULL;
}

/* Rows on the screen, and no empty one among them. */
static gboolean
is_populated (Child *child)
{
  ObaLazyModel *model;

  if (child->page == NULL)
    return g_list_model_get_n_items (G_LIST_MODEL (child->store)) > 0 && gtk_widget_get_first_child (find_list (child->list)) != NULL;
  model = oba_customers_page_get_model (child->page);
  return g_str_equal (oba_customers_page_get_shown (child->page), "list") && g_list_model_get_n_items (G_LIST_MODEL (model)) > 0
         && gtk_widget_get_first_child (find_list (GTK_WIDGET (oba_customers_page_get_view (child->page)))) != NULL;
}

static gboolean
is_settled (Child *child)
{
  return child->page == NULL || oba_customers_page_is_settled (child->page);
}

static void
jump (Child *child)
{
  double end = gtk_adjustment_get_upper (child->adjustment) - gtk_adjustment_get_page_size (child->adjustment);

  child->jumped_cpu = cpu_ms ();
  child->jumped = g_get_monotonic_time ();
  gtk_adjustment_set_value (child->adjustment, g_rand_double_range (child->random, 0, end));
}

static gboolean
jump_soon (gpointer user_data)
{
  jump (user_data);
  return G_SOURCE_REMOVE;
}

static void
finish (Child *child)
{
  g_print ("first=%.1f cpu=%.1f complete=%.1f resident=%.1f anonymous=%.1f after=%.1f peak=%.1f", child->first_ms, child->first_cpu_ms, child->complete_ms,
           child->resident_mb, child->anonymous_mb, read_status ("VmRSS:"), read_status ("VmHWM:"));
  for (guint i = 0; i < child->n_jumps; i++)
    g_print (" jump=%.2f work=%.2f", child->jumps[i], child->jump_cpus[i]);
  g_print ("\n");
  fflush (stdout);
  _exit (0);
}

/* What a person has seen by now: called right after a frame was painted. */
static void
painted_cb (GdkFrameClock *clock,
            gpointer       user_data)
{
  Child *child = user_data;

  if (child->first_ms == 0 && is_populated (child))
    {
      child->first_ms = since (child->started);
      child->first_cpu_ms = cpu_ms ();
    }
  if (child->first_ms == 0 || !is_settled (child))
    return;
  if (child->complete_ms == 0)
    {
      child->complete_ms = since (child->started);
      child->resident_mb = read_status ("VmRSS:");
      child->anonymous_mb = read_status ("RssAnon:");
      g_timeout_add (100, jump_soon, child);
    }
  else if (child->jumped != 0)
    {
      child->jumps[child->n_jumps] = since (child->jumped);
      child->jump_cpus[child->n_jumps++] = cpu_ms () - child->jumped_cpu;
      child->jumped = 0;
      if (child->n_jumps == N_JUMPS)
        finish (child);
      g_timeout_add (20, jump_soon, child);
    }
}

/* Frames come when something changed; the end of the ids changes nothing on the screen. */
static gboolean
look_cb (gpointer user_data)
{
  Child *child = user_data;

  if (child->complete_ms == 0 && child->window != NULL)
    gtk_widget_queue_draw (GTK_WIDGET (child->window));
  return child->complete_ms == 0;
}

static void
watch (GtkWidget *window,
       Child     *child)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb), child);
  g_timeout_add (5, look_cb, child);
}

static void
window_added_cb (GtkApplication *app,
                 GtkWindow      *window,
                 Child          *child)
{
  if (!OBA_IS_WINDOW (window))
    return;
  child->window = window;
  for (guint i = 0; i < oba_window_get_n_pages (OBA_WINDOW (window)); i++)
    if (OBA_IS_CUSTOMERS_PAGE (oba_window_get_page (OBA_WINDOW (window), i)))
      child->page = OBA_CUSTOMERS_PAGE (oba_window_get_page (OBA_WINDOW (window), i));
}

static gboolean
wait_for_window (gpointer user_data)
{
  Child *child = user_data;

  if (child->page == NULL && child->window != NULL)
    window_added_cb (GTK_APPLICATION (child->app), child->window, child);
  if (child->page == NULL || !gtk_widget_get_realized (GTK_WIDGET (child->window)))
    return G_SOURCE_CONTINUE;
  child->adjustment = oba_lazy_view_get_vadjustment (oba_customers_page_get_view (child->page));
  watch (GTK_WIDGET (child->window), child);
  return G_SOURCE_REMOVE;
}

static int
run_application (Child *child)
{
  g_autoptr (ObaApplication) app = oba_application_new ();
  g_autoptr (GSettings) settings = g_settings_new ("az.oba.BackOffice");
  char *argv[] = { (char *) "oba-backoffice", (char *) "--database", child->conninfo, NULL };

  g_settings_set_string (settings, "page", "customers");
  child->app = G_APPLICATION (app);
  g_signal_connect (app, "window-added", G_CALLBACK (window_added_cb), child);
  g_timeout_add (1, wait_for_window, child);
  return g_application_run (G_APPLICATION (app), 3, argv);
}

/* ---- the naive child */

static char *
naive_text (ObaCustomer *customer,
            guint        column)
{
  switch (column)
    {
    case 0:
      return g_strdup (oba_customer_get_name (customer));
    case 1:
      return oba_phone_format (oba_customer_get_phone (customer));
    case 2:
      return g_strdup (oba_customer_get_city (customer));
    case 3:
      return g_strdup (oba_customer_get_tier (customer));
    case 4:
      return oba_number_format (oba_customer_get_points (customer));
    case 5:
      return oba_customer_text_unix_day (oba_customer_get_last_purchase (customer));
    case 6:
      return oba_money_format (oba_customer_get_spend (customer));
    default:
      return oba_customer_text_unix_day (oba_customer_get_registered (customer));
    }
}

static void
naive_setup_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  gtk_list_item_set_child (item, gtk_inscription_new (NULL));
}

static void
naive_bind_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  column)
{
  g_autofree char *text = naive_text (gtk_list_item_get_item (item), GPOINTER_TO_UINT (column));

  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)), text);
}

static void
naive_show (Child *child)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (child->app));
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (child->store)));

  child->list = gtk_column_view_new (selection);
  gtk_widget_add_css_class (child->list, "data-table");
  for (guint i = 0; i < 8; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

      g_signal_connect (factory, "setup", G_CALLBACK (naive_setup_cb), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (naive_bind_cb), GUINT_TO_POINTER (i));
      gtk_column_view_append_column (GTK_COLUMN_VIEW (child->list), gtk_column_view_column_new ("Column", factory));
    }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), child->list);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), scroller);
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 720);
  gtk_window_present (GTK_WINDOW (window));
  child->window = GTK_WINDOW (window);
  child->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  watch (window, child);
}

static void
naive_read_cb (GObject      *pool,
               GAsyncResult *answer,
               gpointer      user_data)
{
  Child *child = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (GPtrArray) customers = g_ptr_array_new_with_free_func (g_object_unref);

  if (result == NULL)
    g_error ("%s", error->message);
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    g_ptr_array_add (customers, oba_customer_new_from_result (result, i));
  child->store = g_list_store_new (OBA_TYPE_CUSTOMER);
  g_list_store_splice (child->store, 0, 0, customers->pdata, customers->len);
  naive_show (child);
}

static void
naive_activate_cb (GApplication *app,
                   Child        *child)
{
  ObaDbPool *pool = oba_db_pool_new (child->conninfo, 1, OBA_DB_CONNECTION_DEFAULT);
  g_autoptr (GString) sql = g_string_new (oba_db_sql ("customers/rows.sql"));

  g_application_hold (app);
  /* The rows of everybody at once, as a list of objects needs them; no segments. */
  g_assert_cmpuint (g_string_replace (sql, "oba.customer_rows ($1, $2)",
                                      "oba.customer_rows (array (select c.customer_id from oba.customers c where c.kind = 'person'), 'en')", 1), ==, 1);
  g_assert_cmpuint (g_string_replace (sql, "case when $3::boolean then $1::bigint[] else '{}' end", "'{}'::bigint[]", 1), ==, 1);
  g_string_append (sql, " order by r.name, r.customer_id");
  oba_db_pool_read_async (pool, sql->str, NULL, NULL, naive_read_cb, child);
}

static int
run_naive (Child *child)
{
  g_autoptr (AdwApplication) app = adw_application_new ("az.oba.BackOffice.Naive", G_APPLICATION_NON_UNIQUE);

  child->app = G_APPLICATION (app);
  g_signal_connect (app, "activate", G_CALLBACK (naive_activate_cb), child);
  return g_application_run (G_APPLICATION (app), 0, NULL);
}

/* ---- the parent: databases */

static ObaDbConnection *
connect_to (const char *conninfo)
{
  g_autoptr (GError) error = NULL;
  ObaDbConnection *connection = oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);

  if (connection == NULL)
    g_error ("%s", error->message);
  return connection;
}

static void
run_sql (ObaDbConnection *connection,
         const char      *sql)
{
  g_autoptr (GError) error = NULL;

  if (!oba_db_connection_script_sync (connection, sql, NULL, &error))
    g_error ("%s: %s", sql, error->message);
}

static gint64
ask_number (ObaDbConnection *connection,
            const char      *sql)
{
  g_autoptr (ObaDbResult) result = oba_db_connection_query_sync (connection, sql, NULL, NULL, NULL);

  return result != NULL && oba_db_result_get_n_rows (result) > 0 ? oba_db_result_get_int64 (result, 0, 0) : -1;
}

static void
fill (ObaDbConnection *connection,
      const char      *directory,
      guint            n)
{
  g_autofree char *path = g_build_filename (directory, "bench-fill.sql", NULL);
  g_autofree char *sql = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *number = g_strdup_printf ("%u", n);
  GString *insert;

  if (!g_file_get_contents (path, &sql, NULL, &error))
    g_error ("%s", error->message);
  insert = g_string_new (sql);
  g_string_replace (insert, "$1", number, 0);
  run_sql (connection, "set session_replication_role = replica; set synchronous_commit = off");
  run_sql (connection, insert->str);
  run_sql (connection, "insert into oba.points_accounts (customer_id, balance, tier_id, tier_spend, tier_day)"
                       " select customer_id, customer_id * 7919 % 5000, 1 + customer_id % 4, customer_id * 104729 % 700000, current_date"
                       " from oba.customers where kind = 'person'");
  run_sql (connection, "insert into oba.customer_stats (customer_id, last_purchase_at)"
                       " select customer_id, timestamptz '2025-01-01' + customer_id * 6007 % 900000 * interval '1 minute'"
                       " from oba.customers where kind = 'person'");
  run_sql (connection, "reset session_replication_role; set synchronous_commit = on");
  run_sql (connection, "checkpoint");
  run_sql (connection, "vacuum analyze oba.customers");
  run_sql (connection, "vacuum analyze oba.points_accounts");
  run_sql (connection, "vacuum analyze oba.customer_stats");
  run_sql (connection, "checkpoint");
  g_string_free (insert, TRUE);
}

/* The same server's other database: postgresql:///oba?host=... */
static char *
with_database (const char *uri,
               const char *name)
{
  const char *query = strchr (uri, '?');
  const char *slash = g_strrstr_len (uri, query - uri, "/");

  return g_strdup_printf ("%.*s/%s%s", (int) (slash - uri), uri, name, query);
}

/* Kept from one run to the next, as long as the migrations are the same. */
static char *
prepare_database (const char *uri,
                  const char *name,
                  const char *directory,
                  guint       n)
{
  g_autoptr (ObaDbConnection) admin = connect_to (uri);
  g_autofree char *drop = g_strdup_printf ("drop database if exists %s", name);
  g_autofree char *create = g_strdup_printf ("create database %s", name);
  g_autofree char *exists = g_strdup_printf ("select count(*) from pg_database where datname = '%s'", name);
  g_autofree char *conninfo = with_database (uri, name);
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  if (ask_number (admin, exists) == 1)
    {
      connection = connect_to (conninfo);
      if (oba_migrator_apply (connection, NULL, NULL, NULL, NULL, NULL) == 0
          && ask_number (connection, "select count(*) from oba.customers where kind = 'person'") == n)
        return g_steal_pointer (&conninfo);
      oba_db_connection_close (connection);
      g_clear_object (&connection);
    }
  g_printerr ("Making a database with %u customers...", n);
  run_sql (admin, drop);
  run_sql (admin, create);
  connection = connect_to (conninfo);
  if (oba_migrator_apply (connection, NULL, NULL, NULL, NULL, &error) < 0)
    g_error ("%s", error->message);
  fill (connection, directory, n);
  g_printerr (" %.0f s\n", since (start) / 1000);
  return g_steal_pointer (&conninfo);
}

/* ---- the parent: measuring */

typedef struct
{
  const char *title;
  GArray     *first;
  GArray     *cpu;
  GArray     *complete;
  GArray     *resident;
  GArray     *anonymous;
  GArray     *after;
  GArray     *peak;
  GArray     *jumps;
  GArray     *jump_cpus;
} Series;

static Series
series_new (const char *title)
{
  Series series = { .title = title };
  GArray **arrays[] = { &series.first, &series.cpu, &series.complete, &series.resident, &series.anonymous, &series.after, &series.peak, &series.jumps,
                        &series.jump_cpus };

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    *arrays[i] = g_array_new (FALSE, FALSE, sizeof (double));
  return series;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
quantile (GArray *values,
          double  share)
{
  if (values->len == 0)
    return NAN;
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, MIN (values->len - 1, (guint) (share * values->len)));
}

static void
take_line (Series     *series,
           const char *line)
{
  const struct { const char *key; GArray *values; } keys[] = {
    { "first=", series->first }, { "cpu=", series->cpu }, { "complete=", series->complete }, { "resident=", series->resident },
    { "anonymous=", series->anonymous }, { "after=", series->after }, { "peak=", series->peak }, { "jump=", series->jumps }, { "work=", series->jump_cpus },
  };
  g_auto (GStrv) words = g_strsplit (line, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    for (guint j = 0; j < G_N_ELEMENTS (keys); j++)
      if (g_str_has_prefix (words[i], keys[j].key))
        {
          double value = g_ascii_strtod (words[i] + strlen (keys[j].key), NULL);

          g_array_append_val (keys[j].values, value);
        }
}

static void
measure (Series     *series,
         const char *program,
         const char *kind,
         const char *conninfo,
         gboolean    warm_up)
{
  g_autofree char *started = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());
  const char *argv[] = { program, "--child", kind, conninfo, started, NULL };
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error))
    g_error ("%s", error->message);
  if (!g_spawn_check_wait_status (status, NULL) || strstr (out, "first=") == NULL)
    g_error ("The measured program failed: %s%s", out, err);
  if (!warm_up)
    take_line (series, strstr (out, "first="));
}

static void
print_series (Series *series)
{
  g_print ("%-22s %6.0f (%4.0f-%5.0f) %7.0f %9.0f %9.0f %9.0f %9.0f %9.0f %8.1f %7.1f %7.1f %7.1f\n", series->title, quantile (series->first, 0.5),
           quantile (series->first, 0), quantile (series->first, 1), quantile (series->cpu, 0.5), quantile (series->complete, 0.5), quantile (series->resident, 0.5),
           quantile (series->anonymous, 0.5), quantile (series->after, 0.5), quantile (series->peak, 0.5), quantile (series->jumps, 0.5),
           quantile (series->jumps, 0.95), quantile (series->jumps, 1), quantile (series->jump_cpus, 0.5));
}

static int
judge (const char *what,
       double      value,
       double      limit,
       const char *unit)
{
  g_print ("%-62s %6.0f %s, limit %.0f: %s\n", what, value, unit, limit, value < limit ? "kept" : "EXCEEDED");
  return value < limit ? 0 : 1;
}

static int
run_parent (const char *program,
            const char *directory)
{
  const char *data = g_getenv ("OBA_BENCH_DATA");
  g_autoptr (ObaLocalServer) server = oba_local_server_new (data != NULL ? data : "bench-data");
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *many = NULL;
  g_autofree char *few = NULL;
  Series small = series_new ("lazy, 1,000 rows");
  Series lazy = series_new ("lazy, 1,000,000 rows");
  Series naive = series_new ("naive, 1,000,000 rows");
  double load[1];
  int exceeded = 0;

  if (!oba_local_server_start (server, NULL, &error))
    g_error ("%s", error->message);
  uri = oba_local_server_get_uri (server);
  few = prepare_database (uri, "bench_few", directory, N_FEW);
  many = prepare_database (uri, "bench_many", directory, N_MANY);

  measure (&small, program, "lazy", few, TRUE);
  measure (&lazy, program, "lazy", many, TRUE);
  for (guint i = 0; i < N_STARTS; i++)
    {
      measure (&small, program, "lazy", few, FALSE);
      measure (&lazy, program, "lazy", many, FALSE);
      if (i < N_NAIVE_STARTS)
        measure (&naive, program, "naive", many, FALSE);
    }
  oba_local_server_stop (server, NULL);

  if (getloadavg (load, 1) == 1)
    g_print ("Load of this machine: %.1f on %u processors; figures are only worth as much as it was idle.\n", load[0], g_get_num_processors ());
  g_print ("From exec; medians of %d starts (naive: %d); %d jumps a start. Times in ms, memory in MB.\n", N_STARTS, N_NAIVE_STARTS, N_JUMPS);
  g_print ("%-22s %19s %7s %9s %9s %9s %9s %9s %8s %7s %7s %7s\n", "", "first rows (range)", "its CPU", "all ids", "resident", "anonymous", "after", "peak",
           "jump p50", "p95", "max", "its CPU");
  print_series (&small);
  print_series (&lazy);
  print_series (&naive);
  g_print ("\n");
  exceeded += judge ("First populated frame with 1,000,000 customers", quantile (lazy.first, 0.5), MAX_FIRST_MS, "ms");
  exceeded += judge ("Resident, after jumping about", quantile (lazy.after, 0.5), MAX_RESIDENT_MB, "MB");
  exceeded += judge ("A jump to any place until its rows are painted, 95 of 100", quantile (lazy.jumps, 0.95), MAX_JUMP_MS, "ms");
  exceeded += judge ("Resident with 1,000,000 rows above that with 1,000", quantile (lazy.after, 0.5) - quantile (small.after, 0.5),
                     MAX_GROWTH_MB, "MB");
  return exceeded > 0 ? 1 : 0;
}

int
main (int   argc,
      char *argv[])
{
  Child child = { 0 };

  if (argc == 5 && g_str_equal (argv[1], "--child"))
    {
      child.conninfo = argv[3];
      child.started = g_ascii_strtoll (argv[4], NULL, 10);
      child.random = g_rand_new_with_seed (20261123);
      return g_str_equal (argv[2], "naive") ? run_naive (&child) : run_application (&child);
    }
  if (argc != 2)
    {
      g_printerr ("Usage: %s FOLDER-OF-BENCH-FILL.SQL\n", argv[0]);
      return 2;
    }
  return run_parent (argv[0], argv[1]);
}
