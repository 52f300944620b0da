#include "oba-config.h"
#include "oba-local-server-private.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/oba-error.h"

#define LONGEST_SOCKET_PATH 99   /* of sun_path's 107; room for the ".lock" beside it */

/* Tells @format, with the path, and then why the system refused. */
static gboolean fail (GError **error, int saved_errno, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (GError **error, int saved_errno, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, "%s: %s", what, g_strerror (saved_errno));

  return FALSE;
}

/* What root makes is handed to the server's user; never through a link. */
static gboolean
own (const char *path, const ObaLocalUser *user, GError **error)
{
  if (user->drops_root && lchown (path, user->uid, user->gid) != 0)
    return fail (error, errno, _("%s could not be given to the user that runs PostgreSQL"), path);
  return TRUE;
}

gboolean
oba_local_make_private_dir (const char *path, const ObaLocalUser *user, GError **error)
{
  struct stat info;

  if (mkdir (path, 0700) == 0)
    return own (path, user, error);
  if (errno != EEXIST)
    return fail (error, errno, _("The folder %s could not be made"), path);
  if (lstat (path, &info) != 0)
    return fail (error, errno, _("The folder %s could not be read"), path);
  /* Root's own: another starter made it a moment ago and has not given it away yet, or was killed before it could. */
  if (S_ISDIR (info.st_mode) && user->drops_root && info.st_uid == geteuid ())
    return own (path, user, error);
  if (!S_ISDIR (info.st_mode) || info.st_uid != user->uid)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_REFUSED,
                   _("%s belongs to somebody else, so the private database is not kept there. Remove it, or set XDG_DATA_HOME to another place."), path);
      return FALSE;
    }
  if ((info.st_mode & 0077) != 0 && chmod (path, 0700) != 0)
    return fail (error, errno, _("The folder %s could not be made private"), path);

  return TRUE;
}

/* Asks the kernel, as that user: permissions have more to them than mode bits. */
static gboolean
can_enter (const char *path, const ObaLocalUser *user)
{
  int status = 1;
  pid_t child;

  if (!user->drops_root)
    return access (path, X_OK) == 0;
  child = fork ();
  if (child == 0)
    _exit (setgroups ((size_t) user->n_groups, user->groups) != 0 || setgid (user->gid) != 0 || setuid (user->uid) != 0 ||
           access (path, X_OK) != 0);
  if (child < 0)
    return FALSE;
  while (waitpid (child, &status, 0) < 0 && errno == EINTR)
    ;
  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static gboolean
check_reachable (const char *path, const ObaLocalUser *user, GError **error)
{
  g_autofree char *existing = g_strdup (path);

  while (!g_file_test (existing, G_FILE_TEST_EXISTS))
    {
      char *parent = g_path_get_dirname (existing);

      g_free (existing);
      existing = parent;
    }
  if (can_enter (existing, user))
    return TRUE;
  if (user->drops_root)
    g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE,
                 _("As root, the private database is run by the system user “postgres”, which cannot enter %s. Unset XDG_DATA_HOME (then /var/lib/oba is used) or set it to a place that everybody can enter."),
                 existing);
  else
    g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("You may not enter the folder %s, so the private database cannot be there. Set XDG_DATA_HOME to another place."),
                 existing);
  return FALSE;
}

gboolean
oba_local_make_home (const char *home, const ObaLocalUser *user, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (home);

  if (!check_reachable (parent, user, error))
    return FALSE;
  /* Root's folder lets the server's user through to its own. */
  if (g_mkdir_with_parents (parent, user->drops_root ? 0711 : 0700) != 0)
    return fail (error, errno, _("The folder %s could not be made"), parent);

  return oba_local_make_private_dir (home, user, error);
}

static gboolean
fits_socket (const char *dir)
{
  g_autofree char *path = g_strdup_printf ("%s/.s.PGSQL.%d", dir, OBA_LOCAL_PORT);

  return strlen (path) <= LONGEST_SOCKET_PATH;
}

char *
oba_local_socket_dir (const char *home, gboolean as_root)
{
  g_autofree char *inside = g_build_filename (home, "socket", NULL);
  g_autofree char *hash = NULL;
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  char *dir;

  if (fits_socket (inside))
    return g_steal_pointer (&inside);

  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, home, -1);
  hash[16] = '\0';
  /* Root's runtime folder is closed to the server's user. */
  if (as_root)
    return g_strdup_printf ("%s/oba-%s", g_file_test ("/run", G_FILE_TEST_IS_DIR) ? "/run" : "/tmp", hash);
  if (runtime != NULL && g_path_is_absolute (runtime) && g_file_test (runtime, G_FILE_TEST_IS_DIR))
    {
      dir = g_strdup_printf ("%s/oba-%s", runtime, hash);
      if (fits_socket (dir))
        return dir;
      g_free (dir);
    }
  return g_strdup_printf ("/tmp/oba-%s", hash);
}

gboolean
oba_local_write_file (const char *path, const char *text, const ObaLocalUser *user, GError **error)
{
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error) && own (path, user, error);
}

gboolean
oba_local_remove_tree (const char *path, GError **error)
{
  struct stat info;

  if (lstat (path, &info) != 0)
    return errno == ENOENT || fail (error, errno, _("%s could not be removed"), path);
  if (S_ISDIR (info.st_mode))
    {
      g_autoptr (GDir) dir = g_dir_open (path, 0, error);
      const char *name;

      if (dir == NULL)
        return FALSE;
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          if (!oba_local_remove_tree (child, error))
            return FALSE;
        }
    }
  return g_remove (path) == 0 || fail (error, errno, _("%s could not be removed"), path);
}

int
oba_local_lock (const char *home, const ObaLocalUser *user, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_build_filename (home, "lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    {
      fail (error, errno, _("%s could not be opened"), path);
      return -1;
    }
  if (!own (path, user, error))
    {
      close (fd);
      return -1;
    }
  /* A blocking flock could not be cancelled. */
  while (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno != EWOULDBLOCK && errno != EINTR)
        {
          fail (error, errno, _("%s could not be locked"), path);
          close (fd);
          return -1;
        }
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        {
          close (fd);
          return -1;
        }
      g_usleep (20000);
    }
  return fd;
}

char *
oba_local_read_tail (const char *path, goffset offset, guint lines)
{
  g_autofree char *text = NULL;
  g_autofree char *valid = NULL;
  gsize length = 0;
  char *start;

  if (!g_file_get_contents (path, &text, &length, NULL) || (gsize) offset >= length)
    return g_strdup ("");
  valid = g_utf8_make_valid (text + offset, (gssize) (length - (gsize) offset));
  g_strchomp (valid);
  start = valid + strlen (valid);
  while (start > valid && (start[-1] != '\n' || --lines > 0))
    start--;

  return g_strdup (start);
}
