/* A store's page as a manager reads it: from the list of the best stores, against the period before, beside the chain; and the same of a customer. */
#include "oba-window.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app-database.h"
#include "base/oba-money.h"
#include "cards/oba-poster.h"
#include "oba-test-app.h"
#include "customers/oba-profile-patterns.h"
#include "customers/oba-profile-view.h"
#include "overview/oba-overview-page.h"
#include "stores/oba-store-view.h"
#include "stores/oba-top-products.h"
#include "tills/oba-tills-view.h"
#include "widgets/oba-chart-panel.h"
#include "widgets/oba-chart-view.h"
#include "widgets/oba-link-window.h"
#include "widgets/oba-patterns-box.h"

/* Two stores sell every day, the first one thrice as much as the second, mostly in the evening; a third one has just opened. */
static const char fill[] =
  "insert into oba.stores (code, name, city) values ('S1', 'OBA Nərimanov rayonu, Əhməd Rəcəbli küçəsi', 'Bakı'), ('S2', 'OBA Gəncə', 'Gəncə'), ('S3', 'OBA <b>Yeni</b>', '');"
  "insert into oba.categories (code, name_az, name_en) select 'c' || n, (array['Süd və süd məhsulları, yumurta', 'Çay və qəhvə', 'Meyvə və tərəvəz', 'Çörək', 'Ət və quş əti', 'Şirniyyat',"
  " 'Məişət kimyası', 'Uşaq məhsulları', 'İçkilər'])[n], (array['Dairy and eggs', 'Tea and coffee', 'Fruit and vegetables', 'Bread', 'Meat and poultry', 'Sweets', 'Household', 'For children', 'Drinks'])[n]"
  " from generate_series (1, 9) n;"
  "insert into oba.products (code, name, category_id, price) select 'P' || n, 'Mal ' || n, c.category_id, 100 from generate_series (1, 9) n join oba.categories c on c.code = 'c' || n;"
  "insert into oba.customers (customer_id, given_name, family_name, registered_store_id, preferred_store_id) values (500, 'Ayşə', 'Əliyeva', 1, 1), (501, 'Yeni', 'Müştəri', 1, null);"
  "select oba.ensure_partitions ((now () - interval '14 months')::date, now ()::date);"
  "select oba.once ('record_receipt', jsonb_build_object ('store_code', case when n % 4 = 0 then 'S2' else 'S1' end, 'till', 1, 'receipt_no', 'R' || n,"
  " 'sold_at', oba.day_start (oba.business_day (now ()) - 1 - n / 8) + make_interval (hours => 9 + (n * 7) % 13 - (n % 5 = 0)::integer * 3),"
  " 'customer_id', case when n % 3 = 0 then 500 end, 'source', 'till', 'total', l.total, 'lines', l.lines), null, null)"
  " from generate_series (1, 480) n cross join lateral ("
  "  select sum (x.price - x.discount)::bigint as total, jsonb_agg (jsonb_build_object ('code', 'P' || x.p, 'quantity', 1, 'unit_price', x.price, 'discount', x.discount, 'total', x.price - x.discount)) as lines"
  "  from (select 1 + (n * k + k) % 9 as p, 50 * (1 + (n * 31 + k * 17) % 23) as price, case when (n + k) % 5 = 0 then 5 * (1 + (n * 31 + k * 17) % 23) else 0 end as discount"
  "        from generate_series (1, 1 + n % 11) k) x) l;";

typedef struct
{
  AdwApplication *app;
  GSettings      *settings;
  ObaSession     *session;
  ObaWindow      *window;
} Fixture;

static AppDatabase *database;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->app = oba_test_application_new ();
  fixture->settings = oba_test_settings_new ();
  fixture->session = app_database_sign_in (database);
  fixture->window = oba_window_new (GTK_APPLICATION (fixture->app), fixture->session, fixture->settings);
  oba_test_present (GTK_WINDOW (fixture->window), 1280, 720);
  oba_test_wait_until (oba_page_get_state (oba_window_get_page (fixture->window, 0)) == OBA_PAGE_READY);
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

static ObaStoreView *
store_view (Fixture *fixture)
{
  GtkWidget *view = oba_test_find (GTK_WIDGET (fixture->window), OBA_TYPE_STORE_VIEW, NULL);

  return view != NULL ? OBA_STORE_VIEW (view) : NULL;
}

static ObaStoreView *
open_store (Fixture *fixture, gint64 id)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.open-store", "x", id));
  oba_test_wait_until (store_view (fixture) != NULL && oba_store_view_is_loaded (store_view (fixture)));
  return store_view (fixture);
}

static gboolean
shows (Fixture *fixture, const char *text)
{
  return oba_test_shows (GTK_WIDGET (fixture->window), text);
}

static void
settle (Fixture *fixture)
{
  gtk_widget_queue_draw (GTK_WIDGET (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
}

/* From the name in the list to the store, and back to the list. */
static void
test_opens (Fixture *fixture, gconstpointer data)
{
  GtkWidget *list = oba_test_find (GTK_WIDGET (fixture->window), OBA_TYPE_OVERVIEW_PAGE, NULL);
  GtkWidget *label = oba_test_find (list, GTK_TYPE_LABEL, "OBA Gəncə");
  GtkWidget *button;

  g_assert_nonnull (label);
  button = gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON);
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  oba_test_wait_until (store_view (fixture) != NULL && oba_store_view_is_loaded (store_view (fixture)));
  g_assert_cmpstr (oba_store_view_get_shown (store_view (fixture)), ==, "figures");
  g_assert_true (shows (fixture, "Gəncə"));
  g_assert_true (shows (fixture, "Revenue by day"));
  g_assert_true (shows (fixture, "Median basket: about"));
  oba_test_assert_named (GTK_WIDGET (store_view (fixture)));

  gtk_widget_activate_action (GTK_WIDGET (store_view (fixture)), "subpages.back", NULL);
  oba_test_wait_until (store_view (fixture) == NULL);
  g_assert_true (gtk_widget_get_mapped (label));
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "store-overview");
}

/* The figures are the database's, in the period that is chosen. */
static void
test_period (Fixture *fixture, gconstpointer data)
{
  static const guint days[] = { 7, 90, 365, 30 };
  ObaStoreView *view = open_store (fixture, 1);

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autofree char *sql = g_strdup_printf ("select sum (revenue) from oba.rollup_store_days where store_id = 1 and day > oba.business_day (now ()) - %u", days[i]);
      g_autofree char *revenue = app_database_ask (database, sql);
      g_autofree char *expected = oba_money_format (g_ascii_strtoll (revenue, NULL, 10));

      oba_store_view_set_days (view, days[i]);
      oba_test_wait_until (oba_store_view_is_loaded (view));
      g_assert_cmpstr (oba_store_view_get_revenue (view), ==, expected);
    }
}

/* What goes best, and how many people come: as the receipts say. */
static void
test_goods (Fixture *fixture, gconstpointer data)
{
  ObaStoreView *view = open_store (fixture, 1);
  GtkWidget *products = oba_test_find (GTK_WIDGET (view), OBA_TYPE_TOP_PRODUCTS, NULL);
  g_autofree char *best = app_database_ask (database, "select p.name || '|' || sum (l.total) from oba.receipts r join oba.receipt_lines l using (customer_id, sold_at, receipt_id) join oba.products p using (product_id)"
                                                      " where r.store_id = 1 and r.business_day > oba.business_day (now ()) - 30 group by p.product_id, p.name order by sum (l.total) desc limit 1");
  g_auto (GStrv) parts = g_strsplit (best, "|", 2);
  g_autofree char *revenue = oba_money_format (g_ascii_strtoll (parts[1], NULL, 10));

  g_assert_nonnull (products);
  g_assert_true (oba_test_shows (products, parts[0]));
  g_assert_true (oba_test_shows (products, revenue));
  g_assert_true (shows (fixture, "Customers"));
  g_assert_true (shows (fixture, "Receipts a customer"));
  g_assert_cmpstr (oba_store_view_get_customers (view), ==, "1");
}

/* The numbers of every chart are one key away. */
static void
test_table (Fixture *fixture, gconstpointer data)
{
  ObaStoreView *view = open_store (fixture, 1);
  GtkWidget *box = oba_test_find (GTK_WIDGET (view), OBA_TYPE_PATTERNS_BOX, NULL);

  g_assert_false (oba_patterns_box_shows_table (OBA_PATTERNS_BOX (box)));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-table", NULL);
  g_assert_true (oba_patterns_box_shows_table (OBA_PATTERNS_BOX (box)));
  settle (fixture);
  g_assert_true (shows (fixture, "Whole chain"));
  oba_test_picture (GTK_WINDOW (fixture->window), "store-tables");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-table", NULL);
  g_assert_false (oba_patterns_box_shows_table (OBA_PATTERNS_BOX (box)));
}

/* From a store to what was found about its tills, and only its. */
static void
test_tills (Fixture *fixture, gconstpointer data)
{
  ObaStoreView *view = open_store (fixture, 2);
  GtkWidget *tills;

  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "_Tills…"), "clicked");
  oba_test_wait_until (oba_test_find (GTK_WIDGET (fixture->window), OBA_TYPE_TILLS_VIEW, NULL) != NULL);
  tills = oba_test_find (GTK_WIDGET (fixture->window), OBA_TYPE_TILLS_VIEW, NULL);
  g_assert_cmpint (oba_tills_view_get_filter (OBA_TILLS_VIEW (tills)).store_id, ==, 2);
  oba_test_wait_until (oba_tills_view_is_settled (OBA_TILLS_VIEW (tills)));
}

/* A store without a sale says so and shows no charts of nothing; one that is not there is no empty page. */
static void
test_empty (Fixture *fixture, gconstpointer data)
{
  ObaStoreView *view = open_store (fixture, 3);

  g_assert_true (shows (fixture, "OBA <b>Yeni</b>"));
  g_assert_true (shows (fixture, "Nothing was sold here in these days."));
  g_assert_null (oba_test_find (GTK_WIDGET (view), OBA_TYPE_PATTERNS_BOX, NULL));
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "store-empty");

  view = open_store (fixture, 4242);
  g_assert_cmpstr (oba_store_view_get_shown (view), ==, "failed");
  g_assert_true (shows (fixture, "There is no such store any more."));
}

/* Figures that came stay while the server is away, and go on when it is back. */
static void
test_lost_server (Fixture *fixture, gconstpointer data)
{
  ObaStoreView *view = open_store (fixture, 1);

  oba_test_postgres_stop (app_database_get_server (database));
  oba_test_wait_until (oba_window_is_offline_shown (fixture->window));
  g_assert_cmpstr (oba_store_view_get_shown (view), ==, "figures");
  oba_test_postgres_start (app_database_get_server (database));
  oba_test_wait_until (!oba_window_is_offline_shown (fixture->window));
  oba_store_view_set_days (view, 90);
  oba_test_wait_until (oba_store_view_is_loaded (view));
  g_assert_cmpstr (oba_store_view_get_shown (view), ==, "figures");
}

/* ---- the customer's */

static ObaProfileView *
open_profile (Fixture *fixture, gint64 id)
{
  ObaProfileView *profile;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.open-customer", "x", id));
  profile = OBA_PROFILE_VIEW (oba_test_find (GTK_WIDGET (fixture->window), OBA_TYPE_PROFILE_VIEW, NULL));
  oba_test_wait_until (oba_profile_view_is_loaded (profile));
  return profile;
}

static ObaProfilePatterns *
show_patterns (Fixture *fixture, ObaProfileView *profile)
{
  GtkWidget *label = oba_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, "Spending Patterns");
  GtkWidget *button;
  ObaProfilePatterns *patterns;

  g_assert_nonnull (label);
  button = gtk_widget_get_ancestor (label, GTK_TYPE_TOGGLE_BUTTON);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  oba_test_wait_until (oba_test_find (GTK_WIDGET (profile), OBA_TYPE_PROFILE_PATTERNS, NULL) != NULL);
  patterns = OBA_PROFILE_PATTERNS (oba_test_find (GTK_WIDGET (profile), OBA_TYPE_PROFILE_PATTERNS, NULL));
  oba_test_wait_until (oba_profile_patterns_is_settled (patterns));
  return patterns;
}

static GtkWidget *
find_by_tooltip (GtkWidget *root, const char *tooltip)
{
  GtkWidget *found = GTK_IS_BUTTON (root) && g_strcmp0 (gtk_widget_get_tooltip_text (root), tooltip) == 0 ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_by_tooltip (child, tooltip);
  return found;
}

/* How this customer shops, beside the chain; from their favourite store to its page and back to them. */
static void
test_customer (Fixture *fixture, gconstpointer data)
{
  ObaProfileView *profile = open_profile (fixture, 500);
  ObaProfilePatterns *patterns = show_patterns (fixture, profile);
  GtkWidget *box = oba_test_find (GTK_WIDGET (patterns), OBA_TYPE_PATTERNS_BOX, NULL);
  g_autofree char *median = app_database_ask (database, "select round (percentile_cont (0.5) within group (order by total)) from oba.receipts where customer_id = 500");
  g_autofree char *money = oba_money_format (g_ascii_strtoll (median, NULL, 10));
  g_autofree char *tier = app_database_ask (database, "select name_en || ' customers' from oba.tiers join oba.points_accounts using (tier_id) where customer_id = 500");
  g_autofree char *beside = g_strdup_printf ("Of %s: about", tier);
  g_autofree char *words = g_strdup_printf ("Median basket: %s, lines:", money);

  g_assert_cmpstr (oba_profile_patterns_get_shown (patterns), ==, "patterns");
  g_assert_true (shows (fixture, words));
  g_assert_true (shows (fixture, "Price sensitivity"));
  g_assert_true (shows (fixture, beside));
  oba_test_assert_named (GTK_WIDGET (profile));
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "patterns-1280-light");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-table", NULL);
  g_assert_true (oba_patterns_box_shows_table (OBA_PATTERNS_BOX (box)));
  settle (fixture);
  g_assert_true (shows (fixture, tier));

  g_signal_emit_by_name (find_by_tooltip (GTK_WIDGET (profile), "Open the store"), "clicked");
  oba_test_wait_until (store_view (fixture) != NULL && oba_store_view_is_loaded (store_view (fixture)));
  g_assert_cmpint (oba_store_view_get_store (store_view (fixture)), ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (store_view (fixture)), "subpages.back", NULL);
  oba_test_wait_until (gtk_widget_get_mapped (GTK_WIDGET (patterns)));
}

/* A purchase that is made while the charts are open is in them after the profile was read again; nobody's charts are not drawn. */
static void
test_customer_new (Fixture *fixture, gconstpointer data)
{
  ObaProfileView *profile = open_profile (fixture, 501);
  ObaProfilePatterns *patterns = show_patterns (fixture, profile);

  g_assert_cmpstr (oba_profile_patterns_get_shown (patterns), ==, "empty");
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "patterns-empty");
  app_database_run (database, "select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S2', 'till', 1, 'receipt_no', 'NEW', 'sold_at', now (), 'customer_id', 501, 'source', 'till',"
                              " 'total', 700, 'lines', '[{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 700, \"total\": 700}]'::jsonb), null, null)");
  oba_profile_view_refresh (profile);
  oba_test_wait_until (oba_profile_patterns_is_settled (patterns));
  g_assert_cmpstr (oba_profile_patterns_get_shown (patterns), ==, "patterns");
}

static void
scroll_down (GtkWidget *view)
{
  GtkWidget *window = oba_test_find (view, GTK_TYPE_SCROLLED_WINDOW, NULL);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (window));

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

/* The window that lies over ours. */
static ObaLinkWindow *
link_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (OBA_IS_LINK_WINDOW (window) && gtk_widget_get_mapped (GTK_WIDGET (window)))
        return OBA_LINK_WINDOW (window);
    }
  return NULL;
}

/* The poster of a store: without a bot it says why there is none; then its code is the store's and the campaign's, on paper, too. */
static void
test_poster (Fixture *fixture, gconstpointer data)
{
  ObaStoreView *view = open_store (fixture, 2);
  g_autofree char *plain = NULL, *autumn = NULL, *file = g_build_filename (g_get_tmp_dir (), "oba-test-poster.pdf", NULL);
  g_autoptr (GError) error = NULL;
  ObaLinkWindow *window;

  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "P_oster…"), "clicked");
  oba_test_wait_until (link_window () != NULL && oba_test_shows (GTK_WIDGET (link_window ()), "has not been started yet"));
  gtk_window_destroy (GTK_WINDOW (link_window ()));
  app_database_run (database, "select oba.telegram_note_bot ('ObaTestBot')");
  plain = app_database_ask (database, "select oba.make_start_link (2) ->> 'url'");
  autumn = app_database_ask (database, "select oba.make_start_link (2, 'autumn') ->> 'url'");
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "P_oster…"), "clicked");
  oba_test_wait_until (link_window () != NULL && g_strcmp0 (oba_link_window_get_url (link_window ()), plain) == 0);
  window = link_window ();
  gtk_editable_set_text (GTK_EDITABLE (oba_test_find (GTK_WIDGET (window), ADW_TYPE_ENTRY_ROW, NULL)), "Autumn");
  oba_test_wait_until (g_strcmp0 (oba_link_window_get_url (window), autumn) == 0);
  oba_test_assert_named (GTK_WIDGET (window));
  oba_test_picture (GTK_WINDOW (window), "poster");
  g_assert_true (oba_poster_write_pdf (file, autumn, "OBA Gəncə", &error));
  g_remove (file);
  gtk_editable_set_text (GTK_EDITABLE (oba_test_find (GTK_WIDGET (window), ADW_TYPE_ENTRY_ROW, NULL)), "ö; drop table");
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "up to 20 letters"));
  g_assert_null (oba_link_window_get_url (window));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Staff give a customer at the desk a link for one use; the one before ends. */
static void
test_link (Fixture *fixture, gconstpointer data)
{
  ObaProfileView *profile = open_profile (fixture, 500);
  g_autofree char *first = NULL;

  app_database_run (database, "select oba.telegram_note_bot ('ObaTestBot')");
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (profile), "profile.link-telegram", NULL));
      oba_test_wait_until (link_window () != NULL && oba_link_window_get_url (link_window ()) != NULL);
      g_assert_true (g_str_has_prefix (oba_link_window_get_url (link_window ()), "https://t.me/ObaTestBot?start=s"));
      g_assert_cmpstr (oba_link_window_get_url (link_window ()), !=, first);
      g_free (first);
      first = g_strdup (oba_link_window_get_url (link_window ()));
      oba_test_picture (GTK_WINDOW (link_window ()), "link-telegram");
      gtk_window_destroy (GTK_WINDOW (link_window ()));
    }
  g_free (first);
  first = app_database_ask (database, "select count (*) filter (where expires_at > now()) || ' of ' || count (*) from oba.staff_links where customer_id = 500");
  g_assert_cmpstr (first, ==, "1 of 2");
}

/* Pictures of every size and style, to be looked at. */
static void
test_pictures (Fixture *fixture, gconstpointer data)
{
  ObaStoreView *view = open_store (fixture, 1);

  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "store-1280-light");
  scroll_down (GTK_WIDGET (view));
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "store-1280-light-below");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "store-1280-dark-below");
}

static void
test_pictures_wide (Fixture *fixture, gconstpointer data)
{
  oba_test_present (GTK_WINDOW (fixture->window), 1920, 1080);
  open_store (fixture, 1);
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "store-1920-light");
  show_patterns (fixture, open_profile (fixture, 500));
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  settle (fixture);
  oba_test_picture (GTK_WINDOW (fixture->window), "patterns-1920-dark");
}

int
main (int argc, char **argv)
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, fill);
  app_database_run (database, "select oba.fold_rollups (), oba.fold_store_sales ()");

#define TEST(name, function) g_test_add ("/stores/" name, Fixture, NULL, set_up, function, tear_down)
  TEST ("opens", test_opens);
  TEST ("period", test_period);
  TEST ("goods", test_goods);
  TEST ("table", test_table);
  TEST ("tills", test_tills);
  TEST ("empty", test_empty);
  TEST ("lost-server", test_lost_server);
  TEST ("customer", test_customer);
  TEST ("customer-new", test_customer_new);
  TEST ("poster", test_poster);
  TEST ("link", test_link);
  TEST ("pictures", test_pictures);
  TEST ("pictures-wide", test_pictures_wide);
  status = g_test_run ();
  app_database_free (database);
  return status;
}
