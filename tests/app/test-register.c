/* Registering and editing customers as clerks do it: the real widgets, a real PostgreSQL behind them. */
#include "oba-test-app.h"

#include "app-database.h"
#include "widgets/oba-store-chooser.h"

static const char furniture[] =
    "insert into oba.stores (code, name, city, district) values ('S1', 'OBA Nizami', 'Bakı', 'Nəsimi'), ('S2', 'OBA Gəncə Bazar', 'Gəncə', 'Kəpəz'),"
    " ('S3', 'OBA Şuşa', 'Şuşa', '');"
    "update oba.stores set opened_on = '2020-01-01', closed_on = '2024-01-01' where code = 'S1';"
    "insert into oba.stores (code, name, city) select 'N' || n, 'OBA ' || n, 'Sumqayıt' from generate_series (1, 1600) n;"
    "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea'), ('bread', 'Çörək', 'Bread');";

typedef struct
{
  AppDatabase    *database;
  AdwApplication *app;
  ObaSession     *session;
  GtkWindow      *window;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->database = app_database_new ();
  app_database_run (fixture->database, furniture);
  fixture->app = oba_test_application_new ();
  fixture->session = app_database_sign_in (fixture->database);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
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
show_widget (Fixture *fixture, GtkWidget *widget)
{
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), widget);
  oba_test_present (fixture->window, 1000, 700);
}

/* ---- the chooser of stores */

/* The way from 1,600 stores to the one meant: a few letters in any spelling, Enter. */
static void
test_store_chooser (Fixture *fixture, gconstpointer data)
{
  GtkWidget *widget = oba_store_chooser_new (oba_session_get_pool (fixture->session));
  ObaStoreChooser *chooser = OBA_STORE_CHOOSER (widget);
  GtkMenuButton *button = GTK_MENU_BUTTON (oba_store_chooser_get_button (chooser));
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (button));
  GtkWidget *entry;

  gtk_widget_set_valign (widget, GTK_ALIGN_START);
  oba_store_chooser_set_none (chooser, "No store");
  show_widget (fixture, widget);
  g_assert_cmpstr (oba_store_chooser_get_text (chooser), ==, "No store");
  gtk_menu_button_popup (button);
  oba_test_wait_until (oba_test_shows (popover, "OBA 1"));
  entry = oba_test_find (popover, GTK_TYPE_SEARCH_ENTRY, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "ganja bazar");
  oba_test_wait_until (oba_test_shows (popover, "Gəncə, Kəpəz") && !oba_test_shows (popover, "OBA 1"));
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpint (oba_store_chooser_get_store (chooser), ==, 2);
  g_assert_cmpstr (oba_store_chooser_get_text (chooser), ==, "OBA Gəncə Bazar");

  gtk_menu_button_popup (button);
  gtk_editable_set_text (GTK_EDITABLE (entry), "<b>'; drop");
  oba_test_wait_until (oba_test_shows (popover, "No store has all these words in its name, city, district or code."));
  gtk_editable_set_text (GTK_EDITABLE (entry), "nəsimi");
  oba_test_wait_until (oba_test_shows (popover, "OBA Nizami (closed)"));
  g_signal_emit_by_name (oba_test_find (popover, GTK_TYPE_BUTTON, "No store"), "clicked");
  g_assert_cmpint (oba_store_chooser_get_store (chooser), ==, 0);
  oba_store_chooser_set_store (chooser, 3, NULL);
  oba_test_wait_until (g_str_equal (oba_store_chooser_get_text (chooser), "OBA Şuşa"));
}

int
main (int argc, char **argv)
{
  oba_test_app_init (&argc, &argv);

#define ADD(path, func) g_test_add ("/app/register/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("store-chooser", test_store_chooser);
#undef ADD
  return g_test_run ();
}
