/* The overview as people at head office watch it: it must be live, and survive what networks do. */
#include "overview/oba-overview-page.h"

#include <string.h>

#include "app-database.h"
#include "base/oba-money.h"
#include "oba-test-app.h"
#include "widgets/oba-chart-view.h"

typedef struct
{
  AdwApplication  *app;
  ObaSession      *session;
  GtkWindow       *window;
  ObaOverviewPage *page;
} Fixture;

static AppDatabase *database;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->app = oba_test_application_new ();
  fixture->session = app_database_sign_in (database);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_OVERVIEW_PAGE, "session", fixture->session, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  oba_test_present (fixture->window, 1060, 900);
  oba_test_wait_until (oba_page_get_state (OBA_PAGE (fixture->page)) != OBA_PAGE_LOADING);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->app);
}

static const char *
today (Fixture *fixture)
{
  return oba_period_tile_get_revenue (oba_overview_page_get_tile (fixture->page, 0));
}

static gboolean
shows_today (Fixture *fixture, gint64 qepik)
{
  g_autofree char *money = oba_money_format (qepik);

  return g_str_equal (oba_overview_page_get_shown (fixture->page), "figures") && g_str_equal (today (fixture), money);
}

static gint64
sold_today (void)
{
  g_autofree char *value = app_database_ask (database, "select coalesce (sum (revenue), 0) from oba.rollup_days where day = oba.business_day (now())");

  return g_ascii_strtoll (value, NULL, 10);
}

/* A new chain has no sales: the page says what will bring them, and they appear without a click. */
static void
test_first_sale (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (oba_page_get_state (OBA_PAGE (fixture->page)), ==, OBA_PAGE_READY);
  g_assert_cmpstr (oba_overview_page_get_shown (fixture->page), ==, "empty");
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "No Sales Yet"));
  oba_test_picture (fixture->window, "overview-empty");

  app_database_sell (database, 1250);
  oba_test_wait_until (shows_today (fixture, sold_today ()));
  g_assert_cmpstr (oba_period_tile_get_receipts (oba_overview_page_get_tile (fixture->page, 0)), ==, "1");
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "OBA Nərimanov"));
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "Tea"));
  oba_test_assert_named (GTK_WIDGET (fixture->page));
  oba_test_picture (fixture->window, "overview-first-sale");
}

/* A receipt posted elsewhere stands in the tile within two seconds. */
static void
test_live (Fixture *fixture, gconstpointer data)
{
  gint64 before = sold_today ();
  gint64 start;
  double seconds;

  oba_test_wait_until (shows_today (fixture, before));
  app_database_sell (database, 4321);
  start = g_get_monotonic_time ();
  oba_test_wait_until (shows_today (fixture, before + 4321));
  seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_test_message ("shown after %.3f s", seconds);
  g_assert_cmpfloat (seconds, <, 2.0);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* A rush of receipts does not make a rush of queries: the figures are read at most every half second, and end up right. */
static void
test_rush (Fixture *fixture, gconstpointer data)
{
  gint64 before = sold_today ();
  GtkWidget *label;
  guint changes = 0;
  gint64 start;
  double seconds;

  oba_test_wait_until (shows_today (fixture, before));
  label = oba_test_find (GTK_WIDGET (oba_overview_page_get_tile (fixture->page, 0)), GTK_TYPE_LABEL, today (fixture));
  g_signal_connect_swapped (label, "notify::label", G_CALLBACK (count_cb), &changes);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < 20; i++)
    {
      app_database_sell (database, 100);
      oba_test_iterate ();
    }
  oba_test_wait_until (shows_today (fixture, before + 2000));
  seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_test_message ("20 receipts in %.1f s: %u changes", seconds, changes);
  g_assert_cmpuint (changes, <=, (guint) (seconds / 0.5) + 2);
}

/* Those who do not see the chart are told what it shows, and each day's value as the arrow keys move. */
static void
test_spoken_chart (Fixture *fixture, gconstpointer data)
{
  g_autofree char *money = oba_money_format (sold_today ());
  GtkWidget *view;
  ObaChart *chart;
  g_autofree char *description = NULL;
  g_autofree char *day = NULL;

  oba_test_wait_until (shows_today (fixture, sold_today ()));
  view = oba_test_find (GTK_WIDGET (fixture->page), OBA_TYPE_CHART_VIEW, NULL);
  chart = oba_chart_view_get_chart (OBA_CHART_VIEW (view));
  description = oba_chart_describe (chart);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, "Revenue, last 90 days");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description);

  oba_chart_view_set_point (OBA_CHART_VIEW (view), (int) oba_chart_get_n_points (chart) - 1);
  g_free (description);
  day = oba_chart_format_point (chart, oba_chart_get_n_points (chart) - 1);
  description = g_strdup_printf ("%s; Revenue %s; 7-day mean –", day, money);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description);
  oba_test_picture (fixture->window, "overview-hover");
  oba_chart_view_set_point (OBA_CHART_VIEW (view), -1);
}

/* The numbers behind the chart are a key away, in full. */
static void
test_table (Fixture *fixture, gconstpointer data)
{
  g_autofree char *money = oba_money_format (sold_today ());

  oba_test_wait_until (shows_today (fixture, sold_today ()));
  g_assert_false (oba_overview_page_shows_table (fixture->page));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.toggle-table", NULL));
  g_assert_true (oba_overview_page_shows_table (fixture->page));
  oba_test_wait_until (oba_test_shows (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_COLUMN_VIEW, NULL), money));
  oba_test_picture (fixture->window, "overview-table");

  /* It stays a table, with new numbers, when a receipt comes in. */
  app_database_sell (database, 700);
  g_free (money);
  money = oba_money_format (sold_today ());
  oba_test_wait_until (oba_test_shows (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_COLUMN_VIEW, NULL), money));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.toggle-table", NULL);
  g_assert_false (oba_overview_page_shows_table (fixture->page));
}

/* The server drops every connection (a restart of PgBouncer, a firewall): nobody notices but for a moment, nothing is missed. */
static void
test_terminated (Fixture *fixture, gconstpointer data)
{
  gint64 before = sold_today ();

  oba_test_wait_until (shows_today (fixture, before));
  g_assert_cmpuint (oba_test_postgres_terminate_clients (app_database_get_server (database), app_database_get_conninfo (database)), >=, 2);
  app_database_sell (database, 900);
  oba_test_wait_until (shows_today (fixture, before + 900));
  oba_test_wait_until (oba_session_is_online (fixture->session));
  g_assert_cmpint (oba_page_get_state (OBA_PAGE (fixture->page)), ==, OBA_PAGE_READY);
}

/* Figures that cannot be read are said to be so, and the next try works. */
static void
test_failure (Fixture *fixture, gconstpointer data)
{
  ObaOverviewPage *page;
  GtkWindow *window;

  app_database_run (database, "alter table oba.rollup_hours rename to rollup_hours_away");
  window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  page = g_object_new (OBA_TYPE_OVERVIEW_PAGE, "session", fixture->session, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), GTK_WIDGET (page));
  oba_test_present (window, 1060, 700);
  oba_test_wait_until (oba_page_get_state (OBA_PAGE (page)) == OBA_PAGE_FAILED);
  g_assert_cmpstr (oba_overview_page_get_shown (page), ==, "failed");
  g_assert_null (strstr (oba_page_get_message (OBA_PAGE (page)), "relation"));
  oba_test_picture (window, "overview-failed");

  app_database_run (database, "alter table oba.rollup_hours_away rename to rollup_hours");
  oba_page_refresh (OBA_PAGE (page));
  oba_test_wait_until (oba_page_get_state (OBA_PAGE (page)) == OBA_PAGE_READY);
  g_assert_cmpstr (oba_overview_page_get_shown (page), ==, "figures");
  gtk_window_destroy (window);
}

/* Closing the window while it reads must not end the program. */
static void
test_closed_while_reading (Fixture *fixture, gconstpointer data)
{
  GtkWindow *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  GtkWidget *page = g_object_new (OBA_TYPE_OVERVIEW_PAGE, "session", fixture->session, NULL);
  gpointer gone = page;

  g_object_add_weak_pointer (G_OBJECT (page), &gone);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), page);
  oba_test_present (window, 800, 600);
  oba_page_refresh (OBA_PAGE (page));
  gtk_window_destroy (window);
  oba_test_wait_until (gone == NULL);
  for (guint i = 0; i < 20; i++)
    oba_test_iterate ();
}

int
main (int argc, char *argv[])
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_add_chain (database);

#define ADD(path, function) g_test_add ("/overview/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("first-sale", test_first_sale);
  ADD ("live", test_live);
  ADD ("rush", test_rush);
  ADD ("spoken-chart", test_spoken_chart);
  ADD ("table", test_table);
  ADD ("terminated", test_terminated);
  ADD ("failure", test_failure);
  ADD ("closed-while-reading", test_closed_while_reading);

  status = g_test_run ();
  app_database_free (database);
  return status;
}
