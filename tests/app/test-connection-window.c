/* Where people tell the program which database they work with: every way in which that goes wrong keeps what they typed. */
#include "connection/oba-connection-window.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app-database.h"
#include "db/oba-local-server.h"
#include "db/oba-migrator.h"
#include "oba-test-app.h"
#include "widgets/oba-problem-box.h"

typedef struct
{
  AdwApplication      *app;
  GSettings           *settings;
  ObaConnectionWindow *window;
  ObaSession          *session;
  char                *notice;
} Fixture;

static AppDatabase *database;

static void
opened_cb (Fixture *fixture, ObaSession *session)
{
  g_assert_null (fixture->session);
  fixture->session = g_object_ref (session);
}

static void
notice_cb (Fixture *fixture, const char *text)
{
  g_free (fixture->notice);
  fixture->notice = g_strdup (text);
}

static void
open_window (Fixture *fixture)
{
  fixture->app = oba_test_application_new ();
  fixture->window = oba_connection_window_new (GTK_APPLICATION (fixture->app), fixture->settings);
  g_signal_connect_swapped (fixture->window, "opened", G_CALLBACK (opened_cb), fixture);
  g_signal_connect_swapped (fixture->window, "notice", G_CALLBACK (notice_cb), fixture);
  oba_test_present (GTK_WINDOW (fixture->window), 620, 760);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->settings = oba_test_settings_new ();
  open_window (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (fixture->window, fixture);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  if (fixture->session != NULL)
    oba_session_close (fixture->session);
  g_clear_object (&fixture->session);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->app);
  g_clear_pointer (&fixture->notice, g_free);
}

static GtkWidget *
find (Fixture *fixture, GType type, const char *text)
{
  GtkWidget *found = oba_test_find (GTK_WIDGET (fixture->window), type, text);

  if (found == NULL)
    g_error ("there is no %s “%s”", g_type_name (type), text);
  return found;
}

static void
type_text (Fixture *fixture, const char *row, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find (fixture, ADW_TYPE_ENTRY_ROW, row)), text);
}

static const char *
typed (Fixture *fixture, const char *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (find (fixture, ADW_TYPE_ENTRY_ROW, row)));
}

static void
act (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

static void
type_central (Fixture *fixture, const char *user, const char *password)
{
  g_autofree char *name = app_database_ask (database, "select current_database ()");

  act (fixture, "connection.central");
  type_text (fixture, "_Host", oba_test_postgres_get_directory (app_database_get_server (database)));
  type_text (fixture, "_Database", name);
  type_text (fixture, "_User name", user);
  type_text (fixture, "_Password", password);
}

static gboolean
has_problem (Fixture *fixture)
{
  return *oba_connection_window_get_problem (fixture->window) != '\0';
}

static void
assert_problem (Fixture *fixture, const char *part)
{
  oba_test_wait_until (has_problem (fixture) || fixture->session != NULL);
  g_assert_null (fixture->session);
  if (strstr (oba_connection_window_get_problem (fixture->window), part) == NULL)
    g_error ("“%s” does not say “%s”", oba_connection_window_get_problem (fixture->window), part);
}

/* A newcomer sees both ways at once, and a screen reader names every button. */
static void
test_welcome (Fixture *fixture, gconstpointer data)
{
  g_assert_nonnull (find (fixture, ADW_TYPE_ACTION_ROW, "_Connect to the central database"));
  g_assert_nonnull (find (fixture, ADW_TYPE_ACTION_ROW, "_Try it with sample data"));
  g_assert_cmpstr (oba_connection_window_get_problem (fixture->window), ==, "");
  oba_test_picture (GTK_WINDOW (fixture->window), "connection-welcome");

  gtk_widget_activate (find (fixture, ADW_TYPE_ACTION_ROW, "_Connect to the central database"));
  g_assert_nonnull (find (fixture, ADW_TYPE_PASSWORD_ENTRY_ROW, "_Password"));
  oba_test_assert_named (GTK_WIDGET (fixture->window));
  oba_test_picture (GTK_WINDOW (fixture->window), "connection-central");

  /* Back, by key too, to choose otherwise. */
  act (fixture, "connection.back");
  g_assert_nonnull (find (fixture, ADW_TYPE_ACTION_ROW, "_Try it with sample data"));
}

/* What cannot be right is said before anything is sent, at the field it is about. */
static void
test_incomplete (Fixture *fixture, gconstpointer data)
{
  act (fixture, "connection.central");
  act (fixture, "connection.connect");
  assert_problem (fixture, "Which host");
  g_assert_true (gtk_widget_has_css_class (find (fixture, ADW_TYPE_ENTRY_ROW, "_Host"), "error"));

  type_text (fixture, "_Host", "db.example.az");
  g_assert_false (gtk_widget_has_css_class (find (fixture, ADW_TYPE_ENTRY_ROW, "_Host"), "error"));
  type_text (fixture, "P_ort", "54x2");
  act (fixture, "connection.connect");
  assert_problem (fixture, "from 1 to 65535");
  type_text (fixture, "P_ort", "70000");
  act (fixture, "connection.connect");
  assert_problem (fixture, "from 1 to 65535");
  type_text (fixture, "P_ort", "5432");
  act (fixture, "connection.connect");
  assert_problem (fixture, "user name");
  g_assert_cmpstr (typed (fixture, "_Host"), ==, "db.example.az");
}

/* A mistyped password costs one word, not the form; the right one then opens. The password is in no setting. */
static void
test_wrong_password (Fixture *fixture, gconstpointer data)
{
  g_autofree char *user = NULL;
  g_autofree char *kind = NULL;

  type_central (fixture, "aysel", "it's \\ wrong' sslmode=disable");
  act (fixture, "connection.connect");
  assert_problem (fixture, "user name and password");
  g_assert_cmpstr (typed (fixture, "_User name"), ==, "aysel");
  g_assert_cmpstr (typed (fixture, "_Password"), ==, "it's \\ wrong' sslmode=disable");
  oba_test_picture (GTK_WINDOW (fixture->window), "connection-wrong-password");

  type_text (fixture, "_Password", "it's \\ right'");
  act (fixture, "connection.connect");
  oba_test_wait_until (fixture->session != NULL || has_problem (fixture));
  g_assert_cmpstr (oba_connection_window_get_problem (fixture->window), ==, "");
  g_assert_cmpstr (oba_session_get_staff (fixture->session)->name, ==, "Aysel Məmmədova");
  g_assert_true (oba_session_has_role (fixture->session, OBA_ROLE_CLERK));
  g_assert_false (oba_session_has_role (fixture->session, OBA_ROLE_ADMIN));

  user = g_settings_get_string (fixture->settings, "user");
  kind = g_settings_get_string (fixture->settings, "connection");
  g_assert_cmpstr (user, ==, "aysel");
  g_assert_cmpstr (kind, ==, "central");

  /* There is no keyring here: that is told, and stops nobody. */
  oba_test_wait_until (fixture->notice != NULL);
  g_assert_nonnull (strstr (fixture->notice, "could not be remembered"));
}

static void
test_no_server (Fixture *fixture, gconstpointer data)
{
  type_central (fixture, "aysel", "x");
  type_text (fixture, "_Host", "/nowhere/at/all");
  act (fixture, "connection.connect");
  assert_problem (fixture, "No database server answers");
  g_assert_cmpstr (typed (fixture, "_Host"), ==, "/nowhere/at/all");
  g_assert_true (gtk_widget_get_sensitive (find (fixture, ADW_TYPE_ENTRY_ROW, "_Host")));
}

static void
test_no_such_database (Fixture *fixture, gconstpointer data)
{
  type_central (fixture, "aysel", "it's \\ right'");
  type_text (fixture, "_Database", "obba");
  act (fixture, "connection.connect");
  assert_problem (fixture, "no database of this name");
}

/* A database that is not ours, or not yet: said plainly, nothing is made in it. */
static void
test_foreign_database (Fixture *fixture, gconstpointer data)
{
  type_central (fixture, "aysel", "it's \\ right'");
  type_text (fixture, "_Database", "postgres");
  act (fixture, "connection.connect");
  oba_test_wait_until (has_problem (fixture) || fixture->session != NULL);
  g_assert_null (fixture->session);
  g_assert_null (strstr (oba_connection_window_get_problem (fixture->window), "ERROR"));
}

/* A newer program has migrated the database: this one keeps its hands off it. */
static void
test_newer_schema (Fixture *fixture, gconstpointer data)
{
  app_database_run (database, "insert into oba_meta.migrations (name, sha256, duration_ms, program)"
                              " select '9999_future.sql', sha256, 1, 'tomorrow' from oba_meta.migrations limit 1");
  type_central (fixture, "aysel", "it's \\ right'");
  act (fixture, "connection.connect");
  oba_test_wait_until (has_problem (fixture) || fixture->session != NULL);
  app_database_run (database, "delete from oba_meta.migrations where name = '9999_future.sql'");
  g_assert_null (fixture->session);
  assert_problem (fixture, "9999_future");
}

/* A right password is not yet a right: somebody without a role sees why. */
static void
test_no_role (Fixture *fixture, gconstpointer data)
{
  type_central (fixture, "stranger", "it's \\ right'");
  act (fixture, "connection.connect");
  assert_problem (fixture, "no role");
}

/* A server that accepts and then says nothing can be given up at once. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketListener) silent = g_socket_listener_new ();
  g_autofree char *port = g_strdup_printf ("%u", g_socket_listener_add_any_inet_port (silent, NULL, NULL));
  GtkWidget *button;

  type_central (fixture, "aysel", "x");
  type_text (fixture, "_Host", "127.0.0.1");
  type_text (fixture, "P_ort", port);
  act (fixture, "connection.connect");
  g_assert_false (gtk_widget_is_sensitive (find (fixture, ADW_TYPE_ENTRY_ROW, "_Host")));
  button = find (fixture, GTK_TYPE_LABEL, "_Cancel");
  g_assert_nonnull (button);
  act (fixture, "connection.cancel");
  oba_test_wait_until (gtk_widget_is_sensitive (find (fixture, ADW_TYPE_ENTRY_ROW, "_Host")));
  g_assert_cmpstr (oba_connection_window_get_problem (fixture->window), ==, "");
  g_assert_cmpstr (typed (fixture, "P_ort"), ==, port);
}

/* The server given on the command line is away: the sentence, and the same try one click away. */
static void
test_given (Fixture *fixture, gconstpointer data)
{
  oba_connection_window_open_conninfo (fixture->window, "host=/nowhere/at/all dbname=oba user=aysel");
  assert_problem (fixture, "No database server answers");
  g_assert_nonnull (find (fixture, ADW_TYPE_ACTION_ROW, "Try again"));
  oba_test_picture (GTK_WINDOW (fixture->window), "connection-given-away");

  oba_connection_window_open_conninfo (fixture->window, app_database_get_conninfo (database));
  oba_test_wait_until (fixture->session != NULL || has_problem (fixture));
  g_assert_nonnull (fixture->session);
}

/* ---- encryption: a real server with a certificate that nobody trusts until its file is named */

typedef struct
{
  char           *directory;
  ObaLocalServer *server;
  char           *right;          /* the address its certificate is for */
  char           *other;          /* another one it answers on */
  char           *certificate;
} TlsServer;

static char *
free_loopback_address (void)
{
  /* Any 127.x.y.z is this computer; few of them have a PostgreSQL already. */
  return g_strdup_printf ("127.%d.%d.%d", g_random_int_range (1, 255), g_random_int_range (1, 255), g_random_int_range (1, 255));
}

static void
shell (const char *command)
{
  g_autoptr (GError) error = NULL;
  const char *argv[] = { "sh", "-c", command, NULL };
  int status = 0;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static void
tls_server_migrate (TlsServer *tls)
{
  g_autofree char *uri = oba_local_server_get_uri (tls->server);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_db_connection_open_sync (uri, OBA_DB_CONNECTION_DEFAULT, NULL, &error);

  g_assert_no_error (error);
  oba_migrator_apply (connection, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  oba_db_connection_script_sync (connection, "select oba.staff_add ('aysel', 'Aysel', 'clerk'); alter role aysel password 'secret'", NULL, &error);
  g_assert_no_error (error);
  oba_db_connection_close (connection);
}

static TlsServer *
tls_server_new (void)
{
  TlsServer *tls = g_new0 (TlsServer, 1);
  g_autofree char *home = NULL;
  g_autofree char *data = NULL;
  g_autofree char *prepare = NULL;
  g_autoptr (GError) error = NULL;

  /* Where the wrapper looks for servers that outlived a failed test. */
  tls->directory = g_build_filename (g_get_user_data_dir (), "tls", NULL);
  g_assert_cmpint (g_mkdir (tls->directory, 0711), ==, 0);
  home = g_build_filename (tls->directory, "oba", NULL);
  tls->server = oba_local_server_new (home);
  tls->right = free_loopback_address ();
  tls->other = free_loopback_address ();
  data = g_build_filename (oba_local_server_get_home (tls->server), "data", NULL);
  tls->certificate = g_build_filename (tls->directory, "server.crt", NULL);

  g_assert_true (oba_local_server_start (tls->server, NULL, &error));
  tls_server_migrate (tls);
  g_assert_true (oba_local_server_stop (tls->server, &error));
  prepare = g_strdup_printf ("cd '%s' && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=oba -addext subjectAltName=IP:%s -keyout server.key -out server.crt"
                             " && chown --reference=. server.key server.crt && chmod 600 server.key && cp server.crt '%s'"
                             " && echo \"listen_addresses = '%s,%s'\" >>postgresql.conf && echo 'ssl = on' >>postgresql.conf"
                             " && echo 'hostssl all all 127.0.0.0/8 scram-sha-256' >>pg_hba.conf",
                             data, tls->right, tls->certificate, tls->right, tls->other);
  shell (prepare);
  g_assert_true (oba_local_server_start (tls->server, NULL, &error));
  return tls;
}

static void
tls_server_free (TlsServer *tls)
{
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", tls->directory);

  oba_local_server_stop (tls->server, NULL);
  shell (remove);
  g_object_unref (tls->server);
  g_free (tls->directory);
  g_free (tls->right);
  g_free (tls->other);
  g_free (tls->certificate);
  g_free (tls);
}

static void
try_tls (Fixture *fixture, const char *host)
{
  act (fixture, "connection.central");
  type_text (fixture, "_Host", host);
  type_text (fixture, "_User name", "aysel");
  type_text (fixture, "_Password", "secret");
  act (fixture, "connection.connect");
  oba_test_wait_until (has_problem (fixture) || fixture->session != NULL);
}

/* The default does not hand the password to whoever answers; naming the authority's file is all it takes to be let in. */
static void
test_tls (Fixture *fixture, gconstpointer data)
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  TlsServer *tls;

  if (openssl == NULL)
    {
      g_test_skip ("openssl is not here to make a certificate");
      return;
    }
  tls = tls_server_new ();
  try_tls (fixture, tls->right);
  assert_problem (fixture, "is not trusted");
  oba_test_picture (GTK_WINDOW (fixture->window), "connection-not-trusted");
  tear_down (fixture, data);

  fixture->settings = oba_test_settings_new ();
  g_settings_set_string (fixture->settings, "ca-file", tls->certificate);
  open_window (fixture);
  try_tls (fixture, tls->other);
  assert_problem (fixture, "another name");

  try_tls (fixture, tls->right);
  g_assert_cmpstr (oba_connection_window_get_problem (fixture->window), ==, "");
  g_assert_nonnull (fixture->session);
  oba_session_close (fixture->session);
  tls_server_free (tls);
}

static void
add_people (void)
{
  app_database_run (database, "select oba.staff_add ('aysel', 'Aysel Məmmədova', 'clerk');"
                              "alter role aysel password 'it''s \\ right''';"
                              "create role stranger login password 'it''s \\ right'''");
  oba_test_postgres_require_password (app_database_get_server (database), "aysel");
  oba_test_postgres_require_password (app_database_get_server (database), "stranger");
}

int
main (int argc, char *argv[])
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  add_people ();

#define ADD(path, function) g_test_add ("/connection-window/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("welcome", test_welcome);
  ADD ("incomplete", test_incomplete);
  ADD ("wrong-password", test_wrong_password);
  ADD ("no-server", test_no_server);
  ADD ("no-such-database", test_no_such_database);
  ADD ("foreign-database", test_foreign_database);
  ADD ("newer-schema", test_newer_schema);
  ADD ("no-role", test_no_role);
  ADD ("cancel", test_cancel);
  ADD ("given", test_given);
  ADD ("tls", test_tls);

  status = g_test_run ();
  app_database_free (database);
  return status;
}
