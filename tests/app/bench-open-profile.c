/*
 * From Enter on a row of the list until the profile is painted, in the application itself: its window, its pages, a private PostgreSQL. Strangers, each for
 * the first time, and the heaviest customer (5,000 receipts), again and again; and what this process worked for each, which is the same on a busy machine.
 * Ends with 1 when one of the product's limits is exceeded.
 */

#include <adwaita.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "customers/oba-customers-page.h"
#include "customers/oba-profile-view.h"
#include "oba-application.h"
#include "oba-test-postgres.h"
#include "oba-window.h"
#include "widgets/oba-subpages.h"

#define N_CUSTOMERS "20000"
#define N_RECEIPTS "20000"
#define N_STRANGERS 15
#define N_HEAVY 10
#define FIRST_ROW 3

#define MAX_OPEN_MS 150

typedef struct
{
  GtkWindow        *window;
  ObaCustomersPage *page;
  guint             n;              /* opened so far */
  gboolean          chosen;         /* the row of the next one */
  gint64            pressed;        /* monotonic; 0: nothing is awaited */
  double            cpu;
  GArray           *strangers;
  GArray           *heavy;
  GArray           *work;
  double            first;
} Bench;

static double
cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static ObaProfileView *
get_profile (Bench *bench)
{
  GtkWidget *top = oba_subpages_get_top (oba_customers_page_get_subpages (bench->page));

  return top != NULL ? OBA_PROFILE_VIEW (top) : NULL;
}

static gboolean
press_cb (gpointer user_data)
{
  Bench *bench = user_data;
  ObaProfileView *profile = get_profile (bench);

  if (profile != NULL && !oba_profile_view_is_loaded (profile))
    return G_SOURCE_CONTINUE;
  if (profile != NULL)
    {
      oba_subpages_close (oba_customers_page_get_subpages (bench->page), GTK_WIDGET (profile));
      return G_SOURCE_CONTINUE;
    }
  if (bench->n == 1 + N_STRANGERS + N_HEAVY)
    {
      gtk_window_destroy (bench->window);
      return G_SOURCE_REMOVE;
    }
  if (bench->n <= N_STRANGERS && !bench->chosen)
    {
      bench->chosen = TRUE;
      oba_lazy_view_select (oba_customers_page_get_view (bench->page), FIRST_ROW + bench->n);
      return G_SOURCE_CONTINUE;
    }
  if (!oba_customers_page_is_settled (bench->page))
    return G_SOURCE_CONTINUE;
  bench->chosen = FALSE;
  bench->cpu = cpu_ms ();
  bench->pressed = g_get_monotonic_time ();
  /* What Enter does; the heaviest is not on the first screen. */
  if (bench->n <= N_STRANGERS)
    g_signal_emit_by_name (oba_lazy_view_get_column_view (oba_customers_page_get_view (bench->page)), "activate", FIRST_ROW + bench->n);
  else
    oba_customers_page_open_profile (bench->page, 1);
  return G_SOURCE_REMOVE;
}

/* What a person has seen by now: called right after a frame was painted. */
static void
painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  Bench *bench = user_data;
  ObaProfileView *profile = get_profile (bench);
  double time = (double) (g_get_monotonic_time () - bench->pressed) / 1000, work = cpu_ms () - bench->cpu;

  if (bench->pressed == 0 || profile == NULL || !g_str_equal (oba_profile_view_get_shown (profile), "profile"))
    return;
  bench->pressed = 0;
  if (bench->n == 0)
    bench->first = time;
  else
    {
      g_array_append_val (bench->n <= N_STRANGERS ? bench->strangers : bench->heavy, time);
      g_array_append_val (bench->work, work);
    }
  bench->n++;
  g_timeout_add (10, press_cb, bench);
}

static gboolean
wait_for_list (gpointer user_data)
{
  Bench *bench = user_data;
  GtkApplication *app = GTK_APPLICATION (g_application_get_default ());

  for (GList *w = app != NULL ? gtk_application_get_windows (app) : NULL; w != NULL; w = w->next)
    bench->window = OBA_IS_WINDOW (w->data) ? w->data : bench->window;
  for (guint i = 0; bench->window != NULL && i < oba_window_get_n_pages (OBA_WINDOW (bench->window)); i++)
    if (OBA_IS_CUSTOMERS_PAGE (oba_window_get_page (OBA_WINDOW (bench->window), i)))
      bench->page = OBA_CUSTOMERS_PAGE (oba_window_get_page (OBA_WINDOW (bench->window), i));
  if (bench->page == NULL || !g_str_equal (oba_customers_page_get_shown (bench->page), "list") || !oba_customers_page_is_settled (bench->page))
    return G_SOURCE_CONTINUE;
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (bench->window)), "after-paint", G_CALLBACK (painted_cb), bench);
  g_timeout_add (200, press_cb, bench);
  return G_SOURCE_REMOVE;
}

static void
fill_from (const char *conninfo, const char *path, const char *number, const char *all)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) sql = g_string_new ("set session_replication_role = replica; ");

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("%s is missing", path);
  g_string_append (sql, text);
  g_string_replace (sql, "$1", number, 0);
  g_string_replace (sql, "$2", "1", 0);
  g_string_replace (sql, "$3", all, 0);
  g_free (oba_test_postgres_exec (conninfo, sql->str));
}

static void
fill (const char *conninfo, const char *customers_file, const char *receipts_file)
{
  const char *const after[] = {
    "insert into oba.stores (store_id, code, name) select n, 'S' || n, 'OBA ' || n from generate_series (1, 40) n",
    "insert into oba.categories (category_id, parent_id, code, name_az) select n, case when n > 12 then 1 + n % 12 end, 'C' || n, 'C' || n from generate_series (1, 72) n",
    "insert into oba.products (product_id, code, name, category_id) select n, 'P' || n, 'P' || n, 13 + n % 60 from generate_series (1, 500) n",
    "select oba.ensure_partitions ((now() - interval '725 days')::date, now()::date)",
    "set session_replication_role = replica; insert into oba.points_accounts (customer_id) select customer_id from oba.customers where kind = 'person'",
    "set session_replication_role = replica; insert into oba.customer_stats (customer_id) select customer_id from oba.customers where kind = 'person'",
  };

  fill_from (conninfo, customers_file, N_CUSTOMERS, N_CUSTOMERS);
  for (guint i = 0; i < G_N_ELEMENTS (after); i++)
    g_free (oba_test_postgres_exec (conninfo, after[i]));
  fill_from (conninfo, receipts_file, N_RECEIPTS, N_CUSTOMERS);
  g_free (oba_test_postgres_exec (conninfo, "analyze"));
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
report (const char *what, GArray *times)
{
  double median;

  g_array_sort (times, compare);
  median = g_array_index (times, double, times->len / 2);
  g_print ("%-52s median %7.1f ms   longest %7.1f ms   (%u)\n", what, median, g_array_index (times, double, times->len - 1), times->len);
  return median;
}

int
main (int argc, char **argv)
{
  g_autoptr (ObaTestPostgres) server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_autofree char *conninfo = oba_test_postgres_new_database (server);
  g_autoptr (ObaApplication) app = NULL;
  g_autoptr (GSettings) settings = NULL;
  Bench bench = { NULL };
  char *arguments[] = { (char *) "oba-backoffice", (char *) "--database", conninfo, NULL };
  GArray **arrays[] = { &bench.strangers, &bench.heavy, &bench.work };
  gboolean well;

  if (argc < 3)
    g_error ("give bench-fill.sql and bench-profile.sql");
  fill (conninfo, argv[1], argv[2]);
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    *arrays[i] = g_array_new (FALSE, FALSE, sizeof (double));
  app = oba_application_new ();
  settings = g_settings_new ("az.oba.BackOffice");
  g_settings_set_string (settings, "page", "customers");
  g_timeout_add (5, wait_for_list, &bench);
  g_application_run (G_APPLICATION (app), 3, arguments);
  g_assert_cmpuint (bench.n, ==, 1 + N_STRANGERS + N_HEAVY);

  g_print ("%-52s        %7.1f ms\n", "the first profile of the session", bench.first);
  well = report ("Enter to painted, somebody else each time", bench.strangers) <= MAX_OPEN_MS;
  well = report ("Enter to painted, the heaviest customer", bench.heavy) <= MAX_OPEN_MS && well;
  report ("work of this process for one", bench.work);
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_array_unref (*arrays[i]);
  return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
