/* The program itself, from outside: what it answers to a command line, and how it ends. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app-database.h"

typedef struct
{
  int   status;
  char *out;
  char *err;
} Run;

static AppDatabase *database;

static void
run_free (Run *run)
{
  g_free (run->out);
  g_free (run->err);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

static Run *
run_program (const char *const *arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  Run *run = g_new0 (Run, 1);

  g_strv_builder_add (builder, g_getenv ("OBA_BACKOFFICE"));
  g_strv_builder_addv (builder, (const char **) arguments);
  argv = g_strv_builder_end (builder);
  process = g_subprocess_newv ((const char *const *) argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &run->out, &run->err, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  run->status = g_subprocess_get_exit_status (process);
  return run;
}

static void
test_version (void)
{
  const char *arguments[] = { "--version", NULL };
  g_autoptr (Run) run = run_program (arguments);

  g_assert_cmpint (run->status, ==, 0);
  g_assert_true (g_str_has_prefix (run->out, "oba-backoffice "));
}

/* Wrong usage is told apart from failure, without a window. */
static void
test_usage (void)
{
  const char *both[] = { "--local", "--database", "dbname=oba", NULL };
  const char *broken[] = { "--database", "dbname 'oba", NULL };
  g_autoptr (Run) first = run_program (both);
  g_autoptr (Run) second = run_program (broken);

  g_assert_cmpint (first->status, ==, 2);
  g_assert_nonnull (strstr (first->err, "not both"));
  g_assert_cmpint (second->status, ==, 2);
  g_assert_nonnull (strstr (second->err, "is not understood"));
}

/* Pictures without a database end with 1 and the sentence that the window would have shown. */
static void
test_pictures_fail (void)
{
  g_autofree char *directory = g_dir_make_tmp ("oba-pictures-XXXXXX", NULL);
  const char *arguments[] = { "--database", "host=/nowhere/at/all dbname=oba", "--screenshots", directory, NULL };
  g_autoptr (Run) run = run_program (arguments);

  g_assert_cmpint (run->status, ==, 1);
  g_assert_nonnull (strstr (run->err, "No database server answers"));
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_pictures (void)
{
  g_autofree char *base = g_dir_make_tmp ("oba-pictures-XXXXXX", NULL);
  g_autofree char *directory = g_build_filename (base, "new", NULL);
  const char *arguments[] = { "--database", app_database_get_conninfo (database), "--screenshots", directory, NULL };
  static const char *const names[] = { "overview-light.png", "overview-dark.png", "customers-light.png", "customers-dark.png",
                                       "transactions-light.png", "transactions-dark.png" };
  g_autoptr (GDir) pictures = NULL;
  g_autoptr (Run) run = run_program (arguments);

  if (run->status != 0)
    g_error ("%s", run->err);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (directory, names[i], NULL);

      g_assert_cmpint (g_access (path, R_OK), ==, 0);
    }
  /* A page may show more than one picture. */
  pictures = g_dir_open (directory, 0, NULL);
  for (const char *name = g_dir_read_name (pictures); name != NULL; name = g_dir_read_name (pictures))
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_assert_true (g_str_has_suffix (name, ".png"));
      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  g_assert_cmpint (g_rmdir (base), ==, 0);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  database = app_database_new ();
  app_database_add_chain (database);
  app_database_sell (database, 1999);

  g_test_add_func ("/application/version", test_version);
  g_test_add_func ("/application/usage", test_usage);
  g_test_add_func ("/application/pictures-fail", test_pictures_fail);
  g_test_add_func ("/application/pictures", test_pictures);

  status = g_test_run ();
  app_database_free (database);
  return status;
}
