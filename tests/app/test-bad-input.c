/* Whatever a clerk types, pastes or scans into the forms is refused where it was typed, and stays there; or it is kept and shown to the letter, everywhere. */
#include "oba-test-app.h"

#include <string.h>

#include "app-database.h"
#include "customers/oba-customers-page.h"
#include "customers/oba-profile-view.h"
#include "customers/oba-register-window.h"
#include "oba-test-bad-input.h"

static const ObaCustomerField text_fields[] = { OBA_CUSTOMER_FAMILY_NAME, OBA_CUSTOMER_GIVEN_NAME, OBA_CUSTOMER_PATRONYMIC, OBA_CUSTOMER_CITY, OBA_CUSTOMER_NOTES };

typedef struct
{
  AppDatabase *database;
  AdwApplication *app;
  ObaSession *session;
  GtkWindow *window;
  ObaCustomersPage *page;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *overlay = adw_toast_overlay_new ();

  fixture->database = app_database_new ();
  app_database_run (fixture->database,
                    "insert into oba.stores (code, name) values ('S1', 'OBA <Nizami> & Co');"
                    "insert into oba.customers (customer_id, given_name, family_name, phone) values (500, 'Aysel', 'Əliyeva', '+994501234567')");
  fixture->app = oba_test_application_new ();
  fixture->session = app_database_sign_in (fixture->database);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", fixture->session, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (fixture->page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), overlay);
  oba_test_present (fixture->window, 1088, 720);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->app);
  app_database_free (fixture->database);
}

static void
assert_ask (Fixture *fixture, const char *sql, const char *expected)
{
  g_autofree char *answer = app_database_ask (fixture->database, sql);

  g_assert_cmpstr (answer, ==, expected);
}

/* As it is read, not as it was set: markup that was parsed is gone from it. */
static gboolean
reads (GtkWidget *root, const char *text)
{
  if (!gtk_widget_get_visible (root))
    return FALSE;
  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (reads (child, text))
      return TRUE;
  return FALSE;
}

static const char *
kept (const ObaTestBadText *bad)
{
  return bad->cleaned != NULL ? bad->cleaned : bad->text;
}

static void
fill (ObaCustomerForm *form, const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
    oba_customer_form_set_text (form, text_fields[i], text);
}

/* Told at each of the fields, and nothing of what was typed is gone. */
static void
assert_refused (ObaCustomerForm *form, const ObaTestBadText *bad, const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
    {
      g_autofree char *there = oba_customer_form_get_text (form, text_fields[i]);

      if (oba_customer_form_get_problem (form, text_fields[i]) == NULL)
        g_error ("%s is taken as %s", bad->name, oba_customer_field_get_title (text_fields[i]));
      g_assert_cmpstr (there, ==, text);
    }
}

static void
assert_stored (Fixture *fixture, const char *whom, const ObaTestBadText *bad)
{
  g_autofree char *sql = g_strdup_printf ("select concat_ws ('|', family_name, given_name, patronymic, city, notes) from oba.customers where %s", whom);
  g_autofree char *all = g_strjoin ("|", kept (bad), kept (bad), kept (bad), kept (bad), kept (bad), NULL);

  assert_ask (fixture, sql, all);
}

static ObaProfileView *
open_profile (Fixture *fixture, gint64 id)
{
  ObaProfileView *profile;

  oba_customers_page_open_profile (fixture->page, id);
  profile = OBA_PROFILE_VIEW (oba_subpages_get_top (oba_customers_page_get_subpages (fixture->page)));
  oba_test_wait_until (oba_profile_view_is_loaded (profile));
  return profile;
}

static void
registered_cb (ObaRegisterWindow *window, gint64 id, const char *name, gint64 *registered)
{
  *registered = id;
}

static void
test_register (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_texts); i++)
    {
      const ObaTestBadText *bad = &oba_test_bad_texts[i];
      g_autofree char *text = oba_test_bad_text (bad), *whom = NULL;
      ObaRegisterWindow *window;
      gint64 id = 0;

      gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.register", NULL);
      window = g_object_get_data (G_OBJECT (fixture->page), "oba-register-window");
      g_signal_connect (window, "registered", G_CALLBACK (registered_cb), &id);
      fill (oba_register_window_get_form (window), text);
      oba_test_wait_until (oba_register_window_is_settled (window));
      gtk_widget_activate_action (GTK_WIDGET (window), "register.save", NULL);
      if (bad->refused)
        {
          g_assert_false (oba_register_window_is_saving (window));
          assert_refused (oba_register_window_get_form (window), bad, text);
          gtk_window_destroy (GTK_WINDOW (window));
          continue;
        }
      oba_test_wait_until (id != 0);
      whom = g_strdup_printf ("customer_id = %" G_GINT64_FORMAT, id);
      assert_stored (fixture, whom, bad);
      if (!reads (GTK_WIDGET (open_profile (fixture, id)), kept (bad)))
        g_error ("%s is not shown as it is", bad->name);
      oba_subpages_pop (oba_customers_page_get_subpages (fixture->page));
    }
}

static void
test_edit (Fixture *fixture, gconstpointer data)
{
  ObaProfileView *profile = open_profile (fixture, 500);
  ObaEditPane *pane = oba_profile_view_get_edit_pane (profile);

  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_texts); i++)
    {
      const ObaTestBadText *bad = &oba_test_bad_texts[i];
      g_autofree char *text = oba_test_bad_text (bad);

      gtk_widget_activate_action (GTK_WIDGET (profile), "profile.edit", NULL);
      oba_test_wait_until (!oba_edit_pane_is_busy (pane));
      fill (oba_edit_pane_get_form (pane), text);
      gtk_widget_activate_action (GTK_WIDGET (pane), "edit.save", NULL);
      if (bad->refused)
        {
          assert_refused (oba_edit_pane_get_form (pane), bad, text);
          oba_edit_pane_drop (pane);
          continue;
        }
      oba_test_wait_until (!oba_edit_pane_is_editing (pane));
      assert_stored (fixture, "customer_id = 500", bad);
      oba_test_wait_until (oba_profile_view_is_loaded (profile) && reads (GTK_WIDGET (profile), kept (bad)));
    }
}

/* Phones, days and addresses: refused where they were typed. */
static void
test_others (Fixture *fixture, gconstpointer data)
{
  static const struct { ObaCustomerField field; const char *const *values; guint n; } all[] = {
    { OBA_CUSTOMER_PHONE, oba_test_bad_phones, G_N_ELEMENTS (oba_test_bad_phones) },
    { OBA_CUSTOMER_EMAIL, oba_test_bad_emails, G_N_ELEMENTS (oba_test_bad_emails) },
    { OBA_CUSTOMER_BIRTH_DATE, oba_test_bad_dates, G_N_ELEMENTS (oba_test_bad_dates) },
  };
  ObaRegisterWindow *window;
  ObaCustomerForm *form;

  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.register", NULL);
  window = g_object_get_data (G_OBJECT (fixture->page), "oba-register-window");
  form = oba_register_window_get_form (window);
  oba_customer_form_set_text (form, OBA_CUSTOMER_FAMILY_NAME, "A");
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      for (guint v = 0; v < all[i].n; v++)
        {
          g_autofree char *there = NULL;

          oba_customer_form_set_text (form, all[i].field, all[i].values[v]);
          gtk_widget_activate_action (GTK_WIDGET (window), "register.save", NULL);
          there = oba_customer_form_get_text (form, all[i].field);
          if (oba_register_window_is_saving (window) || oba_customer_form_get_problem (form, all[i].field) == NULL)
            g_error ("“%s” is taken", all[i].values[v]);
          g_assert_cmpstr (there, ==, all[i].values[v]);
        }
      oba_customer_form_set_text (form, all[i].field, "");
    }
  gtk_window_destroy (GTK_WINDOW (window));
  assert_ask (fixture, "select count (*) from oba.customers where kind = 'person'", "1");
}

/* What is searched for is said as it was typed when nobody is found; names of stores, reasons and toasts are no markup either. */
static void
test_elsewhere (Fixture *fixture, gconstpointer data)
{
  ObaProfileView *profile;

  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_texts); i++)
    {
      g_autofree char *text = oba_test_bad_text (&oba_test_bad_texts[i]);

      oba_customers_page_search (fixture->page, text);
      oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
    }
  oba_customers_page_search (fixture->page, "<b>nobody</b> & <i");
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page) && g_str_equal (oba_customers_page_get_shown (fixture->page), "nothing"));
  g_assert_true (reads (GTK_WIDGET (fixture->page), "<b>nobody</b> & <i"));
  oba_customers_page_search (fixture->page, "");

  app_database_run (fixture->database, "update oba.customers set preferred_store_id = 1 where customer_id = 500;"
                                       "select oba.block_customer ('{\"customer_id\": 500, \"blocked\": true, \"reason\": \"<u>x</u> & <\"}')");
  profile = open_profile (fixture, 500);
  g_assert_true (reads (GTK_WIDGET (profile), "<u>x</u> & <"));
  g_assert_true (reads (GTK_WIDGET (profile), "OBA <Nizami> & Co"));
  oba_page_toast (OBA_PAGE (fixture->page), "<b>Ali</b> & <");
  oba_test_wait_until (reads (GTK_WIDGET (fixture->window), "<b>Ali</b> & <"));
}

int
main (int argc, char **argv)
{
  oba_test_app_init (&argc, &argv);

#define ADD(path, func) g_test_add ("/app/bad-input/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("register", test_register);
  ADD ("edit", test_edit);
  ADD ("others", test_others);
  ADD ("elsewhere", test_elsewhere);
#undef ADD
  return g_test_run ();
}
