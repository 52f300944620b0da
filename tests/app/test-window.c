/* The window around the pages: the way between them, the connection's state, and what is remembered. */
#include "oba-window.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app-database.h"
#include "oba-screenshots.h"
#include "oba-test-app.h"

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
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->session);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->app);
}

/* Every page is reached by its row and by its key, and the title says where one is. */
static void
test_pages (Fixture *fixture, gconstpointer data)
{
  guint n = oba_window_get_n_pages (fixture->window);

  g_assert_cmpuint (n, >=, 1);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "u", n - 1 - i));
      g_assert_cmpuint (oba_window_get_shown (fixture->window), ==, n - 1 - i);
      oba_test_wait_until (gtk_widget_get_mapped (GTK_WIDGET (oba_window_get_page (fixture->window, n - 1 - i))));
    }
  /* A number without a page does nothing. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "u", 8u);
  g_assert_cmpuint (oba_window_get_shown (fixture->window), ==, 0);
  oba_test_assert_named (GTK_WIDGET (fixture->window));
}

/* Tomorrow it opens where it was closed today. */
static void
test_remembers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *page = g_settings_get_string (fixture->settings, "page");

  g_assert_cmpstr (page, ==, oba_window_get_page_id (fixture->window, oba_window_get_shown (fixture->window)));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1111, 777);
  oba_test_wait_until (gtk_widget_get_width (GTK_WIDGET (fixture->window)) >= 1100 && gtk_widget_get_width (GTK_WIDGET (fixture->window)) < 1200);
  gtk_window_close (GTK_WINDOW (fixture->window));
  fixture->window = NULL;
  oba_test_wait_until (g_settings_get_int (fixture->settings, "window-width") == 1111);
  g_assert_cmpint (g_settings_get_int (fixture->settings, "window-height"), ==, 777);
}

/* The server is switched off and on again under the open window: it says so, and goes on by itself. */
static void
test_lost_server (Fixture *fixture, gconstpointer data)
{
  g_assert_false (oba_window_is_offline_shown (fixture->window));
  oba_test_postgres_stop (app_database_get_server (database));
  oba_test_wait_until (oba_window_is_offline_shown (fixture->window));
  oba_test_picture (GTK_WINDOW (fixture->window), "window-offline");

  oba_test_postgres_start (app_database_get_server (database));
  oba_test_wait_until (!oba_window_is_offline_shown (fixture->window));
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (fixture->window), "The database answers again."));
  oba_test_wait_until (oba_page_get_state (oba_window_get_page (fixture->window, 0)) == OBA_PAGE_READY);
}

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (oba_screenshots_take_finish (result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* What pages show beside themselves. */
static void
remove_others (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_remove (path);
    }
}

/* Pictures for the README: of every page, light and dark, and not the same twice. */
static void
test_screenshots (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("oba-pictures-XXXXXX", NULL);
  gboolean done = FALSE;

  oba_screenshots_take_async (fixture->window, directory, taken_cb, &done);
  oba_test_wait_until (done);
  for (guint i = 0; i < oba_window_get_n_pages (fixture->window); i++)
    {
      const char *id = oba_window_get_page_id (fixture->window, i);
      g_autofree char *light = g_strdup_printf ("%s/%s-light.png", directory, id);
      g_autofree char *dark = g_strdup_printf ("%s/%s-dark.png", directory, id);
      g_autofree char *light_bytes = NULL;
      g_autofree char *dark_bytes = NULL;
      gsize light_length = 0;
      gsize dark_length = 0;
      g_autoptr (GdkTexture) texture = gdk_texture_new_from_filename (light, NULL);

      g_assert_nonnull (texture);
      g_assert_cmpint (gdk_texture_get_width (texture), >, 1200);
      g_assert_true (g_file_get_contents (light, &light_bytes, &light_length, NULL));
      g_assert_true (g_file_get_contents (dark, &dark_bytes, &dark_length, NULL));
      g_assert_false (light_length == dark_length && memcmp (light_bytes, dark_bytes, light_length) == 0);
      g_remove (light);
      g_remove (dark);
    }
  remove_others (directory);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
}

int
main (int argc, char *argv[])
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_add_chain (database);
  app_database_sell (database, 1999);

#define ADD(path, function) g_test_add ("/window/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("pages", test_pages);
  ADD ("lost-server", test_lost_server);
  ADD ("screenshots", test_screenshots);
  ADD ("remembers", test_remembers);

  status = g_test_run ();
  app_database_free (database);
  return status;
}
