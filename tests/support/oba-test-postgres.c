#include "oba-test-postgres.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "db/oba-migrator.h"

#define TEMPLATE "oba_template"
#define START_TIMEOUT_S 60
#define UNUSED_S (24 * 60 * 60)
#define MEMORY "/dev/shm"
#define MEMORY_MIN_BYTES (2ULL << 30)

struct _ObaTestPostgres
{
  ObaTestPostgresKind kind;
  char *bin;
  char *directory;
  GPid pid;     /* 0: not running */
  int lifeline; /* its other end is the watchdog's; closed by the kernel when we die */
  guint n_databases;
  guint port;
  gboolean listens;
  gboolean has_tls;
};

/* Becoming the user postgres, in the child between fork and exec */

typedef struct
{
  gboolean drops_root;
  uid_t uid;
  gid_t gid;
} User;

static User
find_user (void)
{
  User user = { .uid = geteuid (), .gid = getegid () };
  struct passwd *entry;

  if (user.uid != 0)
    return user;
  entry = getpwnam ("postgres");
  if (entry == NULL)
    g_error ("PostgreSQL does not run as root, and there is no user postgres");
  return (User){ .drops_root = TRUE, .uid = entry->pw_uid, .gid = entry->pw_gid };
}

static void
become_user (gpointer data)
{
  const User *user = data;

  /* Ctrl+C ends the test; what becomes of the server is for the watchdog to say. */
  setsid ();
  if (user->drops_root && (setgroups (0, NULL) != 0 || setgid (user->gid) != 0 || setuid (user->uid) != 0))
    _exit (127);
}

static GPid
spawn (const char *const *argv, const char *directory, const char *log)
{
  User user = find_user ();
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "LC_ALL", "C.UTF-8", TRUE);
  g_autoptr (GError) error = NULL;
  int output = open (log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  GPid pid = 0;

  g_assert_cmpint (output, >=, 0);
  environment = g_environ_unsetenv (environment, "PGDATA");
  g_spawn_async_with_fds (directory, (char **) argv, environment, G_SPAWN_DO_NOT_REAP_CHILD, become_user, &user, &pid,
                          -1, output, output, &error);
  g_assert_no_error (error);
  close (output);
  return pid;
}

static char *
get_log (ObaTestPostgres *self)
{
  return g_build_filename (self->directory, "log", NULL);
}

static void
fail_with_log (ObaTestPostgres *self, const char *what)
{
  g_autofree char *path = get_log (self);
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_error ("%s\n%s", what, text != NULL ? text : "");
}

static void
run (ObaTestPostgres *self, const char *const *argv)
{
  g_autofree char *log = get_log (self);
  GPid pid = spawn (argv, self->directory, log);
  int status = 0;

  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0)
    fail_with_log (self, argv[0]);
}

/* The server */

static char *
find_bin (void)
{
  g_autofree char *in_path = g_find_program_in_path ("initdb");
  char *found = NULL;

  for (int major = 15; major < 40; major++)
    {
      g_autofree char *bin = g_strdup_printf ("/usr/lib/postgresql/%d/bin", major);
      g_autofree char *initdb = g_build_filename (bin, "initdb", NULL);

      if (!g_file_test (initdb, G_FILE_TEST_IS_EXECUTABLE))
        continue;
      g_free (found);
      found = g_steal_pointer (&bin);
    }
  if (found == NULL && in_path != NULL)
    found = g_path_get_dirname (in_path);
  if (found == NULL)
    g_error ("The tests need a PostgreSQL server (on Debian: apt install postgresql)");
  return found;
}

static char *
make_conninfo (ObaTestPostgres *self, const char *database)
{
  return g_strdup_printf ("host=%s port=%u user=postgres dbname=%s", self->directory, self->port, database);
}

static gboolean
is_dead (ObaTestPostgres *self)
{
  return waitpid (self->pid, NULL, WNOHANG) != 0;
}

/* $OBA_TEST_DURABLE: commits wait for the disk, as the product's do, where that is what is measured. */
static gboolean
is_durable (void)
{
  return g_getenv ("OBA_TEST_DURABLE") != NULL;
}

void
oba_test_postgres_start (ObaTestPostgres *self)
{
  g_autofree char *postgres = g_build_filename (self->bin, "postgres", NULL);
  g_autofree char *data = g_build_filename (self->directory, "data", NULL);
  g_autofree char *conninfo = make_conninfo (self, "postgres");
  g_autofree char *log = get_log (self);
  g_autofree char *port = g_strdup_printf ("--port=%u", self->port);
  g_autofree char *sockets = g_strdup_printf ("--unix_socket_directories=%s", self->directory);
  g_autofree char *certificate = g_strdup_printf ("--ssl_cert_file=%s/server.crt", self->directory);
  g_autofree char *key = g_strdup_printf ("--ssl_key_file=%s/server.key", self->directory);
  const char *argv[] = { postgres,
                         "-D",
                         data,
                         port,
                         sockets,
                         self->listens ? "--listen_addresses=127.0.0.1" : "--listen_addresses=",
                         is_durable () ? "--fsync=on" : "--fsync=off",
                         is_durable () ? "--full_page_writes=on" : "--full_page_writes=off",
                         "--wal_level=minimal",
                         "--max_wal_senders=0",
                         "--max_connections=200",
                         "--log_min_messages=fatal",
                         "--timezone=UTC",
                         self->has_tls ? "--ssl=on" : NULL,
                         certificate,
                         key,
                         NULL };
  gint64 deadline = g_get_monotonic_time () + START_TIMEOUT_S * G_TIME_SPAN_SECOND;

  g_assert_cmpint (self->pid, ==, 0);
  self->pid = spawn (argv, self->directory, log);
  while (PQping (conninfo) != PQPING_OK)
    {
      if (g_get_monotonic_time () > deadline)
        fail_with_log (self, "The private PostgreSQL does not start");
      g_usleep (5000);
      /* A killed server's last process may still be letting go of its memory: the next one refuses until it has. */
      if (is_dead (self))
        self->pid = spawn (argv, self->directory, log);
    }
}

static void
signal_and_wait (ObaTestPostgres *self, int signum)
{
  if (self->pid == 0)
    return;
  kill (self->pid, signum);
  while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
    ;
  self->pid = 0;
}

void
oba_test_postgres_stop (ObaTestPostgres *self)
{
  signal_and_wait (self, SIGINT);
}

/* Every process of the server has the postmaster as its parent. */
static void
kill_children (GPid parent)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "stat", NULL);
      g_autofree char *stat_line = NULL;
      const char *fields;
      int ppid = 0;

      if (!g_ascii_isdigit (*name) || !g_file_get_contents (path, &stat_line, NULL, NULL))
        continue;
      fields = strrchr (stat_line, ')');
      if (fields != NULL && sscanf (fields, ") %*c %d", &ppid) == 1 && ppid == parent)
        kill (atoi (name), SIGKILL);
    }
}

void
oba_test_postgres_kill (ObaTestPostgres *self)
{
  g_autofree char *lock = g_build_filename (self->directory, "data", "postmaster.pid", NULL);
  GPid pid = self->pid;

  if (pid == 0)
    return;
  /* Stopped first, so that it neither restarts its children nor leaves some behind. */
  kill (pid, SIGSTOP);
  kill_children (pid);
  signal_and_wait (self, SIGKILL);
  g_remove (lock);
}

/* Cleaning up, whatever happens */

static void
start_watchdog (ObaTestPostgres *self)
{
  static const char script[] = "cat; pid=$(head -n 1 \"$0/data/postmaster.pid\" 2>/dev/null) && kill -QUIT \"$pid\" &&"
                               " while kill -0 \"$pid\" 2>/dev/null; do sleep 0.1; done; rm -rf \"$0\"";
  const char *argv[] = { "/bin/sh", "-c", script, self->directory, NULL };
  User user = { .drops_root = FALSE };
  int ends[2];
  g_autoptr (GError) error = NULL;

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  self->lifeline = ends[1];
  g_spawn_async_with_fds ("/", (char **) argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                          become_user, &user, NULL, ends[0], -1, -1, &error);
  g_assert_no_error (error);
  close (ends[0]);
}

static void
remove_tree (const char *path)
{
  const char *argv[] = { "rm", "-rf", path, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

void
oba_test_postgres_free (ObaTestPostgres *self)
{
  signal_and_wait (self, SIGQUIT);
  remove_tree (self->directory);
  close (self->lifeline);
  g_free (self->directory);
  g_free (self->bin);
  g_free (self);
}

static guint64
available_memory (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL) || (line = strstr (text, "MemAvailable:")) == NULL)
    return 0;
  return g_ascii_strtoull (line + strlen ("MemAvailable:"), NULL, 10) << 10;
}

/* A database is some two thousand small files, which a disk's file system takes seconds to make. Benchmarks fill millions of rows: they keep to the disk. */
const char *
oba_test_postgres_get_parent (void)
{
  struct statvfs info;

  if (g_getenv ("TMPDIR") != NULL || g_str_has_prefix (program_invocation_short_name, "bench-"))
    return g_get_tmp_dir ();
  if (statvfs (MEMORY, &info) != 0 || g_access (MEMORY, W_OK) != 0 || (info.f_flag & ST_NOEXEC) != 0 || (guint64) info.f_bavail * info.f_frsize < MEMORY_MIN_BYTES || available_memory () < MEMORY_MIN_BYTES)
    return g_get_tmp_dir ();
  return MEMORY;
}

static ObaTestPostgres *
new_directory (const char *bin, const char *parent)
{
  ObaTestPostgres *self = g_new0 (ObaTestPostgres, 1);
  User user = find_user ();

  self->bin = g_strdup (bin);
  self->port = 5432;
  self->directory = g_build_filename (parent, "oba-test-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (self->directory));
  if (user.drops_root)
    g_assert_cmpint (chown (self->directory, user.uid, user.gid), ==, 0);
  start_watchdog (self);
  return self;
}

/* The cluster that all others are copies of */

static char *
make_key (const char *bin, ObaTestPostgresKind kind)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_auto (GStrv) names = g_resources_enumerate_children ("/az/oba/migrations", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_checksum_update (checksum, (const guchar *) bin, -1);
  for (guint i = 0; kind == OBA_TEST_POSTGRES_MIGRATED && names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *path = g_build_path ("/", "/az/oba/migrations", names[i], NULL);
      g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

      g_checksum_update (checksum, (const guchar *) names[i], -1);
      g_checksum_update (checksum, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
    }
  return g_strndup (g_checksum_get_string (checksum), 16);
}

static void
migrate (ObaTestPostgres *self)
{
  g_autofree char *admin = make_conninfo (self, "postgres");
  g_autofree char *conninfo = make_conninfo (self, TEMPLATE);
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_free (oba_test_postgres_exec (admin, "CREATE DATABASE " TEMPLATE));
  connection = oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  oba_migrator_apply (connection, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  /* A sequence logs 32 numbers ahead, and not again until they are used up: copied with some left, a crash would give them out twice. */
  g_free (oba_test_postgres_exec (conninfo, "SELECT count (setval (format ('%I.%I', schemaname, sequencename)::regclass, coalesce (last_value, start_value), last_value IS NOT NULL))"
                                            " FROM pg_sequences"));
}

static void
make_cluster (const char *bin, ObaTestPostgresKind kind, const char *path)
{
  g_autoptr (ObaTestPostgres) self = new_directory (bin, g_get_tmp_dir ());
  g_autofree char *initdb = g_build_filename (bin, "initdb", NULL);
  g_autofree char *data = g_build_filename (self->directory, "data", NULL);
  const char *argv[] = { initdb,      "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                         "--no-sync", NULL };

  run (self, argv);
  if (kind == OBA_TEST_POSTGRES_MIGRATED)
    {
      oba_test_postgres_start (self);
      migrate (self);
      oba_test_postgres_stop (self);
    }
  if (g_rename (data, path) != 0)
    g_error ("%s: %s", path, g_strerror (errno));
}

/* What was made for other migrations, by other branches too, goes when nobody has used it for a day. */
static void
remove_unused (const char *prefix)
{
  g_autoptr (GDir) directory = g_dir_open (g_get_tmp_dir (), 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
      GStatBuf info;

      if (g_str_has_prefix (name, prefix) && g_lstat (path, &info) == 0 && S_ISDIR (info.st_mode) &&
          g_get_real_time () / G_USEC_PER_SEC - info.st_mtime > UNUSED_S)
        remove_tree (path);
    }
}

static gboolean
is_ours (const char *path)
{
  User user = find_user ();
  GStatBuf info;

  return g_lstat (path, &info) == 0 && S_ISDIR (info.st_mode) && info.st_uid == user.uid;
}

static void
copy_cluster (ObaTestPostgres *self)
{
  g_autofree char *key = make_key (self->bin, self->kind);
  g_autofree char *prefix = g_strdup_printf ("oba-template-%u-", find_user ().uid);
  g_autofree char *name = g_strconcat (prefix, key, NULL);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  g_autofree char *lock_name = g_strconcat (prefix, "lock", NULL);
  g_autofree char *lock_path = g_build_filename (g_get_tmp_dir (), lock_name, NULL);
  g_autofree char *data = g_build_filename (self->directory, "data", NULL);
  const char *argv[] = { "/bin/cp", "-a", "--reflink=auto", path, data, NULL };
  int lock = open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  g_assert_cmpint (lock, >=, 0);
  while (flock (lock, LOCK_EX) != 0 && errno == EINTR)
    ;
  if (!is_ours (path))
    {
      remove_unused (prefix);
      make_cluster (self->bin, self->kind, path);
    }
  g_utime (path, NULL);
  run (self, argv);
  close (lock);
}

ObaTestPostgres *
oba_test_postgres_new (ObaTestPostgresKind kind)
{
  g_autofree char *bin = find_bin ();
  ObaTestPostgres *self = new_directory (bin, oba_test_postgres_get_parent ());

  self->kind = kind;
  copy_cluster (self);
  oba_test_postgres_start (self);
  return self;
}

/* What tests do with it */

char *
oba_test_postgres_find_program (ObaTestPostgres *self, const char *name)
{
  return g_build_filename (self->bin, name, NULL);
}

const char *
oba_test_postgres_get_directory (ObaTestPostgres *self)
{
  return self->directory;
}

static char *
create_database (ObaTestPostgres *self, const char *template)
{
  g_autofree char *admin = make_conninfo (self, "postgres");
  g_autofree char *name = g_strdup_printf ("test_%u", ++self->n_databases);
  g_autofree char *sql = g_strdup_printf ("CREATE DATABASE %s TEMPLATE %s", name, template);

  g_free (oba_test_postgres_exec (admin, sql));
  return make_conninfo (self, name);
}

char *
oba_test_postgres_new_database (ObaTestPostgres *self)
{
  return create_database (self, self->kind == OBA_TEST_POSTGRES_MIGRATED ? TEMPLATE : "template0");
}

char *
oba_test_postgres_new_empty_database (ObaTestPostgres *self)
{
  return create_database (self, "template0");
}

char *
oba_test_postgres_exec (const char *conninfo, const char *sql)
{
  PGconn *conn = PQconnectdb (conninfo);
  PGresult *result;
  char *value = NULL;

  if (PQstatus (conn) != CONNECTION_OK)
    g_error ("%s: %s", conninfo, PQerrorMessage (conn));
  result = PQexec (conn, sql);
  if (PQresultStatus (result) != PGRES_COMMAND_OK && PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s: %s", sql, PQerrorMessage (conn));
  if (PQntuples (result) > 0 && PQnfields (result) > 0 && !PQgetisnull (result, 0, 0))
    value = g_strdup (PQgetvalue (result, 0, 0));
  PQclear (result);
  PQfinish (conn);
  return value;
}

guint
oba_test_postgres_terminate_clients (ObaTestPostgres *self, const char *conninfo)
{
  g_autofree char *n = oba_test_postgres_exec (
      conninfo, "SELECT count (*) FILTER (WHERE pg_terminate_backend (pid)) FROM pg_stat_activity"
                " WHERE datname = current_database () AND pid <> pg_backend_pid ()");
  return (guint) atoi (n);
}

static guint
find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, &error);

  g_assert_no_error (error);
  return port;
}

static void
make_certificate (ObaTestPostgres *self, const char *name)
{
  g_autofree char *certificate = g_strdup_printf ("%s.crt", name);
  g_autofree char *key = g_strdup_printf ("%s.key", name);
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  const char *argv[] = { openssl,    "req",           "-x509",   "-newkey",
                         "rsa:2048", "-nodes",        "-days",   "2",
                         "-subj",    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                         "-out",     certificate,     "-keyout", key,
                         NULL };

  if (openssl == NULL)
    g_error ("The test of TLS needs openssl (on Debian: apt install openssl)");
  run (self, argv);
}

guint
oba_test_postgres_serve_tls (ObaTestPostgres *self)
{
  make_certificate (self, "server");
  make_certificate (self, "other");
  oba_test_postgres_stop (self);
  self->port = find_port ();
  self->listens = TRUE;
  self->has_tls = TRUE;
  oba_test_postgres_start (self);
  return self->port;
}

void
oba_test_postgres_stop_tls (ObaTestPostgres *self)
{
  oba_test_postgres_stop (self);
  self->has_tls = FALSE;
  oba_test_postgres_start (self);
}

static gboolean
asks_for_password (const char *conninfo)
{
  PGconn *conn = PQconnectdb (conninfo);
  gboolean asks = PQstatus (conn) != CONNECTION_OK && PQconnectionNeedsPassword (conn);

  PQfinish (conn);
  return asks;
}

void
oba_test_postgres_require_password (ObaTestPostgres *self, const char *role)
{
  g_autofree char *path = g_build_filename (self->directory, "data", "pg_hba.conf", NULL);
  g_autofree char *conninfo =
      g_strdup_printf ("host=%s port=%u dbname=postgres user=%s", self->directory, self->port, role);
  g_autofree char *old = NULL;
  g_autofree char *new = NULL;
  g_autoptr (GError) error = NULL;
  User user = find_user ();

  g_file_get_contents (path, &old, NULL, &error);
  g_assert_no_error (error);
  new = g_strdup_printf ("local all %s scram-sha-256\n%s", role, old);
  g_file_set_contents (path, new, -1, &error);
  g_assert_no_error (error);
  if (user.drops_root)
    g_assert_cmpint (chown (path, user.uid, user.gid), ==, 0);
  kill (self->pid, SIGHUP);
  while (!asks_for_password (conninfo))
    g_usleep (5000);
}
