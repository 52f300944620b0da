/* A clerk's day without a mouse: the keys go through the X server to whatever has the focus. */
#include "oba-test-app.h"

#include <string.h>

#include "app-database.h"
#include "app-keys.h"
#include "customers/oba-customers-page.h"
#include "customers/oba-profile-view.h"
#include "customers/oba-register-window.h"
#include "oba-window.h"

static const char furniture[] =
  "insert into oba.stores (code, name) values ('S1', 'OBA Nizami');"
  "insert into oba.cards (token_hash, number, state) values (sha256 ('card-token-1'), 'OBA-1001', 'blank');"
  "select oba.staff_add ('leyla', 'Leyla', 'supervisor');";

typedef struct
{
  AppDatabase *database;
  AdwApplication *app;
  GSettings *settings;
  ObaSession *session;
  GtkWindow *window;
  ObaCustomersPage *page;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer login)
{
  g_autofree char *conninfo = NULL;

  fixture->database = app_database_new ();
  app_database_run (fixture->database, furniture);
  conninfo = g_strdup_printf ("%s user=%s", app_database_get_conninfo (fixture->database), (const char *) login);
  fixture->app = oba_test_application_new ();
  gtk_application_set_accels_for_action (GTK_APPLICATION (fixture->app), "win.search", (const char *[]) { "<Control>k", NULL });
  fixture->settings = oba_test_settings_new ();
  g_settings_set_string (fixture->settings, "page", "customers");
  fixture->session = app_database_sign_in_at (conninfo);
  fixture->window = GTK_WINDOW (oba_window_new (GTK_APPLICATION (fixture->app), fixture->session, fixture->settings));
  oba_test_present (fixture->window, 1280, 720);
  fixture->page = OBA_CUSTOMERS_PAGE (oba_window_get_page (OBA_WINDOW (fixture->window), oba_window_get_shown (OBA_WINDOW (fixture->window))));
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
  app_keys_focus (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer login)
{
  gtk_window_destroy (fixture->window);
  g_object_unref (fixture->session);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->app);
  app_database_free (fixture->database);
}

static gboolean
says (Fixture *fixture, const char *sql, const char *expected)
{
  g_autofree char *answer = app_database_ask (fixture->database, sql);

  return g_strcmp0 (answer, expected) == 0;
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

/* Is the focus on a widget of @type, or in one? */
static gboolean
is_at (GtkWindow *window, GType type, const char *tooltip)
{
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *there = focus != NULL ? (G_TYPE_CHECK_INSTANCE_TYPE (focus, type) ? focus : gtk_widget_get_ancestor (focus, type)) : NULL;

  return there != NULL && (tooltip == NULL || g_strcmp0 (gtk_widget_get_tooltip_text (there), tooltip) == 0);
}

static void
tab_to (GtkWindow *window, GType type, const char *tooltip)
{
  for (guint i = 0; i < 80 && !is_at (window, type, tooltip); i++)
    {
      GtkWidget *before = gtk_window_get_focus (window);

      app_keys_press ("Tab");
      oba_test_wait_until (gtk_window_get_focus (window) != before);
    }
  g_assert_true (is_at (window, type, tooltip));
}

/* By Tab from the field where the keyboard is to the one of @field. */
static void
tab_to_field (GtkWindow *window, ObaCustomerForm *form, ObaCustomerField field)
{
  g_autofree char *before = oba_customer_form_get_text (form, field);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *now = NULL;
      GtkWidget *focus = gtk_window_get_focus (window);

      if (GTK_IS_TEXT (focus))
        {
          /* Which field it is tells what a key changes in it. */
          gtk_editable_insert_text (GTK_EDITABLE (focus), "~", 1, &(int) { 0 });
          now = oba_customer_form_get_text (form, field);
          gtk_editable_delete_text (GTK_EDITABLE (focus), 0, 1);
          if (g_strcmp0 (now, before) != 0)
            return;
        }
      app_keys_press ("Tab");
      oba_test_wait_until (gtk_window_get_focus (window) != focus);
    }
  g_error ("Tab does not lead to %s", oba_customer_field_get_title (field));
}

static void
type_into (GtkWindow *window, ObaCustomerForm *form, ObaCustomerField field, const char *text)
{
  tab_to_field (window, form, field);
  app_keys_press ("<Control>a");
  app_keys_type (text);
}

static gboolean
form_says (ObaCustomerForm *form, ObaCustomerField field, const char *expected)
{
  g_autofree char *text = oba_customer_form_get_text (form, field);

  return g_strcmp0 (text, expected) == 0;
}

static void
choose_first_in_menu (Fixture *fixture)
{
  tab_to (fixture->window, GTK_TYPE_MENU_BUTTON, "More");
  app_keys_press ("Return");
  oba_test_wait_until (find_window (GTK_TYPE_WINDOW) != NULL && is_at (fixture->window, GTK_TYPE_POPOVER_MENU, NULL));
  app_keys_press ("Return");
}

/* A scanner's keys come with times that a busy computer could not keep here: they are given as the X server would. */
static void
scan (ObaRegisterWindow *window, const char *code)
{
  guint32 time = 1000000;

  for (const char *p = code; *p != '\0'; p++, time += 5)
    {
      GtkEditable *focus = GTK_EDITABLE (gtk_window_get_focus (GTK_WINDOW (window)));
      int end = gtk_editable_get_position (focus);

      if (!oba_register_window_feed_key (window, gdk_unicode_to_keyval ((guint) *p), time))
        {
          gtk_editable_insert_text (focus, p, 1, &end);
          gtk_editable_set_position (focus, end);
        }
    }
  g_assert_true (oba_register_window_feed_key (window, GDK_KEY_Return, time));
}

static void
test_journey (Fixture *fixture, gconstpointer login)
{
  ObaCustomerForm *form;
  ObaProfileView *profile;
  GtkWindow *window;

  /* Registered, with a card that is scanned in the middle of typing. */
  app_keys_press ("<Control>n");
  window = await_window (OBA_TYPE_REGISTER_WINDOW);
  form = oba_register_window_get_form (OBA_REGISTER_WINDOW (window));
  app_keys_type ("Quliyeva");
  type_into (window, form, OBA_CUSTOMER_GIVEN_NAME, "Leyla");
  type_into (window, form, OBA_CUSTOMER_PHONE, "050 123 45 67");
  oba_test_wait_until (form_says (form, OBA_CUSTOMER_PHONE, "050 123 45 67"));
  scan (OBA_REGISTER_WINDOW (window), "card-token-1");
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "Card OBA-1001 is blank: the customer gets it"));
  oba_test_wait_until (oba_register_window_is_settled (OBA_REGISTER_WINDOW (window)));
  g_assert_true (form_says (form, OBA_CUSTOMER_PHONE, "050 123 45 67"));
  type_into (window, form, OBA_CUSTOMER_CITY, "Baku");
  app_keys_press ("<Control>s");
  oba_test_wait_until (says (fixture, "select concat_ws (' ', family_name, given_name, phone, city, (select number from oba.cards k where k.customer_id = c.customer_id)) from oba.customers c where kind = 'person'",
                             "Quliyeva Leyla +994501234567 Baku OBA-1001"));
  oba_test_wait_until (find_window (OBA_TYPE_REGISTER_WINDOW) == NULL);

  /* Found in the list, opened, edited. */
  app_keys_focus (fixture->window);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page) && g_list_model_get_n_items (G_LIST_MODEL (oba_customers_page_get_model (fixture->page))) == 1);
  app_keys_press ("<Control>k");
  oba_test_wait_until (is_at (fixture->window, GTK_TYPE_SEARCH_ENTRY, NULL));
  app_keys_press ("Down");
  oba_test_wait_until (is_at (fixture->window, OBA_TYPE_LAZY_VIEW, NULL));
  app_keys_press ("Return");
  oba_test_wait_until (oba_subpages_get_top (oba_customers_page_get_subpages (fixture->page)) != NULL);
  profile = OBA_PROFILE_VIEW (oba_subpages_get_top (oba_customers_page_get_subpages (fixture->page)));
  oba_test_wait_until (oba_profile_view_is_loaded (profile));
  app_keys_press ("<Control>e");
  oba_test_wait_until (oba_edit_pane_is_editing (oba_profile_view_get_edit_pane (profile)) && !oba_edit_pane_is_busy (oba_profile_view_get_edit_pane (profile)));
  type_into (fixture->window, oba_edit_pane_get_form (oba_profile_view_get_edit_pane (profile)), OBA_CUSTOMER_CITY, "Sumqayit");
  app_keys_press ("<Control>s");
  oba_test_wait_until (says (fixture, "select city from oba.customers where kind = 'person'", "Sumqayit"));
  oba_test_wait_until (!oba_edit_pane_is_editing (oba_profile_view_get_edit_pane (profile)) && oba_profile_view_is_loaded (profile));

  /* Blocked and let go again. */
  choose_first_in_menu (fixture);
  await_window (ADW_TYPE_MESSAGE_DIALOG);
  app_keys_press ("<Alt>b");
  oba_test_wait_until (says (fixture, "select status from oba.customers where kind = 'person'", "blocked"));
  oba_test_wait_until (find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  oba_test_wait_until (oba_profile_view_is_loaded (profile) && oba_profile_view_get_profile (profile)->status == OBA_CUSTOMER_BLOCKED);
  app_keys_focus (fixture->window);
  choose_first_in_menu (fixture);
  await_window (ADW_TYPE_MESSAGE_DIALOG);
  app_keys_press ("<Alt>u");
  oba_test_wait_until (says (fixture, "select status from oba.customers where kind = 'person'", "active"));
  oba_test_wait_until (find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);

  /* And back to the list. */
  app_keys_focus (fixture->window);
  app_keys_press ("Escape");
  oba_test_wait_until (oba_subpages_get_top (oba_customers_page_get_subpages (fixture->page)) == NULL);
}

/* Two fields typed, and the program is told to close: the window in front asks, and keeps both until it is answered. */
static void
test_close (Fixture *fixture, gconstpointer login)
{
  ObaCustomerForm *form;
  GtkWindow *window;

  app_keys_press ("<Control>n");
  window = await_window (OBA_TYPE_REGISTER_WINDOW);
  form = oba_register_window_get_form (OBA_REGISTER_WINDOW (window));
  app_keys_type ("Quliyeva");
  oba_test_wait_until (form_says (form, OBA_CUSTOMER_FAMILY_NAME, "Quliyeva"));
  gtk_window_close (fixture->window);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  await_window (ADW_TYPE_MESSAGE_DIALOG);
  app_keys_press ("Escape");
  oba_test_wait_until (find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_assert_true (form_says (form, OBA_CUSTOMER_FAMILY_NAME, "Quliyeva"));
  gtk_window_close (fixture->window);
  await_window (ADW_TYPE_MESSAGE_DIALOG);
  app_keys_press ("<Alt>d");
  oba_test_wait_until (find_window (OBA_TYPE_REGISTER_WINDOW) == NULL);
}

int
main (int argc, char **argv)
{
  int status;

  oba_test_app_init (&argc, &argv);
  if (!app_keys_init ())
    {
      g_print ("1..0 # SKIP keys cannot be sent to this display\n");
      return 0;
    }
#define ADD(path, login, func) g_test_add ("/app/keyboard/" path, Fixture, login, set_up, func, tear_down)
  ADD ("journey", "leyla", test_journey);
  ADD ("close", "leyla", test_close);
#undef ADD
  status = g_test_run ();
  app_keys_end ();
  return status;
}
