/* The list of customers without a mouse: search, conditions, chips, columns, many chosen, segments. The keys go through the X server. */
#include "oba-test-app.h"

#include "app-database.h"
#include "app-keys.h"
#include "customers/oba-customers-page.h"
#include "customers/oba-filter-bar.h"
#include "customers/oba-filter-panel.h"
#include "customers/oba-segment-form.h"
#include "customers/oba-segments-window.h"
#include "oba-window.h"
#include "widgets/oba-columns-window.h"

static const char fill[] =
  "insert into oba.stores (code, name) values ('S1', 'OBA Nizami');"
  "insert into oba.customers (customer_id, given_name, family_name, city, preferred_store_id)"
  " select 1000 + n, (array['Aysel', 'Leyla', 'Murad'])[1 + n % 3], 'Quliyev', (array['Baku', 'Sheki'])[1 + n % 2], 1 from generate_series (1, 120) n;"
  "update oba.points_accounts set tier_id = 1 + customer_id % 4;"
  "select oba.staff_add ('leyla', 'Leyla', 'supervisor');"
  "analyze;";

typedef struct
{
  AppDatabase      *database;
  AdwApplication   *app;
  GSettings        *settings;
  ObaSession       *session;
  GtkWindow        *window;
  ObaCustomersPage *page;
  ObaLazyView      *view;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  login)
{
  g_autofree char *conninfo = NULL;

  fixture->database = app_database_new ();
  app_database_run (fixture->database, fill);
  conninfo = g_strdup_printf ("%s user=%s", app_database_get_conninfo (fixture->database), (const char *) login);
  fixture->app = oba_test_application_new ();
  /* The program's own keys are the application's. */
  gtk_application_set_accels_for_action (GTK_APPLICATION (fixture->app), "win.search", (const char *const[]) { "<Control>k", NULL });
  fixture->settings = oba_test_settings_new ();
  g_settings_set_string (fixture->settings, "page", "customers");
  fixture->session = app_database_sign_in_at (conninfo);
  fixture->window = GTK_WINDOW (oba_window_new (GTK_APPLICATION (fixture->app), fixture->session, fixture->settings));
  oba_test_present (fixture->window, 1280, 720);
  fixture->page = OBA_CUSTOMERS_PAGE (oba_window_get_page (OBA_WINDOW (fixture->window), oba_window_get_shown (OBA_WINDOW (fixture->window))));
  fixture->view = oba_customers_page_get_view (fixture->page);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
  app_keys_focus (fixture->window);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  login)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->app);
  app_database_free (fixture->database);
}

static guint
n_items (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (oba_customers_page_get_model (fixture->page)));
}

static GtkWindow *
find_window (GType type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *item = windows; item != NULL; item = item->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (item->data, type) && gtk_widget_get_visible (item->data))
      return item->data;
  return NULL;
}

static GtkWindow *
await_window (GType type)
{
  oba_test_wait_until (find_window (type) != NULL);
  app_keys_focus (find_window (type));
  return find_window (type);
}

/* Is the focus on a widget of @type, or in one, that says @text (NULL: whatever)? */
static gboolean
is_at (GtkWindow  *window,
       GType       type,
       const char *text)
{
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *there = focus != NULL ? (G_TYPE_CHECK_INSTANCE_TYPE (focus, type) ? focus : gtk_widget_get_ancestor (focus, type)) : NULL;

  return there != NULL && (text == NULL || oba_test_shows (there, text) || g_strcmp0 (gtk_widget_get_tooltip_text (there), text) == 0);
}

static void
press_to (GtkWindow  *window,
          const char *key,
          GType       type,
          const char *text)
{
  for (guint i = 0; i < 60 && !is_at (window, type, text); i++)
    {
      GtkWidget *before = gtk_window_get_focus (window);

      app_keys_press (key);
      oba_test_wait_until (gtk_window_get_focus (window) != before);
    }
  if (!is_at (window, type, text))
    g_error ("%s does not lead to “%s”", key, text != NULL ? text : g_type_name (type));
}

/* Typed, found, opened and back: the list is where it was. */
static void
test_search (Fixture       *fixture,
             gconstpointer  login)
{
  ObaSubpages *subpages = oba_customers_page_get_subpages (fixture->page);

  app_keys_press ("<Control>k");
  app_keys_type ("leyla");
  oba_test_wait_until (n_items (fixture) == 40);
  app_keys_press ("Down");
  oba_test_wait_until (is_at (fixture->window, GTK_TYPE_COLUMN_VIEW, NULL));
  oba_test_wait_until (oba_customers_page_get_selected (fixture->page) != 0);
  app_keys_press ("Return");
  oba_test_wait_until (oba_subpages_get_top (subpages) != NULL);
  app_keys_press ("Escape");
  oba_test_wait_until (oba_subpages_get_top (subpages) == NULL);
  app_keys_press ("<Control>k");
  app_keys_press ("Escape");
  oba_test_wait_until (n_items (fixture) == 120);
}

/* Conditions ticked in the panel, and taken away chip by chip. */
static void
test_filter (Fixture       *fixture,
             gconstpointer  login)
{
  app_keys_press ("<Control><Shift>f");
  oba_test_wait_until (is_at (fixture->window, OBA_TYPE_FILTER_PANEL, NULL));
  press_to (fixture->window, "Tab", GTK_TYPE_TOGGLE_BUTTON, "Gold");
  app_keys_press ("space");
  oba_test_wait_until (n_items (fixture) == 30);
  press_to (fixture->window, "Tab", GTK_TYPE_TOGGLE_BUTTON, "Lapsing");
  app_keys_press ("space");
  oba_test_wait_until (n_items (fixture) == 0);
  app_keys_press ("Escape");
  oba_test_wait_until (!is_at (fixture->window, OBA_TYPE_FILTER_PANEL, NULL));
  press_to (fixture->window, "Tab", OBA_TYPE_FILTER_BAR, "Lifecycle: Lapsing");
  press_to (fixture->window, "Tab", GTK_TYPE_BUTTON, "Lifecycle: Lapsing");
  app_keys_press ("space");
  oba_test_wait_until (n_items (fixture) == 30);
  /* The focus stays among the chips. */
  press_to (fixture->window, "<Shift>Tab", GTK_TYPE_BUTTON, "Tier: Gold");
  app_keys_press ("space");
  oba_test_wait_until (n_items (fixture) == 120);
}

static gboolean
stands_at (Fixture    *fixture,
           const char *column,
           guint       place)
{
  g_autoptr (GPtrArray) columns = oba_lazy_view_list_columns (fixture->view);

  return g_str_equal (columns->pdata[place], column);
}

/* Columns shown and moved. */
static void
test_columns (Fixture       *fixture,
              gconstpointer  login)
{
  GtkWindow *window;

  /* From the list of pages, which stays at this one. */
  press_to (fixture->window, "Tab", GTK_TYPE_MENU_BUTTON, "More");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (fixture->page)));
  app_keys_press ("space");
  oba_test_wait_until (is_at (fixture->window, GTK_TYPE_POPOVER, NULL));
  app_keys_press ("Return");
  window = await_window (OBA_TYPE_COLUMNS_WINDOW);
  press_to (window, "Tab", GTK_TYPE_CHECK_BUTTON, NULL);
  press_to (window, "Down", ADW_TYPE_ACTION_ROW, "Lifecycle");
  app_keys_press ("space");
  oba_test_wait_until (oba_lazy_view_is_column_shown (fixture->view, "lifecycle"));
  app_keys_press ("<Alt>Up");
  app_keys_press ("<Alt>Up");
  oba_test_wait_until (is_at (window, ADW_TYPE_ACTION_ROW, "Lifecycle"));
  oba_test_wait_until (stands_at (fixture, "lifecycle", 6));
  app_keys_press ("Escape");
  oba_test_wait_until (find_window (OBA_TYPE_COLUMNS_WINDOW) == NULL);
}

/* Everybody chosen with Ctrl+A, a few with Shift, and made a segment. */
static void
test_segment (Fixture       *fixture,
              gconstpointer  login)
{
  GtkWindow *segments;
  GtkWindow *form;
  g_autofree char *n = NULL;

  app_keys_press ("<Control>k");
  app_keys_press ("Down");
  oba_test_wait_until (is_at (fixture->window, GTK_TYPE_COLUMN_VIEW, NULL));
  app_keys_press ("<Control>a");
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (fixture->page), "120 chosen"));
  app_keys_press ("<Shift>Down");
  app_keys_press ("<Shift>Down");
  oba_test_wait_until (oba_lazy_view_get_n_selected (fixture->view) == 3);
  press_to (fixture->window, "Tab", GTK_TYPE_BUTTON, "Add to _Segment…");
  /* Through the list again, in and out of it. */
  press_to (fixture->window, "<Shift>Tab", GTK_TYPE_COLUMN_VIEW, NULL);
  g_assert_cmpuint (oba_lazy_view_get_n_selected (fixture->view), ==, 3);
  press_to (fixture->window, "<Shift>Tab", GTK_TYPE_MENU_BUTTON, "More");
  app_keys_press ("space");
  oba_test_wait_until (is_at (fixture->window, GTK_TYPE_POPOVER, NULL));
  app_keys_press ("s");
  segments = await_window (OBA_TYPE_SEGMENTS_WINDOW);
  press_to (segments, "Tab", GTK_TYPE_MENU_BUTTON, NULL);
  app_keys_press ("space");
  oba_test_wait_until (is_at (segments, GTK_TYPE_POPOVER, NULL));
  app_keys_press ("c");
  form = await_window (OBA_TYPE_SEGMENT_FORM);
  press_to (form, "Tab", ADW_TYPE_ENTRY_ROW, "Name");
  app_keys_type ("By keys");
  app_keys_press ("Return");
  oba_test_wait_until (find_window (OBA_TYPE_SEGMENT_FORM) == NULL);
  app_keys_focus (segments);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (segments), "3 customers"));
  press_to (segments, "Tab", ADW_TYPE_ACTION_ROW, "By keys");
  app_keys_press ("Return");
  oba_test_wait_until (find_window (OBA_TYPE_SEGMENTS_WINDOW) == NULL);
  oba_test_wait_until (n_items (fixture) == 3);
  n = app_database_ask (fixture->database, "select count(*) from oba.segment_members");
  g_assert_cmpstr (n, ==, "3");
}

int
main (int   argc,
      char *argv[])
{
  int status;

  oba_test_app_init (&argc, &argv);
  if (!app_keys_init ())
    {
      g_test_skip ("keys cannot be sent here");
      return 77;
    }
#define add(path, func) g_test_add ("/app/keyboard-list/" path, Fixture, "leyla", set_up, func, tear_down)
  add ("search", test_search);
  add ("filter", test_filter);
  add ("columns", test_columns);
  add ("segment", test_segment);
#undef add
  status = g_test_run ();
  app_keys_end ();
  return status;
}
