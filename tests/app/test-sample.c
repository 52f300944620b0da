/* The way of somebody who only wants to look: sample data in a private database, with nothing installed or typed. */
#include "connection/oba-connection-window.h"

#include <string.h>

#include "connection/oba-sample-setup.h"
#include "db/oba-local-server.h"
#include "db/oba-db-connection.h"
#include "oba-test-app.h"

static ObaSession *opened;

static void
opened_cb (gpointer user_data, ObaSession *session)
{
  opened = g_object_ref (session);
}

static gint64
ask (const char *sql)
{
  g_autoptr (ObaLocalServer) server = oba_local_server_new (NULL);
  g_autofree char *uri = oba_local_server_get_uri (server);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_db_connection_open_sync (uri, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_autoptr (ObaDbResult) rows = NULL;
  gint64 value;

  g_assert_no_error (error);
  rows = oba_db_connection_query_sync (connection, sql, NULL, NULL, &error);
  g_assert_no_error (error);
  value = oba_db_result_get_int64 (rows, 0, 0);
  oba_db_connection_close (connection);
  return value;
}

static gboolean
is_filling (ObaConnectionWindow *window)
{
  return oba_test_shows (GTK_WIDGET (window), "Filling in");
}

/* Whoever finds it too long may stop: nothing half-made stays, and the choice is there again. */
static void
test_cancel (void)
{
  g_autoptr (AdwApplication) app = oba_test_application_new ();
  g_autoptr (GSettings) settings = oba_test_settings_new ();
  ObaConnectionWindow *window = oba_connection_window_new (GTK_APPLICATION (app), settings);
  g_autofree char *kind = NULL;

  oba_test_present (GTK_WINDOW (window), 620, 700);
  gtk_widget_activate_action (GTK_WIDGET (window), "connection.sample", NULL);
  oba_test_wait_until (is_filling (window) || *oba_connection_window_get_problem (window) != '\0');
  g_assert_cmpstr (oba_connection_window_get_problem (window), ==, "");
  oba_test_picture (GTK_WINDOW (window), "sample-filling");
  gtk_widget_activate_action (GTK_WIDGET (window), "connection.cancel", NULL);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "Where is the data?"));
  g_assert_cmpstr (oba_connection_window_get_problem (window), ==, "");
  g_assert_cmpint (ask ("select count(*) from oba.receipts"), ==, 0);
  g_assert_cmpint (ask ("select count(*) from oba.stores"), ==, 0);
  kind = g_settings_get_string (settings, "connection");
  g_assert_cmpstr (kind, ==, "none");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* When the chain is there, it opens at once, with what was posted while nobody counted. */
static void
test_open (void)
{
  g_autoptr (AdwApplication) app = oba_test_application_new ();
  g_autoptr (GSettings) settings = oba_test_settings_new ();
  ObaConnectionWindow *window = oba_connection_window_new (GTK_APPLICATION (app), settings);
  g_autofree char *kind = NULL;

  ask ("with s as (insert into oba.stores (code, name) values ('S1', 'OBA Nərimanov')),"
       " p as (insert into oba.products (code, name, price) values ('P1', 'Çay', 100)) select 1");
  ask ("select 1 from oba.record_receipt ('{\"store_code\": \"S1\", \"till\": 1, \"receipt_no\": \"1\", \"sold_at\": \"now\", \"source\": \"till\", \"total\": 100,"
       " \"lines\": [{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 100, \"total\": 100}]}', null, null)");
  g_assert_cmpint (ask ("select count(*) from oba.rollup_days"), ==, 0);

  g_signal_connect (window, "opened", G_CALLBACK (opened_cb), NULL);
  oba_test_present (GTK_WINDOW (window), 620, 700);
  oba_connection_window_open_sample (window);
  oba_test_wait_until (opened != NULL || *oba_connection_window_get_problem (window) != '\0');
  g_assert_cmpstr (oba_connection_window_get_problem (window), ==, "");
  g_assert_cmpstr (oba_session_get_place (opened), ==, "Sample data");
  g_assert_true (oba_session_has_role (opened, OBA_ROLE_ADMIN));
  g_assert_cmpint (ask ("select revenue from oba.rollup_days"), ==, 100);
  kind = g_settings_get_string (settings, "connection");
  g_assert_cmpstr (kind, ==, "sample");
  oba_session_close (opened);
  g_clear_object (&opened);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_autoptr (ObaLocalServer) server = NULL;
  int status;

  oba_test_app_init (&argc, &argv);
  g_test_add_func ("/sample/cancel", test_cancel);
  g_test_add_func ("/sample/open", test_open);
  status = g_test_run ();

  server = oba_local_server_new (NULL);
  oba_local_server_stop (server, NULL);
  return status;
}
