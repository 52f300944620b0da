/* The program in the languages of the people who run it: a comma for a point, and libpq's own translations, must not change what happens. */
#include <string.h>
#include <glib/gstdio.h>

#include "helper-run.h"
#include "oba-test-postgres.h"

static HelperHome *home;
static char *locales;

static void
run_quietly (const char *const *argv)
{
  int status;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                     NULL, &status, NULL))
    g_debug ("%s is missing", argv[0]);
}

/* Locales made for this test, so that the machine needs none of its own. FALSE: it cannot make them. */
static gboolean
make_locale (const char *locale)
{
  g_autofree char *path = g_build_filename (locales, locale, NULL);
  g_autofree char *language = g_strndup (locale, strcspn (locale, "."));

  run_quietly ((const char *const[]) { "localedef", "-i", language, "-f", "UTF-8", path, NULL });
  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

static gboolean
enter (const char *locale)
{
  if (!make_locale (locale))
    {
      g_test_skip ("localedef cannot make the locale (Debian: locales)");
      return FALSE;
    }
  home->locale = locale;
  return TRUE;
}

/* Coordinates of the stores would be refused by the database, or land elsewhere. */
static void
test_decimals (void)
{
  g_autoptr (ObaTestPostgres) postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_autofree char *database = oba_test_postgres_new_database (postgres);
  g_autofree char *file = g_build_filename (home->path, "stores.csv", NULL);
  g_autoptr (HelperRun) run = NULL;
  g_autofree char *place = NULL;

  g_assert_true (g_file_set_contents (file, "code;name;latitude;longitude\nS1;OBA Nizami;40,409264;49,867092\n", -1, NULL));
  if (!enter ("az_AZ.UTF-8"))
    return;
  run = helper_run (home, "import", "stores", file, "--database", database, "--format", "json", NULL);
  home->locale = NULL;
  helper_assert_run (run, 0, "", "");
  place = oba_test_postgres_exec (database, "select latitude || ' ' || longitude from oba.stores where code = 'S1'");
  g_assert_cmpstr (place, ==, "40.409264 49.867092");
}

/* A Russian desktop would say that the server does not answer when its name is wrong. */
static void
test_reasons (void)
{
  g_autoptr (HelperRun) plain = helper_run (home, "migrate", "--status", "--database", "host=nowhere.invalid dbname=oba user=aysel", NULL);
  g_autoptr (HelperRun) russian = NULL;

  helper_assert_run (plain, 1, "", "There is no server named nowhere.invalid.");
  if (!enter ("ru_RU.UTF-8"))
    return;
  /* Our own sentence is Russian where the program is installed, and English where it only is built. */
  russian = helper_run (home, "migrate", "--status", "--database", "host=nowhere.invalid dbname=oba user=aysel", NULL);
  home->locale = NULL;
  g_assert_cmpint (russian->status, ==, 1);
  g_assert_true (strstr (russian->err, "There is no server named") != NULL || strstr (russian->err, "Сервера с именем") != NULL);
}

static void
remove_locales (void)
{
  run_quietly ((const char *const[]) { "rm", "-r", locales, NULL });
  g_free (locales);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  home = helper_home_new (FALSE, "data");
  locales = g_dir_make_tmp ("oba-locales-XXXXXX", NULL);
  g_setenv ("LOCPATH", locales, TRUE);
  g_test_add_func ("/locales/decimals", test_decimals);
  g_test_add_func ("/locales/reasons", test_reasons);
  status = g_test_run ();
  remove_locales ();
  helper_home_free (home);
  return status;
}
