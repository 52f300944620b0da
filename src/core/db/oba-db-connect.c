#include "oba-db-connect.h"

#include "oba-db-error-private.h"

#include <stdlib.h>
#include <sys/socket.h>

#define CONNECT_TIMEOUT_S 10

/* The places of the conninfo that are still to be tried; NULL: all. */
typedef struct
{
  char *host;
  char *hostaddr;
  char *port;
} Places;

static void
places_clear (Places *places)
{
  g_clear_pointer (&places->host, g_free);
  g_clear_pointer (&places->hostaddr, g_free);
  g_clear_pointer (&places->port, g_free);
}

/* Before the conninfo stand the values that it may override, behind it those it may not. A dead peer is noticed within
 * a minute. */
static PGconn *
start (const char *conninfo, const Places *places)
{
  const char *timeout = g_getenv ("PGCONNECT_TIMEOUT");
  const char *name = g_get_prgname ();
  /* An empty value counts as none. */
  const struct
  {
    const char *key;
    const char *value;
  } options[] = {
    { "connect_timeout", timeout != NULL ? timeout : G_STRINGIFY (CONNECT_TIMEOUT_S) },
    { "fallback_application_name", name != NULL ? name : "oba-backoffice" },
    { "keepalives_idle", "30" },
    { "keepalives_interval", "10" },
    { "keepalives_count", "3" },
    { "tcp_user_timeout", "60000" },
    { "dbname", conninfo },
    { "client_encoding", "UTF8" },
    { "host", places->host },
    { "hostaddr", places->hostaddr },
    { "port", places->port },
  };
  const char *keys[G_N_ELEMENTS (options) + 1] = { NULL };
  const char *values[G_N_ELEMENTS (options) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      keys[i] = options[i].key;
      values[i] = options[i].value;
    }
  return PQconnectStartParams (keys, values, 1);
}

static char *
take_rest (const char *list, guint skip)
{
  g_auto (GStrv) parts = g_strsplit (list != NULL ? list : "", ",", -1);

  /* One port may stand for all. */
  if (g_strv_length (parts) == 1)
    return g_strdup (list);
  return g_strv_length (parts) > skip ? g_strjoinv (",", parts + skip) : NULL;
}

static guint
find_place (PGconn *conn, const char *hosts, const char *addresses, const char *ports)
{
  const char *list = hosts != NULL && *hosts != '\0' ? hosts : addresses;
  const char *current = list == hosts ? PQhost (conn) : PQhostaddr (conn);
  g_auto (GStrv) names = g_strsplit (list != NULL ? list : "", ",", -1);
  g_auto (GStrv) numbers = g_strsplit (ports != NULL ? ports : "", ",", -1);
  guint n_numbers = g_strv_length (numbers);

  for (guint i = 0; names[i] != NULL; i++)
    if (g_strcmp0 (names[i], current) == 0 &&
        (n_numbers <= 1 || (i < n_numbers && g_str_equal (numbers[i], PQport (conn)))))
      return names[i + 1] != NULL ? i + 1 : 0;
  return 0;
}

/* After a silent place: those that stand behind it. libpq would go on by itself, but only in its blocking functions. */
static gboolean
find_places_behind (PGconn *conn, Places *places)
{
  PQconninfoOption *options = PQconninfo (conn);
  const char *host = NULL;
  const char *hostaddr = NULL;
  const char *port = NULL;
  Places rest = { NULL };
  guint next;

  for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
    {
      if (g_str_equal (option->keyword, "host"))
        host = option->val;
      else if (g_str_equal (option->keyword, "hostaddr"))
        hostaddr = option->val;
      else if (g_str_equal (option->keyword, "port"))
        port = option->val;
    }
  next = find_place (conn, host, hostaddr, port);
  if (next > 0)
    rest = (Places){ take_rest (host, next), take_rest (hostaddr, next), take_rest (port, next) };
  PQconninfoFree (options);
  places_clear (places);
  *places = rest;
  return next > 0;
}

static guint
get_timeout (PGconn *conn)
{
  PQconninfoOption *options = PQconninfo (conn);
  guint seconds = 0;

  for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
    if (g_str_equal (option->keyword, "connect_timeout") && option->val != NULL)
      seconds = (guint) CLAMP (atoi (option->val), 0, 3600);
  PQconninfoFree (options);
  /* As libpq does it: one second is two, and 0 waits for ever. */
  return seconds == 1 ? 2 : seconds;
}

static char *
describe_address (PGconn *conn)
{
  return g_strdup_printf ("%s %s %s", PQhost (conn), PQhostaddr (conn), PQport (conn));
}

/* Waits until libpq may go on. Returns FALSE when the time for this address is over. */
static gboolean
wait_for_socket (PGconn *conn, PostgresPollingStatusType want, gint64 deadline, GCancellable *cancellable)
{
  GPollFD fds[2] = { { .fd = PQsocket (conn), .events = want == PGRES_POLLING_READING ? G_IO_IN : G_IO_OUT } };
  gboolean watched = g_cancellable_make_pollfd (cancellable, &fds[1]);
  int timeout = deadline == 0 ? -1 : (int) CLAMP ((deadline - g_get_monotonic_time () + 999) / 1000, 0, G_MAXINT);
  int ready = g_poll (fds, watched ? 2 : 1, timeout);

  if (watched)
    g_cancellable_release_fd (cancellable);
  return ready != 0;
}

/*
 * PQconnectPoll knows no time limit. When one is over, the socket is shut down: libpq sees a failure and tries the next
 * address, as PQconnectdb would. Returns the seconds that ran out on the last address, 0 when none did.
 */
static guint
finish_connecting (PGconn *conn, GCancellable *cancellable)
{
  guint seconds = get_timeout (conn);
  g_autofree char *address = NULL;
  gint64 deadline = 0;
  guint expired = 0;
  PostgresPollingStatusType want = PGRES_POLLING_WRITING;

  while (PQstatus (conn) != CONNECTION_BAD && want != PGRES_POLLING_OK && want != PGRES_POLLING_FAILED)
    {
      g_autofree char *current = describe_address (conn);

      if (g_cancellable_is_cancelled (cancellable))
        break;
      if (g_strcmp0 (address, current) != 0)
        {
          g_free (address);
          address = g_steal_pointer (&current);
          deadline = seconds > 0 ? g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND : 0;
          expired = 0;
        }
      if (!wait_for_socket (conn, want, deadline, cancellable))
        {
          if (expired > 0)
            break;
          expired = seconds;
          shutdown (PQsocket (conn), SHUT_RDWR);
        }
      if (!g_cancellable_is_cancelled (cancellable))
        want = PQconnectPoll (conn);
    }
  return expired;
}

/* Results are parsed by us, so their form must not depend on the role's or the server's settings. */
static gboolean
set_up_session (PGconn *conn, GError **error)
{
  const char *zone = PQparameterStatus (conn, "TimeZone");
  const char *style = PQparameterStatus (conn, "DateStyle");
  PGresult *result;

  if (g_strcmp0 (zone, "Asia/Baku") == 0 && style != NULL && g_str_has_prefix (style, "ISO"))
    return TRUE;
  result = PQexec (conn, "SET TimeZone TO 'Asia/Baku'; SET DateStyle TO 'ISO, YMD'");
  if (PQresultStatus (result) != PGRES_COMMAND_OK)
    {
      g_propagate_error (error, oba_db_error_new_from_result (result));
      PQclear (result);
      return FALSE;
    }
  PQclear (result);
  return TRUE;
}

static void
ignore_notice (void *data, const PGresult *result)
{
}

/* Returns: (transfer full) (nullable): made or failed; @expired: the seconds that ran out */
static PGconn *
connect_to_any (const char *conninfo, GCancellable *cancellable, guint *expired)
{
  Places places = { NULL };
  PGconn *conn;

  for (;;)
    {
      conn = start (conninfo, &places);
      if (conn == NULL)
        break;
      PQsetNoticeReceiver (conn, ignore_notice, NULL);
      PQsetErrorVerbosity (conn, PQERRORS_VERBOSE);
      *expired = finish_connecting (conn, cancellable);
      if (PQstatus (conn) == CONNECTION_OK || *expired == 0 || g_cancellable_is_cancelled (cancellable) ||
          !find_places_behind (conn, &places))
        break;
      PQfinish (conn);
    }
  places_clear (&places);
  return conn;
}

static void
connect_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  guint expired = 0;
  PGconn *conn = connect_to_any (data, cancellable, &expired);
  GError *error = NULL;

  if (conn == NULL)
    {
      g_task_return_new_error (task, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT, "Out of memory");
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    {
      PQfinish (conn);
      return;
    }
  if (PQstatus (conn) != CONNECTION_OK)
    error = oba_db_error_new_from_connect (conn, expired);
  else if (set_up_session (conn, &error) && PQsetnonblocking (conn, 1) != 0)
    error = oba_db_error_new_lost (conn);

  PQsetErrorVerbosity (conn, PQERRORS_DEFAULT);
  if (error == NULL)
    {
      g_task_return_pointer (task, conn, (GDestroyNotify) PQfinish);
      return;
    }
  PQfinish (conn);
  g_task_return_error (task, error);
}

void
oba_db_connect_async (const char *conninfo, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_db_connect_async);
  g_task_set_task_data (task, g_strdup (conninfo), g_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, connect_thread);
}

PGconn *
oba_db_connect_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
