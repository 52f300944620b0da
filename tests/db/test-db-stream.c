/* What does not fit into memory, or should not: COPY in and out, and vectors of ids. */

#include "oba-test-postgres.h"
#include "oba-test-wait.h"

#include "db/oba-db-connection.h"

typedef struct
{
  ObaTestPostgres *server;
  char *conninfo;
  ObaDbConnection *connection;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;

  fixture->server = (ObaTestPostgres *) server;
  fixture->conninfo = oba_test_postgres_new_empty_database (fixture->server);
  fixture->connection = oba_db_connection_open_sync (fixture->conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  oba_db_connection_script_sync (fixture->connection, "CREATE TABLE t (id bigint PRIMARY KEY, name text)", NULL,
                                 &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer server)
{
  g_clear_object (&fixture->connection);
  g_free (fixture->conninfo);
}

static gint64
count (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result =
      oba_db_connection_query_sync (fixture->connection, "SELECT count (*) FROM t", NULL, NULL, &error);

  g_assert_no_error (error);
  return oba_db_result_get_int64 (result, 0, 0);
}

static void
begin (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  oba_db_connection_copy_in_begin_sync (fixture->connection, "COPY t FROM STDIN (FORMAT csv)", NULL, &error);
  g_assert_no_error (error);
}

static gint64
peak_memory (void)
{
  g_autofree char *status = NULL;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  return g_ascii_strtoll (strstr (status, "VmRSS:") + 6, NULL, 10) * 1024;
}

/* A growth that a sanitizer's own bookkeeping would cause says nothing. */
static gboolean
can_measure (void)
{
#if defined(__SANITIZE_ADDRESS__)
  return FALSE;
#else
  return TRUE;
#endif
}

/* Rows with everything that CSV has to quote, in pieces that end anywhere. */
static void
test_copy_in (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GString) rows = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = NULL;

  for (guint i = 0; i < 200000; i++)
    g_string_append_printf (rows, "%u,\"Müştəri \"\"%u\"\",\nikinci sətir\"\n", i, i);
  begin (fixture);
  for (gsize done = 0; done < rows->len; done += 9999)
    {
      oba_db_connection_copy_in_write_sync (fixture->connection, rows->str + done, MIN (9999, rows->len - done), NULL,
                                            &error);
      g_assert_no_error (error);
    }
  g_assert_cmpint (oba_db_connection_copy_in_end_sync (fixture->connection, NULL, NULL, &error), ==, 200000);
  g_assert_no_error (error);
  g_assert_cmpint (count (fixture), ==, 200000);
  result =
      oba_db_connection_query_sync (fixture->connection, "SELECT name FROM t WHERE id = 199999", NULL, NULL, &error);
  g_assert_cmpstr (oba_db_result_get_text (result, 0, 0), ==, "Müştəri \"199999\",\nikinci sətir");
}

/* A file of any size goes through the same few hundred kilobytes. */
static void
test_copy_in_memory (Fixture *fixture, gconstpointer server)
{
  g_autofree char *name = g_strnfill (1000, 'x');
  g_autoptr (GString) chunk = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gint64 before;

  if (!can_measure ())
    {
      g_test_skip ("memory is not measured under a sanitizer");
      return;
    }
  begin (fixture);
  before = peak_memory ();
  for (guint i = 0; i < 100; i++)
    {
      g_string_truncate (chunk, 0);
      for (guint j = 0; j < 1000; j++)
        g_string_append_printf (chunk, "%u,%s\n", i * 1000 + j, name);
      oba_db_connection_copy_in_write_sync (fixture->connection, chunk->str, chunk->len, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpint (peak_memory () - before, <, 8 * 1024 * 1024);
  g_assert_cmpint (oba_db_connection_copy_in_end_sync (fixture->connection, NULL, NULL, &error), ==, 100000);
  g_assert_cmpint (peak_memory () - before, <, 8 * 1024 * 1024);
}

/* Ctrl+C in an import: nothing of it stays, and the next try works on the same connection. */
static void
test_copy_in_abort (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;

  begin (fixture);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *row = g_strdup_printf ("%u,x\n", i);
      oba_db_connection_copy_in_write_sync (fixture->connection, row, strlen (row), NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpint (oba_db_connection_copy_in_end_sync (fixture->connection, "the operator stopped it", NULL, &error),
                   ==, -1);
  g_assert_cmpstr (oba_db_error_get_sqlstate (error), ==, "57014");
  g_assert_nonnull (strstr (error->message, "the operator stopped it"));
  g_assert_cmpint (count (fixture), ==, 0);
  begin (fixture);
  g_assert_true (oba_db_connection_copy_in_write_sync (fixture->connection, "1,a\n", 4, NULL, NULL));
  g_assert_cmpint (oba_db_connection_copy_in_end_sync (fixture->connection, NULL, NULL, NULL), ==, 1);
}

/* A disk that fills up at the third row must not be told after a million more. */
static void
test_copy_in_refused (Fixture *fixture, gconstpointer server)
{
  g_autofree char *row = g_strdup_printf ("1,%s\n", "same key");
  g_autoptr (GError) error = NULL;
  guint n_written = 0;

  begin (fixture);
  while (n_written < 5000000 &&
         oba_db_connection_copy_in_write_sync (fixture->connection, row, strlen (row), NULL, &error))
    n_written++;
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_CONSTRAINT);
  g_assert_cmpint (n_written, <, 1000000);
  g_clear_error (&error);
  g_assert_cmpint (oba_db_connection_copy_in_end_sync (fixture->connection, NULL, NULL, &error), ==, -1);
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_CONSTRAINT);
  g_assert_cmpint (count (fixture), ==, 0);
}

/* Notices of a trigger are no refusal. */
static void
test_copy_in_notices (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;

  oba_db_connection_script_sync (fixture->connection,
                                 "CREATE FUNCTION remark () RETURNS trigger LANGUAGE plpgsql AS"
                                 " $$ BEGIN RAISE NOTICE 'row %', NEW.id; RETURN NEW; END $$;"
                                 "CREATE TRIGGER remark BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION remark ()",
                                 NULL, &error);
  g_assert_no_error (error);
  begin (fixture);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *row = g_strdup_printf ("%u,x\n", i);
      oba_db_connection_copy_in_write_sync (fixture->connection, row, strlen (row), NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpint (oba_db_connection_copy_in_end_sync (fixture->connection, NULL, NULL, &error), ==, 5000);
}

static void
test_copy_in_lost (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;
  guint n_written = 0;

  begin (fixture);
  g_assert_true (oba_db_connection_copy_in_write_sync (fixture->connection, "1,a\n", 4, NULL, NULL));
  oba_test_postgres_terminate_clients (fixture->server, fixture->conninfo);
  while (n_written < 5000000 && oba_db_connection_copy_in_write_sync (fixture->connection, "2,b\n", 4, NULL, &error))
    n_written++;
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST);
  g_clear_error (&error);
  g_assert_cmpint (oba_db_connection_copy_in_end_sync (fixture->connection, NULL, NULL, &error), ==, -1);
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST);
}

/* Statements given while a COPY is open wait for its end. */
static void
test_copy_in_queue (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GBytes) row = g_bytes_new_static ("1,a\n", 4);
  GAsyncResult *begun = NULL, *counted = NULL, *ended = NULL;
  g_autoptr (GAsyncResult) begun_result = NULL;
  g_autoptr (GAsyncResult) ended_result = NULL;
  g_autoptr (GAsyncResult) counted_result = NULL;
  g_autoptr (ObaDbResult) rows = NULL;
  g_autoptr (GError) error = NULL;

  oba_db_connection_copy_in_begin_async (fixture->connection, "COPY t FROM STDIN (FORMAT csv)", NULL,
                                         oba_test_keep_result, &begun);
  oba_db_connection_query_async (fixture->connection, "SELECT count (*) FROM t", NULL, NULL, oba_test_keep_result,
                                 &counted);
  begun_result = oba_test_await (&begun);
  g_assert_true (oba_db_connection_copy_in_begin_finish (fixture->connection, begun_result, &error));
  oba_db_connection_copy_in_write_async (fixture->connection, row, NULL, NULL, NULL);
  oba_db_connection_copy_in_end_async (fixture->connection, NULL, NULL, oba_test_keep_result, &ended);
  ended_result = oba_test_await (&ended);
  g_assert_cmpint (oba_db_connection_copy_in_end_finish (fixture->connection, ended_result, &error), ==, 1);
  counted_result = oba_test_await (&counted);
  rows = oba_db_connection_query_finish (fixture->connection, counted_result, &error);
  g_assert_cmpint (oba_db_result_get_int64 (rows, 0, 0), ==, 1);
}

/* Out */

typedef struct
{
  gint64 n_rows;
  gint64 n_bytes;
  gint64 stop_at;
} Sink;

static gboolean
on_row (const char *data, gsize length, gpointer user_data, GError **error)
{
  Sink *sink = user_data;

  g_assert_cmpint (data[length - 1], ==, '\n');
  sink->n_rows++;
  sink->n_bytes += (gint64) length;
  if (sink->n_rows != sink->stop_at)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "No room for the export");
  return FALSE;
}

static void
test_copy_out (Fixture *fixture, gconstpointer server)
{
  Sink sink = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 before = peak_memory ();
  gint64 n_rows = oba_db_connection_copy_out_sync (
      fixture->connection, "COPY (SELECT repeat ('x', 99) FROM generate_series (1, 1000000)) TO STDOUT", on_row, &sink,
      NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (n_rows, ==, 1000000);
  g_assert_cmpint (sink.n_bytes, ==, 100000000);
  if (can_measure ())
    g_assert_cmpint (peak_memory () - before, <, 8 * 1024 * 1024);
}

/* The export's own disk is full: the server stops too, and the connection serves on. */
static void
test_copy_out_stopped (Fixture *fixture, gconstpointer server)
{
  Sink sink = { .stop_at = 1000 };
  g_autoptr (GError) error = NULL;
  gint64 n_rows = oba_db_connection_copy_out_sync (
      fixture->connection, "COPY (SELECT generate_series (1, 1000000000)) TO STDOUT", on_row, &sink, NULL, &error);

  g_assert_cmpint (n_rows, ==, -1);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_cmpint (sink.n_rows, ==, 1000);
  g_assert_cmpint (count (fixture), ==, 0);
}

static void
test_copy_out_fails (Fixture *fixture, gconstpointer server)
{
  Sink sink = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (
      oba_db_connection_copy_out_sync (fixture->connection,
                                       "COPY (SELECT 1 / (1000 - n) FROM generate_series (1, 2000) AS n) TO STDOUT",
                                       on_row, &sink, NULL, &error),
      ==, -1);
  g_assert_cmpstr (oba_db_error_get_sqlstate (error), ==, "22012");
  g_clear_error (&error);
  g_assert_cmpint (
      oba_db_connection_copy_out_sync (fixture->connection, "COPY nothing TO STDOUT", on_row, &sink, NULL, &error), ==,
      -1);
  g_assert_cmpstr (oba_db_error_get_sqlstate (error), ==, "42P01");
  g_assert_cmpint (count (fixture), ==, 0);
}

/* Ids */

static void
test_ids (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) 1000000);
  GAsyncResult *kept = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GError) error = NULL;
  gint64 before = peak_memory ();

  oba_db_connection_query_ids_async (fixture->connection,
                                     "SELECT 1000000000000 + n FROM generate_series (1::bigint, $1) AS n", params, NULL,
                                     oba_test_keep_result, &kept);
  result = oba_test_await (&kept);
  ids = oba_db_connection_query_ids_finish (fixture->connection, result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ids->len, ==, 1000000);
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, gint64, i) != 1000000000001 + i)
      g_assert_not_reached ();
  /* 8 MB of ids, doubled while the array grows. */
  if (can_measure ())
    g_assert_cmpint (peak_memory () - before, <, 26 * 1024 * 1024);
}

static void
test_ids_errors (Fixture *fixture, gconstpointer server)
{
  static const struct
  {
    const char *sql;
    ObaDbError code;
  } cases[] = {
    { "SELECT 'a'::text FROM generate_series (1, 1000000)", OBA_DB_ERROR_RESULT },
    { "SELECT 1 / (1000 - n) FROM generate_series (1::bigint, 2000) AS n", OBA_DB_ERROR_QUERY },
    { "SELECT nothing", OBA_DB_ERROR_QUERY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GAsyncResult *kept = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      oba_db_connection_query_ids_async (fixture->connection, cases[i].sql, NULL, NULL, oba_test_keep_result, &kept);
      result = oba_test_await (&kept);
      g_assert_null (oba_db_connection_query_ids_finish (fixture->connection, result, &error));
      g_assert_error (error, OBA_DB_ERROR, (int) cases[i].code);
      g_assert_cmpint (count (fixture), ==, 0);
    }
}

/* A new sort order is wanted before the old vector has come: the old one stops. */
static void
test_ids_cancelled (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *kept = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  oba_db_connection_query_ids_async (fixture->connection, "SELECT generate_series (1, 1000000000::bigint)", NULL,
                                     cancellable, oba_test_keep_result, &kept);
  for (guint i = 0; i < 50; i++)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  result = oba_test_await (&kept);
  g_assert_null (oba_db_connection_query_ids_finish (fixture->connection, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (count (fixture), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (ObaTestPostgres) server = NULL;

  g_test_init (&argc, &argv, NULL);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_EMPTY);

#define ADD(path, func) g_test_add ("/db/stream/" path, Fixture, server, set_up, func, tear_down)
  ADD ("copy-in", test_copy_in);
  ADD ("copy-in-memory", test_copy_in_memory);
  ADD ("copy-in-abort", test_copy_in_abort);
  ADD ("copy-in-refused", test_copy_in_refused);
  ADD ("copy-in-notices", test_copy_in_notices);
  ADD ("copy-in-lost", test_copy_in_lost);
  ADD ("copy-in-queue", test_copy_in_queue);
  ADD ("copy-out", test_copy_out);
  ADD ("copy-out-stopped", test_copy_out_stopped);
  ADD ("copy-out-fails", test_copy_out_fails);
  ADD ("ids", test_ids);
  ADD ("ids-errors", test_ids_errors);
  ADD ("ids-cancelled", test_ids_cancelled);
#undef ADD

  return g_test_run ();
}
