/* The pool, its transactions and the listener: what happens when the server goes away and comes back, and who gets a
 * connection when. */

#include "oba-test-postgres.h"
#include "oba-test-wait.h"

#include "db/oba-db-listener.h"
#include "db/oba-db-transaction.h"

typedef struct
{
  ObaTestPostgres *server;
  char *conninfo;
  ObaDbPool *pool;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer server)
{
  fixture->server = (ObaTestPostgres *) server;
  fixture->conninfo = oba_test_postgres_new_empty_database (fixture->server);
  g_free (oba_test_postgres_exec (fixture->conninfo, "CREATE TABLE t (id bigint PRIMARY KEY)"));
  fixture->pool = oba_db_pool_new (fixture->conninfo, 2, OBA_DB_CONNECTION_DEFAULT);
}

static void
tear_down (Fixture *fixture, gconstpointer server)
{
  g_clear_object (&fixture->pool);
  g_free (fixture->conninfo);
}

/* Answers: the first value, or "!" and the code of the error. */

typedef struct
{
  guint n_pending;
  GPtrArray *answers;
} Answers;

static void
add_answer (Answers *answers, ObaDbResult *rows, const GError *error)
{
  answers->n_pending--;
  if (error != NULL && error->domain == OBA_DB_ERROR)
    g_ptr_array_add (answers->answers, g_strdup_printf ("!%d", error->code));
  else if (error != NULL)
    g_ptr_array_add (answers->answers, g_strdup ("!cancelled"));
  else
    g_ptr_array_add (answers->answers,
                     g_strdup (oba_db_result_get_n_rows (rows) > 0 ? oba_db_result_get_text (rows, 0, 0) : "-"));
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  add_answer (user_data, rows, error);
}

static void
on_write (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  add_answer (user_data, rows, error);
}

static void
expect_one (Answers *answers)
{
  if (answers->answers == NULL)
    answers->answers = g_ptr_array_new_with_free_func (g_free);
  answers->n_pending++;
}

static void
do_read (Fixture *fixture, Answers *answers, const char *sql)
{
  expect_one (answers);
  oba_db_pool_read_async (fixture->pool, sql, NULL, NULL, on_read, answers);
}

static void
do_write (Fixture *fixture, Answers *answers, const char *sql)
{
  expect_one (answers);
  oba_db_pool_write_async (fixture->pool, sql, NULL, NULL, on_write, answers);
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

static void
assert_read (Fixture *fixture, const char *sql, const char *expected)
{
  Answers answers = { 0 };
  g_autofree char *all = NULL;

  do_read (fixture, &answers, sql);
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, expected);
}

static gboolean
start (Fixture *fixture, GError **error)
{
  GAsyncResult *kept = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  oba_db_pool_start_async (fixture->pool, NULL, oba_test_keep_result, &kept);
  result = oba_test_await (&kept);
  return oba_db_pool_start_finish (fixture->pool, result, error);
}

static ObaDbConnection *
acquire (Fixture *fixture)
{
  GAsyncResult *kept = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ObaDbConnection *connection;

  oba_db_pool_acquire_async (fixture->pool, NULL, oba_test_keep_result, &kept);
  result = oba_test_await (&kept);
  connection = oba_db_pool_acquire_finish (fixture->pool, result, &error);
  g_assert_no_error (error);
  return connection;
}

/* Runs the loop until as many statements like this are at work as wanted. */
static void
await_sleepers (Fixture *fixture, int wanted)
{
  for (;;)
    {
      g_autofree char *n = oba_test_postgres_exec (
          fixture->conninfo,
          "SELECT count (*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
          " AND datname = current_database ()");
      if (atoi (n) == wanted)
        return;
      g_main_context_iteration (NULL, FALSE);
    }
}

static char *
count_sessions (Fixture *fixture)
{
  return oba_test_postgres_exec (fixture->conninfo,
                                 "SELECT count (*) FROM pg_stat_activity WHERE datname = current_database ()"
                                 " AND pid <> pg_backend_pid ()");
}

/* Coming and going */

/* A wrong password is told at once, not after half a minute of trying. */
static void
test_start_fails (Fixture *fixture, gconstpointer server)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=poolkeeper password=wrong", fixture->conninfo);
  g_autoptr (GError) error = NULL;
  Answers answers = { 0 };
  g_autofree char *all = NULL;

  g_free (oba_test_postgres_exec (fixture->conninfo, "CREATE ROLE poolkeeper LOGIN PASSWORD 'right'"));
  oba_test_postgres_require_password (fixture->server, "poolkeeper");
  g_clear_object (&fixture->pool);
  fixture->pool = oba_db_pool_new (conninfo, 2, OBA_DB_CONNECTION_DEFAULT);
  g_assert_false (start (fixture, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_AUTH);
  g_assert_cmpint (oba_db_pool_get_state (fixture->pool), ==, OBA_DB_POOL_OFFLINE);
  g_assert_error (oba_db_pool_get_last_error (fixture->pool), OBA_DB_ERROR, OBA_DB_ERROR_AUTH);
  do_read (fixture, &answers, "SELECT 1");
  all = await_all (&answers);
  g_assert_cmpint (atoi (all + 1), ==, OBA_DB_ERROR_AUTH);
}

static void
on_state (ObaDbPool *pool, GParamSpec *pspec, GString *states)
{
  g_string_append_printf (states, "%d", oba_db_pool_get_state (pool));
}

/* The window goes offline and comes back by itself; what was asked meanwhile is answered then. */
static void
test_restart (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GString) states = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Answers reads = { 0 };
  Answers writes = { 0 };
  g_autofree char *read = NULL;
  g_autofree char *written = NULL;

  g_signal_connect (fixture->pool, "notify::state", G_CALLBACK (on_state), states);
  g_assert_true (start (fixture, &error));
  g_assert_cmpint (oba_db_pool_get_state (fixture->pool), ==, OBA_DB_POOL_ONLINE);
  oba_test_postgres_stop (fixture->server);
  while (oba_db_pool_get_state (fixture->pool) != OBA_DB_POOL_OFFLINE)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (oba_db_pool_get_last_error (fixture->pool));
  do_read (fixture, &reads, "SELECT 'read'");
  do_write (fixture, &writes, "INSERT INTO t VALUES (1) RETURNING 'written'");
  oba_test_postgres_start (fixture->server);
  read = await_all (&reads);
  written = await_all (&writes);
  g_assert_cmpstr (read, ==, "read");
  g_assert_cmpstr (written, ==, "written");
  g_assert_cmpint (oba_db_pool_get_state (fixture->pool), ==, OBA_DB_POOL_ONLINE);
  g_assert_null (oba_db_pool_get_last_error (fixture->pool));
  g_assert_true (g_str_has_suffix (states->str, "2"));
}

/* Nobody has to ask for it: the state comes back alone. */
static void
test_comes_back_alone (Fixture *fixture, gconstpointer server)
{
  g_assert_true (start (fixture, NULL));
  oba_test_postgres_kill (fixture->server);
  while (oba_db_pool_get_state (fixture->pool) != OBA_DB_POOL_OFFLINE)
    g_main_context_iteration (NULL, TRUE);
  oba_test_postgres_start (fixture->server);
  while (oba_db_pool_get_state (fixture->pool) != OBA_DB_POOL_ONLINE)
    g_main_context_iteration (NULL, TRUE);
}

/* The server dies in the middle: the read is asked again, the write is not, and says so. */
static void
test_lost_in_the_middle (Fixture *fixture, gconstpointer server)
{
  Answers reads = { 0 };
  Answers writes = { 0 };
  g_autofree char *read = NULL;
  g_autofree char *written = NULL;

  do_read (fixture, &reads, "SELECT pg_sleep (600) WHERE NOT EXISTS (SELECT FROM t)");
  do_write (fixture, &writes, "SELECT pg_sleep (600), 1 / count (*) FROM t");
  await_sleepers (fixture, 2);
  oba_test_postgres_kill (fixture->server);
  written = await_all (&writes);
  g_assert_cmpint (atoi (written + 1), ==, OBA_DB_ERROR_LOST);
  oba_test_postgres_start (fixture->server);
  g_free (oba_test_postgres_exec (fixture->conninfo, "INSERT INTO t VALUES (1)"));
  oba_test_postgres_terminate_clients (fixture->server, fixture->conninfo);
  read = await_all (&reads);
  g_assert_cmpstr (read, ==, "-");
}

/* Patience ends: a sentence is better than a window that waits for ever. */
static void
test_patience (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  g_autofree char *all = NULL;
  gint64 begun;

  g_clear_object (&fixture->pool);
  fixture->pool = oba_db_pool_new ("host=/nonexistent", 2, OBA_DB_CONNECTION_DEFAULT);
  oba_db_pool_set_patience (fixture->pool, 700);
  begun = g_get_monotonic_time ();
  do_read (fixture, &answers, "SELECT 1");
  do_write (fixture, &answers, "SELECT 1");
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, "!0 !0");
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 700000);
}

/* A server that hangs up at every query is asked a few times, not for ever. */
static void
test_poison (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  g_autofree char *all = NULL;

  do_read (fixture, &answers, "SELECT pg_terminate_backend (pg_backend_pid ())");
  all = await_all (&answers);
  g_assert_cmpint (atoi (all + 1), ==, OBA_DB_ERROR_LOST);
  assert_read (fixture, "SELECT 1", "1");
}

static void
test_closed (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  g_autofree char *all = NULL;

  do_read (fixture, &answers, "SELECT pg_sleep (600)");
  await_sleepers (fixture, 1);
  do_write (fixture, &answers, "SELECT 1");
  oba_db_pool_close (fixture->pool);
  do_read (fixture, &answers, "SELECT 2");
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, "!2 !2 !2");
}

/* Sharing */

/* Reads share a sync; one that fails must neither fail nor lose its neighbours. */
static void
test_error_among_reads (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };

  g_assert_true (start (fixture, NULL));
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *sql = g_strdup_printf (i % 10 == 5 ? "SELECT 1 / 0, %u" : "SELECT %u", i);

      do_read (fixture, &answers, sql);
      if (i % 13 == 0)
        do_write (fixture, &answers, "SELECT 'w'");
    }
  oba_test_run_until (all_answered, &answers);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *value = g_strdup_printf ("%u", i);

      g_assert_true (
          g_ptr_array_find_with_equal_func (answers.answers, i % 10 == 5 ? "!10" : value, g_str_equal, NULL));
    }
  g_assert_cmpint (answers.answers->len, ==, 108);
  g_ptr_array_unref (answers.answers);
}

/* A slow report on one connection does not stop the pages that need another. */
static void
test_slow_and_quick (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answers slow = { 0 };
  Answers quick = { 0 };
  g_autofree char *all = NULL;
  g_autofree char *one = NULL;
  g_autofree char *n = NULL;
  gint64 begun;

  expect_one (&slow);
  oba_db_pool_read_async (fixture->pool, "SELECT pg_sleep (600)", NULL, cancellable, on_read, &slow);
  await_sleepers (fixture, 1);
  begun = g_get_monotonic_time (); /* what stands for less than that is not slow yet */
  while (g_get_monotonic_time () < begun + 50000)
    g_main_context_iteration (NULL, FALSE);
  for (guint i = 0; i < 20; i++)
    {
      for (guint n_at_once = 0; n_at_once < 4; n_at_once++)
        do_read (fixture, &quick, "SELECT 1");
      one = await_all (&quick);
      g_assert_cmpstr (one, ==, "1 1 1 1");
      g_clear_pointer (&one, g_free);
    }
  n = count_sessions (fixture);
  g_assert_cmpstr (n, ==, "2");
  g_cancellable_cancel (cancellable);
  all = await_all (&slow);
  g_assert_cmpstr (all, ==, "!cancelled");
}

/* Ten thousand at once: two connections, everything answered, nothing dropped. */
static void
test_back_pressure (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  g_autofree char *n = NULL;

  for (guint i = 0; i < 10000; i++)
    do_read (fixture, &answers, "SELECT 1");
  oba_test_run_until (all_answered, &answers);
  g_assert_cmpint (answers.answers->len, ==, 10000);
  for (guint i = 0; i < 10000; i++)
    g_assert_cmpstr (answers.answers->pdata[i], ==, "1");
  n = count_sessions (fixture);
  g_assert_cmpint (atoi (n), <=, 2);
  g_ptr_array_unref (answers.answers);
}

static void
on_acquired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answers *answers = user_data;
  ObaDbConnection *connection = oba_db_pool_acquire_finish (OBA_DB_POOL (source), result, NULL);

  answers->n_pending--;
  g_ptr_array_add (answers->answers, g_strdup ("mine"));
  oba_db_pool_release (OBA_DB_POOL (source), connection);
}

typedef struct
{
  Answers *answers; /* reads go on until these are there */
  guint n_reading;
} Stream;

static void
on_read_again (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Stream *stream = user_data;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, NULL);

  g_assert_nonnull (rows);
  if (stream->answers->n_pending > 0)
    oba_db_pool_read_async (OBA_DB_POOL (source), "SELECT count (*) FROM generate_series (1, 1000)", NULL, NULL,
                            on_read_again, stream);
  else
    stream->n_reading--;
}

static gboolean
is_over (gpointer user_data)
{
  return ((Stream *) user_data)->n_reading == 0;
}

/* One that wants a connection alone gets it though reads never cease. */
static void
test_fairness (Fixture *fixture, gconstpointer server)
{
  Answers answers = { 0 };
  Stream stream = { &answers, 100 };
  g_autofree char *all = NULL;

  for (guint i = 0; i < 20; i++)
    expect_one (&answers);
  for (guint i = 0; i < 100; i++)
    oba_db_pool_read_async (fixture->pool, "SELECT count (*) FROM generate_series (1, 1000)", NULL, NULL, on_read_again,
                            &stream);
  for (guint i = 0; i < 20; i++)
    oba_db_pool_acquire_async (fixture->pool, NULL, on_acquired, &answers);
  all = await_all (&answers);
  g_assert_true (g_str_has_prefix (all, "mine mine"));
  oba_test_run_until (is_over, &stream);
}

/* Connections that were taken are not used by others, and nobody gets more than there are. */
static void
test_acquire (Fixture *fixture, gconstpointer server)
{
  ObaDbConnection *one = acquire (fixture);
  ObaDbConnection *two = acquire (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *kept = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Answers answers = { 0 };
  g_autofree char *all = NULL;

  g_assert_true (one != two);
  oba_db_pool_acquire_async (fixture->pool, cancellable, oba_test_keep_result, &kept);
  do_read (fixture, &answers, "SELECT 1");
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (answers.n_pending, ==, 1);
  g_assert_null (kept);
  g_cancellable_cancel (cancellable);
  result = oba_test_await (&kept);
  g_assert_null (oba_db_pool_acquire_finish (fixture->pool, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  oba_db_pool_release (fixture->pool, one);
  all = await_all (&answers);
  g_assert_cmpstr (all, ==, "1");
  oba_db_pool_release (fixture->pool, two);
}

/* Given back in the middle of a transaction or of a COPY: the next one must not find it so. */
static void
test_release_unclean (Fixture *fixture, gconstpointer server)
{
  ObaDbConnection *connection = acquire (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_true (oba_db_connection_script_sync (connection, "BEGIN; INSERT INTO t VALUES (1)", NULL, &error));
  oba_db_pool_release (fixture->pool, connection);
  assert_read (fixture, "SELECT count (*) FROM t", "0");

  connection = acquire (fixture);
  g_assert_true (oba_db_connection_copy_in_begin_sync (connection, "COPY t FROM STDIN", NULL, &error));
  g_assert_true (oba_db_connection_copy_in_write_sync (connection, "1\n", 2, NULL, &error));
  oba_db_pool_release (fixture->pool, connection);
  assert_read (fixture, "SELECT count (*) FROM t", "0");
}

/* Transactions */

static ObaDbTransaction *
begin (Fixture *fixture, ObaDbIsolation isolation)
{
  GAsyncResult *kept = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ObaDbTransaction *transaction;

  oba_db_pool_begin_async (fixture->pool, isolation, NULL, oba_test_keep_result, &kept);
  result = oba_test_await (&kept);
  transaction = oba_db_pool_begin_finish (fixture->pool, result, &error);
  g_assert_no_error (error);
  return transaction;
}

static gboolean
commit (ObaDbTransaction *transaction, GError **error)
{
  GAsyncResult *kept = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  oba_db_transaction_commit_async (transaction, NULL, oba_test_keep_result, &kept);
  result = oba_test_await (&kept);
  return oba_db_transaction_commit_finish (transaction, result, error);
}

static void
insert (ObaDbTransaction *transaction, gint64 id)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", id);

  oba_db_connection_query_async (oba_db_transaction_get_connection (transaction), "INSERT INTO t VALUES ($1)", params,
                                 NULL, NULL, NULL);
}

static void
test_commit (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbTransaction) transaction = begin (fixture, OBA_DB_READ_COMMITTED);
  g_autoptr (GError) error = NULL;

  insert (transaction, 1);
  insert (transaction, 2);
  assert_read (fixture, "SELECT count (*) FROM t", "0");
  g_assert_true (commit (transaction, &error));
  assert_read (fixture, "SELECT count (*) FROM t", "2");
  g_assert_null (oba_db_transaction_get_connection (transaction));
  g_assert_false (commit (transaction, &error));
}

/* A statement failed and nobody looked: COMMIT must not be taken for one. */
static void
test_commit_of_failed (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbTransaction) transaction = begin (fixture, OBA_DB_READ_COMMITTED);
  g_autoptr (GError) error = NULL;

  insert (transaction, 1);
  insert (transaction, 1);
  insert (transaction, 2);
  g_assert_false (commit (transaction, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_QUERY);
  assert_read (fixture, "SELECT count (*) FROM t", "0");
}

static void
test_rollback (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbTransaction) transaction = begin (fixture, OBA_DB_SERIALIZABLE);
  GAsyncResult *kept = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  insert (transaction, 1);
  oba_db_transaction_rollback_async (transaction, oba_test_keep_result, &kept);
  result = oba_test_await (&kept);
  g_assert_true (oba_db_transaction_rollback_finish (transaction, result, &error));
  assert_read (fixture, "SELECT count (*) FROM t", "0");
}

/* A window that is closed in the middle of an edit leaves neither rows nor locks nor a lost connection behind. */
static void
test_dropped (Fixture *fixture, gconstpointer server)
{
  for (guint i = 0; i < 10; i++)
    {
      ObaDbTransaction *transaction = begin (fixture, OBA_DB_READ_COMMITTED);

      insert (transaction, 1);
      g_object_unref (transaction);
    }
  assert_read (fixture, "SELECT count (*) FROM t", "0");
}

static void
test_isolation (Fixture *fixture, gconstpointer server)
{
  const char *expected[] = { "read committed off", "repeatable read off", "serializable off", "repeatable read on" };

  for (int i = OBA_DB_READ_COMMITTED; i <= OBA_DB_SNAPSHOT_READ_ONLY; i++)
    {
      g_autoptr (ObaDbTransaction) transaction = begin (fixture, (ObaDbIsolation) i);
      g_autoptr (ObaDbResult) result = oba_db_connection_query_sync (
          oba_db_transaction_get_connection (transaction),
          "SELECT current_setting ('transaction_isolation') || ' ' || current_setting ('transaction_read_only')", NULL,
          NULL, NULL);

      g_assert_cmpstr (oba_db_result_get_text (result, 0, 0), ==, expected[i]);
    }
}

static void
test_transaction_lost (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbTransaction) transaction = begin (fixture, OBA_DB_READ_COMMITTED);
  g_autoptr (GError) error = NULL;

  insert (transaction, 1);
  oba_test_postgres_terminate_clients (fixture->server, fixture->conninfo);
  g_assert_false (commit (transaction, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST);
  assert_read (fixture, "SELECT count (*) FROM t", "0");
}

/* Everything at once, as chance has it */

typedef struct
{
  Fixture *fixture;
  guint n_left; /* still to be asked */
  guint n_pending;
  guint n_answered;
  guint n_lost;
} Storm;

static void storm_ask (Storm *storm);

/* What may happen to it is told by its kind: a read is never lost, nothing is answered with another one's answer. */
static void
storm_answered (Storm *storm, const GError *error, gboolean may_be_lost)
{
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST))
    {
      g_assert_true (may_be_lost);
      storm->n_lost++;
    }
  else if (error != NULL && error->domain == OBA_DB_ERROR)
    {
      g_assert_cmpstr (oba_db_error_get_sqlstate (error), ==, "22012");
    }
  storm->n_pending--;
  storm->n_answered++;
  storm_ask (storm);
}

static void
on_storm_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  g_assert_true (rows == NULL || g_str_equal (oba_db_result_get_text (rows, 0, 0), "read"));
  storm_answered (user_data, error, FALSE);
}

static void
on_storm_write (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  g_assert_true (rows == NULL || g_str_equal (oba_db_result_get_text (rows, 0, 0), "written"));
  storm_answered (user_data, error, TRUE);
}

static void
on_storm_ids (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = oba_db_pool_read_ids_finish (OBA_DB_POOL (source), result, &error);

  g_assert_true (ids == NULL || ids->len == 5000);
  storm_answered (user_data, error, FALSE);
}

static void
on_storm_committed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  oba_db_transaction_commit_finish (OBA_DB_TRANSACTION (source), result, &error);
  storm_answered (user_data, error, TRUE);
}

static void
on_storm_begun (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbTransaction) transaction = oba_db_pool_begin_finish (OBA_DB_POOL (source), result, &error);

  if (transaction == NULL)
    {
      storm_answered (user_data, error, TRUE);
      return;
    }
  oba_db_connection_query_async (oba_db_transaction_get_connection (transaction), "SELECT 'in transaction'", NULL, NULL,
                                 NULL, NULL);
  if (g_test_rand_bit ())
    oba_db_transaction_commit_async (transaction, NULL, on_storm_committed, user_data);
  else
    storm_answered (user_data, NULL, TRUE);
}

static gboolean
on_storm_cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
storm_ask (Storm *storm)
{
  ObaDbPool *pool = storm->fixture->pool;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) g_test_rand_int_range (0, 20));

  if (storm->n_left == 0)
    return;
  storm->n_left--;
  storm->n_pending++;
  switch (g_test_rand_int_range (0, 6))
    {
    case 0:
      oba_db_pool_write_async (pool, "SELECT 'written', 1 / $1", params, cancellable, on_storm_write, storm);
      break;
    case 1:
      oba_db_pool_read_ids_async (pool, "SELECT generate_series (1::bigint, 5000)", NULL, cancellable, on_storm_ids,
                                  storm);
      break;
    case 2:
      oba_db_pool_begin_async (pool, OBA_DB_READ_COMMITTED, cancellable, on_storm_begun, storm);
      break;
    default:
      oba_db_pool_read_async (pool, "SELECT 'read', 1 / $1, repeat ('x', 5000)", params, cancellable, on_storm_read,
                              storm);
      break;
    }
  if (g_test_rand_int_range (0, 4) == 0)
    g_timeout_add_full (G_PRIORITY_DEFAULT, (guint) g_test_rand_int_range (0, 5), on_storm_cancel,
                        g_object_ref (cancellable), g_object_unref);
  if (g_test_rand_int_range (0, 400) == 0)
    oba_test_postgres_terminate_clients (storm->fixture->server, storm->fixture->conninfo);
}

static gboolean
is_calm (gpointer user_data)
{
  return ((Storm *) user_data)->n_pending == 0;
}

/* Reads, errors, vectors, writes, transactions, cancels and lost servers in any order: each is answered once, and
 * rightly. */
static void
test_storm (Fixture *fixture, gconstpointer server)
{
  Storm storm = { .fixture = fixture, .n_left = 3000 };
  g_autofree char *n = NULL;

  for (guint i = 0; i < 40; i++)
    storm_ask (&storm);
  oba_test_run_until (is_calm, &storm);
  g_assert_cmpint (storm.n_answered, ==, 3000);
  assert_read (fixture, "SELECT 'calm'", "calm");
  n = count_sessions (fixture);
  g_assert_cmpint (atoi (n), <=, 2);
}

/* Listening */

static void
on_heard (ObaDbListener *listener, const char *channel, const char *payload, GString *heard)
{
  g_string_append_printf (heard, "%s=%s ", channel, payload);
}

static void
on_resumed (ObaDbListener *listener, GString *heard)
{
  g_string_append (heard, "resumed ");
}

static void
on_interrupted (ObaDbListener *listener, const GError *error, GString *heard)
{
  g_assert_nonnull (error);
  g_string_append (heard, "interrupted ");
}

static void
await_text (GString *heard, const char *text)
{
  while (strstr (heard->str, text) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* The Overview lives on this: after a restart it must be told to read again, and hear what comes then. */
static void
test_listener (Fixture *fixture, gconstpointer server)
{
  const char *const channels[] = { "receipts", "With \"quotes\"", NULL };
  g_autoptr (ObaDbListener) listener = oba_db_listener_new (fixture->conninfo, channels);
  g_autoptr (GString) heard = g_string_new (NULL);

  g_signal_connect (listener, "notification", G_CALLBACK (on_heard), heard);
  g_signal_connect (listener, "resumed", G_CALLBACK (on_resumed), heard);
  g_signal_connect (listener, "interrupted", G_CALLBACK (on_interrupted), heard);
  oba_db_listener_start (listener);
  await_text (heard, "resumed");
  g_assert_true (oba_db_listener_is_listening (listener));
  g_free (oba_test_postgres_exec (fixture->conninfo,
                                  "NOTIFY receipts, '17'; NOTIFY \"With \"\"quotes\"\"\"; NOTIFY other"));
  await_text (heard, "With \"quotes\"= ");
  oba_test_postgres_stop (fixture->server);
  await_text (heard, "interrupted");
  g_assert_false (oba_db_listener_is_listening (listener));
  oba_test_postgres_start (fixture->server);
  await_text (heard, "interrupted resumed");
  g_free (oba_test_postgres_exec (fixture->conninfo, "NOTIFY receipts, '18'"));
  await_text (heard, "receipts=18");
  g_assert_cmpstr (heard->str, ==, "resumed receipts=17 With \"quotes\"= interrupted resumed receipts=18 ");
  oba_db_listener_stop (listener);
  g_assert_false (oba_db_listener_is_listening (listener));
}

static void
on_heard_drop (ObaDbListener *listener, const char *channel, const char *payload, ObaDbListener **place)
{
  g_clear_object (place);
}

static void
test_listener_dropped_in_signal (Fixture *fixture, gconstpointer server)
{
  const char *const channels[] = { "receipts", NULL };
  ObaDbListener *listener = oba_db_listener_new (fixture->conninfo, channels);

  g_signal_connect (listener, "notification::receipts", G_CALLBACK (on_heard_drop), &listener);
  oba_db_listener_start (listener);
  while (!oba_db_listener_is_listening (listener))
    g_main_context_iteration (NULL, TRUE);
  g_free (oba_test_postgres_exec (fixture->conninfo, "NOTIFY receipts; NOTIFY receipts, 'again'"));
  while (listener != NULL)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  g_autoptr (ObaTestPostgres) server = NULL;

  g_test_init (&argc, &argv, NULL);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_EMPTY);

#define ADD(path, func) g_test_add ("/db/" path, Fixture, server, set_up, func, tear_down)
  ADD ("pool/start-fails", test_start_fails);
  ADD ("pool/restart", test_restart);
  ADD ("pool/comes-back-alone", test_comes_back_alone);
  ADD ("pool/lost-in-the-middle", test_lost_in_the_middle);
  ADD ("pool/patience", test_patience);
  ADD ("pool/poison", test_poison);
  ADD ("pool/closed", test_closed);
  ADD ("pool/error-among-reads", test_error_among_reads);
  ADD ("pool/slow-and-quick", test_slow_and_quick);
  ADD ("pool/back-pressure", test_back_pressure);
  ADD ("pool/fairness", test_fairness);
  ADD ("pool/acquire", test_acquire);
  ADD ("pool/release-unclean", test_release_unclean);
  ADD ("transaction/commit", test_commit);
  ADD ("transaction/commit-of-failed", test_commit_of_failed);
  ADD ("transaction/rollback", test_rollback);
  ADD ("transaction/dropped", test_dropped);
  ADD ("transaction/isolation", test_isolation);
  ADD ("transaction/lost", test_transaction_lost);
  ADD ("pool/storm", test_storm);
  ADD ("listener/restart", test_listener);
  ADD ("listener/dropped-in-signal", test_listener_dropped_in_signal);
#undef ADD

  return g_test_run ();
}
