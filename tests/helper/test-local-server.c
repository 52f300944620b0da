/* The private server: whatever happened to it before, "local start" gives a person a database. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "db/oba-local-server.h"
#include "helper-run.h"

#define assert_started(home)                                                                                           \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autoptr (HelperRun) started_ = helper_run (home, "local", "start", NULL);                                        \
    helper_assert_run (started_, 0, "running", "");                                                                    \
  }                                                                                                                    \
  G_STMT_END

/* One for the tests that only need some server; each starts it itself. */
static HelperHome *shared;

static ObaLocalServer *
server_of (HelperHome *home)
{
  g_autofree char *directory = g_build_filename (home->data_home, "oba", NULL);

  return oba_local_server_new (directory);
}

static ObaDbConnection *
connect_to (ObaLocalServer *server)
{
  g_autofree char *uri = oba_local_server_get_uri (server);
  g_autoptr (GError) error = NULL;
  ObaDbConnection *connection = oba_db_connection_open_sync (uri, OBA_DB_CONNECTION_DEFAULT, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
assert_life (gboolean as_nobody)
{
  g_autoptr (HelperHome) home = helper_home_new (as_nobody, "data");
  g_autoptr (ObaLocalServer) server = server_of (home);
  g_autoptr (HelperRun) second = NULL, status = NULL, stopped = NULL, again = NULL, after = NULL;
  g_autofree char *uri = oba_local_server_get_uri (server);
  int pid;

  assert_started (home);
  pid = oba_local_server_get_pid (server);
  g_assert_cmpint (pid, >, 0);
  second = helper_run (home, "local", "start", NULL);
  helper_assert_run (second, 0, "already", "");
  g_assert_cmpint (oba_local_server_get_pid (server), ==, pid);
  status = helper_run (home, "local", "status", "--format", "json", NULL);
  helper_assert_run (status, 0, "\"running\" : true", "");
  helper_assert_run (status, 0, uri, "");
  stopped = helper_run (home, "local", "stop", NULL);
  helper_assert_run (stopped, 0, "stopped", "");
  again = helper_run (home, "local", "stop", NULL);
  helper_assert_run (again, 0, "not running", "");
  after = helper_run (home, "local", "status", "--format", "csv", NULL);
  helper_assert_run (after, 0, "false,", "");
}

/* Start, start again, status, stop, stop again: for the user who runs the tests. */
static void
test_life (void)
{
  assert_life (FALSE);
}

/* ... and for an ordinary user, when it is root who runs them. */
static void
test_life_as_user (void)
{
  if (geteuid () != 0)
    g_test_skip ("only root can become somebody else");
  else
    assert_life (TRUE);
}

/* Nobody else on the computer or the network gets in; names sort as Azerbaijanis expect; what was answered is on the
 * disk. */
static void
test_settings (void)
{
  static const struct
  {
    const char *sql, *expected;
  } cases[] = {
    { "SHOW listen_addresses", "" },
    { "SHOW fsync", "on" },
    { "SHOW synchronous_commit", "on" },
    { "SHOW wal_level", "minimal" },
    { "SHOW jit", "off" },
    { "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database WHERE datname = current_database()",
      "UTF8 C.UTF-8" },
    { "SELECT string_agg(letter, '' ORDER BY letter COLLATE \"az-x-icu\") FROM unnest('{f,x,ə,e,h,q}'::text[]) AS "
      "letter",
      "eəfhxq" },
  };
  HelperHome *home = shared;
  g_autoptr (ObaLocalServer) server = server_of (home);
  g_autoptr (ObaDbConnection) connection = NULL;
  struct stat info;

  assert_started (home);
  connection = connect_to (server);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = helper_query (connection, cases[i].sql);

      g_assert_cmpstr (found, ==, cases[i].expected);
    }
  g_assert_no_errno (stat (oba_local_server_get_home (server), &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

/* The power failed, or somebody killed it, in the middle of work: what was committed is there after the next start. */
static void
test_killed (void)
{
  HelperHome *home = shared;
  g_autoptr (ObaLocalServer) server = server_of (home);
  g_autoptr (ObaDbConnection) busy = NULL, connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;

  assert_started (home);
  busy = connect_to (server);
  oba_db_connection_script_sync (busy, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)", NULL, &error);
  g_assert_no_error (error);
  oba_db_connection_script_sync (busy, "BEGIN; INSERT INTO kept VALUES (43)", NULL, &error);
  g_assert_no_error (error);
  g_assert_no_errno (kill (oba_local_server_get_pid (server), SIGKILL));

  assert_started (home);
  connection = connect_to (server);
  kept = helper_query (connection, "SELECT sum(n) FROM kept");
  g_assert_cmpstr (kept, ==, "42");
}

/* After a reboot, the number in the old pid file may be any other program's: this test's own, here. */
static void
test_pid_of_somebody_else (void)
{
  HelperHome *home = shared;
  g_autoptr (ObaLocalServer) server = server_of (home);
  g_autoptr (HelperRun) stopped = NULL;
  g_autofree char *path = g_build_filename (oba_local_server_get_home (server), "data", "postmaster.pid", NULL);
  g_autofree char *text = g_strdup_printf ("%d\n/elsewhere\n1\n5432\n/tmp\n\n  1 1\nready\n", (int) getpid ());
  g_autoptr (GError) error = NULL;

  assert_started (home);
  stopped = helper_run (home, "local", "stop", NULL);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  g_assert_false (oba_local_server_is_running (server));
  assert_started (home);
  g_assert_true (oba_local_server_is_running (server));
}

/* Ctrl+C in the first start, and a half-made directory of it: the next start makes a whole one. */
static void
test_half_made (void)
{
  g_autoptr (HelperHome) home = helper_home_new (FALSE, "data");
  g_autoptr (ObaLocalServer) server = server_of (home);
  g_autofree char *half = g_build_filename (oba_local_server_get_home (server), "data.new", NULL);
  g_autofree char *file = g_build_filename (half, "PG_VERSION", NULL);
  g_autoptr (GSubprocess) first = helper_spawn (home, "local", "start", NULL);
  g_autoptr (HelperRun) interrupted = NULL;
  g_autoptr (GError) error = NULL;

  while (!g_file_test (file, G_FILE_TEST_EXISTS) && !oba_local_server_is_running (server))
    g_thread_yield ();
  g_subprocess_send_signal (first, SIGINT);
  interrupted = helper_wait (first);
  helper_assert_run (interrupted, 1, "", "stopped, as you asked");
  g_assert_cmpint (oba_local_server_get_major (server), ==, 0);

  g_mkdir (half, 0700);
  g_file_set_contents (file, "15\n", -1, &error);
  g_assert_no_error (error);
  assert_started (home);
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
}

/* Root was killed, or is still at it, between making the folder and giving it to the server's user. */
static void
test_half_given (void)
{
  g_autoptr (HelperHome) home = helper_home_new (FALSE, "data");
  g_autoptr (ObaLocalServer) server = server_of (home);

  g_assert_cmpint (g_mkdir_with_parents (oba_local_server_get_directory (server), 0711), ==, 0);
  g_assert_cmpint (g_mkdir (oba_local_server_get_home (server), 0700), ==, 0);
  assert_started (home);
}

/* The application and a command start it at the same moment: one makes it, both get it. */
static void
test_two_starters (void)
{
  g_autoptr (HelperHome) home = helper_home_new (FALSE, "data");
  g_autoptr (GSubprocess) one = helper_spawn (home, "local", "start", NULL);
  g_autoptr (GSubprocess) two = helper_spawn (home, "migrate", "--local", NULL);
  g_autoptr (HelperRun) run_one = helper_wait (one);
  g_autoptr (HelperRun) run_two = helper_wait (two);

  helper_assert_run (run_one, 0, "running", "");
  helper_assert_run (run_two, 0, "up to date", "");
}

/* Data of a PostgreSQL that is gone, or a broken setting: said plainly, and the data is left alone. */
static void
test_refusals (void)
{
  HelperHome *home = shared;
  g_autoptr (ObaLocalServer) server = server_of (home);
  g_autofree char *version = g_build_filename (oba_local_server_get_home (server), "data", "PG_VERSION", NULL);
  g_autofree char *conf = g_build_filename (oba_local_server_get_home (server), "data", "postgresql.conf", NULL);
  g_autofree char *right = NULL, *settings = NULL;
  g_autoptr (HelperRun) stopped = NULL, old = NULL, broken = NULL;
  g_autoptr (GError) error = NULL;

  assert_started (home);
  stopped = helper_run (home, "local", "stop", NULL);
  g_file_get_contents (version, &right, NULL, &error);
  g_assert_no_error (error);
  g_file_set_contents (version, "9\n", -1, NULL);
  old = helper_run (home, "local", "start", NULL);
  helper_assert_run (old, 1, "", "made by PostgreSQL 9");
  g_file_set_contents (version, right, -1, NULL);

  g_file_get_contents (conf, &settings, NULL, &error);
  g_assert_no_error (error);
  g_file_set_contents (conf, "no_such_setting = 1\n", -1, NULL);
  broken = helper_run (home, "local", "start", NULL);
  helper_assert_run (broken, 1, "", "no_such_setting");
  g_file_set_contents (conf, settings, -1, &error);
  g_assert_no_error (error);
  assert_started (home);
}

/* A deep home directory is no reason to have no database: sockets have short names only. */
static void
test_long_path (void)
{
  g_autofree char *name = g_strnfill (120, 'd');
  g_autoptr (HelperHome) home = helper_home_new (FALSE, name);
  g_autoptr (ObaLocalServer) server = server_of (home);
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (HelperRun) stopped = NULL;
  g_autofree char *host = NULL;

  assert_started (home);
  connection = connect_to (server);
  host = helper_query (connection, "SHOW unix_socket_directories");
  g_assert_true (oba_db_connection_is_open (connection));
  stopped = helper_run (home, "local", "stop", NULL);
  helper_assert_run (stopped, 0, "stopped", "");
  g_assert_false (g_file_test (host, G_FILE_TEST_EXISTS));
}

/* Root keeps its home closed, and postgres has to get in: the sentence says what to do. */
static void
test_closed_home (void)
{
  g_autoptr (HelperHome) home = NULL;
  g_autoptr (HelperRun) run = NULL;

  if (geteuid () != 0)
    {
      g_test_skip ("only root has this difficulty");
      return;
    }
  home = helper_home_new (FALSE, "data");
  g_assert_no_errno (g_chmod (home->path, 0700));
  run = helper_run (home, "local", "start", NULL);
  helper_assert_run (run, 1, "", "Unset XDG_DATA_HOME");
  g_assert_false (g_file_test (home->data_home, G_FILE_TEST_EXISTS));
}

typedef struct
{
  guint ticks;
  gboolean done;
} Ticking;

static gboolean
on_tick (gpointer data)
{
  ((Ticking *) data)->ticks++;
  return G_SOURCE_CONTINUE;
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (oba_local_server_start_finish (OBA_LOCAL_SERVER (source), result, &error));
  g_assert_no_error (error);
  ((Ticking *) data)->done = TRUE;
}

/* The application's window keeps moving while its server is made. */
static void
test_async (void)
{
  g_autoptr (HelperHome) home = helper_home_new (FALSE, "data");
  g_autoptr (ObaLocalServer) server = server_of (home);
  Ticking ticking = { 0 };
  guint source = g_timeout_add (1, on_tick, &ticking);

  oba_local_server_start_async (server, NULL, on_started, &ticking);
  while (!ticking.done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  g_assert_cmpuint (ticking.ticks, >, 10);
  g_assert_true (oba_local_server_is_running (server));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  shared = helper_home_new (FALSE, "data");
  g_test_add_func ("/local/life", test_life);
  g_test_add_func ("/local/life-as-user", test_life_as_user);
  g_test_add_func ("/local/settings", test_settings);
  g_test_add_func ("/local/killed", test_killed);
  g_test_add_func ("/local/pid-of-somebody-else", test_pid_of_somebody_else);
  g_test_add_func ("/local/half-made", test_half_made);
  g_test_add_func ("/local/half-given", test_half_given);
  g_test_add_func ("/local/two-starters", test_two_starters);
  g_test_add_func ("/local/refusals", test_refusals);
  g_test_add_func ("/local/long-path", test_long_path);
  g_test_add_func ("/local/closed-home", test_closed_home);
  g_test_add_func ("/local/async", test_async);

  status = g_test_run ();
  helper_home_free (shared);

  return status;
}
