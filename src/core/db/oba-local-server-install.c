#include "oba-config.h"
#include "oba-local-server-private.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"

#define OLDEST_MAJOR 15
#define DEBIAN_ROOT "/usr/lib/postgresql"
#define SYSTEM_USER "postgres"

gboolean
oba_local_user_find (ObaLocalUser *user, GError **error)
{
  char buffer[4096];
  struct passwd entry, *found = NULL;

  *user = (ObaLocalUser) { .uid = geteuid (), .gid = getegid () };
  if (user->uid != 0)
    return TRUE;

  if (getpwnam_r (SYSTEM_USER, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE,
                   _("PostgreSQL refuses to run as root, and the system user “%s” that would run it does not exist. Install PostgreSQL %d or newer (on Debian: apt install postgresql)."),
                   SYSTEM_USER, OLDEST_MAJOR);
      return FALSE;
    }
  user->uid = entry.pw_uid;
  user->gid = entry.pw_gid;
  user->drops_root = TRUE;
  user->n_groups = 64;
  user->groups = g_new0 (gid_t, user->n_groups);
  if (getgrouplist (SYSTEM_USER, user->gid, user->groups, &user->n_groups) < 0)
    user->n_groups = 64;

  return TRUE;
}

void
oba_local_user_clear (ObaLocalUser *user)
{
  g_clear_pointer (&user->groups, g_free);
}

void
oba_local_install_clear (ObaLocalInstall *install)
{
  g_clear_pointer (&install->bin, g_free);
}

/* 0 when @bin holds no whole server */
static int
read_major (const char *bin)
{
  static const char *const programs[] = { "initdb", "pg_ctl", "postgres" };
  g_autofree char *pg_ctl = g_build_filename (bin, "pg_ctl", NULL);
  const char *argv[] = { pg_ctl, "--version", NULL };
  g_autofree char *output = NULL;
  const char *number;
  int status = 0;

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_build_filename (bin, programs[i], NULL);

      if (access (path, X_OK) != 0)
        return 0;
    }
  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL, &status, NULL) || status != 0)
    return 0;
  number = strpbrk (output, "0123456789");

  return number != NULL ? atoi (number) : 0;
}

/* Better: the wanted major, or the newest. */
static void
consider (ObaLocalInstall *best, const char *bin, int wanted)
{
  int major = read_major (bin);

  if (major < OLDEST_MAJOR || (wanted != 0 && major != wanted) || major <= best->major)
    return;
  oba_local_install_clear (best);
  best->bin = g_strdup (bin);
  best->major = major;
}

static void
consider_debian (ObaLocalInstall *best, int wanted)
{
  g_autoptr (GDir) dir = g_dir_open (DEBIAN_ROOT, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *bin = g_build_filename (DEBIAN_ROOT, name, "bin", NULL);

      consider (best, bin, wanted);
    }
}

static void
consider_path (ObaLocalInstall *best, int wanted)
{
  g_autofree char *program = g_find_program_in_path ("pg_ctl");
  g_autofree char *real = program != NULL ? realpath (program, NULL) : NULL;

  if (real != NULL)
    {
      g_autofree char *bin = g_path_get_dirname (real);

      consider (best, bin, wanted);
    }
}

static void
consider_pg_config (ObaLocalInstall *best, int wanted)
{
  const char *argv[] = { "pg_config", "--bindir", NULL };
  g_autofree char *output = NULL;

  if (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL, NULL, NULL))
    consider (best, g_strchomp (output), wanted);
}

gboolean
oba_local_install_find (ObaLocalInstall *install, int major, GError **error)
{
  *install = (ObaLocalInstall) { NULL, 0 };
  consider_debian (install, major);
  if (install->bin == NULL)
    consider_path (install, major);
  if (install->bin == NULL)
    consider_pg_config (install, major);
  if (install->bin != NULL)
    return TRUE;

  if (major == 0)
    g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE,
                 _("No PostgreSQL server of version %d or newer is installed on this computer. On Debian: apt install postgresql."), OLDEST_MAJOR);
  else
    g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE,
                 _("The database on this computer was made by PostgreSQL %d, which is not installed any more. Install it again (on Debian: apt install postgresql-%d); the data is untouched."),
                 major, major);
  return FALSE;
}

/* Between fork and exec: system calls only. */
static void
become_user (gpointer data)
{
  const ObaLocalUser *user = data;

  if (setgroups ((size_t) user->n_groups, user->groups) != 0 || setgid (user->gid) != 0 || setuid (user->uid) != 0)
    _exit (126);
}

/* PG* variables name the user's own databases, and the log is read by us: in English. */
static void
clean_environment (GSubprocessLauncher *launcher)
{
  g_auto (GStrv) names = g_listenv ();

  for (char **name = names; *name != NULL; name++)
    if (g_str_has_prefix (*name, "PG") || g_str_has_prefix (*name, "LC_") || strcmp (*name, "NOTIFY_SOCKET") == 0)
      g_subprocess_launcher_unsetenv (launcher, *name);
  g_subprocess_launcher_unsetenv (launcher, "LANGUAGE");
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
}

int
oba_local_install_run (const ObaLocalInstall *install, const ObaLocalUser *user, const char *directory, char **output,
                       GCancellable *cancellable, GError **error, const char *program, ...)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *path = g_build_filename (install->bin, program, NULL);
  const char *argument;
  va_list args;

  g_ptr_array_add (argv, path);
  va_start (args, program);
  while ((argument = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (argv, (gpointer) argument);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  clean_environment (launcher);
  g_subprocess_launcher_set_cwd (launcher, directory);
  if (user->drops_root)
    g_subprocess_launcher_set_child_setup (launcher, become_user, (gpointer) user, NULL);

  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, error);
  if (process == NULL)
    return -1;
  if (!g_subprocess_communicate_utf8 (process, NULL, cancellable, output, NULL, error))
    {
      /* initdb removes what it made, pg_ctl leaves the server to its start. */
      g_subprocess_send_signal (process, SIGINT);
      g_subprocess_wait (process, NULL, NULL);
      return -1;
    }
  return g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : 128;
}
