/* The list of customers: conditions, columns, views, many chosen at once. The real widgets, a real PostgreSQL behind them. */
#include "customers/oba-customers-page.h"

#include <string.h>

#include "app-database.h"
#include "customers/oba-customer.h"
#include "customers/oba-bulk-dialog.h"
#include "customers/oba-filter-bar.h"
#include "customers/oba-filter-panel.h"
#include "oba-test-app.h"
#include "oba-screenshots.h"
#include "oba-window.h"
#include "widgets/oba-view-menu.h"

#define N_CUSTOMERS 600

static const char fill[] =
  "insert into oba.stores (code, name) values ('S1', 'OBA Nizami'), ('S2', 'OBA Gəncə');"
  "insert into oba.customers (customer_id, given_name, family_name, phone, city, birth_date, preferred_store_id, registered_at, registered_through)"
  " select 1000 + n, (array['Əli', 'Aysel', 'Leyla', 'Murad', 'Nigar', 'Elçin', 'Günel'])[1 + n % 7],"
  "  (array['Məmmədov', 'Həsənova', 'Quliyev', 'İsmayılova', 'Çələbi'])[1 + n % 5], '+99455' || lpad ((n * 7919 % 10000000)::text, 7, '0'),"
  "  (array['Bakı', 'Gəncə', 'Şəki', 'Sumqayıt'])[1 + n % 4], date '1970-01-15' + n * 37, 1 + n % 2,"
  "  timestamptz '2024-01-01 12:00+04' + n * interval '1 day', 'import' from generate_series (1, 600) n;"
  "update oba.points_accounts set balance = customer_id * 7919 % 5000, tier_id = 1 + customer_id % 4, tier_spend = customer_id * 104729 % 700000;"
  "select oba.put_consent (1000 + n, 'sms', n % 3 = 0, 'staff', 1, '') from generate_series (1, 600, 2) n;"
  "update oba.customers set status = 'blocked', blocked_reason = 'Card shared' where customer_id % 50 = 0 and kind = 'person';"
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
open_page (Fixture *fixture)
{
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", fixture->session, "settings", fixture->settings, NULL);
  fixture->view = oba_customers_page_get_view (fixture->page);
  fixture->model = oba_customers_page_get_model (fixture->page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  oba_test_present (fixture->window, 1060, 660);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->app = oba_test_application_new ();
  fixture->settings = oba_test_settings_new ();
  fixture->session = app_database_sign_in (database);
  open_page (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
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

static guint
count (const char *where)
{
  g_autofree char *sql = g_strdup_printf ("select count(*) from oba.customers c join oba.points_accounts a using (customer_id)"
                                          " where c.kind = 'person' and %s", where);
  g_autofree char *n = app_database_ask (database, sql);

  return (guint) g_ascii_strtoull (n, NULL, 10);
}

/* ---- conditions */

/* The n-th widget of @type under @root, visible or not. */
static GtkWidget *
find_nth (GtkWidget *root,
          GType      type,
          guint     *n)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type) && (*n)-- == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_nth (child, type, n);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* A popover is no window, and has its picture for itself. */
static void
picture_of (GtkWidget  *widget,
            const char *name)
{
  const char *directory = g_getenv ("OBA_TEST_PICTURES");
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  if (directory == NULL)
    return;
  widget = gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER);
  gtk_widget_queue_draw (widget);
  gtk_test_widget_wait_for_draw (widget);
  path = g_strdup_printf ("%s/%s.png", directory, name);
  oba_screenshots_save_widget (widget, path, &error);
  g_assert_no_error (error);
}

static ObaFilterPanel *
open_panel (Fixture *fixture)
{
  guint n = 0;

  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.filter", NULL);
  return OBA_FILTER_PANEL (find_nth (GTK_WIDGET (fixture->page), OBA_TYPE_FILTER_PANEL, &n));
}

/* The first bar is the one in the panel's popover or over the list: both say the same. */
static ObaFilterBar *
bar (Fixture *fixture)
{
  GtkWidget *found;

  for (guint i = 0;; i++)
    {
      guint n = i;

      found = find_nth (GTK_WIDGET (fixture->page), OBA_TYPE_FILTER_BAR, &n);
      if (gtk_widget_get_ancestor (found, GTK_TYPE_POPOVER) == NULL)
        return OBA_FILTER_BAR (found);
    }
}

static void
press (GtkWidget  *root,
       const char *label)
{
  GtkWidget *button = oba_test_find (root, GTK_TYPE_BUTTON, label);

  if (button == NULL)
    g_error ("there is no button “%s”", label);
  if (GTK_IS_TOGGLE_BUTTON (button))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), !gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)));
  else
    g_signal_emit_by_name (button, "clicked");
}

static void
press_chip (ObaFilterBar *filter_bar,
            const char   *text)
{
  GtkWidget *label = oba_test_find (GTK_WIDGET (filter_bar), GTK_TYPE_LABEL, text);

  if (label == NULL)
    g_error ("there is no chip “%s”", text);
  g_signal_emit_by_name (gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON), "clicked");
}

/* What is ticked holds at once, each condition is a chip, and a chip taken away is a condition less: in the panel as well. */
static void
test_filter (Fixture       *fixture,
             gconstpointer  data)
{
  ObaFilterPanel *panel = open_panel (fixture);

  oba_test_wait_until (oba_test_find (GTK_WIDGET (panel), GTK_TYPE_TOGGLE_BUTTON, "Gold") != NULL);
  press (GTK_WIDGET (panel), "Gold");
  settle (fixture);
  g_assert_cmpuint (n_items (fixture), ==, count ("a.tier_id = 3"));
  press (GTK_WIDGET (panel), "Silver");
  settle (fixture);
  g_assert_cmpuint (n_items (fixture), ==, count ("a.tier_id in (2, 3)"));
  press (GTK_WIDGET (panel), "March");
  press (GTK_WIDGET (panel), "Blocked");
  press (GTK_WIDGET (panel), "Active");
  settle (fixture);
  g_assert_cmpuint (n_items (fixture), ==, count ("a.tier_id in (2, 3) and extract (month from birth_date) = 3"));
  g_assert_nonnull (strstr (oba_customers_page_get_count (fixture->page), "of 600 found"));
  g_assert_true (oba_test_shows (GTK_WIDGET (bar (fixture)), "Birthday: March"));
  oba_test_picture (fixture->window, "list-filter");

  press_chip (bar (fixture), "Birthday: March");
  press_chip (bar (fixture), "Tier: Silver");
  settle (fixture);
  g_assert_cmpuint (n_items (fixture), ==, count ("a.tier_id = 3"));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (oba_test_find (GTK_WIDGET (panel), GTK_TYPE_TOGGLE_BUTTON, "Silver"))));
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (oba_test_find (GTK_WIDGET (panel), GTK_TYPE_TOGGLE_BUTTON, "Gold"))));
  press (GTK_WIDGET (bar (fixture)), "Clear _All");
  settle (fixture);
  g_assert_cmpuint (n_items (fixture), ==, N_CUSTOMERS);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (bar (fixture))));
  oba_test_assert_named (GTK_WIDGET (fixture->page));
}

static GtkEditable *
entry_called (GtkWidget  *root,
              const char *name)
{
  for (guint i = 0;; i++)
    {
      guint n = i;
      GtkWidget *found = find_nth (root, GTK_TYPE_ENTRY, &n);

      g_assert_nonnull (found);
      if (g_str_equal (gtk_buildable_get_buildable_id (GTK_BUILDABLE (found)), name))
        return GTK_EDITABLE (found);
    }
}

static void
type_into (GtkWidget  *root,
           const char *name,
           const char *text)
{
  GtkEditable *entry = entry_called (root, name);

  gtk_editable_set_text (entry, text);
  g_signal_emit_by_name (entry, "activate");
}

static gboolean
is_marked (GtkWidget  *root,
           const char *name)
{
  return gtk_widget_has_css_class (GTK_WIDGET (entry_called (root, name)), "error");
}

/* A day that there is not, a range the wrong way round, letters for an amount: marked, said why, and not asked for. */
static void
test_ranges (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *panel = GTK_WIDGET (open_panel (fixture));
  g_autofree char *long_text = g_strnfill (10000, '9');

  type_into (panel, "registered_from", "1.3.2024");
  type_into (panel, "registered_to", "2024-03-31");
  settle (fixture);
  g_assert_cmpuint (n_items (fixture), ==, 31);
  g_assert_true (oba_test_shows (GTK_WIDGET (bar (fixture)), "Registered: 1 Mar 2024 to 31 Mar 2024"));

  type_into (panel, "registered_to", "31.02.2024");
  settle (fixture);
  g_assert_true (is_marked (panel, "registered_to"));
  g_assert_true (oba_test_shows (panel, "There is no such day."));
  g_assert_cmpuint (n_items (fixture), ==, N_CUSTOMERS);
  type_into (panel, "registered_to", "29.02.2024");
  settle (fixture);
  g_assert_true (is_marked (panel, "registered_from"));
  g_assert_true (oba_test_shows (panel, "The first day is after the last one."));
  g_assert_cmpuint (n_items (fixture), ==, N_CUSTOMERS);
  type_into (panel, "registered_from", "");
  settle (fixture);
  g_assert_false (is_marked (panel, "registered_to"));
  g_assert_cmpuint (n_items (fixture), ==, 59);
  type_into (panel, "registered_to", "");

  type_into (panel, "spend_from", "1000.50");
  settle (fixture);
  g_assert_cmpuint (n_items (fixture), ==, count ("a.tier_spend >= 100050"));
  type_into (panel, "spend_from", "<b>'; drop table oba.customers");
  settle (fixture);
  g_assert_true (is_marked (panel, "spend_from"));
  g_assert_cmpuint (n_items (fixture), ==, N_CUSTOMERS);
  type_into (panel, "spend_from", "");
  type_into (panel, "points_from", "100");
  type_into (panel, "points_to", "200");
  settle (fixture);
  g_assert_cmpuint (n_items (fixture), ==, count ("a.balance between 100 and 200"));
  type_into (panel, "points_to", "99");
  g_assert_true (oba_test_shows (panel, "The least is more than the most."));
  picture_of (panel, "list-ranges");
  type_into (panel, "points_to", long_text);
  g_assert_true (is_marked (panel, "points_to"));
}

/* With many conditions the list still has its room; nobody found says what to do, and one button shows everybody again. */
static void
test_many_conditions (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_from_json (
    "{\"text\": \"leyla\", \"stores\": [1, 2], \"cities\": [\"Bakı\", \"Gəncə\", \"Şəki\"], \"tiers\": [1, 2, 3], \"status\": [\"active\"], \"registered\": [\"2024-01-01\", null],"
    " \"spend\": [100, 500000], \"points\": [1, 4000], \"consents\": {\"sms\": true, \"telegram\": false}, \"birth_months\": [1, 2, 3]}", &error);
  g_autoptr (ObaCustomerFilter) back = NULL;

  g_assert_no_error (error);
  gtk_window_set_default_size (fixture->window, 1060, 660);
  oba_customers_page_set_filter (fixture->page, filter);
  settle (fixture);
  oba_test_picture (fixture->window, "list-chips");
  back = oba_customers_page_dup_filter (fixture->page);
  g_assert_true (oba_customer_filter_equal (filter, back));
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (bar (fixture))), <, 130);

  oba_customer_filter_set_text (filter, "nobody");
  oba_customers_page_set_filter (fixture->page, filter);
  settle (fixture);
  g_assert_cmpstr (oba_customers_page_get_shown (fixture->page), ==, "nothing");
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "Nobody meets all of these conditions."));
  oba_test_picture (fixture->window, "list-nobody");
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.clear-search", NULL);
  oba_test_wait_until (n_items (fixture) == N_CUSTOMERS);
  g_assert_cmpstr (oba_customers_page_get_shown (fixture->page), ==, "list");
}

/* ---- columns */

static char *
shown_columns (Fixture *fixture)
{
  g_autoptr (GVariant) layout = g_variant_ref_sink (oba_lazy_view_get_layout (fixture->view));
  GString *text = g_string_new (NULL);
  GVariantIter iter;
  const char *id;

  g_variant_iter_init (&iter, layout);
  while (g_variant_iter_next (&iter, "(&si)", &id, NULL))
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", id);
  return g_string_free (text, FALSE);
}

#define assert_columns(fixture, expected) \
  G_STMT_START \
    { \
      g_autofree char *oba_shown = shown_columns (fixture); \
      g_assert_cmpstr (oba_shown, ==, expected); \
    } \
  G_STMT_END

/* Columns chosen, moved and sized are there again the next time; a setting that somebody broke is the usual list. */
static void
test_columns (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GListModel) columns = NULL;
  GtkWindow *dialog = NULL;
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  assert_columns (fixture, "name phone city tier points last-purchase spend registered");
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.columns", NULL);
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_WINDOW (window) && gtk_window_get_transient_for (window) == fixture->window)
        dialog = window;
    }
  g_assert_nonnull (dialog);
  oba_test_present (dialog, 420, 560);
  oba_test_assert_named (GTK_WIDGET (dialog));
  oba_test_picture (dialog, "list-columns");
  gtk_window_destroy (dialog);

  oba_lazy_view_show_column (fixture->view, "email", TRUE);
  oba_lazy_view_show_column (fixture->view, "phone", FALSE);
  oba_lazy_view_move_column (fixture->view, "email", -6);
  {
    g_autoptr (GtkColumnViewColumn) city = g_list_model_get_item (gtk_column_view_get_columns (oba_lazy_view_get_column_view (fixture->view)), 2);

    g_assert_cmpstr (gtk_column_view_column_get_title (city), ==, "City");
    gtk_column_view_column_set_fixed_width (city, 222);
  }
  assert_columns (fixture, "name email city tier points last-purchase spend registered");
  gtk_window_destroy (fixture->window);
  open_page (fixture);
  assert_columns (fixture, "name email city tier points last-purchase spend registered");
  {
    g_autoptr (GVariant) layout = g_variant_ref_sink (oba_lazy_view_get_layout (fixture->view));
    int width;

    g_variant_get_child (layout, 2, "(si)", NULL, &width);
    g_assert_cmpint (width, ==, 222);
  }

  /* The last column stays. */
  oba_lazy_view_set_layout (fixture->view, g_variant_new_parsed ("[('city', -1)]"));
  oba_lazy_view_show_column (fixture->view, "city", FALSE);
  assert_columns (fixture, "city");
  gtk_window_destroy (fixture->window);
  g_settings_set_value (fixture->settings, "customer-columns", g_variant_new_parsed ("[('nonsense', 5), ('', -7)]"));
  open_page (fixture);
  assert_columns (fixture, "name phone city tier points last-purchase spend registered");
  gtk_window_destroy (fixture->window);
  g_settings_set_value (fixture->settings, "customer-columns", g_variant_new_parsed ("[('store', 999999), ('store', 50), ('x', 1), ('name', 0)]"));
  open_page (fixture);
  assert_columns (fixture, "store name");
}

/* ---- many at once */

static GtkWindow *
dialog_over (Fixture *fixture)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_WINDOW (window) && gtk_window_get_transient_for (window) == fixture->window)
        return window;
    }
  return NULL;
}

static GtkSelectionModel *
selection (Fixture *fixture)
{
  return GTK_SELECTION_MODEL (oba_lazy_view_get_selection (fixture->view));
}

static gint64
detail_id (Fixture *fixture)
{
  return oba_customer_detail_get_id (oba_customers_page_get_detail (fixture->page));
}

/* Several are chosen; sorted anew the same ones are; a search keeps those whom it finds; the pane shows the one pointed at last. */
static void
test_chosen (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;
  gint64 last;

  g_assert_null (oba_customers_page_dup_chosen (fixture->page));
  gtk_selection_model_select_item (selection (fixture), 3, TRUE);
  gtk_selection_model_select_range (selection (fixture), 3, 10, TRUE);
  gtk_selection_model_select_item (selection (fixture), 500, FALSE);
  gtk_selection_model_unselect_item (selection (fixture), 5);
  settle (fixture);
  g_assert_cmpuint (oba_lazy_view_get_n_selected (fixture->view), ==, 10);
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "10 chosen"));
  last = oba_lazy_model_get_id (fixture->model, 500);
  g_assert_cmpint (detail_id (fixture), ==, last);
  oba_test_picture (fixture->window, "list-chosen");

  before = oba_customers_page_dup_chosen (fixture->page);
  oba_lazy_view_set_sort (fixture->view, "points", TRUE);
  settle (fixture);
  g_assert_cmpuint (oba_lazy_view_get_n_selected (fixture->view), ==, 10);
  g_assert_cmpint (detail_id (fixture), ==, last);
  after = oba_customers_page_dup_chosen (fixture->page);
  for (guint i = 0; i < before->len; i++)
    {
      gboolean found = FALSE;

      for (guint j = 0; j < after->len; j++)
        found = found || g_array_index (before, gint64, i) == g_array_index (after, gint64, j);
      g_assert_true (found);
    }

  /* Everybody, at once; and nobody. */
  gtk_selection_model_select_all (selection (fixture));
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "600 chosen"));
  oba_customers_page_search (fixture->page, "leyla");
  settle (fixture);
  oba_test_wait_until (n_items (fixture) < N_CUSTOMERS);
  g_assert_cmpuint (oba_lazy_view_get_n_selected (fixture->view), ==, n_items (fixture));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.clear-selection", NULL);
  g_assert_cmpuint (oba_lazy_view_get_n_selected (fixture->view), ==, 0);
  g_assert_cmpint (detail_id (fixture), ==, 0);
}

/* The dry run says who is blocked already and changes nothing; two clicks block once; the message undoes it. */
static void
test_bulk_block (Fixture       *fixture,
                 gconstpointer  data)
{
  ObaBulkDialog *dialog;
  guint blocked = count ("c.status = 'blocked'");
  g_autofree char *id = NULL;

  gtk_selection_model_select_all (selection (fixture));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.bulk-block", NULL);
  dialog = OBA_BULK_DIALOG (dialog_over (fixture));
  oba_test_present (GTK_WINDOW (dialog), 520, 440);
  oba_test_assert_named (GTK_WIDGET (dialog));
  /* Without a reason it goes nowhere. */
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  g_assert_cmpstr (oba_bulk_dialog_get_shown (dialog), ==, "form");
  gtk_editable_set_text (GTK_EDITABLE (oba_test_find (GTK_WIDGET (dialog), ADW_TYPE_ENTRY_ROW, NULL)), " Cards <b>copied</b> ");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  oba_test_wait_until (g_str_equal (oba_bulk_dialog_get_shown (dialog), "preview"));
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "588 will be blocked"));
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "12 need no change"));
  oba_test_picture (GTK_WINDOW (dialog), "bulk-preview");
  g_assert_cmpuint (count ("c.status = 'blocked'"), ==, blocked);

  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  oba_test_wait_until (dialog_over (fixture) == NULL);
  g_assert_cmpuint (count ("c.status = 'blocked'"), ==, N_CUSTOMERS);
  g_assert_cmpuint (count ("c.blocked_reason = 'Cards <b>copied</b>'"), ==, 588);
  id = app_database_ask (database, "select max (action_id) from oba.bulk_actions");
  settle (fixture);

  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.bulk-history", NULL);
  oba_test_present (dialog_over (fixture), 620, 560);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (dialog_over (fixture)), "Blocked: Cards <b>copied</b>"));
  oba_test_picture (dialog_over (fixture), "bulk-history");
  gtk_window_destroy (dialog_over (fixture));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.undo-bulk", "x", g_ascii_strtoll (id, NULL, 10));
  oba_test_wait_until (count ("c.status = 'blocked'") == blocked);
  settle (fixture);
}

/* Into a segment that is made on the way; the members are those who were chosen when the dialog opened, whatever the list shows by now. */
static void
test_bulk_segment (Fixture       *fixture,
                   gconstpointer  data)
{
  ObaBulkDialog *dialog;

  oba_customers_page_search (fixture->page, "leyla");
  oba_test_wait_until (n_items (fixture) < N_CUSTOMERS);
  settle (fixture);
  gtk_selection_model_select_all (selection (fixture));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.bulk-segment", NULL);
  dialog = OBA_BULK_DIALOG (dialog_over (fixture));
  oba_test_present (GTK_WINDOW (dialog), 520, 440);
  oba_test_wait_until (oba_test_find (GTK_WIDGET (dialog), ADW_TYPE_ENTRY_ROW, NULL) != NULL);
  gtk_editable_set_text (GTK_EDITABLE (oba_test_find (GTK_WIDGET (dialog), ADW_TYPE_ENTRY_ROW, NULL)), "Leylas");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  oba_test_wait_until (g_str_equal (oba_bulk_dialog_get_shown (dialog), "preview"));
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  oba_customers_page_search (fixture->page, "murad");
  oba_test_wait_until (dialog_over (fixture) == NULL);
  g_assert_cmpuint (count ("exists (select from oba.segment_members m join oba.segments s using (segment_id) where s.name = 'Leylas' and m.customer_id = c.customer_id)"),
                    ==, count ("c.given_name = 'Leyla'"));
  g_assert_cmpuint (count ("c.given_name <> 'Leyla' and exists (select from oba.segment_members m where m.customer_id = c.customer_id)"), ==, 0);
  settle (fixture);
}

/* The list of a segment with members of its own lets one take them out, one or many, and put them back; that of a rule does not offer it. */
static void
test_members (Fixture       *fixture,
              gconstpointer  data)
{
  static const char members[] = "exists (select from oba.segment_members m where m.segment_id = 901 and m.customer_id = c.customer_id)";
  g_autoptr (ObaCustomerFilter) own = oba_customer_filter_from_json ("{\"segments\": [901]}", NULL);
  g_autoptr (ObaCustomerFilter) rule = oba_customer_filter_from_json ("{\"segments\": [902]}", NULL);
  g_autoptr (GVariant) undo = NULL;
  gint64 first;

  app_database_run (database, "insert into oba.segments (segment_id, name, kind, filter) values (901, 'Own', 'static', null), (902, 'Rule', 'rule', '{\"status\": [\"active\"]}');"
                              "insert into oba.segment_members (customer_id, segment_id) select customer_id, 901 from oba.customers where kind = 'person' order by customer_id limit 40");
  oba_customers_page_set_filter (fixture->page, own);
  oba_test_wait_until (n_items (fixture) == 40);
  settle (fixture);
  oba_lazy_view_select (fixture->view, 0);
  oba_test_wait_until (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_LABEL, "_Take Out") != NULL);
  first = oba_lazy_model_get_id (oba_lazy_view_get_model (fixture->view), 0);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.remove-members", NULL);
  oba_test_wait_until (count (members) == 39 && n_items (fixture) == 39);
  undo = g_variant_ref_sink (g_variant_new ("(x@ax)", (gint64) 901, g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, &first, 1, sizeof first)));
  gtk_widget_activate_action_variant (GTK_WIDGET (fixture->page), "page.undo-remove", undo);
  oba_test_wait_until (count (members) == 40 && n_items (fixture) == 40);
  settle (fixture);
  gtk_selection_model_select_all (selection (fixture));
  oba_test_picture (fixture->window, "segment-members");
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.remove-members", NULL);
  oba_test_wait_until (count (members) == 0);

  oba_customers_page_set_filter (fixture->page, rule);
  oba_test_wait_until (n_items (fixture) > 40);
  settle (fixture);
  gtk_selection_model_select_all (selection (fixture));
  settle (fixture);
  g_assert_null (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_LABEL, "_Take Out"));
}

/* The server dies while it works: what was done is said to be kept, and tried again it goes on where it stopped. Closed half way, it stops. */
static void
test_bulk_lost (Fixture       *fixture,
                gconstpointer  data)
{
  ObaBulkDialog *dialog;
  guint third = 2;

  gtk_selection_model_select_all (selection (fixture));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.bulk-consent", NULL);
  dialog = OBA_BULK_DIALOG (dialog_over (fixture));
  oba_test_present (GTK_WINDOW (dialog), 520, 440);
  oba_test_picture (GTK_WINDOW (dialog), "bulk-consent");
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_nth (GTK_WIDGET (dialog), ADW_TYPE_COMBO_ROW, &third)), 1);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  oba_test_wait_until (g_str_equal (oba_bulk_dialog_get_shown (dialog), "preview"));
  oba_db_pool_set_patience (oba_session_get_pool (fixture->session), 200);
  oba_test_postgres_kill (app_database_get_server (database));
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.next", NULL);
  oba_test_wait_until (g_str_equal (oba_bulk_dialog_get_shown (dialog), "failed"));
  oba_test_picture (GTK_WINDOW (dialog), "bulk-failed");
  oba_db_pool_set_patience (oba_session_get_pool (fixture->session), 30000);
  oba_test_postgres_start (app_database_get_server (database));
  oba_test_wait_until (oba_session_is_online (fixture->session));
  gtk_widget_activate_action (GTK_WIDGET (dialog), "bulk.retry", NULL);
  g_assert_cmpstr (oba_bulk_dialog_get_shown (dialog), ==, "running");
  gtk_window_close (GTK_WINDOW (dialog));
  oba_test_wait_until (dialog_over (fixture) == NULL);
  {
    g_autofree char *state = app_database_ask (database, "select kind || ' ' || state from oba.bulk_actions order by action_id desc limit 1");

    /* It may have been quicker than the hand that closed it. */
    g_assert_true (g_str_equal (state, "consent cancelled") || g_str_equal (state, "consent done"));
  }
  settle (fixture);
}

static gboolean
rows_show (Fixture    *fixture,
           const char *text)
{
  return oba_test_shows (GTK_WIDGET (oba_lazy_view_get_column_view (fixture->view)), text);
}

/* Colleagues change, block and register while one reads in the middle of the list: the rows say so where they stand, nothing moves, whom one chose stays chosen. */
static void
test_others (Fixture       *fixture,
             gconstpointer  data)
{
  GtkAdjustment *adjustment = oba_lazy_view_get_vadjustment (fixture->view);
  g_autoptr (GArray) before = NULL;
  g_autofree char *sql = NULL;
  gint64 id;
  double value;

  oba_lazy_view_scroll_to (fixture->view, 300);
  settle (fixture);
  gtk_selection_model_select_range (selection (fixture), 300, 4, TRUE);
  settle (fixture);
  value = gtk_adjustment_get_value (adjustment);
  g_assert_cmpfloat (value, >, 0);
  before = g_array_copy (oba_lazy_model_get_ids (fixture->model));
  id = oba_lazy_model_get_id (fixture->model, 300);
  sql = g_strdup_printf ("update oba.customers set family_name = 'Aaaliyev', city = 'Astara' where customer_id = %" G_GINT64_FORMAT
                         "; insert into oba.customers (given_name, family_name) values ('Aa', 'Aaa')", id);
  app_database_run (database, sql);
  oba_test_wait_until (rows_show (fixture, "Aaaliyev") && rows_show (fixture, "Astara"));
  settle (fixture);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, value);
  g_assert_cmpuint (n_items (fixture), ==, N_CUSTOMERS);
  g_assert_cmpmem (oba_lazy_model_get_ids (fixture->model)->data, N_CUSTOMERS * sizeof (gint64), before->data, N_CUSTOMERS * sizeof (gint64));
  g_assert_cmpuint (oba_lazy_view_get_n_selected (fixture->view), ==, 4);

  /* Read again at one's own wish, everybody is where they belong, and the four are still chosen. */
  oba_page_refresh (OBA_PAGE (fixture->page));
  oba_test_wait_until (n_items (fixture) == N_CUSTOMERS + 1);
  settle (fixture);
  g_assert_cmpuint (oba_lazy_view_get_n_selected (fixture->view), ==, 4);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, value);
}

/* A view saved under a name brings back conditions, order and columns. */
static void
test_views (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_from_json ("{\"text\": \"leyla\", \"tiers\": [3]}", NULL);
  g_autoptr (ObaCustomerFilter) everybody = oba_customer_filter_new ();
  g_autoptr (ObaCustomerFilter) back = NULL;
  ObaCustomerSort sort;
  gboolean descending;
  guint n = 0;
  GtkWidget *menu = find_nth (GTK_WIDGET (fixture->page), OBA_TYPE_VIEW_MENU, &n);
  GtkWidget *dialog = NULL;
  GtkWidget *row;

  oba_customers_page_set_filter (fixture->page, filter);
  oba_lazy_view_set_sort (fixture->view, "points", TRUE);
  oba_lazy_view_show_column (fixture->view, "city", FALSE);
  settle (fixture);
  oba_view_menu_popup (OBA_VIEW_MENU (menu));
  oba_test_wait_until (oba_test_shows (menu, "A saved view keeps"));
  press (menu, "_Save This View…");
  {
    g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

    for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
      {
        g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

        if (ADW_IS_MESSAGE_DIALOG (window))
          dialog = window;
      }
  }
  g_assert_nonnull (dialog);
  gtk_editable_set_text (GTK_EDITABLE (oba_test_find (dialog, ADW_TYPE_ENTRY_ROW, NULL)), "Gold <Leylas>");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "save");
  {
    g_autofree char *saved = NULL;

    do
      {
        oba_test_iterate ();
        g_free (saved);
        saved = app_database_ask (database, "select count(*) from oba.list_views where name = 'Gold <Leylas>'");
      }
    while (!g_str_equal (saved, "1"));
  }

  oba_customers_page_set_filter (fixture->page, everybody);
  oba_lazy_view_set_sort (fixture->view, "name", FALSE);
  oba_lazy_view_show_column (fixture->view, "city", TRUE);
  settle (fixture);
  oba_view_menu_popup (OBA_VIEW_MENU (menu));
  oba_test_wait_until (oba_test_shows (menu, "Gold <Leylas>"));
  picture_of (gtk_widget_get_first_child (oba_test_find (menu, GTK_TYPE_POPOVER, NULL)), "list-views");
  row = oba_test_find (menu, ADW_TYPE_ACTION_ROW, NULL);
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  settle (fixture);
  back = oba_customers_page_dup_filter (fixture->page);
  g_assert_true (oba_customer_filter_equal (filter, back));
  oba_customers_page_get_order (fixture->page, &sort, &descending);
  g_assert_cmpint (sort, ==, OBA_CUSTOMER_SORT_POINTS);
  g_assert_true (descending);
  g_assert_false (oba_lazy_view_is_column_shown (fixture->view, "city"));
}

int
main (int   argc,
      char *argv[])
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, fill);

#define add(path, func) g_test_add ("/app/customers-list/" path, Fixture, NULL, set_up, func, tear_down)
  add ("filter", test_filter);
  add ("ranges", test_ranges);
  add ("many-conditions", test_many_conditions);
  add ("columns", test_columns);
  add ("views", test_views);
  add ("chosen", test_chosen);
  add ("bulk-block", test_bulk_block);
  add ("bulk-segment", test_bulk_segment);
  add ("members", test_members);
  add ("bulk-lost", test_bulk_lost);
  add ("others", test_others);
#undef add
  status = g_test_run ();

  app_database_free (database);
  return status;
}
