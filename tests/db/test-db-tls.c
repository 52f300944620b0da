/* The way to the central server: encrypted, to the right one, and never silently without. */

#include "oba-test-postgres.h"

#include "db/oba-db-connection.h"

typedef struct
{
  ObaTestPostgres *server;
  guint port;
} World;

static ObaDbConnection *
open_with (const World *world, const char *host, const char *options, const char *root, GError **error)
{
  g_autofree char *conninfo =
      g_strdup_printf ("host=%s hostaddr=127.0.0.1 port=%u user=postgres dbname=postgres %s sslrootcert=%s/%s", host,
                       world->port, options, oba_test_postgres_get_directory (world->server), root);

  return oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, error);
}

static void
test_verified (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = open_with (data, "localhost", "sslmode=verify-full", "server.crt", &error);
  g_autoptr (ObaDbResult) result = NULL;

  g_assert_no_error (error);
  result = oba_db_connection_query_sync (connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid ()", NULL,
                                         NULL, &error);
  g_assert_no_error (error);
  g_assert_true (oba_db_result_get_bool (result, 0, 0));
}

/* Somebody between us and the server, or the wrong name: told as what it is, not as "no server". */
static void
test_not_trusted (gconstpointer data)
{
  static const struct
  {
    const char *host;
    const char *root;
  } cases[] = { { "localhost", "other.crt" }, { "db.oba.example", "server.crt" }, { "localhost", "missing.crt" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *said = NULL;

      g_assert_null (open_with (data, cases[i].host, "sslmode=verify-full", cases[i].root, &error));
      g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT);
      said = oba_db_error_describe (error);
      g_assert_nonnull (strstr (said, "certificate"));
      g_assert_nonnull (strstr (said, cases[i].host));
    }
}

static gboolean
count_bytes (const char *data, gsize length, gpointer user_data, GError **error)
{
  *(gsize *) user_data += length;
  return TRUE;
}

/* Long results and long writes through the encrypted stream: what waits in OpenSSL's buffers must not wait for ever. */
static void
test_streams (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = open_with (data, "localhost", "sslmode=verify-full", "server.crt", &error);
  g_autoptr (ObaDbResult) result = NULL;
  g_autofree char *row = g_strnfill (30000, 'x');
  gsize n_bytes = 0;

  row[29999] = '\n';
  g_assert_true (oba_db_connection_script_sync (connection, "CREATE TEMPORARY TABLE t (a text)", NULL, &error));
  g_assert_true (oba_db_connection_copy_in_begin_sync (connection, "COPY t FROM STDIN", NULL, &error));
  for (guint i = 0; i < 1000; i++)
    g_assert_true (oba_db_connection_copy_in_write_sync (connection, row, 30000, NULL, &error));
  g_assert_cmpint (oba_db_connection_copy_in_end_sync (connection, NULL, NULL, &error), ==, 1000);
  g_assert_cmpint (
      oba_db_connection_copy_out_sync (connection, "COPY t TO STDOUT", count_bytes, &n_bytes, NULL, &error), ==, 1000);
  g_assert_cmpint (n_bytes, ==, 30000000);
  result = oba_db_connection_query_sync (connection, "SELECT a FROM t", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (oba_db_result_get_n_rows (result), ==, 1000);
  g_assert_cmpint (strlen (oba_db_result_get_text (result, 999, 0)), ==, 29999);
}

/* A refusal in the middle of an encrypted COPY is heard at once too. */
static void
test_copy_refused (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = open_with (data, "localhost", "sslmode=require", "server.crt", &error);
  guint n_written = 0;

  g_assert_true (
      oba_db_connection_script_sync (connection, "CREATE TEMPORARY TABLE t (a int PRIMARY KEY)", NULL, &error));
  g_assert_true (oba_db_connection_copy_in_begin_sync (connection, "COPY t FROM STDIN", NULL, &error));
  while (n_written < 5000000 && oba_db_connection_copy_in_write_sync (connection, "1\n", 2, NULL, &error))
    n_written++;
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_CONSTRAINT);
  g_assert_cmpint (n_written, <, 1000000);
}

/* The administrator asked for TLS and the server has it switched off: no falling back to plain text. Last, for it
 * changes the server. */
static void
test_not_offered (gconstpointer data)
{
  const World *world = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;

  oba_test_postgres_stop_tls (world->server);
  g_assert_null (open_with (world, "localhost", "sslmode=require", "server.crt", &error));
  said = oba_db_error_describe (error);
  g_assert_nonnull (strstr (said, "No secure connection"));
}

int
main (int argc, char **argv)
{
  g_autoptr (ObaTestPostgres) server = NULL;
  World world;

  g_test_init (&argc, &argv, NULL);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_EMPTY);
  world = (World){ server, oba_test_postgres_serve_tls (server) };
  g_test_add_data_func ("/db/tls/verified", &world, test_verified);
  g_test_add_data_func ("/db/tls/not-trusted", &world, test_not_trusted);
  g_test_add_data_func ("/db/tls/streams", &world, test_streams);
  g_test_add_data_func ("/db/tls/copy-refused", &world, test_copy_refused);
  g_test_add_data_func ("/db/tls/not-offered", &world, test_not_offered);
  return g_test_run ();
}
