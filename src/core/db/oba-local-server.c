#include "oba-config.h"
#include "oba-local-server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/oba-error.h"
#include "oba-db-connection.h"
#include "oba-local-server-private.h"

#define SUPERUSER "postgres"
#define DATABASE "oba"
#define LOG_KEPT (10 * 1024 * 1024)
#define LOG_LINES 8
#define PATIENCE (60 * G_USEC_PER_SEC)   /* for crash recovery after pg_ctl gave up, and for the sessions of a killed server to go */

struct _ObaLocalServer
{
  GObject parent_instance;

  /* Never changed after construction, so threads may read them. */
  char *directory;
  char *home;
  char *data;
  char *log;
};

G_DEFINE_FINAL_TYPE (ObaLocalServer, oba_local_server, G_TYPE_OBJECT)

/* What start and stop need to know of the computer; found anew each time. */
typedef struct
{
  ObaLocalUser user;
  ObaLocalInstall install;
  int lock;
} Work;

static void
work_clear (Work *work)
{
  oba_local_user_clear (&work->user);
  oba_local_install_clear (&work->install);
  if (work->lock >= 0)
    close (work->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static void
oba_local_server_finalize (GObject *object)
{
  ObaLocalServer *self = OBA_LOCAL_SERVER (object);

  g_free (self->directory);
  g_free (self->home);
  g_free (self->data);
  g_free (self->log);

  G_OBJECT_CLASS (oba_local_server_parent_class)->finalize (object);
}

static void
oba_local_server_class_init (ObaLocalServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_local_server_finalize;
}

static void
oba_local_server_init (ObaLocalServer *self)
{
}

static char *
default_directory (void)
{
  const char *data_home = g_getenv ("XDG_DATA_HOME");

  if (data_home != NULL && g_path_is_absolute (data_home))
    return g_build_filename (data_home, "oba", NULL);
  if (geteuid () == 0)
    return g_strdup ("/var/lib/oba");
  return g_build_filename (g_get_home_dir (), ".local", "share", "oba", NULL);
}

ObaLocalServer *
oba_local_server_new (const char *directory)
{
  ObaLocalServer *self = g_object_new (OBA_TYPE_LOCAL_SERVER, NULL);

  self->directory = directory != NULL ? g_canonicalize_filename (directory, NULL) : default_directory ();
  self->home = g_build_filename (self->directory, "postgresql", NULL);
  self->data = g_build_filename (self->home, "data", NULL);
  self->log = g_build_filename (self->home, "server.log", NULL);

  return self;
}

const char *
oba_local_server_get_directory (ObaLocalServer *self)
{
  return self->directory;
}

const char *
oba_local_server_get_home (ObaLocalServer *self)
{
  return self->home;
}

char *
oba_local_server_get_log_path (ObaLocalServer *self)
{
  return g_strdup (self->log);
}

/* postmaster.pid: line 1 the process, line 5 the folder of its socket. NULL when there is none. */
static char **
read_pid_file (ObaLocalServer *self)
{
  g_autofree char *path = g_build_filename (self->data, "postmaster.pid", NULL);
  g_autofree char *text = NULL;
  char **lines;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  if (g_strv_length (lines) >= 6)
    return lines;
  g_strfreev (lines);

  return NULL;
}

/* After a crash or a reboot the number in a pid file may be anybody's: ours are those that work in the data directory. */
static gboolean
works_in_data (ObaLocalServer *self, int pid)
{
  g_autofree char *link = g_strdup_printf ("/proc/%d/cwd", pid);
  g_autofree char *cwd = g_file_read_link (link, NULL);
  g_autofree char *data = realpath (self->data, NULL);

  return pid > 0 && cwd != NULL && data != NULL && strcmp (cwd, data) == 0;
}

int
oba_local_server_get_pid (ObaLocalServer *self)
{
  g_auto (GStrv) lines = read_pid_file (self);
  int pid = lines != NULL ? abs (atoi (lines[0])) : 0;

  return works_in_data (self, pid) ? pid : 0;
}

gboolean
oba_local_server_is_running (ObaLocalServer *self)
{
  return oba_local_server_get_pid (self) != 0;
}

int
oba_local_server_get_major (ObaLocalServer *self)
{
  g_autofree char *path = g_build_filename (self->data, "PG_VERSION", NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? atoi (text) : 0;
}

static char *
make_uri (ObaLocalServer *self, const char *database)
{
  g_auto (GStrv) lines = oba_local_server_is_running (self) ? read_pid_file (self) : NULL;
  g_autofree char *socket_dir = lines != NULL && lines[4][0] == '/' ? g_strdup (lines[4]) : oba_local_socket_dir (self->home, geteuid () == 0);
  g_autofree char *host = g_uri_escape_string (socket_dir, NULL, FALSE);

  return g_strdup_printf ("postgresql:///%s?host=%s&port=%d&user=%s", database, host, OBA_LOCAL_PORT, SUPERUSER);
}

char *
oba_local_server_get_uri (ObaLocalServer *self)
{
  return make_uri (self, DATABASE);
}

/* Takes over the sentence of the program that failed, or of the log; both end with the reason. */
static gboolean
fail_with_output (GError **error, const char *what, const char *output)
{
  if (strstr (output, "No space left on device") != NULL)
    g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("%s The disk is full: make room and start it again; nothing that was saved is lost."), what);
  else
    g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("%s The last it said:\n%s"), what, output);

  return FALSE;
}

static char *
last_lines (const char *text)
{
  g_auto (GStrv) lines = NULL;
  g_autofree char *chomped = g_strchomp (g_strdup (text));
  guint n;

  lines = g_strsplit (chomped, "\n", -1);
  n = g_strv_length (lines);

  return g_strjoinv ("\n", lines + (n > LOG_LINES ? n - LOG_LINES : 0));
}

static gboolean
write_configuration (ObaLocalServer *self, const Work *work, const char *data, GError **error)
{
  g_autofree char *conf_path = g_build_filename (data, "postgresql.conf", NULL);
  g_autofree char *hba_path = g_build_filename (data, "pg_hba.conf", NULL);
  g_autofree char *conf = NULL;
  g_autofree char *text = NULL;

  if (!g_file_get_contents (conf_path, &conf, NULL, error))
    return FALSE;
  text = g_strconcat (conf, "\n\ninclude = 'oba.conf'\n# Settings of your own belong below this line.\n", NULL);

  /* Nobody else can enter the folder of the socket, so whoever comes in is the owner, under any role. */
  return oba_local_write_file (conf_path, text, &work->user, error) &&
         oba_local_write_file (hba_path, "local all all trust\n", &work->user, error);
}

/* Under another name until it is whole: a half-made directory is never taken for a database. */
static gboolean
make_data (ObaLocalServer *self, const Work *work, GCancellable *cancellable, GError **error)
{
  g_autofree char *new_data = g_strconcat (self->data, ".new", NULL);
  g_autofree char *output = NULL;
  int status;

  if (!oba_local_remove_tree (new_data, error))
    return FALSE;
  status = oba_local_install_run (&work->install, &work->user, self->home, &output, cancellable, error, "initdb", "-D", new_data,
                                  "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions",
                                  work->install.major >= 18 ? "--no-data-checksums" : NULL, NULL);
  if (status != 0)
    {
      g_autofree char *tail = status > 0 ? last_lines (output) : NULL;

      oba_local_remove_tree (new_data, NULL);
      return status > 0 && fail_with_output (error, _("The private database could not be made."), tail);
    }
  if (!write_configuration (self, work, new_data, error))
    return FALSE;
  if (g_rename (new_data, self->data) != 0)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("%s could not be made: %s"), self->data, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

static gboolean
write_settings (ObaLocalServer *self, const Work *work, GError **error)
{
  g_autofree char *socket_dir = oba_local_socket_dir (self->home, work->user.drops_root);
  g_autofree char *path = g_build_filename (self->data, "oba.conf", NULL);
  g_autofree char *plain = oba_local_settings (socket_dir, FALSE);
  g_autofree char *with_lz4 = oba_local_settings (socket_dir, TRUE);
  g_autofree char *output = NULL;

  if (!oba_local_make_private_dir (socket_dir, &work->user, error) || !oba_local_write_file (path, plain, &work->user, error))
    return FALSE;
  /* Not every PostgreSQL is built with lz4, and one that is not would refuse to start. */
  if (oba_local_install_run (&work->install, &work->user, self->home, &output, NULL, NULL, "postgres", "-D", self->data,
                             "-c", "wal_compression=lz4", "-C", "wal_compression", NULL) == 0)
    return oba_local_write_file (path, with_lz4, &work->user, error);

  return TRUE;
}

static goffset
prepare_log (ObaLocalServer *self)
{
  g_autofree char *old = g_strconcat (self->log, ".1", NULL);
  GStatBuf info;

  if (g_lstat (self->log, &info) != 0)
    return 0;
  if (info.st_size < LOG_KEPT)
    return info.st_size;
  g_rename (self->log, old);

  return 0;
}

/* Does any process work in the data directory? The sessions of a killed server live a moment longer than it. */
static gboolean
is_data_in_use (ObaLocalServer *self)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while (proc != NULL && (name = g_dir_read_name (proc)) != NULL)
    if (works_in_data (self, atoi (name)))
      return TRUE;
  return FALSE;
}

/*
 * What a killed server left behind keeps PostgreSQL from starting for as long as its number is another program's (or a zombie's).
 * We hold the lock and nobody works in the data, so it may go.
 */
static gboolean
clear_remains (ObaLocalServer *self, const Work *work, GCancellable *cancellable, GError **error)
{
  g_autofree char *socket_dir = oba_local_socket_dir (self->home, work->user.drops_root);
  g_autofree char *socket_path = g_strdup_printf ("%s/.s.PGSQL.%d", socket_dir, OBA_LOCAL_PORT);
  g_autofree char *socket_lock = g_strconcat (socket_path, ".lock", NULL);
  g_autofree char *pid_file = g_build_filename (self->data, "postmaster.pid", NULL);
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while (is_data_in_use (self))
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (g_get_monotonic_time () > deadline)
        {
          g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE,
                       _("Processes of a server that was killed still work in %s. End them, then start it again."), self->data);
          return FALSE;
        }
      g_usleep (20000);
    }
  g_remove (pid_file);
  g_remove (socket_lock);
  g_remove (socket_path);

  return TRUE;
}

static gboolean
run_postmaster (ObaLocalServer *self, const Work *work, GCancellable *cancellable, GError **error)
{
  g_autofree char *output = NULL;
  g_autofree char *tail = NULL;
  goffset offset = prepare_log (self);
  int status;

  if (!clear_remains (self, work, cancellable, error))
    return FALSE;
  status = oba_local_install_run (&work->install, &work->user, self->home, &output, cancellable, error,
                                  "pg_ctl", "-D", self->data, "-l", self->log, "-w", "-t", "60", "-s", "start", NULL);
  if (status <= 0)
    return status == 0;
  /* Recovery of a large database may take longer than pg_ctl waits. */
  if (oba_local_server_is_running (self))
    return TRUE;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  tail = oba_local_read_tail (self->log, offset, LOG_LINES);

  return fail_with_output (error, _("The private database server did not start."), *tail != '\0' ? tail : g_strchomp (output));
}

static gboolean
is_starting (const GError *error)
{
  return strcmp (oba_db_error_get_sqlstate (error), "57P03") == 0 || g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT);
}

static ObaDbConnection *
connect_when_ready (ObaLocalServer *self, const char *database, GCancellable *cancellable, GError **error)
{
  g_autofree char *uri = make_uri (self, database);
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  for (;;)
    {
      g_autoptr (GError) local_error = NULL;
      ObaDbConnection *connection = oba_db_connection_open_sync (uri, OBA_DB_CONNECTION_DEFAULT, cancellable, &local_error);

      if (connection != NULL)
        return connection;
      if (!is_starting (local_error) || !oba_local_server_is_running (self) || g_get_monotonic_time () > deadline)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      g_usleep (50000);
    }
}

static gboolean
make_database (ObaLocalServer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (ObaDbConnection) connection = connect_when_ready (self, "postgres", cancellable, error);
  g_autoptr (ObaDbResult) found = NULL;

  if (connection == NULL)
    return FALSE;
  found = oba_db_connection_query_sync (connection, "SELECT FROM pg_database WHERE datname = '" DATABASE "'", NULL, cancellable, error);
  if (found == NULL)
    return FALSE;
  return oba_db_result_get_n_rows (found) > 0 ||
         oba_db_connection_script_sync (connection, "CREATE DATABASE " DATABASE, cancellable, error);
}

/* pg_ctl passes paths through a shell. */
static gboolean
check_path (ObaLocalServer *self, GError **error)
{
  if (strpbrk (self->directory, "\"$`\\\n") == NULL)
    return TRUE;
  g_set_error (error, OBA_ERROR, OBA_ERROR_REFUSED,
               _("The folder of the private database, %s, has a character in its name that PostgreSQL's programs cannot take. Set XDG_DATA_HOME to another place."),
               self->directory);
  return FALSE;
}

static gboolean
begin_work (ObaLocalServer *self, Work *work, GCancellable *cancellable, GError **error)
{
  if (!check_path (self, error) || !oba_local_user_find (&work->user, error) || !oba_local_make_home (self->home, &work->user, error))
    return FALSE;
  work->lock = oba_local_lock (self->home, &work->user, cancellable, error);

  return work->lock >= 0;
}

gboolean
oba_local_server_start (ObaLocalServer *self, GCancellable *cancellable, GError **error)
{
  g_auto (Work) work = { .lock = -1 };

  if (!begin_work (self, &work, cancellable, error))
    return FALSE;
  if (!oba_local_server_is_running (self))
    {
      int major = oba_local_server_get_major (self);

      if (!oba_local_install_find (&work.install, major, error) ||
          (major == 0 && !make_data (self, &work, cancellable, error)) ||
          !write_settings (self, &work, error) ||
          !run_postmaster (self, &work, cancellable, error))
        return FALSE;
    }
  return make_database (self, cancellable, error);
}

static void
start_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  /* Without a context of its own, its connection would be watched by the main thread, too. */
  g_autoptr (GMainContext) own = g_main_context_new ();
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (own);
  GError *error = NULL;

  if (oba_local_server_start (source, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
oba_local_server_start_async (ObaLocalServer *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_local_server_start_async);
  g_task_run_in_thread (task, start_in_thread);
}

gboolean
oba_local_server_start_finish (ObaLocalServer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The one outside of our home, for a path too long; only if nothing else is in it. */
static void
remove_short_socket_dir (ObaLocalServer *self, const Work *work)
{
  g_autofree char *socket_dir = oba_local_socket_dir (self->home, work->user.drops_root);

  if (!g_str_has_prefix (socket_dir, self->home))
    g_rmdir (socket_dir);
}

gboolean
oba_local_server_stop (ObaLocalServer *self, GError **error)
{
  g_auto (Work) work = { .lock = -1 };
  g_autofree char *output = NULL;
  g_autofree char *tail = NULL;

  if (!g_file_test (self->data, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (!begin_work (self, &work, NULL, error))
    return FALSE;
  if (!oba_local_server_is_running (self))
    return TRUE;
  if (!oba_local_install_find (&work.install, oba_local_server_get_major (self), error))
    return FALSE;
  switch (oba_local_install_run (&work.install, &work.user, self->home, &output, NULL, error,
                                 "pg_ctl", "-D", self->data, "-m", "fast", "-w", "-t", "120", "-s", "stop", NULL))
    {
    case 0:
      remove_short_socket_dir (self, &work);
      return TRUE;
    case -1:
      return FALSE;
    default:
      tail = last_lines (output);
      return fail_with_output (error, _("The private database server did not stop."), tail);
    }
}
