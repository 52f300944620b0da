/* Files out and in as a person uses them: the real windows, a real PostgreSQL behind them. */
#include "customers/oba-customers-page.h"

#include <string.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "files/oba-export-window.h"
#include "files/oba-import-history.h"
#include "files/oba-import-window.h"
#include "files/oba-reversal-window.h"
#include "oba-test-app.h"
#include "oba-test-postgres.h"

static ObaTestPostgres *server;

static const char people[] =
  "insert into oba.stores (code, name) values ('S1', 'OBA Nizami');"
  "insert into oba.customers (given_name, family_name, phone, city, registered_at) select 'Ad' || n, 'Soyad' || n % 50, '+99455' || lpad (n::text, 7, '0'),"
  " (array['Bakı', 'Gəncə'])[1 + n % 2], timestamptz '2024-01-01' + n * interval '1 hour' from generate_series (1, 9000) n;"
  "update oba.points_accounts set balance = customer_id % 100, tier_spend = customer_id * 10";

typedef struct
{
  char             *conninfo;
  char             *folder;
  AdwApplication   *app;
  GSettings        *settings;
  ObaSession       *session;
  GtkWindow        *window;
  ObaCustomersPage *page;
} Fixture;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(ObaSession **) user_data = oba_session_open_finish (result, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer login)
{
  f->conninfo = oba_test_postgres_new_database (server);
  g_free (oba_test_postgres_exec (f->conninfo, people));
  if (login != NULL)
    {
      g_autofree char *sql = g_strdup_printf ("select oba.staff_add ('files_%s', 'F', '%s') where not exists (select from oba.staff where login = 'files_%s')",
                                              (const char *) login, (const char *) login, (const char *) login);
      g_autofree char *owner = g_steal_pointer (&f->conninfo);

      g_free (oba_test_postgres_exec (owner, sql));
      f->conninfo = g_strdup_printf ("%s user=files_%s", owner, (const char *) login);
    }
  f->folder = g_dir_make_tmp ("oba-files-XXXXXX", NULL);
  f->app = oba_test_application_new ();
  f->settings = oba_test_settings_new ();
  oba_session_open_async (f->conninfo, "Test", NULL, opened_cb, &f->session);
  oba_test_wait_until (f->session != NULL);
  f->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", f->app, NULL);
  f->page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", f->session, "settings", f->settings, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (f->window), GTK_WIDGET (f->page));
  oba_test_present (f->window, 1280, 720);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->folder);
  gtk_window_destroy (f->window);
  oba_session_close (f->session);
  g_object_unref (f->session);
  g_object_unref (f->settings);
  g_object_unref (f->app);
  g_free (f->folder);
  g_free (f->conninfo);
}

/* The window that an action of the page has opened. */
static GtkWindow *
open_window (Fixture *f, const char *action, GType type)
{
  g_autoptr (GList) windows = NULL;

  oba_test_wait_until (oba_customers_page_is_settled (f->page));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->page), action, NULL));
  windows = gtk_window_list_toplevels ();
  for (GList *l = windows; l != NULL; l = l->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (l->data, type) && gtk_widget_get_visible (l->data))
      return l->data;
  g_error ("%s opens no window", action);
}

static void
picture (GtkWindow *window, const char *name)
{
  g_autofree char *dark = g_strconcat (name, "-dark", NULL);

  gtk_widget_queue_draw (GTK_WIDGET (window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
  oba_test_assert_named (GTK_WIDGET (window));
  oba_test_picture (window, name);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
  oba_test_picture (window, dark);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_LIGHT);
}

static gboolean
export_shows (ObaExportWindow *window, const char *what)
{
  return g_str_equal (oba_export_window_get_shown (window), what);
}

/* What the list shows goes into the file, in the order of the list, and the window says how much that was. */
static void
test_export (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "out.csv", NULL), *text = NULL;
  ObaExportWindow *window;
  GtkWidget *format;

  oba_customers_page_search (f->page, "Soyad7 Ad7");
  oba_test_wait_until (g_list_model_get_n_items (G_LIST_MODEL (oba_customers_page_get_model (f->page))) < 9000);
  window = OBA_EXPORT_WINDOW (open_window (f, "page.export", OBA_TYPE_EXPORT_WINDOW));
  format = oba_test_find (GTK_WIDGET (window), ADW_TYPE_COMBO_ROW, "Format");
  adw_combo_row_set_selected (ADW_COMBO_ROW (format), 1);
  picture (GTK_WINDOW (window), "export-form");
  oba_export_window_start (window, path);
  g_assert_true (export_shows (window, "running"));
  oba_test_wait_until (!export_shows (window, "running"));
  g_assert_true (export_shows (window, "done"));
  picture (GTK_WINDOW (window), "export-done");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "oba_id,family_name,given_name,phone,city,tier,points,last_purchase,spend,registered_at\r\n"));
  g_assert_nonnull (strstr (text, ",Soyad7,Ad7,+994 55 000 00 07,"));
  g_assert_null (strstr (text, "Soyad8"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A chosen few only, whatever else the list shows. */
static void
test_export_selection (Fixture *f, gconstpointer data)
{
  static const gint64 chosen[] = { 7, 5 };
  g_autoptr (GArray) ids = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (gint64)), chosen, 2);
  g_autofree char *path = g_build_filename (f->folder, "out.xlsx", NULL);
  g_autoptr (GList) windows = NULL;
  ObaExportWindow *window = NULL;

  oba_test_wait_until (oba_customers_page_is_settled (f->page));
  oba_export_window_open (f->page, ids);
  windows = gtk_window_list_toplevels ();
  for (GList *l = windows; l != NULL; l = l->next)
    if (OBA_IS_EXPORT_WINDOW (l->data))
      window = l->data;
  oba_export_window_start (window, path);
  oba_test_wait_until (export_shows (window, "done"));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "2"));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Stopped, failed, closed in the middle: said plainly, and no half file lies about. */
static void
test_export_stopped (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "out.csv", NULL), *part = g_strconcat (path, ".part", NULL);
  ObaExportWindow *window = OBA_EXPORT_WINDOW (open_window (f, "page.export", OBA_TYPE_EXPORT_WINDOW));

  oba_export_window_start (window, "/nonexistent/out.csv");
  oba_test_wait_until (export_shows (window, "failed"));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "does not exist"));
  picture (GTK_WINDOW (window), "export-failed");
  gtk_widget_activate_action (GTK_WIDGET (window), "export.back", NULL);
  oba_export_window_start (window, path);
  picture (GTK_WINDOW (window), "export-running");
  gtk_widget_activate_action (GTK_WIDGET (window), "export.stop", NULL);
  oba_test_wait_until (!export_shows (window, "running"));
  if (export_shows (window, "form"))
    {
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      oba_export_window_start (window, path);
    }
  gtk_window_close (window ? GTK_WINDOW (window) : NULL);
  oba_test_wait_until (!g_file_test (part, G_FILE_TEST_EXISTS));
}

/* ---- in */

static const char file_text[] =
  "Mobil;Soyad;Ad;Rəng\n050 777 00 01;Quliyev;Tural;göy\n050 777 00 02;\"Həsənova\";'=Leyla;al\n12;Xəta;Nömrə;yaşıl\n055 000 00 07;Soyad7;Ad7;\n";

static gboolean
import_shows (ObaImportWindow *window, const char *what)
{
  return g_str_equal (oba_import_window_get_shown (window), what);
}

static ObaImportWindow *
open_import (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  ObaImportWindow *window = OBA_IMPORT_WINDOW (open_window (f, "page.import", OBA_TYPE_IMPORT_WINDOW));

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (import_shows (window, "choose"));
  oba_import_window_take_file (window, file);
  oba_test_wait_until (!import_shows (window, "running"));
  return window;
}

static char *
ask (Fixture *f, const char *sql)
{
  g_autofree char *owner = g_strdup (f->conninfo);

  return oba_test_postgres_exec (owner, sql);
}

static void
assert_ask (Fixture *f, const char *sql, const char *expected)
{
  g_autofree char *value = ask (f, sql);

  g_assert_cmpstr (value, ==, expected);
}

static AdwComboRow *
find_field (ObaImportWindow *window, const char *title)
{
  GtkWidget *row = oba_test_find (GTK_WIDGET (window), ADW_TYPE_COMBO_ROW, title);

  g_assert_nonnull (row);
  return ADW_COMBO_ROW (row);
}

/* A file whose columns nobody named as we do: seen, mapped, checked without a trace, imported; what is wrong with it can be saved. */
static void
test_import (Fixture *f, gconstpointer data)
{
  g_autofree char *rejects = g_build_filename (f->folder, "rejects.csv", NULL), *text = NULL;
  ObaImportWindow *window = open_import (f, "people.csv", file_text);

  g_assert_true (import_shows (window, "map"));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "Həsənova"));
  /* Guessed by their names; the colour is nothing that we know, and may be kept as a note. */
  g_assert_cmpuint (adw_combo_row_get_selected (find_field (window, "Phone")), ==, 1);
  g_assert_cmpuint (adw_combo_row_get_selected (find_field (window, "Family name")), ==, 2);
  g_assert_cmpuint (adw_combo_row_get_selected (find_field (window, "Given name")), ==, 3);
  g_assert_cmpuint (adw_combo_row_get_selected (find_field (window, "Notes")), ==, 0);
  adw_combo_row_set_selected (find_field (window, "Notes"), 4);
  picture (GTK_WINDOW (window), "import-map");
  /* Without a phone or an id nobody could be known again. */
  adw_combo_row_set_selected (find_field (window, "Phone"), 0);
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "Say which column has"));
  gtk_widget_activate_action (GTK_WIDGET (window), "import.check", NULL);
  g_assert_true (import_shows (window, "map"));
  adw_combo_row_set_selected (find_field (window, "Phone"), 1);

  gtk_widget_activate_action (GTK_WIDGET (window), "import.check", NULL);
  oba_test_wait_until (!import_shows (window, "running"));
  g_assert_true (import_shows (window, "checked"));
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "Line 4: phone is not a phone number"));
  picture (GTK_WINDOW (window), "import-checked");
  assert_ask (f, "select count (*) from oba.import_batches", "0");
  oba_import_window_save_rejects (window, rejects);
  g_assert_true (g_file_get_contents (rejects, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "12;Xəta;Nömrə"));

  gtk_widget_activate_action (GTK_WIDGET (window), "import.run", NULL);
  oba_test_wait_until (import_shows (window, "done"));
  picture (GTK_WINDOW (window), "import-done");
  assert_ask (f, "select string_agg (given_name || ' ' || notes, ', ' order by phone) from oba.customers where phone like '+9945077700%'", "Tural göy, =Leyla al");
  assert_ask (f, "select concat_ws (' ', rows_read, rows_new, rows_known, rows_changed, rows_rejected, length (file_sha256)) from oba.import_batches", "4 2 1 0 1 32");
  gtk_window_destroy (GTK_WINDOW (window));

  /* The next file with the same columns is read as this one was; the very same file is told. */
  window = open_import (f, "people.csv", file_text);
  g_assert_cmpuint (adw_combo_row_get_selected (find_field (window, "Notes")), ==, 4);
  gtk_widget_activate_action (GTK_WIDGET (window), "import.check", NULL);
  oba_test_wait_until (import_shows (window, "checked"));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "The very same file"));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "The file brings nothing new."));
  gtk_widget_activate_action (GTK_WIDGET (window), "import.run", NULL);
  g_assert_true (import_shows (window, "checked"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What was found out about the file is wrong sometimes: a person says better, sees it at once, and it is imported as it was seen. */
static void
test_import_reading (Fixture *f, gconstpointer data)
{
  /* Windows-1251, and commas within the values. */
  static const char text[] = "phone;family_name;city\n0507770001;\xc0\xeb\xe8\xe5\xe2\xe0;a,b\n0507770002;\xc3\xf3\xeb\xe8\xe5\xe2;c,d\n";
  ObaImportWindow *window = open_import (f, "old.csv", text);
  AdwComboRow *encoding = find_field (window, "Encoding"), *delimiter = find_field (window, "Between the fields");

  g_assert_true (oba_test_shows (GTK_WIDGET (window), "Алиева"));
  g_assert_true (oba_test_shows (GTK_WIDGET (encoding), "Windows-1251 (by guess)"));
  /* KOI8-R makes other letters of the same bytes; what was chosen by hand stays. */
  adw_combo_row_set_selected (find_field (window, "Notes"), 3);
  adw_combo_row_set_selected (encoding, 6);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "юКХЕБЮ"));
  g_assert_cmpuint (adw_combo_row_get_selected (find_field (window, "Notes")), ==, 3);
  adw_combo_row_set_selected (find_field (window, "Notes"), 0);
  /* No text at all in this one: said, nothing can be checked, and the choice can be taken back. */
  adw_combo_row_set_selected (encoding, 8);
  oba_test_wait_until (!gtk_widget_is_sensitive (oba_test_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "_Check")));
  picture (GTK_WINDOW (window), "import-misread");
  adw_combo_row_set_selected (encoding, 3);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "Алиева"));
  adw_combo_row_set_selected (delimiter, 1);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "Say which column has"));
  adw_combo_row_set_selected (delimiter, 2);
  oba_test_wait_until (!oba_test_shows (GTK_WIDGET (window), "Say which column has") && oba_test_shows (GTK_WIDGET (window), "a,b"));
  oba_test_wait_until (gtk_widget_is_sensitive (oba_test_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "_Check")));
  gtk_widget_activate_action (GTK_WIDGET (window), "import.check", NULL);
  oba_test_wait_until (import_shows (window, "checked"));
  gtk_widget_activate_action (GTK_WIDGET (window), "import.run", NULL);
  oba_test_wait_until (import_shows (window, "done"));
  assert_ask (f, "select string_agg (family_name || ' ' || city, '; ' order by phone) from oba.customers where phone like '+9945077700%'", "Алиева a,b; Гулиев c,d");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What was looked at is what is imported: a file that grows or goes meanwhile is not. */
static void
test_import_moving (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "people.csv", NULL), *longer = g_strconcat (file_text, "050 777 00 03;Yeni;Sətir;\n", NULL);
  ObaImportWindow *window = open_import (f, "people.csv", file_text);

  gtk_widget_activate_action (GTK_WIDGET (window), "import.check", NULL);
  oba_test_wait_until (import_shows (window, "checked"));
  g_assert_true (g_file_set_contents (path, longer, -1, NULL));
  gtk_widget_activate_action (GTK_WIDGET (window), "import.run", NULL);
  oba_test_wait_until (import_shows (window, "failed"));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "The file has changed since it was checked."));
  assert_ask (f, "select count (*) from oba.import_batches", "0");
  gtk_widget_activate_action (GTK_WIDGET (window), "import.back", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "import.check", NULL);
  oba_test_wait_until (import_shows (window, "checked"));
  g_unlink (path);
  gtk_widget_activate_action (GTK_WIDGET (window), "import.run", NULL);
  oba_test_wait_until (import_shows (window, "failed"));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "The file is not there any more."));
  g_assert_true (g_file_set_contents (path, longer, -1, NULL));
  gtk_widget_activate_action (GTK_WIDGET (window), "import.back", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "import.check", NULL);
  oba_test_wait_until (import_shows (window, "checked"));
  gtk_widget_activate_action (GTK_WIDGET (window), "import.run", NULL);
  oba_test_wait_until (import_shows (window, "done"));
  assert_ask (f, "select count (*) from oba.customers where phone like '+9945077700%'", "3");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A table from elsewhere with more columns than anybody would look at: the first are shown, all can be chosen. */
static void
test_import_wide (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) wide = g_string_new ("c0");
  ObaImportWindow *window;

  for (guint i = 1; i < 200; i++)
    g_string_append_printf (wide, ",c%u", i);
  g_string_append (wide, "\n0507770001");
  for (guint i = 1; i < 200; i++)
    g_string_append_printf (wide, ",v%u", i);
  window = open_import (f, "wide.csv", wide->str);
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "The first 40 of 200 columns"));
  adw_combo_row_set_selected (find_field (window, "Phone"), 1);
  adw_combo_row_set_selected (find_field (window, "Notes"), 200);
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "for example “v199”"));
  picture (GTK_WINDOW (window), "import-wide");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Whatever was chosen by mistake, it is said what it is. */
static void
test_import_no_file (Fixture *f, gconstpointer data)
{
  static const struct { const char *name, *text, *said; gsize length; } files[] = {
    { "empty.csv", "", "The file is empty.", 0 },
    { "blank.csv", "\n\n \n", "The file has no header", 4 },
    { "binary.csv", "\x01\x02\x00\xff\xfe\x00\x7f\x00\x00", "binary file", 9 },
    { "photo.csv", "\x89PNG\r\n\x1a\n\0\0", "a PNG picture", 10 },
    { "gone.csv", NULL, "The file is not there any more.", 0 },
    { "folder.csv", NULL, "This is a folder.", 1 },
    { "pipe.csv", NULL, "no file that can be read twice", 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (f->folder, files[i].name, NULL);
      g_autoptr (GFile) file = g_file_new_for_path (path);
      ObaImportWindow *window = OBA_IMPORT_WINDOW (open_window (f, "page.import", OBA_TYPE_IMPORT_WINDOW));

      if (files[i].text != NULL)
        g_assert_true (g_file_set_contents (path, files[i].text, (gssize) files[i].length, NULL));
      else if (files[i].length > 0)
        g_assert_cmpint (files[i].length == 1 ? g_mkdir (path, 0700) : mkfifo (path, 0600), ==, 0);
      oba_import_window_take_file (window, file);
      oba_test_wait_until (!import_shows (window, "running"));
      if (!import_shows (window, "failed") || !oba_test_shows (GTK_WIDGET (window), files[i].said))
        g_error ("%s: %s", files[i].name, oba_import_window_get_shown (window));
      gtk_window_destroy (GTK_WINDOW (window));
    }
  {
    g_autofree char *path = g_build_filename (f->folder, "folder.csv", NULL);
    ObaImportWindow *window = open_import (f, "header.csv", "phone,name\n");

    g_rmdir (path);
    g_assert_true (oba_test_shows (GTK_WIDGET (window), "There is nothing under the names of the columns."));
    gtk_window_destroy (GTK_WINDOW (window));
  }
}

/* What is no CSV is said at once; another file can be chosen. */
static void
test_import_wrong (Fixture *f, gconstpointer data)
{
  ObaImportWindow *window = open_import (f, "report.csv", "%PDF-1.7 ...");

  g_assert_true (import_shows (window, "failed"));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "PDF"));
  picture (GTK_WINDOW (window), "import-failed");
  gtk_widget_activate_action (GTK_WIDGET (window), "import.back", NULL);
  g_assert_true (import_shows (window, "choose"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Stopped in the middle, or the window closed: nothing of the file is there. */
static void
test_import_stopped (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) big = g_string_new ("phone,given_name,family_name\n");
  ObaImportWindow *window;

  for (guint i = 0; i < 30000; i++)
    g_string_append_printf (big, "+994708%06u,G%u,F\n", i, i);
  window = open_import (f, "big.csv", big->str);
  gtk_widget_activate_action (GTK_WIDGET (window), "import.check", NULL);
  g_assert_true (import_shows (window, "running"));
  gtk_widget_activate_action (GTK_WIDGET (window), "import.stop", NULL);
  oba_test_wait_until (import_shows (window, "map"));
  gtk_widget_activate_action (GTK_WIDGET (window), "import.check", NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  assert_ask (f, "select count (*) from oba.customers where phone like '+994708%'", "0");
}

/* Who may not import does not see it; an auditor looks at what was imported and reverses nothing. */
static void
test_import_rights (Fixture *f, gconstpointer login)
{
  gboolean auditor = g_str_equal (login, "auditor");
  g_autoptr (GList) windows = NULL;

  oba_test_wait_until (oba_customers_page_is_settled (f->page));
  gtk_widget_activate_action (GTK_WIDGET (f->page), "page.import", NULL);
  gtk_widget_activate_action (GTK_WIDGET (f->page), "page.import-history", NULL);
  windows = gtk_window_list_toplevels ();
  for (GList *l = windows; l != NULL; l = l->next)
    g_assert_false (OBA_IS_IMPORT_WINDOW (l->data));
  g_assert_true ((oba_subpages_get_top (oba_customers_page_get_subpages (f->page)) != NULL) == auditor);
}

static void
loaded_cb (gboolean *loaded)
{
  *loaded = TRUE;
}

/* From the history a file is taken back, after a look at what that means: who was used since stays. */
static void
test_reversal (Fixture *f, gconstpointer data)
{
  ObaImportWindow *import = open_import (f, "people.csv", file_text);
  ObaReversalWindow *window = NULL;
  GtkWidget *history, *button;
  gboolean loaded = FALSE;

  gtk_widget_activate_action (GTK_WIDGET (import), "import.check", NULL);
  oba_test_wait_until (import_shows (import, "checked"));
  gtk_widget_activate_action (GTK_WIDGET (import), "import.run", NULL);
  oba_test_wait_until (import_shows (import, "done"));
  gtk_window_destroy (GTK_WINDOW (import));
  g_free (ask (f, "update oba.customers set city = 'Bakı', version = version + 1 where phone = '+994507770002'"));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->page), "page.import-history", NULL));
  history = oba_subpages_get_top (oba_customers_page_get_subpages (f->page));
  g_signal_connect_swapped (history, "loaded", G_CALLBACK (loaded_cb), &loaded);
  oba_test_wait_until (loaded);
  g_assert_true (oba_test_shows (history, "people.csv"));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (f->window));
  picture (f->window, "import-history");
  button = oba_test_find (history, GTK_TYPE_BUTTON, "_Reverse…");
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  {
    g_autoptr (GList) windows = gtk_window_list_toplevels ();

    for (GList *l = windows; l != NULL; l = l->next)
      if (OBA_IS_REVERSAL_WINDOW (l->data))
        window = l->data;
  }
  oba_test_wait_until (g_str_equal (oba_reversal_window_get_shown (window), "preview"));
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "was changed since"));
  picture (GTK_WINDOW (window), "reversal-preview");
  gtk_widget_activate_action (GTK_WIDGET (window), "reversal.run", NULL);
  oba_test_wait_until (g_str_equal (oba_reversal_window_get_shown (window), "done"));
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "was changed since"));
  picture (GTK_WINDOW (window), "reversal-done");
  assert_ask (f, "select string_agg (status, ' ' order by customer_id) from oba.customers where batch_id is not null", "erased active");
  loaded = FALSE;
  oba_test_wait_until (loaded || oba_test_shows (history, "Reversed on"));
  g_assert_true (oba_test_shows (history, "Reversed on"));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  int status;

  oba_test_app_init (&argc, &argv);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
#define ADD(name, login, func) g_test_add ("/files/" name, Fixture, login, set_up, func, tear_down)
  ADD ("export", NULL, test_export);
  ADD ("export-clerk", "clerk", test_export);
  ADD ("export-selection", NULL, test_export_selection);
  ADD ("export-stopped", NULL, test_export_stopped);
  ADD ("import", NULL, test_import);
  ADD ("import-reading", NULL, test_import_reading);
  ADD ("import-moving", NULL, test_import_moving);
  ADD ("import-wide", NULL, test_import_wide);
  ADD ("import-no-file", NULL, test_import_no_file);
  ADD ("import-wrong", NULL, test_import_wrong);
  ADD ("import-stopped", NULL, test_import_stopped);
  ADD ("import-clerk", "clerk", test_import_rights);
  ADD ("import-auditor", "auditor", test_import_rights);
  ADD ("reversal", NULL, test_reversal);
  status = g_test_run ();
  oba_test_postgres_free (server);
  return status;
}
