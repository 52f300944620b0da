/* One connection: order, errors, cancelling, and what happens when the server goes away. */

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
}

static void
tear_down (Fixture *fixture, gconstpointer server)
{
  g_clear_object (&fixture->connection);
  g_free (fixture->conninfo);
}

static void
script (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;

  oba_db_connection_script_sync (fixture->connection, sql, NULL, &error);
  g_assert_no_error (error);
}

static gint64
query_int (ObaDbConnection *connection, const char *sql, ObaDbParams *params)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_connection_query_sync (connection, sql, params, NULL, &error);

  g_assert_no_error (error);
  return oba_db_result_get_int64 (result, 0, 0);
}

/* What many statements at once answered, in the order of the answers. */
typedef struct
{
  guint n_pending;
  GPtrArray *answers; /* of char *: the first value, "-" for no row, or "!" and the SQLSTATE or message */
} Answers;

static char *
describe_answer (ObaDbResult *result, const GError *error)
{
  if (error != NULL && error->domain != OBA_DB_ERROR)
    return g_strconcat ("!", error->message, NULL);
  if (error != NULL)
    return g_strconcat ("!", *oba_db_error_get_sqlstate (error) ? oba_db_error_get_sqlstate (error) : "lost", NULL);
  if (oba_db_result_get_n_rows (result) == 0 || oba_db_result_get_n_columns (result) == 0)
    return g_strdup ("-");
  return g_strdup (oba_db_result_get_text (result, 0, 0));
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answers *answers = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_connection_query_finish (OBA_DB_CONNECTION (source), result, &error);

  answers->n_pending--;
  g_ptr_array_add (answers->answers, describe_answer (rows, error));
}

static void
ask (ObaDbConnection *connection, Answers *answers, const char *sql, ObaDbParams *params, GCancellable *cancellable)
{
  if (answers->answers == NULL)
    answers->answers = g_ptr_array_new_with_free_func (g_free);
  answers->n_pending++;
  oba_db_connection_query_async (connection, sql, params, cancellable, on_answer, answers);
}

static gboolean
all_answered (gpointer user_data)
{
  return ((Answers *) user_data)->n_pending == 0;
}

static char *
await_all (Answers *answers)
{
  char *joined;

  oba_test_run_until (all_answered, answers);
  g_ptr_array_add (answers->answers, NULL);
  joined = g_strjoinv (" ", (char **) answers->answers->pdata);
  g_clear_pointer (&answers->answers, g_ptr_array_unref);
  return joined;
}

static int
compare_answers (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* GTask answers what was cancelled a turn of the loop later. */
static char *
await_sorted (Answers *answers)
{
  oba_test_run_until (all_answered, answers);
  g_ptr_array_sort (answers->answers, compare_answers);
  return await_all (answers);
}

/* Opening */

static void
test_no_server (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;

  g_assert_null (oba_db_connection_open_sync ("host=/nonexistent dbname=oba", OBA_DB_CONNECTION_DEFAULT, NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT);
  said = oba_db_error_describe (error);
  g_assert_nonnull (strstr (said, "No database server answers on this computer"));
}

static void
test_refused (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;

  g_assert_null (
      oba_db_connection_open_sync ("host=127.0.0.1 port=1 dbname=oba", OBA_DB_CONNECTION_DEFAULT, NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT);
  said = oba_db_error_describe (error);
  g_assert_nonnull (strstr (said, "127.0.0.1"));
}

/* A firewall that swallows packets must not keep the window waiting, nor hide the address behind it. */
static void
test_timeout (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GSocketListener) silent = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (silent, NULL, &error);
  g_autofree char *alone = g_strdup_printf ("host=127.0.0.1 port=%u dbname=oba connect_timeout=2", port);
  g_autofree char *first =
      g_strdup_printf ("host=127.0.0.1,%s port=%u,5432 user=postgres dbname=postgres connect_timeout=2",
                       oba_test_postgres_get_directory (fixture->server), port);

  g_assert_no_error (error);
  g_assert_null (oba_db_connection_open_sync (alone, OBA_DB_CONNECTION_DEFAULT, NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT);
  g_assert_nonnull (strstr (error->message, "2 seconds"));
  g_clear_error (&error);
  connection = oba_db_connection_open_sync (first, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
}

static void
test_password (Fixture *fixture, gconstpointer server)
{
  g_autofree char *right = g_strdup_printf ("%s user=keeper password=ləblə-bu", fixture->conninfo);
  g_autofree char *wrong = g_strdup_printf ("%s user=keeper password=yox", fixture->conninfo);
  g_autofree char *none = g_strdup_printf ("%s user=keeper", fixture->conninfo);
  const char *bad[] = { wrong, none };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;

  script (fixture, "CREATE ROLE keeper LOGIN PASSWORD 'ləblə-bu'");
  oba_test_postgres_require_password (fixture->server, "keeper");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *said = NULL;

      g_assert_null (oba_db_connection_open_sync (bad[i], OBA_DB_CONNECTION_DEFAULT, NULL, &error));
      g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_AUTH);
      said = oba_db_error_describe (error);
      g_assert_nonnull (strstr (said, "password"));
      g_assert_null (strstr (error->message, "LOCATION"));
      g_clear_error (&error);
    }
  connection = oba_db_connection_open_sync (right, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
}

static void
test_no_database (Fixture *fixture, gconstpointer server)
{
  g_autofree char *conninfo = g_strdup_printf ("%s dbname=nowhere", fixture->conninfo);
  g_autoptr (GError) error = NULL;

  g_assert_null (oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT);
  g_assert_cmpstr (oba_db_error_get_sqlstate (error), ==, "3D000");
}

static void
test_cancelled_opening (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GSocketListener) silent = g_socket_listener_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (silent, NULL, &error);
  g_autofree char *conninfo = g_strdup_printf ("host=127.0.0.1 port=%u dbname=oba", port);
  GAsyncResult *kept = NULL;

  oba_db_connection_open_async (conninfo, OBA_DB_CONNECTION_DEFAULT, cancellable, oba_test_keep_result, &kept);
  g_cancellable_cancel (cancellable);
  result = oba_test_await (&kept);
  g_assert_null (oba_db_connection_open_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Statements */

static void
test_thousand_in_order (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };

  for (gint64 i = 0; i < 1000; i++)
    {
      g_autoptr (ObaDbParams) params = oba_db_params_build ("i", i);
      ask (fixture->connection, &answers, "SELECT $1", params, NULL);
    }
  g_assert_cmpint (oba_db_connection_get_queue_length (fixture->connection), ==, 1000);
  oba_test_run_until (all_answered, &answers);
  for (guint i = 0; i < 1000; i++)
    g_assert_cmpint (atoi (answers.answers->pdata[i]), ==, i);
  g_assert_cmpint (oba_db_connection_get_queue_length (fixture->connection), ==, 0);
  g_ptr_array_unref (answers.answers);
}

/* A failed statement is that statement's failure alone. */
static void
test_error_in_pipeline (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  g_autoptr (ObaDbParams) zero = oba_db_params_build ("i", (gint64) 0);
  g_autoptr (ObaDbParams) two = oba_db_params_build ("i", (gint64) 2);
  g_autofree char *all = NULL;

  ask (fixture->connection, &answers, "SELECT 10 / $1", two, NULL);
  ask (fixture->connection, &answers, "SELECT 10 / $1", zero, NULL);
  ask (fixture->connection, &answers, "SELECT nothing", two, NULL);
  ask (fixture->connection, &answers, "SELECT nothing", two, NULL);
  ask (fixture->connection, &answers, "SELECT 10 / $1", two, NULL);
  ask (fixture->connection, &answers, "SELECT", NULL, NULL);
  ask (fixture->connection, &answers, "", NULL, NULL);
  ask (fixture->connection, &answers, "SELECT 1; SELECT 2", NULL, NULL);
  ask (fixture->connection, &answers, "SELECT 3", NULL, NULL);
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, "5 !22012 !42703 !42703 5 - - !42601 3");
}

/* The server's own words, with what it hints at, reach people; rules of ours are told apart by their class. */
static void
test_error_fields (Fixture *fixture, gconstpointer server)
{
  static const struct
  {
    const char *sql;
    ObaDbError code;
    const char *sqlstate;
  } cases[] = {
    { "DO $$ BEGIN RAISE 'Not enough points.' USING ERRCODE = 'OB003', HINT = 'Ask for fewer.', DETAIL = 'Balance 5'; "
      "END $$",
      OBA_DB_ERROR_RULE, "OB003" },
    { "INSERT INTO t VALUES (1), (1)", OBA_DB_ERROR_CONSTRAINT, "23505" },
    { "DO $$ BEGIN RAISE 'x' USING ERRCODE = '53100'; END $$", OBA_DB_ERROR_DISK_FULL, "53100" },
    { "DO $$ BEGIN RAISE 'x' USING ERRCODE = '40001'; END $$", OBA_DB_ERROR_SERIALIZATION, "40001" },
    { "SET transaction_read_only = on; INSERT INTO t VALUES (2)", OBA_DB_ERROR_READ_ONLY, "25006" },
    { "SET SESSION AUTHORIZATION nobody_special; SELECT * FROM t", OBA_DB_ERROR_PERMISSION, "42501" },
  };

  script (fixture, "CREATE TABLE t (a int PRIMARY KEY); CREATE ROLE nobody_special");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) copy = NULL;
      g_autofree char *said = NULL;

      g_assert_false (oba_db_connection_script_sync (fixture->connection, cases[i].sql, NULL, &error));
      g_assert_error (error, OBA_DB_ERROR, (int) cases[i].code);
      g_assert_cmpstr (oba_db_error_get_sqlstate (error), ==, cases[i].sqlstate);
      copy = g_error_copy (error);
      g_assert_cmpstr (oba_db_error_get_hint (copy), ==, i == 0 ? "Ask for fewer." : NULL);
      said = oba_db_error_describe (copy);
      g_assert_cmpstr (said, !=, "");
      if (i == 0)
        {
          g_assert_cmpstr (said, ==, "Not enough points. Ask for fewer.");
          g_assert_cmpstr (oba_db_error_get_detail (copy), ==, "Balance 5");
        }
    }
}

/* "Saved" is said after COMMIT: a constraint that is checked at the commit must fail the statement. */
static void
test_error_at_commit (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) 5);
  g_autofree char *all = NULL;

  script (fixture, "CREATE TABLE a (id bigint PRIMARY KEY);"
                   "CREATE TABLE b (id bigint REFERENCES a DEFERRABLE INITIALLY DEFERRED)");
  ask (fixture->connection, &answers, "INSERT INTO b VALUES ($1) RETURNING id", params, NULL);
  ask (fixture->connection, &answers, "INSERT INTO a VALUES ($1) RETURNING id", params, NULL);
  ask (fixture->connection, &answers, "INSERT INTO b VALUES ($1) RETURNING id", params, NULL);
  ask (fixture->connection, &answers, "SELECT count (*) FROM b", NULL, NULL);
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, "!23503 5 5 1");
}

/* Statements, scripts and streams given together are still done one after the other. */
static void
test_mixed_kinds (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  GAsyncResult *scripted = NULL;
  GAsyncResult *streamed = NULL;
  g_autoptr (GAsyncResult) script_result = NULL;
  g_autoptr (GAsyncResult) ids_result = NULL;
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *all = NULL;

  ask (fixture->connection, &answers, "CREATE TABLE t (a bigint)", NULL, NULL);
  oba_db_connection_script_async (fixture->connection, "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)", NULL,
                                  oba_test_keep_result, &scripted);
  ask (fixture->connection, &answers, "SELECT sum (a) FROM t", NULL, NULL);
  oba_db_connection_query_ids_async (fixture->connection, "SELECT a FROM t ORDER BY 1", NULL, NULL,
                                     oba_test_keep_result, &streamed);
  ask (fixture->connection, &answers, "DELETE FROM t", NULL, NULL);
  ids_result = oba_test_await (&streamed);
  script_result = oba_test_await (&scripted);
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, "- 3 -");
  g_assert_true (oba_db_connection_script_finish (fixture->connection, script_result, &error));
  ids = oba_db_connection_query_ids_finish (fixture->connection, ids_result, &error);
  g_assert_cmpint (ids->len, ==, 2);
  g_assert_cmpint (g_array_index (ids, gint64, 1), ==, 2);
}

/* A migration under a running program changes what a prepared statement would give: the next try must simply work. */
static void
test_schema_changes (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) 1);
  g_autoptr (ObaDbResult) result = NULL;
  g_autoptr (GError) error = NULL;

  script (fixture, "CREATE TABLE t (a bigint); INSERT INTO t VALUES (1)");
  g_assert_cmpint (query_int (fixture->connection, "SELECT * FROM t WHERE a = $1", params), ==, 1);
  script (fixture, "ALTER TABLE t ADD b text DEFAULT 'new'");
  result = oba_db_connection_query_sync (fixture->connection, "SELECT * FROM t WHERE a = $1", params, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (oba_db_result_get_text (result, 0, 1), ==, "new");

  /* Behind a pooler, or after DISCARD ALL, the statement is not there any more. */
  script (fixture, "DEALLOCATE ALL");
  g_assert_cmpint (query_int (fixture->connection, "SELECT * FROM t WHERE a = $1", params), ==, 1);
}

/* In a transaction the second try would run outside of it, or on a dead one: the error is told. */
static void
test_no_retry_in_transaction (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) 1);
  g_autofree char *all = NULL;

  script (fixture, "CREATE TABLE t (a bigint)");
  ask (fixture->connection, &answers, "INSERT INTO t VALUES ($1) RETURNING a", params, NULL);
  g_free (await_all (&answers));
  script (fixture, "DEALLOCATE ALL");
  ask (fixture->connection, &answers, "BEGIN", NULL, NULL);
  ask (fixture->connection, &answers, "INSERT INTO t VALUES ($1) RETURNING a", params, NULL);
  ask (fixture->connection, &answers, "COMMIT", NULL, NULL);
  ask (fixture->connection, &answers, "SELECT count (*) FROM t", NULL, NULL);
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, "- !26000 - 1");
}

/* 500 different statements leave 200 on the server, and those that were used again stay. */
static void
test_statements_evicted (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) 1);

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT $1 + %u", i);

      g_assert_cmpint (query_int (fixture->connection, sql, params), ==, 1 + i);
      g_assert_cmpint (query_int (fixture->connection, "SELECT $1 + 1000", params), ==, 1001);
    }
  g_assert_cmpint (query_int (fixture->connection, "SELECT count (*) FROM pg_prepared_statements", NULL), <=, 201);
  g_assert_cmpint (query_int (fixture->connection, "SELECT count (*) FROM pg_prepared_statements", NULL), >=, 199);
  g_assert_cmpint (
      query_int (fixture->connection,
                 "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE '%1000'", NULL),
      ==, 500);
}

static void
test_no_prepare (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) 1);
  g_autoptr (ObaDbConnection) connection = NULL;

  connection = oba_db_connection_open_sync (fixture->conninfo, OBA_DB_CONNECTION_NO_PREPARE, NULL, NULL);
  g_assert_cmpint (query_int (connection, "SELECT $1 + 1", params), ==, 2);
  g_assert_cmpint (query_int (connection, "SELECT count (*) FROM pg_prepared_statements", NULL), ==, 0);
}

/* COPY by the wrong door must not hang the connection. */
static void
test_misplaced_copy (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;

  script (fixture, "CREATE TABLE t (a bigint)");
  g_assert_false (oba_db_connection_script_sync (fixture->connection, "COPY t FROM STDIN; SELECT 1", NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_RESULT);
  g_clear_error (&error);
  g_assert_false (oba_db_connection_script_sync (fixture->connection,
                                                 "COPY (SELECT generate_series (1, 100000)) TO STDOUT", NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_RESULT);
  g_clear_error (&error);
  g_assert_false (oba_db_connection_copy_in_begin_sync (fixture->connection, "SELECT 1", NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_RESULT);
  g_clear_error (&error);
  g_assert_false (oba_db_connection_copy_in_write_sync (fixture->connection, "1\n", 2, NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_RESULT);
  g_assert_cmpint (query_int (fixture->connection, "SELECT 7", NULL), ==, 7);
  g_clear_error (&error);
  g_assert_null (oba_db_connection_query_sync (fixture->connection, "COPY t FROM STDIN", NULL, NULL, &error));
  g_assert_nonnull (error);
}

static void
on_notice (ObaDbConnection *connection, const char *severity, const char *message, GString *said)
{
  g_string_append_printf (said, "%s: %s;", severity, message);
}

static void
test_notices (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GString) said = g_string_new (NULL);

  g_signal_connect (fixture->connection, "notice", G_CALLBACK (on_notice), said);
  script (fixture, "DO $$ BEGIN RAISE WARNING 'the till is slow'; RAISE NOTICE 'by %', 3; END $$");
  g_assert_cmpstr (said->str, ==, "WARNING: the till is slow;NOTICE: by 3;");
}

/* Cancelling */

static gboolean
is_sleeping (gpointer user_data)
{
  g_autofree char *n =
      oba_test_postgres_exec (user_data, "SELECT count (*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND "
                                         "state = 'active' AND pid <> pg_backend_pid ()"
                                         " AND datname = current_database ()");
  return atoi (n) > 0;
}

static void
test_cancel_running (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answers answers = { 0 };
  g_autofree char *all = NULL;

  ask (fixture->connection, &answers, "SELECT pg_sleep (600)", NULL, cancellable);
  ask (fixture->connection, &answers, "SELECT 1", NULL, NULL);
  while (!is_sleeping (fixture->conninfo))
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  ask (fixture->connection, &answers, "SELECT 2", NULL, NULL);
  all = await_sorted (&answers);
  g_assert_cmpstr (all, ==, "!Cancelled 1 2");
}

static void
test_cancel_queued (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GCancellable) queued = g_cancellable_new ();
  g_autoptr (GCancellable) running = g_cancellable_new ();
  Answers answers = { 0 };
  g_autofree char *all = NULL;

  script (fixture, "CREATE TABLE t (a bigint)");
  ask (fixture->connection, &answers, "SELECT pg_sleep (600)", NULL, running);
  oba_db_connection_query_ids_async (fixture->connection, "SELECT 1::bigint", NULL, NULL, NULL, NULL);
  ask (fixture->connection, &answers, "INSERT INTO t VALUES (1)", NULL, queued);
  ask (fixture->connection, &answers, "SELECT count (*) FROM t", NULL, NULL);
  while (!is_sleeping (fixture->conninfo))
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (queued);
  while (answers.answers->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (oba_db_connection_get_queue_length (fixture->connection), ==, 3);
  g_cancellable_cancel (running);
  all = await_sorted (&answers);
  g_assert_cmpstr (all, ==, "!Cancelled !Cancelled 0");
}

static void
test_cancelled_before (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answers answers = { 0 };
  g_autofree char *all = NULL;

  g_cancellable_cancel (cancellable);
  ask (fixture->connection, &answers, "SELECT 1", NULL, cancellable);
  g_assert_cmpint (answers.n_pending, ==, 1);
  all = await_sorted (&answers);
  g_assert_cmpstr (all, ==, "!Operation was cancelled");
}

/* Searching while typing cancels at every letter. A cancel that comes too late must never hit the next statement. */
static void
test_cancel_storm (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  guint n_done = 0;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      ask (fixture->connection, &answers, "SELECT pg_sleep (0.0005)", NULL, cancellable);
      ask (fixture->connection, &answers, "SELECT 'kept' FROM pg_sleep (0.01)", NULL, NULL);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_cancellable_cancel (cancellable);
      if (i % 2 == 0)
        oba_test_run_until (all_answered, &answers);
    }
  oba_test_run_until (all_answered, &answers);
  for (guint i = 0; i < answers.answers->len; i++)
    n_done += g_str_equal (answers.answers->pdata[i], "kept");
  g_assert_cmpint (n_done, ==, 50);
  g_ptr_array_unref (answers.answers);
}

static gpointer
cancel_later (gpointer user_data)
{
  gpointer *data = user_data;

  while (!is_sleeping (data[1]))
    g_usleep (1000);
  g_cancellable_cancel (data[0]);
  return NULL;
}

/* Ctrl+C of a command reaches a synchronous call from another thread. */
static void
test_cancel_sync (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gpointer data[] = { cancellable, fixture->conninfo };
  GThread *thread = g_thread_new ("cancel", cancel_later, data);

  g_assert_false (oba_db_connection_script_sync (fixture->connection, "SELECT pg_sleep (600)", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  g_assert_cmpint (query_int (fixture->connection, "SELECT 4", NULL), ==, 4);
}

/* Losing the server */

static void
on_closed (ObaDbConnection *connection, const GError *reason, char **said)
{
  g_assert_null (*said);
  g_assert_error (reason, OBA_DB_ERROR, OBA_DB_ERROR_LOST);
  *said = g_strdup_printf ("%s %s", oba_db_error_get_sqlstate (reason), reason->message);
}

static gboolean
is_said (gpointer user_data)
{
  return *(char **) user_data != NULL;
}

/* An idle window must learn that the administrator shut the server down, and from whom. */
static void
test_lost_while_idle (Fixture *fixture, gconstpointer server)
{
  g_autofree char *said = NULL;
  Answers answers = { 0 };
  g_autofree char *all = NULL;

  g_signal_connect (fixture->connection, "closed", G_CALLBACK (on_closed), &said);
  ask (fixture->connection, &answers, "SELECT 1", NULL, NULL);
  g_free (await_all (&answers));
  g_assert_cmpint (oba_test_postgres_terminate_clients (fixture->server, fixture->conninfo), ==, 1);
  oba_test_run_until (is_said, &said);
  g_assert_true (g_str_has_prefix (said, "57P01 "));
  g_assert_false (oba_db_connection_is_open (fixture->connection));
  ask (fixture->connection, &answers, "SELECT 1", NULL, NULL);
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, "!lost");
}

static void
test_lost_while_working (Fixture *fixture, gconstpointer server)
{
  g_autofree char *said = NULL;
  g_autofree char *all = NULL;
  Answers answers = { 0 };

  g_signal_connect (fixture->connection, "closed", G_CALLBACK (on_closed), &said);
  ask (fixture->connection, &answers, "SELECT 1", NULL, NULL);
  ask (fixture->connection, &answers, "SELECT pg_sleep (600)", NULL, NULL);
  ask (fixture->connection, &answers, "SELECT 2", NULL, NULL);
  while (!is_sleeping (fixture->conninfo))
    g_main_context_iteration (NULL, FALSE);
  oba_test_postgres_kill (fixture->server);
  all = await_all (&answers);
  oba_test_postgres_start (fixture->server);
  g_assert_cmpstr (all, ==, "1 !lost !lost");
  g_assert_nonnull (said);
}

/* The server's last words come before the end of the stream; they must not be lost with it. */
static void
test_shut_down_while_working (Fixture *fixture, gconstpointer server)
{
  g_autofree char *all = NULL;
  Answers answers = { 0 };

  ask (fixture->connection, &answers, "SELECT pg_sleep (600)", NULL, NULL);
  while (!is_sleeping (fixture->conninfo))
    g_main_context_iteration (NULL, FALSE);
  oba_test_postgres_stop (fixture->server);
  all = await_all (&answers);
  oba_test_postgres_start (fixture->server);
  g_assert_cmpstr (all, ==, "!57P01");
}

/* Callbacks that do what they like */

static void
on_answer_close (GObject *source, GAsyncResult *result, gpointer user_data)
{
  on_answer (source, result, user_data);
  oba_db_connection_close (OBA_DB_CONNECTION (source));
}

static void
test_close_in_callback (Fixture *fixture, gconstpointer server)
{
  Answers answers = { .answers = g_ptr_array_new_with_free_func (g_free), .n_pending = 1 };
  g_autofree char *all = NULL;

  oba_db_connection_query_async (fixture->connection, "SELECT 1", NULL, NULL, on_answer_close, &answers);
  ask (fixture->connection, &answers, "SELECT 2", NULL, NULL);
  ask (fixture->connection, &answers, "SELECT 3", NULL, NULL);
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, "1 !lost !lost");
}

static void
on_answer_unref (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_object (&fixture->connection);
}

static gboolean
is_gone (gpointer user_data)
{
  return *(gpointer *) user_data == NULL;
}

static void
test_unref_in_callback (Fixture *fixture, gconstpointer server)
{
  gpointer weak = fixture->connection;

  g_object_add_weak_pointer (weak, &weak);
  oba_db_connection_query_async (fixture->connection, "SELECT 1", NULL, NULL, on_answer_unref, fixture);
  oba_db_connection_query_async (fixture->connection, "SELECT 2", NULL, NULL, NULL, NULL);
  oba_test_run_until (is_gone, &weak);
}

static void
on_answer_ask_sync (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answers *answers = user_data;

  g_assert_cmpint (query_int (OBA_DB_CONNECTION (source), "SELECT 40 + 2", NULL), ==, 42);
  on_answer (source, result, answers);
}

static void
test_sync_in_callback (Fixture *fixture, gconstpointer server)
{
  Answers answers = { .answers = g_ptr_array_new_with_free_func (g_free), .n_pending = 1 };
  g_autofree char *all = NULL;

  oba_db_connection_query_async (fixture->connection, "SELECT 1", NULL, NULL, on_answer_ask_sync, &answers);
  ask (fixture->connection, &answers, "SELECT 2", NULL, NULL);
  all = await_sorted (&answers);
  g_assert_cmpstr (all, ==, "1 2");
}

/* A synchronous call in the middle of asynchronous ones waits for them and leaves their answers to their own loop. */
static void
test_sync_among_async (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  g_autofree char *all = NULL;

  script (fixture, "CREATE TABLE t (a bigint)");
  ask (fixture->connection, &answers, "INSERT INTO t VALUES (1)", NULL, NULL);
  g_assert_cmpint (query_int (fixture->connection, "SELECT count (*) FROM t", NULL), ==, 1);
  g_assert_cmpint (answers.answers->len, ==, 0);
  ask (fixture->connection, &answers, "SELECT count (*) FROM t", NULL, NULL);
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, "- 1");
}

static void
work_alone (const char *conninfo)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection =
      oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);

  g_assert_no_error (error);
  for (gint64 i = 0; i < 500; i++)
    {
      g_autoptr (ObaDbParams) params = oba_db_params_build ("i", i);

      g_assert_cmpint (query_int (connection, "SELECT $1", params), ==, i);
    }
}

static gboolean
are_over (gpointer user_data)
{
  return g_atomic_int_get ((gint *) user_data) == 0;
}

typedef struct
{
  const char *conninfo;
  gint n_working; /* atomic */
} Workers;

static gpointer
work (gpointer user_data)
{
  Workers *workers = user_data;

  work_alone (workers->conninfo);
  g_atomic_int_add (&workers->n_working, -1);
  g_main_context_wakeup (NULL);
  return NULL;
}

/* An import in a thread has its connection for itself, though the window's loop turns all the while. */
static void
test_sync_in_threads (Fixture *fixture, gconstpointer server)
{
  Workers workers = { fixture->conninfo, 4 };
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("work", work, &workers);
  oba_test_run_until (are_over, &workers.n_working);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_autoptr (ObaTestPostgres) server = NULL;

  g_test_init (&argc, &argv, NULL);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_EMPTY);

#define ADD(path, func) g_test_add ("/db/connection/" path, Fixture, server, set_up, func, tear_down)
  ADD ("no-server", test_no_server);
  ADD ("refused", test_refused);
  ADD ("timeout", test_timeout);
  ADD ("password", test_password);
  ADD ("no-database", test_no_database);
  ADD ("cancelled-opening", test_cancelled_opening);
  ADD ("thousand-in-order", test_thousand_in_order);
  ADD ("error-in-pipeline", test_error_in_pipeline);
  ADD ("error-fields", test_error_fields);
  ADD ("error-at-commit", test_error_at_commit);
  ADD ("mixed-kinds", test_mixed_kinds);
  ADD ("schema-changes", test_schema_changes);
  ADD ("no-retry-in-transaction", test_no_retry_in_transaction);
  ADD ("statements-evicted", test_statements_evicted);
  ADD ("no-prepare", test_no_prepare);
  ADD ("misplaced-copy", test_misplaced_copy);
  ADD ("notices", test_notices);
  ADD ("cancel-running", test_cancel_running);
  ADD ("cancel-queued", test_cancel_queued);
  ADD ("cancelled-before", test_cancelled_before);
  ADD ("cancel-storm", test_cancel_storm);
  ADD ("cancel-sync", test_cancel_sync);
  ADD ("lost-while-idle", test_lost_while_idle);
  ADD ("lost-while-working", test_lost_while_working);
  ADD ("shut-down-while-working", test_shut_down_while_working);
  ADD ("close-in-callback", test_close_in_callback);
  ADD ("unref-in-callback", test_unref_in_callback);
  ADD ("sync-in-callback", test_sync_in_callback);
  ADD ("sync-among-async", test_sync_among_async);
  ADD ("sync-in-threads", test_sync_in_threads);
#undef ADD

  return g_test_run ();
}
