#include "helper-run.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "oba-test-postgres.h"

#define NOBODY 65534
#define PIPES (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE)

/* The build may be in a folder that only its owner enters, so the program comes along. */
static void
give_to_nobody (HelperHome *home)
{
  g_autofree char *copy = g_build_filename (home->path, "oba-helper", NULL);
  const char *argv[] = { "cp", home->program, copy, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_free (home->program);
  home->program = g_steal_pointer (&copy);
  g_assert_no_errno (chown (home->path, NOBODY, NOBODY));
}

static void
become_nobody (gpointer data)
{
  if (setgroups (0, NULL) != 0 || setgid (NOBODY) != 0 || setuid (NOBODY) != 0)
    _exit (126);
}

static GSubprocess *
spawn (HelperHome *home, const char *const *argv, GSubprocessFlags flags)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = g_listenv ();
  GSubprocess *process;

  for (char **name = names; *name != NULL; name++)
    if (g_str_has_prefix (*name, "PG") || g_str_has_prefix (*name, "OBA_"))
      g_subprocess_launcher_unsetenv (launcher, *name);
  g_subprocess_launcher_setenv (launcher, "HOME", home->path, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", home->data_home, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", home->path, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "XDG_RUNTIME_DIR");
  g_subprocess_launcher_setenv (launcher, "LC_ALL", home->locale != NULL ? home->locale : "C.UTF-8", TRUE);
  g_subprocess_launcher_set_cwd (launcher, home->path);
  if (home->as_nobody)
    g_subprocess_launcher_set_child_setup (launcher, become_nobody, NULL, NULL);

  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);

  return process;
}

HelperHome *
helper_home_new (gboolean as_nobody, const char *data_name)
{
  /* It ends with our end of its stdin, also when a test crashes: no server outlives its test. */
  const char *guard[] = { "sh", "-c", "cat; \"$0\" local stop >/dev/null 2>&1; rm -rf \"$1\"", NULL, NULL, NULL };
  HelperHome *home = g_new0 (HelperHome, 1);

  home->path = g_build_filename (oba_test_postgres_get_parent (), "oba-helper-test-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (home->path));
  g_assert_no_errno (g_chmod (home->path, 0711));
  home->data_home = g_build_filename (home->path, data_name, NULL);
  home->program = g_strdup (g_getenv ("OBA_HELPER"));
  g_assert_nonnull (home->program);
  home->as_nobody = as_nobody;
  if (as_nobody)
    give_to_nobody (home);
  guard[3] = home->program;
  guard[4] = home->path;
  home->guard = spawn (home, guard, G_SUBPROCESS_FLAGS_STDIN_PIPE);

  return home;
}

void
helper_home_free (HelperHome *home)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (home->guard), NULL, NULL);
  g_subprocess_wait (home->guard, NULL, NULL);
  g_object_unref (home->guard);
  /* What nobody may not remove: the entry in the folder above it is ours. */
  g_rmdir (home->path);
  g_free (home->path);
  g_free (home->data_home);
  g_free (home->program);
  g_free (home);
}

static GPtrArray *
collect (HelperHome *home, const char *argument, va_list args)
{
  GPtrArray *argv = g_ptr_array_new ();

  g_ptr_array_add (argv, home->program);
  for (; argument != NULL; argument = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) argument);
  g_ptr_array_add (argv, NULL);

  return argv;
}

GSubprocess *
helper_spawn (HelperHome *home, const char *argument, ...)
{
  g_autoptr (GPtrArray) argv = NULL;
  va_list args;

  va_start (args, argument);
  argv = collect (home, argument, args);
  va_end (args);

  return spawn (home, (const char *const *) argv->pdata, PIPES);
}

HelperRun *
helper_wait (GSubprocess *process)
{
  HelperRun *run = g_new0 (HelperRun, 1);
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &run->out, &run->err, &error);
  g_assert_no_error (error);
  run->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : 128 + g_subprocess_get_term_sig (process);

  return run;
}

HelperRun *
helper_run (HelperHome *home, const char *argument, ...)
{
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (GSubprocess) process = NULL;
  va_list args;

  va_start (args, argument);
  argv = collect (home, argument, args);
  va_end (args);
  process = spawn (home, (const char *const *) argv->pdata, PIPES);

  return helper_wait (process);
}

void
helper_run_free (HelperRun *run)
{
  g_free (run->out);
  g_free (run->err);
  g_free (run);
}

ObaDbConnection *
helper_new_database (HelperHome *home, const char *name, char **uri)
{
  g_autoptr (HelperRun) started = helper_run (home, "local", "start", NULL);
  g_autoptr (HelperRun) shown = helper_run (home, "local", "uri", NULL);
  g_autoptr (ObaDbConnection) owner = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *statement = g_strdup_printf ("CREATE DATABASE %s", name);
  g_autofree char *path = g_strdup_printf ("/%s?", name);
  g_autoptr (GString) other = g_string_new (g_strchomp (shown->out));
  ObaDbConnection *connection;

  helper_assert_run (started, 0, "running", "");
  owner = oba_db_connection_open_sync (other->str, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  oba_db_connection_script_sync (owner, statement, NULL, &error);
  g_assert_no_error (error);
  g_string_replace (other, "/oba?", path, 1);
  connection = oba_db_connection_open_sync (other->str, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  *uri = g_strdup (other->str);

  return connection;
}

char *
helper_query (ObaDbConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_connection_query_sync (connection, sql, NULL, NULL, &error);

  g_assert_no_error (error);
  return oba_db_result_get_n_rows (result) > 0 ? g_strdup (oba_db_result_get_text (result, 0, 0)) : g_strdup ("");
}
