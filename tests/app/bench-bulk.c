/*
 * One thing done to everybody, in the application itself: all chosen in the list, the dry run, the doing, the taking back and the Stop button, as the window has them;
 * and how long the window was deaf meanwhile: the longest time between two of its ticks. Beside it, in the same run, what one plain statement needs that does the
 * same without parts, history, trail and a way back. Ends with 1 when the window was deaf for longer than the product's limit.
 *
 * bench-bulk BENCH-SEARCH.sql [CUSTOMERS [KIND]]; $OBA_BENCH_DATABASE: a database that was filled before.
 */
#include <stdlib.h>
#include <string.h>

#include "app-database.h"
#include "customers/oba-bulk-dialog.h"
#include "customers/oba-customers-page.h"
#include "oba-test-app.h"
#include "oba-test-postgres.h"
#include "oba-window.h"

#define N_CUSTOMERS "1000000"
#define TICK_MS 5
#define MAX_DEAF_MS 100

typedef struct
{
  const char *what;
  const char *action;
  const char *plainly; /* the same, and rolled back */
} Kind;

static const Kind kinds[] = {
  { "segment", "page.bulk-segment",
    "begin; insert into oba.segment_members (customer_id, segment_id) select customer_id, (select max (segment_id) from oba.segments) from oba.customers where kind = 'person' on conflict do nothing; rollback" },
  { "consent", "page.bulk-consent",
    "begin; insert into oba.consents (customer_id, channel, granted, since) select customer_id, 'phone', true, now () from oba.customers where kind = 'person'"
    " on conflict on constraint consents_pkey do update set granted = true, since = now (); rollback" },
};

typedef struct
{
  const char *conninfo;
  ObaSession *session;
  ObaCustomersPage *page;
  GtkWindow *window;
  gint64 ticked;
  gint64 deaf;       /* microseconds, the longest */
  gint64 started;
} Bench;

static gboolean
tick_cb (gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now = g_get_monotonic_time ();

  bench->deaf = MAX (bench->deaf, now - bench->ticked - TICK_MS * 1000);
  bench->ticked = now;
  return G_SOURCE_CONTINUE;
}

static void
begin (Bench *bench)
{
  bench->started = bench->ticked = g_get_monotonic_time ();
  bench->deaf = 0;
}

static gboolean
end (Bench *bench, const char *what)
{
  gboolean well = bench->deaf <= MAX_DEAF_MS * 1000;

  g_print ("%-34s %8.1f s   deaf for %6.1f ms at most%s\n", what, (double) (g_get_monotonic_time () - bench->started) / 1e6, (double) bench->deaf / 1000, well ? "" : "   TOO LONG");
  return well;
}

#define wait_for(condition) while (!(condition)) g_main_context_iteration (NULL, TRUE)

static char *
last_state (Bench *bench)
{
  return oba_test_postgres_exec (bench->conninfo, "select state from oba.bulk_actions order by action_id desc limit 1");
}

static GtkWindow *
dialog_over (Bench *bench)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) dialog = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (dialog) == bench->window && gtk_widget_get_visible (GTK_WIDGET (dialog)))
        return dialog;
    }
  return NULL;
}

/* All chosen, and the form filled in as far as it must be. */
static ObaBulkDialog *
open_dialog (Bench *bench, const Kind *kind)
{
  ObaLazyView *view = oba_customers_page_get_view (bench->page);
  GtkSelectionModel *selection = gtk_column_view_get_model (oba_lazy_view_get_column_view (view));
  ObaBulkDialog *dialog;
  GtkWidget *entry;

  gtk_selection_model_select_all (selection);
  gtk_widget_activate_action (GTK_WIDGET (bench->page), kind->action, NULL);
  dialog = OBA_BULK_DIALOG (dialog_over (bench));
  if (g_str_equal (kind->what, "segment"))
    {
      g_autofree char *name = g_uuid_string_random ();
      GtkWidget *combo = oba_test_find (GTK_WIDGET (dialog), ADW_TYPE_COMBO_ROW, NULL);

      wait_for (adw_combo_row_get_model (ADW_COMBO_ROW (combo)) != NULL);
      adw_combo_row_set_selected (ADW_COMBO_ROW (combo), g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (combo))) - 1);
      wait_for ((entry = oba_test_find (GTK_WIDGET (dialog), ADW_TYPE_ENTRY_ROW, NULL)) != NULL);
      gtk_editable_set_text (GTK_EDITABLE (entry), name);
    }
  return dialog;
}

static gboolean
measure (Bench *bench, const Kind *kind)
{
  ObaBulkDialog *dialog;
  gboolean well = TRUE;
  gint64 start;

  g_print ("%s\n", kind->what);
  begin (bench);
  dialog = open_dialog (bench, kind);
  well = end (bench, "  all chosen, the form shown") && well;
  begin (bench);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  wait_for (g_str_equal (oba_bulk_dialog_get_shown (dialog), "preview"));
  well = end (bench, "  dry run") && well;
  begin (bench);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  wait_for (dialog_over (bench) == NULL);
  well = end (bench, "  done") && well;
  wait_for (oba_customers_page_is_settled (bench->page));

  begin (bench);
  {
    g_autofree char *id = oba_test_postgres_exec (bench->conninfo, "select max (action_id) from oba.bulk_actions");
    g_autofree char *state = NULL;
    guint n = 0;

    gtk_widget_activate_action (GTK_WIDGET (bench->page), "page.undo-bulk", "x", g_ascii_strtoll (id, NULL, 10));
    for (state = last_state (bench); !g_str_equal (state, "undone"); n++)
      {
        gint64 until = g_get_monotonic_time () + 500000;

        wait_for (g_get_monotonic_time () > until);
        g_free (state);
        state = last_state (bench);
        bench->ticked = g_get_monotonic_time ();
      }
    wait_for (dialog_over (bench) == NULL && oba_customers_page_is_settled (bench->page));
  }
  well = end (bench, "  taken back") && well;

  dialog = open_dialog (bench, kind);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  wait_for (g_str_equal (oba_bulk_dialog_get_shown (dialog), "preview"));
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  start = g_get_monotonic_time ();
  wait_for (g_get_monotonic_time () > start + 3000000);
  begin (bench);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.stop", NULL);
  wait_for (dialog_over (bench) == NULL);
  well = end (bench, "  Stop, until it has stopped") && well;
  wait_for (oba_customers_page_is_settled (bench->page));

  start = g_get_monotonic_time ();
  g_free (oba_test_postgres_exec (bench->conninfo, kind->plainly));
  g_print ("%-34s %8.1f s\n", "  one plain statement", (double) (g_get_monotonic_time () - start) / 1e6);
  return well;
}

static void
fill (const char *conninfo, const char *file, const char *customers)
{
  g_autofree char *sql = NULL;
  g_autoptr (GString) whole = g_string_new (NULL);

  g_assert_true (g_file_get_contents (file, &sql, NULL, NULL));
  g_string_append_printf (whole, "set bench.customers = %s; %s", customers, sql);
  g_free (oba_test_postgres_exec (conninfo, whole->str));
  g_free (oba_test_postgres_exec (conninfo, "analyze"));
}

int
main (int argc, char **argv)
{
  const char *ready = g_getenv ("OBA_BENCH_DATABASE");
  g_autoptr (ObaTestPostgres) server = ready == NULL ? oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED) : NULL;
  g_autofree char *conninfo = ready != NULL ? g_strdup (ready) : oba_test_postgres_new_database (server);
  g_autoptr (AdwApplication) app = NULL;
  g_autoptr (GSettings) settings = NULL;
  Bench bench = { .conninfo = conninfo };
  gboolean well = TRUE;

  if (argc < 2)
    g_error ("give bench-search.sql");
  gtk_init ();
  adw_init ();
  if (ready == NULL)
    fill (conninfo, argv[1], argc > 2 ? argv[2] : N_CUSTOMERS);
  app = oba_test_application_new ();
  settings = oba_test_settings_new ();
  bench.session = app_database_sign_in_at (conninfo);
  bench.window = GTK_WINDOW (oba_window_new (GTK_APPLICATION (app), bench.session, settings));
  oba_test_present (bench.window, 1280, 720);
  bench.page = OBA_CUSTOMERS_PAGE (oba_window_get_page (OBA_WINDOW (bench.window), 1));
  oba_window_show_page (OBA_WINDOW (bench.window), 1);
  g_timeout_add (TICK_MS, tick_cb, &bench);
  wait_for (oba_lazy_model_is_complete (oba_customers_page_get_model (bench.page)) && oba_customers_page_is_settled (bench.page));

  g_print ("%u customers\n", g_list_model_get_n_items (G_LIST_MODEL (oba_customers_page_get_model (bench.page))));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (argc < 4 || g_str_equal (argv[3], kinds[i].what))
      well = measure (&bench, &kinds[i]) && well;

  gtk_window_destroy (bench.window);
  oba_session_close (bench.session);
  g_clear_object (&bench.session);
  return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
