/*
 * Receipts a second through oba.record_receipt (), with all that belongs to one (points, tier, message, keys), against a transaction that only makes the
 * same INSERTs, a statement each, with the same rows (the update of the account is the function's alone), and with the rights that the function has,
 * since a superuser's statements are not asked for theirs. pgbench, the same clients, short turns that go first in turn, so that a busy machine slows
 * both. Fails below 60 % of the bare INSERTs. Arguments: fill, function, inserts (.sql); then the seconds of a turn.
 */
#include "oba-test-postgres.h"

#include <stdlib.h>
#include <string.h>

#define N_ROUNDS 11
#define CLIENTS "4"
#define MIN_SHARE 0.60

/* Receipts a second of one turn. */
static double
turn (const char *pgbench, const char *conninfo, const char *options, const char *script, const char *seconds)
{
  const char *const argv[] = { pgbench, "-n", "-M", "prepared", "-c", CLIENTS, "-j", "2", "-T", seconds, "-f", script, conninfo, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  const char *tps, *failed;

  g_subprocess_launcher_setenv (launcher, "PGOPTIONS", options, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  tps = strstr (output, "tps = ");
  failed = strstr (output, "number of failed transactions: ");
  if (!g_subprocess_get_successful (process) || tps == NULL || failed == NULL || !g_str_has_prefix (failed + 31, "0 "))
    g_error ("%s", output);
  return g_ascii_strtod (tps + 6, NULL);
}

static void
fill (const char *conninfo, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) psql =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "psql", "-X", "-v", "ON_ERROR_STOP=1", "-f", path, conninfo, NULL);

  g_assert_no_error (error);
  g_subprocess_wait_check (psql, NULL, &error);
  g_assert_no_error (error);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a, other = *(const double *) b;

  return (one > other) - (one < other);
}

/* The plans as the helper's login has them: planning a statement anew for each receipt would cost more than the statement. */
static const char *const options[] = { "-c plan_cache_mode=force_generic_plan", "-c plan_cache_mode=force_generic_plan -c role=oba_owner" };

int
main (int argc, char **argv)
{
  g_autoptr (ObaTestPostgres) server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_autofree char *conninfo = oba_test_postgres_new_database (server);
  g_autofree char *pgbench = oba_test_postgres_find_program (server, "pgbench");
  double rates[2][N_ROUNDS], shares[N_ROUNDS];

  if (argc < 4)
    g_error ("give the fill, function and insert scripts");
  fill (conninfo, argv[1]);
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      for (guint i = 0; i < 2; i++)
        {
          guint way = (round + i) % 2;

          rates[way][round] = turn (pgbench, conninfo, options[way], argv[2 + way], argc > 4 ? argv[4] : "2");
        }
      shares[round] = rates[0][round] / rates[1][round];
      g_print ("record_receipt %7.0f/s   bare INSERTs %7.0f/s   %.2f\n", rates[0][round], rates[1][round], shares[round]);
    }
  qsort (shares, N_ROUNDS, sizeof (double), compare);
  g_print ("median %.2f of the bare INSERTs (at least %.2f)\n", shares[N_ROUNDS / 2], MIN_SHARE);
  return shares[N_ROUNDS / 2] >= MIN_SHARE ? EXIT_SUCCESS : EXIT_FAILURE;
}
