/* The Customers page for each role, signed in with its own login: what one may not see or do is not there, what is there works. */
#include "customers/oba-customers-page.h"

#include <string.h>
#include <glib/gstdio.h>

#include "app-database.h"
#include "customers/oba-bulk-dialog.h"
#include "files/oba-export-window.h"
#include "oba-test-app.h"
#include "oba-window.h"
#include "widgets/oba-view-menu.h"

static const char fill[] =
  "insert into oba.stores (code, name) values ('S1', 'OBA Nizami');"
  "insert into oba.customers (customer_id, given_name, family_name, phone, email, city, preferred_store_id, registered_at)"
  " select 1000 + n, 'Aysel', 'Secretova', '+99455' || lpad (n::text, 7, '0'), 'secret' || n || '@example.az', (array['Bakı', 'Şəki'])[1 + n % 2], 1,"
  "  timestamptz '2024-01-01 12:00+04' + n * interval '1 day' from generate_series (1, 300) n;"
  "update oba.points_accounts set balance = customer_id % 100, tier_id = 1 + customer_id % 4, tier_spend = customer_id * 10;"
  "update oba.customer_stats set receipts = 3, lifecycle = (array['new', 'active', 'lapsing', 'lost', 'won_back'])[1 + customer_id % 5],"
  "  lifecycle_since = timestamptz '2026-03-01 00:00+04' where customer_id > 1010;"
  "insert into oba.segments (name, kind) values ('Tea <lovers>', 'static');"
  "insert into oba.segments (name, kind, filter) values ('Şəki rule', 'rule', '{\"cities\": [\"Şəki\"]}');"
  "insert into oba.segment_members (customer_id, segment_id) select 1000 + n, 1 from generate_series (1, 5) n;"
  "select oba.staff_add ('role_marketing', 'M', 'marketing'), oba.staff_add ('role_clerk', 'C', 'clerk'),"
  "  oba.staff_add ('role_supervisor', 'S', 'supervisor'), oba.staff_add ('role_auditor', 'A', 'auditor');"
  "analyze;";

static AppDatabase *database;

typedef struct
{
  AdwApplication   *app;
  GSettings        *settings;
  ObaSession       *session;
  GtkWindow        *window;
  ObaCustomersPage *page;
  ObaLazyView      *view;
  ObaLazyModel     *model;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  role)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=role_%s", app_database_get_conninfo (database), (const char *) role);

  fixture->app = oba_test_application_new ();
  fixture->settings = oba_test_settings_new ();
  fixture->session = app_database_sign_in_at (conninfo);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", fixture->session, "settings", fixture->settings, NULL);
  fixture->view = oba_customers_page_get_view (fixture->page);
  fixture->model = oba_customers_page_get_model (fixture->page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  oba_test_present (fixture->window, 1060, 660);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  role)
{
  GtkWidget *popover = oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_POPOVER, NULL);

  /* GTK 4.8 still asks a popover where the pointer is when its window has gone. */
  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->app);
}

static void
settle (Fixture *fixture)
{
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
  gtk_widget_queue_draw (GTK_WIDGET (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
}

static guint
n_items (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->model));
}

static gboolean
shows (Fixture    *fixture,
       const char *text)
{
  return oba_test_shows (GTK_WIDGET (fixture->page), text);
}

static GtkWindow *
dialog_over (GtkWindow *window)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) dialog = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (dialog) == window && gtk_widget_get_visible (GTK_WIDGET (dialog)))
        return dialog;
    }
  return NULL;
}

static void
activate (Fixture    *fixture,
          const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), action, NULL);
}

static void
assert_says_no_name (Fixture *fixture)
{
  g_assert_false (shows (fixture, "Secretova"));
  g_assert_false (shows (fixture, "@example.az"));
  g_assert_false (shows (fixture, "+994"));
  g_assert_false (shows (fixture, "(55)"));
  g_assert_false (shows (fixture, "Without a name"));
}

/* Without names, phones and e-mail addresses the list still is one to work with: numbers, order, columns, conditions, search for a number. */
static void
test_marketing_list (Fixture       *fixture,
                     gconstpointer  role)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_from_json ("{\"lifecycle\": [\"lapsing\"], \"segments\": [2]}", NULL);
  g_autoptr (GPtrArray) columns = oba_lazy_view_list_columns (fixture->view);

  g_assert_cmpuint (n_items (fixture), ==, 300);
  g_assert_true (shows (fixture, "1001"));
  assert_says_no_name (fixture);
  for (guint i = 0; i < columns->len; i++)
    for (const char *const *personal = (const char *const[]) { "name", "phone", "email", NULL }; *personal != NULL; personal++)
      g_assert_cmpstr (columns->pdata[i], !=, *personal);
  g_assert_null (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_LABEL, "_Register"));
  oba_test_assert_named (GTK_WIDGET (fixture->page));

  oba_lazy_view_show_column (fixture->view, "lifecycle", TRUE);
  oba_lazy_view_show_column (fixture->view, "segments", TRUE);
  settle (fixture);
  oba_test_wait_until (shows (fixture, "Şəki rule, Tea <lovers>"));
  oba_lazy_view_set_sort (fixture->view, "lifecycle", TRUE);
  settle (fixture);
  oba_lazy_view_set_sort (fixture->view, "lifecycle", FALSE);
  settle (fixture);
  g_assert_true (shows (fixture, "New · 1 Mar 2026"));
  oba_test_picture (fixture->window, "roles-marketing");

  oba_customers_page_set_filter (fixture->page, filter);
  settle (fixture);
  g_assert_cmpuint (n_items (fixture), ==, 29);
  activate (fixture, "page.clear-search");
  settle (fixture);
  oba_customers_page_search (fixture->page, "1234");
  oba_test_wait_until (n_items (fixture) == 1);
  settle (fixture);
  g_assert_true (shows (fixture, "1234"));
  /* One found is one chosen, and nobody's profile opens. */
  activate (fixture, "page.open-profile");
  oba_customers_page_open_profile (fixture->page, 1234);
  g_assert_null (oba_subpages_get_top (oba_customers_page_get_subpages (fixture->page)));
  oba_customers_page_search (fixture->page, "Secretova");
  oba_test_wait_until (g_str_equal (oba_customers_page_get_shown (fixture->page), "nothing"));
  g_assert_true (shows (fixture, "No customer has this number."));
  oba_test_picture (fixture->window, "roles-marketing-nobody");
}

/* An export has the columns that marketing may see, and ends well. */
static void
test_marketing_export (Fixture       *fixture,
                       gconstpointer  role)
{
  g_autofree char *folder = g_dir_make_tmp ("oba-roles-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "list.csv", NULL);
  g_autofree char *text = NULL;
  ObaExportWindow *export;

  oba_lazy_view_show_column (fixture->view, "lifecycle", TRUE);
  oba_lazy_view_show_column (fixture->view, "segments", TRUE);
  settle (fixture);
  activate (fixture, "page.export");
  export = OBA_EXPORT_WINDOW (dialog_over (fixture->window));
  oba_export_window_start (export, path);
  oba_test_wait_until (g_str_equal (oba_export_window_get_shown (export), "done"));
  g_assert_true (oba_test_shows (GTK_WIDGET (export), "300"));
  gtk_window_destroy (GTK_WINDOW (export));
  g_unlink (path);

  activate (fixture, "page.export");
  export = OBA_EXPORT_WINDOW (dialog_over (fixture->window));
  adw_combo_row_set_selected (ADW_COMBO_ROW (oba_test_find (GTK_WIDGET (export), ADW_TYPE_COMBO_ROW, "Format")), 1);
  oba_export_window_start (export, path);
  oba_test_wait_until (g_str_equal (oba_export_window_get_shown (export), "done"));
  gtk_window_destroy (GTK_WINDOW (export));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, "Secretova"));
  g_assert_null (strstr (text, "+994"));
  g_assert_nonnull (strstr (text, "lifecycle_since"));
  g_assert_nonnull (strstr (text, "\"Şəki rule, Tea <lovers>\""));
  g_unlink (path);
  g_rmdir (folder);
}

/* Marketing fills a segment from the list; it does not consent or block for anybody. */
static void
test_marketing_bulk (Fixture       *fixture,
                     gconstpointer  role)
{
  ObaBulkDialog *dialog;
  g_autofree char *n = NULL;

  gtk_selection_model_select_range (GTK_SELECTION_MODEL (oba_lazy_view_get_selection (fixture->view)), 0, 20, TRUE);
  g_assert_nonnull (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_BUTTON, "Add to _Segment…"));
  g_assert_null (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_BUTTON, "_Block…"));
  g_assert_null (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_BUTTON, "_Consent…"));
  activate (fixture, "page.bulk-segment");
  dialog = OBA_BULK_DIALOG (dialog_over (fixture->window));
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (dialog), "Tea <lovers>"));
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  oba_test_wait_until (g_str_equal (oba_bulk_dialog_get_shown (dialog), "preview"));
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  oba_test_wait_until (dialog_over (fixture->window) == NULL);
  n = app_database_ask (database, "select count(*) from oba.segment_members where segment_id = 1");
  g_assert_cmpstr (n, ==, "20");
  settle (fixture);
  app_database_run (database, "delete from oba.segment_members where customer_id > 1005");
}

/* ---- saved views */

static GtkWidget *
open_views (Fixture    *fixture,
            const char *name)
{
  GtkWidget *menu = oba_test_find (GTK_WIDGET (fixture->page), OBA_TYPE_VIEW_MENU, NULL);

  oba_view_menu_popup (OBA_VIEW_MENU (menu));
  oba_test_wait_until (oba_test_shows (menu, name));
  return menu;
}

/* The button of the only view. */
static void
press_tip (GtkWidget  *root,
           const char *tip)
{
  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_widget_get_tooltip_text (root), tip) == 0)
    g_signal_emit_by_name (root, "clicked");
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    press_tip (child, tip);
}

static gboolean
has_tip (GtkWidget  *root,
         const char *tip)
{
  gboolean found = GTK_IS_BUTTON (root) && g_strcmp0 (gtk_widget_get_tooltip_text (root), tip) == 0;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && !found; child = gtk_widget_get_next_sibling (child))
    found = has_tip (child, tip);
  return found;
}

static GtkWindow *
wait_dialog (Fixture    *fixture,
             const char *text)
{
  GtkWindow *dialog = NULL;

  oba_test_wait_until ((dialog = dialog_over (fixture->window)) != NULL);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (dialog), text));
  return dialog;
}

/* As a click on the button does. */
static void
answer (GtkWindow  *dialog,
        const char *response)
{
  g_object_ref (dialog);
  gtk_window_destroy (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  g_object_unref (dialog);
}

static void
wait_asked (const char *sql,
            const char *expected)
{
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  g_autofree char *now = NULL;

  do
    {
      oba_test_iterate ();
      g_free (now);
      now = app_database_ask (database, sql);
    }
  while (g_strcmp0 (now, expected) != 0 && g_get_monotonic_time () < deadline);
  g_assert_cmpstr (now, ==, expected);
}

#define UPDATE "Make it what the list shows now"
#define VIEWS "select string_agg (concat_ws ('/', owner, name, shared, query ->> 'filter'), ' ' order by view_id) from oba.list_views"

static void
make_view (const char *owner,
           gboolean    shared)
{
  g_autofree char *sql = g_strdup_printf ("delete from oba.list_views; insert into oba.list_views (name, owner, shared, page, query)"
                                          " values ('Ours', '%s', %s, 'customers', '{\"filter\": {\"tiers\": [2]}}')", owner, shared ? "true" : "false");

  app_database_run (database, sql);
}

/* Somebody changes or deletes a shared view while one saves over it: it is said, and nothing is overwritten unless one wants it. */
static void
test_view_conflicts (Fixture       *fixture,
                     gconstpointer  role)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_from_json ("{\"cities\": [\"Şəki\"]}", NULL);
  GtkWindow *dialog;
  GtkWidget *menu;

  make_view ("role_supervisor", TRUE);
  oba_customers_page_set_filter (fixture->page, filter);
  settle (fixture);
  menu = open_views (fixture, "Ours");
  app_database_run (database, "update oba.list_views set query = '{\"filter\": {\"cities\": [\"Bakı\"]}}', version = version + 1");
  press_tip (menu, UPDATE);
  dialog = wait_dialog (fixture, "It is called “Ours” now and shows: City: Bakı");
  oba_test_picture (dialog, "roles-view-conflict");
  answer (dialog, "cancel");
  settle (fixture);
  wait_asked (VIEWS, "role_supervisor/Ours/t/{\"cities\": [\"Bakı\"]}");

  menu = open_views (fixture, "Ours");
  app_database_run (database, "update oba.list_views set version = version + 1");
  press_tip (menu, UPDATE);
  answer (wait_dialog (fixture, "It is called"), "mine");
  wait_asked (VIEWS, "role_supervisor/Ours/t/{\"cities\": [\"Şəki\"]}");

  menu = open_views (fixture, "Ours");
  app_database_run (database, "update oba.list_views set version = version + 1");
  press_tip (menu, "Delete");
  oba_test_wait_until (dialog_over (fixture->window) == NULL || oba_test_shows (GTK_WIDGET (dialog_over (fixture->window)), "It is called"));
  answer (wait_dialog (fixture, "It is called"), "cancel");
  wait_asked ("select count(*) from oba.list_views", "1");

  menu = open_views (fixture, "Ours");
  app_database_run (database, "delete from oba.list_views");
  press_tip (menu, UPDATE);
  dialog = wait_dialog (fixture, "Somebody else has deleted it.");
  answer (dialog, "new");
  answer (wait_dialog (fixture, "Save View"), "save");
  wait_asked (VIEWS, "role_supervisor/Ours/t/{\"cities\": [\"Şəki\"]}");
  app_database_run (database, "delete from oba.list_views");
}

/* One's own view is deleted at once and comes back whole. */
static void
test_view_undo (Fixture       *fixture,
                gconstpointer  role)
{
  GtkWidget *button = NULL;
  GtkWidget *overlay = adw_toast_overlay_new ();
  g_autoptr (GtkWidget) page = g_object_ref (GTK_WIDGET (fixture->page));

  make_view ("role_clerk", TRUE);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), overlay);
  settle (fixture);
  press_tip (open_views (fixture, "Ours"), "Delete");
  wait_asked ("select count(*) from oba.list_views", "0");
  oba_test_wait_until ((button = oba_test_find (overlay, GTK_TYPE_BUTTON, "_Undo")) != NULL);
  g_signal_emit_by_name (button, "clicked");
  wait_asked (VIEWS, "role_clerk/Ours/t/{\"tiers\": [2]}");
  settle (fixture);
  app_database_run (database, "delete from oba.list_views");
}

/* What a colleague shares cannot be changed, but copied; what they do not share is not there. An auditor looks on. */
static void
test_view_copy (Fixture       *fixture,
                gconstpointer  role)
{
  gboolean clerk = g_str_equal (role, "clerk");
  GtkWidget *menu;

  make_view ("role_marketing", TRUE);
  app_database_run (database, "insert into oba.list_views (name, owner, page, query) values ('Private', 'role_marketing', 'customers', '{}')");
  menu = open_views (fixture, "Ours");
  g_assert_cmpint (oba_test_shows (menu, "Private"), ==, !clerk);
  g_assert_true (oba_test_shows (menu, "Shared by M"));
  g_assert_false (has_tip (menu, UPDATE));
  g_assert_false (has_tip (menu, "Delete"));
  g_assert_cmpint (has_tip (menu, "Copy as a view of your own"), ==, clerk);
  if (clerk)
    {
      press_tip (menu, "Copy as a view of your own");
      answer (wait_dialog (fixture, "Save View"), "save");
      wait_asked (VIEWS " where owner = 'role_clerk'", "role_clerk/Ours/f/{\"tiers\": [2]}");
    }
  app_database_run (database, "delete from oba.list_views");
}

typedef struct
{
  const char *role;
  gboolean    registers;
  gboolean    segments;
  gboolean    blocks;
  gboolean    saves;
} Rights;

static const Rights rights[] = {
  { "marketing", FALSE, TRUE, FALSE, TRUE },
  { "clerk", TRUE, FALSE, FALSE, TRUE },
  { "supervisor", TRUE, TRUE, TRUE, TRUE },
  { "auditor", FALSE, FALSE, FALSE, FALSE },
};

static gboolean
has_button (Fixture    *fixture,
            const char *label)
{
  return oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_BUTTON, label) != NULL;
}

/* Each role has the buttons of what it may do, and no other. */
static void
test_buttons (Fixture       *fixture,
              gconstpointer  role)
{
  const Rights *mine = rights;
  ObaViewMenu *menu;

  while (!g_str_equal (mine->role, role))
    mine++;
  gtk_selection_model_select_range (GTK_SELECTION_MODEL (oba_lazy_view_get_selection (fixture->view)), 0, 20, TRUE);
  settle (fixture);
  g_assert_true (shows (fixture, "20 chosen"));
  g_assert_cmpint (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_LABEL, "_Register") != NULL, ==, mine->registers);
  g_assert_cmpint (has_button (fixture, "Add to _Segment…"), ==, mine->segments);
  g_assert_cmpint (has_button (fixture, "_Block…"), ==, mine->blocks);
  g_assert_cmpint (has_button (fixture, "_Consent…"), ==, mine->blocks);
  g_assert_true (has_button (fixture, "E_xport…"));
  menu = OBA_VIEW_MENU (oba_test_find (GTK_WIDGET (fixture->page), OBA_TYPE_VIEW_MENU, NULL));
  oba_view_menu_popup (menu);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (menu), "A saved view keeps"));
  g_assert_cmpint (oba_test_find (GTK_WIDGET (menu), GTK_TYPE_BUTTON, "_Save This View…") != NULL, ==, mine->saves);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, fill);

#define add(path, role, func) g_test_add ("/app/customers-roles/" path, Fixture, role, set_up, func, tear_down)
  add ("marketing-list", "marketing", test_marketing_list);
  add ("marketing-export", "marketing", test_marketing_export);
  add ("marketing-bulk", "marketing", test_marketing_bulk);
  add ("view-conflicts", "supervisor", test_view_conflicts);
  add ("view-undo", "clerk", test_view_undo);
  add ("view-copy", "clerk", test_view_copy);
  add ("view-auditor", "auditor", test_view_copy);
  add ("buttons-marketing", "marketing", test_buttons);
  add ("buttons-clerk", "clerk", test_buttons);
  add ("buttons-supervisor", "supervisor", test_buttons);
  add ("buttons-auditor", "auditor", test_buttons);
#undef add
  status = g_test_run ();

  app_database_free (database);
  return status;
}
