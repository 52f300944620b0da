/* What finance and marketing read of points: the figures are the ledger's, change what points are valued at, and take them along as a file. */
#include "oba-window.h"

#include <glib/gstdio.h>
#include <string.h>

#include "analytics/oba-analytics-page.h"
#include "app-database.h"
#include "base/oba-money.h"
#include "oba-test-app.h"

/* Earned over a year and a half in every tier, redeemed, expired, returned after they were spent, given by hand. */
static const char fill[] =
  "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı');"
  "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea');"
  "insert into oba.products (code, name, category_id, price) select 'P1', 'Çay', category_id, 100 from oba.categories;"
  "insert into oba.customers (customer_id, given_name) select 100 + n, 'Aysel' from generate_series (0, 9) n;"
  "select oba.ensure_partitions ((now () - interval '30 months')::date, now ()::date);"
  "select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'R' || n, 'sold_at', now () - make_interval (days => 540 - n * 3),"
  " 'customer_id', 100 + n % 10, 'source', 'till', 'total', l.total, 'lines', jsonb_build_array (jsonb_build_object ('code', 'P1', 'quantity', 1, 'unit_price', l.total, 'total', l.total))), null, null)"
  " from generate_series (1, 175) n cross join lateral (select (1 + n % 10) * 4300 + n as total) l;"
  "select oba.redeem_points (jsonb_build_object ('customer_id', 101, 'points', a.balance), null, null) from oba.points_accounts a where a.customer_id = 101;"
  "select oba.return_lines (jsonb_build_object ('original', jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R1'), 'lines', '[{\"line\": 1, \"quantity\": 1}]'::jsonb, 'reason_code', 'x'), null, null);"
  "update oba.points_lots set expires_on = oba.business_day (now ()) - 40 where customer_id = 102 and entry_at < now () - interval '400 days';"
  "select oba.expire_points (1000);"
  "select oba.adjust_points (jsonb_build_object ('customer_id', 103, 'points', 50, 'reason', 'x'), null, null);";

static const char staff[] =
  "create role leyla login in role oba_auditor; create role murad login in role oba_marketing; create role nigar login in role oba_clerk; create role rauf login in role oba_supervisor;"
  "insert into oba.staff (login, display_name, role) values ('leyla', 'Leyla', 'auditor'), ('murad', 'Murad', 'marketing'), ('nigar', 'Nigar', 'clerk'), ('rauf', 'Rauf', 'supervisor');";

typedef struct
{
  AdwApplication *app;
  GSettings      *settings;
  ObaSession     *session;
  ObaWindow      *window;
} Fixture;

static AppDatabase *database;

static void
sit_down (Fixture *fixture, const char *conninfo)
{
  fixture->app = oba_test_application_new ();
  fixture->settings = oba_test_settings_new ();
  fixture->session = app_database_sign_in_at (conninfo);
  fixture->window = oba_window_new (GTK_APPLICATION (fixture->app), fixture->session, fixture->settings);
  oba_test_present (GTK_WINDOW (fixture->window), 1280, 720);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  sit_down (fixture, app_database_get_conninfo (database));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_LIGHT);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->session);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->app);
}

/* NULL: whoever is signed in does not have the page. */
static ObaLiabilityView *
open_page (Fixture *fixture)
{
  for (guint i = 0; i < oba_window_get_n_pages (fixture->window); i++)
    if (strcmp (oba_window_get_page_id (fixture->window, i), "analytics") == 0)
      {
        ObaPage *page = oba_window_get_page (fixture->window, i);

        oba_window_show_page (fixture->window, i);
        oba_test_wait_until (oba_page_get_state (page) == OBA_PAGE_READY);
        return oba_analytics_page_get_liability (OBA_ANALYTICS_PAGE (page));
      }
  return NULL;
}

static void
settle (Fixture *fixture)
{
  gtk_widget_queue_draw (GTK_WIDGET (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
}

static void
assert_tile (ObaLiabilityView *view, guint tile, const char *sql, char *(*format) (gint64 number))
{
  g_autofree char *asked = app_database_ask (database, sql);
  g_autofree char *expected = format (g_ascii_strtoll (asked, NULL, 10));

  g_assert_cmpstr (oba_liability_view_get_tile (view, tile), ==, expected);
}

/* Behind each tier, age and month stand customers, and their points are its points; one click leads to one of them. */
static void
check_behind (Fixture *fixture, ObaLiabilityView *view, const char *section, GPtrArray *groups)
{
  for (guint i = 0; i < groups->len; i++)
    {
      const ObaLiabilityGroup *group = groups->pdata[i];
      ObaBehindWindow *window = oba_liability_view_open_behind (view, section, group->key, group->name);

      oba_test_wait_until (oba_behind_window_is_loaded (window));
      g_assert_cmpuint (oba_behind_window_get_n (window), <, 200);
      g_assert_cmpint (oba_behind_window_get_points (window), ==, group->points);
      if (i == 0)
        oba_test_assert_named (GTK_WIDGET (window));
      if (i == 0 && g_str_equal (section, "tier"))
        oba_test_picture (GTK_WINDOW (window), "liability-behind");
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

static void
test_behind (Fixture *fixture, gconstpointer data)
{
  ObaLiabilityView *view = open_page (fixture);
  const ObaLiability *l = oba_liability_view_get_liability (view);

  check_behind (fixture, view, "tier", l->tiers);
  check_behind (fixture, view, "age", l->ages);
  check_behind (fixture, view, "expiry", l->expiry);
}

/* The tiles are the ledger's; months go on from one another; all is said in words, too, and in tables by one key. */
static void
test_figures (Fixture *fixture, gconstpointer data)
{
  ObaLiabilityView *view = open_page (fixture);
  const ObaLiability *l = oba_liability_view_get_liability (view);
  gint64 sums[3] = { 0 };

  g_assert_cmpstr (oba_liability_view_get_shown (view), ==, "figures");
  assert_tile (view, 0, "select sum (remaining) from oba.points_lots", oba_number_format);
  assert_tile (view, 1, "select sum (remaining) from oba.points_lots", oba_money_format);
  assert_tile (view, 3, "select sum (owed) from oba.points_accounts", oba_number_format);
  g_assert_cmpint (l->owed, >, 0);
  for (guint i = 0; i < l->months->len; i++)
    {
      const ObaLiabilityMonth *month = l->months->pdata[i];

      g_assert_cmpint (month->opening + month->issued - month->redeemed - month->expired - month->clawed_back + month->adjusted, ==, month->closing);
      g_assert_true (i == 0 || ((const ObaLiabilityMonth *) l->months->pdata[i - 1])->closing == month->opening);
    }
  g_assert_cmpint (((const ObaLiabilityMonth *) l->months->pdata[l->months->len - 1])->closing, ==, l->total.points - l->owed);
  for (guint i = 0; i < l->tiers->len; i++)
    sums[0] += ((const ObaLiabilityGroup *) l->tiers->pdata[i])->expected;
  for (guint i = 0; i < l->ages->len; i++)
    sums[1] += ((const ObaLiabilityGroup *) l->ages->pdata[i])->expected;
  for (guint i = 0; i < l->expiry->len; i++)
    sums[2] += ((const ObaLiabilityGroup *) l->expiry->pdata[i])->expected;
  for (guint i = 0; i < G_N_ELEMENTS (sums); i++)
    g_assert_cmpint (sums[i], ==, l->total.expected);
  for (guint i = 0; i < l->tiers->len; i++)
    {
      g_autofree char *value = oba_money_format (((const ObaLiabilityGroup *) l->tiers->pdata[i])->value);

      g_assert_true (oba_test_shows (GTK_WIDGET (view), value));
    }
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-table", NULL);
  oba_test_wait_until (oba_liability_view_shows_table (view));
  oba_test_assert_named (GTK_WIDGET (fixture->window));
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "liability-1280-table");
}

/* A shorter period shows fewer months, and the first of them opens with what was before. */
static void
test_period (Fixture *fixture, gconstpointer data)
{
  ObaLiabilityView *view = open_page (fixture);
  const guint periods[] = { 12, 0, 24 };
  guint n[3];

  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      oba_liability_view_set_months (view, periods[i]);
      oba_test_wait_until (oba_liability_view_is_loaded (view));
      n[i] = oba_liability_view_get_liability (view)->months->len;
      g_assert_true (periods[i] != 12 || ((const ObaLiabilityMonth *) oba_liability_view_get_liability (view)->months->pdata[0])->opening > 0);
    }
  g_assert_cmpuint (n[0], ==, 12);
  g_assert_cmpuint (n[1], >, 12);
  g_assert_cmpuint (n[2], ==, 24);
}

/* The same figures in every kind of file. */
static void
test_export (Fixture *fixture, gconstpointer data)
{
  const char *const ends[] = { "csv", "xlsx", "pdf" };
  const char *const begins[] = { "\xef\xbb\xbfsection,key,name,opening", "PK", "%PDF" };
  ObaLiabilityView *view = open_page (fixture);
  g_autofree char *directory = g_dir_make_tmp ("oba-liability-XXXXXX", NULL);
  g_autofree char *nowhere = g_build_filename (directory, "none", "x.csv", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *name = g_strdup_printf ("liability.%s", ends[i]);
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *contents = NULL;
      g_autofree char *total = NULL;

      g_assert_true (oba_liability_view_export (view, path));
      g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
      g_assert_cmpint (strncmp (contents, begins[i], strlen (begins[i])), ==, 0);
      total = app_database_ask (database, "select 'total,,,,,,,,,' || sum (remaining) || ',' from oba.points_lots");
      g_assert_true (i > 0 || strstr (contents, total) != NULL);
      g_remove (path);
    }
  g_assert_false (oba_liability_view_export (view, nowhere));
  g_rmdir (directory);
}

static void
type (ObaValuationWindow *window, ObaValuationEntry which, const char *text)
{
  gtk_editable_set_text (oba_valuation_window_get_entry (window, which), text);
}

static void
save (ObaValuationWindow *window)
{
  g_assert_true (gtk_widget_get_sensitive (oba_valuation_window_get_button (window)));
  g_signal_emit_by_name (oba_valuation_window_get_button (window), "clicked");
}

/* The consequence is said before, a colleague's change is seen and what was typed stays, bad input is told beside the entry. */
static void
test_valuation (Fixture *fixture, gconstpointer data)
{
  ObaLiabilityView *view = open_page (fixture);
  ObaValuationWindow *window = oba_liability_view_open_valuation (view);
  const char *const bad[] = { "0", "-1", "abc", "10001", "1e3" };

  oba_test_wait_until (oba_valuation_window_is_settled (window));
  g_assert_false (gtk_widget_get_sensitive (oba_valuation_window_get_button (window)));
  type (window, OBA_VALUATION_REASON, "As the auditor has it");
  type (window, OBA_VALUATION_BREAKAGE, "12.5");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      type (window, OBA_VALUATION_VALUE, bad[i]);
      g_assert_false (gtk_widget_get_sensitive (oba_valuation_window_get_button (window)));
    }
  type (window, OBA_VALUATION_VALUE, "0.80");
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "The expected value of all points becomes"));
  oba_test_assert_named (GTK_WIDGET (window));
  settle (fixture);
  oba_test_picture (GTK_WINDOW (window), "liability-valuation");

  app_database_run (database, "select oba.set_liability_rule ('{\"version\": 1, \"breakage\": 100, \"reason\": \"meanwhile\"}', null, null)");
  save (window);
  oba_test_wait_until (oba_valuation_window_is_settled (window) && *oba_valuation_window_get_problem (window) != '\0');
  g_assert_nonnull (strstr (oba_valuation_window_get_problem (window), "Somebody else changed this meanwhile."));
  g_assert_cmpstr (gtk_editable_get_text (oba_valuation_window_get_entry (window, OBA_VALUATION_VALUE)), ==, "0.80");
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "Now: "));
  save (window);
  oba_test_wait_until (oba_liability_view_is_loaded (view) && oba_liability_view_get_liability (view)->version == 3);
  assert_tile (view, 1, "select round (sum (remaining) * 0.8) from oba.points_lots", oba_money_format);
  assert_tile (view, 2, "select round (sum (remaining) * 0.8 * 0.875) from oba.points_lots", oba_money_format);
  g_assert_true (oba_test_shows (GTK_WIDGET (view), "A point is valued at 0.80 qəpik."));
}

/* From the customers behind a group a way leads to their profiles, for those who may open one. */
static void
check_way_on (ObaLiabilityView *view, gboolean may_open)
{
  const ObaLiabilityGroup *group = oba_liability_view_get_liability (view)->tiers->pdata[0];
  ObaBehindWindow *window = oba_liability_view_open_behind (view, "tier", group->key, group->name);

  oba_test_wait_until (oba_behind_window_is_loaded (window));
  g_assert_cmpuint (oba_behind_window_get_n (window), >, 0);
  g_assert_cmpint (gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (oba_test_find (GTK_WIDGET (window), ADW_TYPE_ACTION_ROW, NULL))), ==, may_open);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Who may see it, and who may change it. */
static void
test_roles (Fixture *fixture, gconstpointer data)
{
  const struct { const char *login; gboolean sees; } roles[] = { { "nigar", FALSE }, { "murad", TRUE }, { "leyla", TRUE }, { "rauf", TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autofree char *own = g_strdup_printf ("%s user=%s", app_database_get_conninfo (database), roles[i].login);
      Fixture theirs = { NULL };
      ObaLiabilityView *view;

      sit_down (&theirs, own);
      view = open_page (&theirs);
      g_assert_true ((view != NULL) == roles[i].sees);
      if (view != NULL)
        {
          ObaValuationWindow *window = oba_liability_view_open_valuation (view);

          oba_test_wait_until (oba_valuation_window_is_settled (window));
          g_assert_cmpstr (oba_valuation_window_get_problem (window), ==, "");
          g_assert_false (gtk_widget_get_visible (oba_valuation_window_get_button (window)));
          g_assert_true (oba_test_shows (GTK_WIDGET (window), "An administrator changes the valuation."));
          gtk_window_destroy (GTK_WINDOW (window));
          check_way_on (view, !g_str_equal (roles[i].login, "murad"));
        }
      tear_down (&theirs, NULL);
    }
}

static void
scroll_to (GtkWidget *view, double share)
{
  GtkWidget *window = oba_test_find (view, GTK_TYPE_SCROLLED_WINDOW, NULL);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (window));

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * share);
}

static void
test_pictures (Fixture *fixture, gconstpointer data)
{
  ObaLiabilityView *view = open_page (fixture);

  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "liability-1280-light");
  scroll_to (GTK_WIDGET (view), 0.55);
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "liability-1280-middle");
  scroll_to (GTK_WIDGET (view), 1);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "liability-1280-dark-below");
}

static void
test_pictures_wide (Fixture *fixture, gconstpointer data)
{
  oba_test_present (GTK_WINDOW (fixture->window), 1920, 1080);
  open_page (fixture);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "liability-1920-dark");
}

/* A chain without a single point is told so. */
static void
test_empty (Fixture *fixture, gconstpointer data)
{
  ObaLiabilityView *view = open_page (fixture);

  g_assert_cmpstr (oba_liability_view_get_shown (view), ==, "empty");
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "liability-empty");
  app_database_run (database, fill);
  app_database_run (database, "select oba.fold_liability ()");
}

int
main (int argc, char **argv)
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, staff);

#define TEST(name, function) g_test_add ("/analytics/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("empty", test_empty);
  TEST ("figures", test_figures);
  TEST ("behind", test_behind);
  TEST ("period", test_period);
  TEST ("export", test_export);
  TEST ("pictures", test_pictures);
  TEST ("pictures-wide", test_pictures_wide);
  TEST ("roles", test_roles);
  TEST ("valuation", test_valuation);
  status = g_test_run ();
  app_database_free (database);
  return status;
}
