#include "oba-config.h"
#include "oba-http-server.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>

#include "oba-http-limiter.h"
#include "oba-http-request-private.h"
#include "oba-http-stream.h"
#include "oba-log.h"

#define TICK_MS 200
#define MAX_DRAINED_BODY (4 * 1024 * 1024) /* of a refused body: read and thrown away, so that the refusal arrives */
#define SLOW_SECONDS 1.0
#define CLIENT_LEFT 499 /* nginx's number for it */

const ObaHttpLimits oba_http_default_limits = {
  .max_connections = 1024,
  .rate = 50,
  .burst = 200,
  .header_ms = 10000,
  .body_ms = 15000,
  .request_ms = 20000,
  .write_ms = 30000,
  .idle_ms = 75000,
};

/* One client's connection. */
typedef struct
{
  ObaHttpServer *server;
  ObaHttpStream *stream;   /* (unowned): tells us when it closes */
  GSocketAddress *address; /* by which a SoupServerMessage finds its connection: SoupServer has no other way */
  ObaHttpRequest *request; /* (nullable) (unowned): the one being read, worked on or answered */
  GList link;
} Client;

struct _ObaHttpServer
{
  GObject parent_instance;

  ObaHttpLimits limits;
  ObaMetrics *metrics;     /* (unowned) */
  ObaHttpLimiter *limiter; /* (nullable) */
  SoupServer *soup;
  ObaHttpListener *listener;
  GSocketAddress *local;
  int dummy_peer; /* the other end of SoupServer's listener, which nobody can reach */
  GArray *routes;
  GQueue clients;
  GQueue waiting; /* ObaHttpRequest that a handler has not answered */
  guint tick_id;
  GTask *drain; /* (nullable) */
  gint64 drain_until;
};

G_DEFINE_FINAL_TYPE (ObaHttpServer, oba_http_server, G_TYPE_OBJECT)

static G_DEFINE_QUARK (oba - http - client, client)
static G_DEFINE_QUARK (oba - http - request, request)

/* Connections. */

static void
drain_if_empty (ObaHttpServer *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->drain == NULL || self->clients.length > 0)
    return;
  task = g_steal_pointer (&self->drain);
  g_task_return_boolean (task, TRUE);
}

static void
client_closed (ObaHttpStream *stream, gpointer user_data)
{
  Client *client = user_data;
  ObaHttpServer *self = client->server;

  if (client->request != NULL)
    client->request->stream = NULL;
  g_object_set_qdata (G_OBJECT (client->address), client_quark (), NULL);
  g_object_unref (client->address);
  g_queue_unlink (&self->clients, &client->link);
  g_free (client);

  if (self->drain == NULL)
    oba_http_listener_resume (self->listener);
  drain_if_empty (self);
}

/* Room for a new client, when another has been idle for a while; on one that was just accepted, a request may be under
 * way. */
static void
end_longest_idle (ObaHttpServer *self)
{
  Client *longest = NULL;

  for (GList *l = self->clients.head; l != NULL; l = l->next)
    {
      Client *client = l->data;

      if (oba_http_stream_get_phase (client->stream) == OBA_HTTP_PHASE_IDLE &&
          (longest == NULL || oba_http_stream_get_since (client->stream) < oba_http_stream_get_since (longest->stream)))
        longest = client;
    }
  if (longest != NULL && g_get_monotonic_time () - oba_http_stream_get_since (longest->stream) > G_USEC_PER_SEC)
    oba_http_stream_end (longest->stream);
}

static gboolean
has_room (gpointer user_data)
{
  ObaHttpServer *self = user_data;

  if (self->clients.length < self->limits.max_connections)
    return TRUE;
  /* Accepting goes on when one has closed. */
  end_longest_idle (self);
  return FALSE;
}

static void
accepted (GSocketConnection *connection, gpointer user_data)
{
  ObaHttpServer *self = user_data;
  g_autoptr (ObaHttpStream) stream = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  Client *client = g_new0 (Client, 1);

  stream = oba_http_stream_new (connection, client_closed, client);
  client->server = self;
  client->stream = stream;
  client->address = g_inet_socket_address_new (loopback, 0);
  client->link.data = client;
  g_object_set_qdata (G_OBJECT (client->address), client_quark (), client);
  g_queue_push_tail_link (&self->clients, &client->link);

  soup_server_accept_iostream (self->soup, G_IO_STREAM (stream), self->local, client->address, NULL);
}

static guint
phase_limit (ObaHttpServer *self, ObaHttpPhase phase)
{
  switch (phase)
    {
    case OBA_HTTP_PHASE_IDLE:
      return self->drain != NULL ? 0 : self->limits.idle_ms;
    case OBA_HTTP_PHASE_HEADERS:
      return self->limits.header_ms;
    case OBA_HTTP_PHASE_BODY:
      return self->limits.body_ms;
    case OBA_HTTP_PHASE_WRITING:
      return self->limits.write_ms;
    case OBA_HTTP_PHASE_WORKING:
    default:
      return G_MAXUINT;
    }
}

static void
end_overdue_clients (ObaHttpServer *self, gint64 now)
{
  GList *next;

  for (GList *l = self->clients.head; l != NULL; l = next)
    {
      Client *client = l->data;
      ObaHttpPhase phase = oba_http_stream_get_phase (client->stream);
      guint limit = phase_limit (self, phase);

      next = l->next;
      if (self->drain != NULL && now >= self->drain_until)
        limit = 0;
      if (limit == G_MAXUINT || now - oba_http_stream_get_since (client->stream) < (gint64) limit * 1000)
        continue;
      if (phase != OBA_HTTP_PHASE_IDLE)
        oba_metrics_count (self->metrics, "oba_http_overdue_connections_total", NULL, 1);
      oba_http_stream_end (client->stream);
    }
}

static void
refuse_overdue_requests (ObaHttpServer *self, gint64 now)
{
  GList *next;

  for (GList *l = self->waiting.head; l != NULL; l = next)
    {
      ObaHttpRequest *request = l->data;

      next = l->next;
      if (now < request->deadline)
        continue;
      g_object_ref (request);
      oba_http_request_set_header (request, "Retry-After", "5");
      oba_http_request_respond_problem (request, SOUP_STATUS_SERVICE_UNAVAILABLE, "too-slow",
                                        _ ("This took too long and was given up. Please try again."));
      if (request->cancellable != NULL)
        g_cancellable_cancel (request->cancellable);
      g_object_unref (request);
    }
}

static gboolean
tick (gpointer user_data)
{
  ObaHttpServer *self = user_data;
  gint64 now = g_get_monotonic_time ();

  end_overdue_clients (self, now);
  refuse_overdue_requests (self, now);
  if (self->clients.length >= self->limits.max_connections)
    end_longest_idle (self);
  if (self->drain != NULL && now >= self->drain_until + (gint64) G_USEC_PER_SEC)
    {
      /* Their sockets were shut down a second ago: what is left is nobody's any more. */
      g_autoptr (GTask) task = g_steal_pointer (&self->drain);

      g_task_return_boolean (task, TRUE);
    }
  return G_SOURCE_CONTINUE;
}

/* Requests: refusals before the body. */

static gboolean
match_path (const char *pattern, const char *path, char **parameter)
{
  const char *brace = strchr (pattern, '{');
  const char *rest, *end;
  gsize prefix;

  if (brace == NULL)
    return strcmp (pattern, path) == 0;
  prefix = (gsize) (brace - pattern);
  if (strncmp (pattern, path, prefix) != 0)
    return FALSE;
  rest = strchr (brace, '}') + 1;
  end = path + prefix + strcspn (path + prefix, "/");
  if (end == path + prefix || strcmp (end, rest) != 0)
    return FALSE;
  *parameter = g_strndup (path + prefix, (gsize) (end - path) - prefix);
  return TRUE;
}

static const ObaHttpRoute *
find_route (ObaHttpServer *self, ObaHttpRequest *request, GString *allowed)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (request->message));
  const char *method = soup_server_message_get_method (request->message);

  for (guint i = 0; i < self->routes->len; i++)
    {
      const ObaHttpRoute *route = &g_array_index (self->routes, ObaHttpRoute, i);
      g_autofree char *parameter = NULL;

      if (!match_path (route->path, path, &parameter))
        continue;
      if (strcmp (route->method, method) == 0 || (strcmp (route->method, "GET") == 0 && strcmp (method, "HEAD") == 0))
        {
          g_free (request->parameter);
          request->parameter = g_steal_pointer (&parameter);
          return route;
        }
      g_string_append_printf (allowed, "%s%s", allowed->len > 0 ? ", " : "", route->method);
    }
  return NULL;
}

/* Only our nginx reaches us: the last address it wrote is the client's. */
static void
client_name (ObaHttpRequest *request, char *buffer, gsize size)
{
  const char *list =
      soup_message_headers_get_list (soup_server_message_get_request_headers (request->message), "X-Forwarded-For");
  const char *last;

  if (list == NULL)
    list = "local";
  last = strrchr (list, ',');
  last = last != NULL ? last + 1 : list;
  g_strlcpy (buffer, last + strspn (last, " "), size);
}

static gboolean
over_rate (ObaHttpServer *self, ObaHttpRequest *request)
{
  char name[64], seconds[16];
  guint wait;

  if (self->limiter == NULL || (request->route->flags & OBA_HTTP_ROUTE_UNLIMITED) != 0)
    return FALSE;
  client_name (request, name, sizeof name);
  wait = oba_http_limiter_take (self->limiter, name, request->started);
  if (wait == 0)
    return FALSE;
  g_snprintf (seconds, sizeof seconds, "%u", wait);
  oba_http_request_set_header (request, "Retry-After", seconds);
  oba_http_request_respond_problem (request, OBA_HTTP_TOO_MANY_REQUESTS, "too-many-requests",
                                    _ ("Too many requests. Please wait a little."));
  return TRUE;
}

static gboolean
is_json (SoupMessageHeaders *headers)
{
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  return type != NULL && g_ascii_strcasecmp (type, "application/json") == 0;
}

static void
refuse_too_large (ObaHttpRequest *request)
{
  oba_http_request_respond_problem (request, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "too-large",
                                    _ ("The request's body is too large."));
}

static void
check_headers (ObaHttpServer *self, ObaHttpRequest *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (request->message);
  g_autoptr (GString) allowed = g_string_new (NULL);

  if (soup_server_message_get_status (request->message) != 0 ||
      (soup_message_headers_get_list (headers, "Transfer-Encoding") != NULL &&
       soup_message_headers_get_list (headers, "Content-Length") != NULL))
    {
      oba_http_request_respond_problem (request, SOUP_STATUS_BAD_REQUEST, "bad-request", NULL);
      return;
    }
  request->route = find_route (self, request, allowed);
  if (request->route == NULL && allowed->len > 0)
    {
      oba_http_request_set_header (request, "Allow", allowed->str);
      oba_http_request_respond_problem (request, SOUP_STATUS_METHOD_NOT_ALLOWED, "method-not-allowed", NULL);
      return;
    }
  if (request->route == NULL)
    {
      oba_http_request_respond_problem (request, SOUP_STATUS_NOT_FOUND, "not-found", NULL);
      return;
    }
  request->max_body = request->route->max_body;
  if (over_rate (self, request) ||
      (request->route->gate != NULL && !request->route->gate (request, request->route->user_data)))
    return;
  if (soup_message_headers_get_content_length (headers) > (goffset) request->max_body)
    refuse_too_large (request);
  else if ((request->route->flags & OBA_HTTP_ROUTE_JSON) != 0 && !is_json (headers))
    oba_http_request_respond_problem (request, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, "not-json",
                                      _ ("The body must be sent as application/json."));
}

/* What comes of a refused body is not kept. */
static void
stop_collecting (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_truncate (body);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection", "close");
}

static Client *
client_of (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  return address != NULL ? g_object_get_qdata (G_OBJECT (address), client_quark ()) : NULL;
}

static void
got_headers (SoupServerMessage *message, gpointer user_data)
{
  ObaHttpServer *self = user_data;
  Client *client = client_of (message);
  ObaHttpRequest *request = oba_http_request_new (message, client != NULL ? client->stream : NULL);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  g_object_set_qdata_full (G_OBJECT (message), request_quark (), request, g_object_unref);
  if (client != NULL)
    {
      client->request = request;
      oba_http_stream_set_phase (client->stream, OBA_HTTP_PHASE_BODY);
    }
  /* libsoup answers overlapping ranges by copying the body for each. */
  soup_message_headers_remove (headers, "Range");
  if (self->drain != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection", "close");

  check_headers (self, request);
  if (request->answered && (soup_message_headers_get_content_length (headers) > 0 ||
                            soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED))
    stop_collecting (message);
}

static void
got_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  ObaHttpRequest *request = g_object_get_qdata (G_OBJECT (message), request_quark ());

  if (request == NULL)
    return;
  request->received += g_bytes_get_size (chunk);
  if (!request->answered && request->received > request->max_body)
    {
      refuse_too_large (request);
      stop_collecting (message);
    }
  if (request->answered && request->received > request->max_body + MAX_DRAINED_BODY && request->stream != NULL)
    oba_http_stream_end (request->stream);
}

/* The whole request is here: its handler's turn. */
static void
handle (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  ObaHttpServer *self = user_data;
  ObaHttpRequest *found = g_object_get_qdata (G_OBJECT (message), request_quark ());
  g_autoptr (ObaHttpRequest) request = NULL;

  if (found == NULL || found->route == NULL)
    {
      soup_server_message_set_status (message, SOUP_STATUS_BAD_REQUEST, NULL);
      return;
    }
  request = g_object_ref (found);
  if (request->stream != NULL)
    oba_http_stream_set_phase (request->stream, OBA_HTTP_PHASE_WORKING);
  request->deadline = g_get_monotonic_time () + (gint64) self->limits.request_ms * 1000;
  request->listed = TRUE;
  g_queue_push_tail_link (&self->waiting, &request->link);

  request->route->handler (request, request->route->user_data);
  if (!request->answered)
    oba_http_request_pause (request);
}

/* libsoup says 500 when the client left before the answer was written. */
static guint
final_status (ObaHttpRequest *request, SoupServerMessage *message)
{
  guint status = soup_server_message_get_status (message);

  return status == SOUP_STATUS_INTERNAL_SERVER_ERROR && request->status != status ? CLIENT_LEFT : status;
}

static void
log_request (ObaHttpServer *self, ObaHttpRequest *request, SoupServerMessage *message, double seconds)
{
  guint status = final_status (request, message);
  gboolean quiet = request->route != NULL && (request->route->flags & OBA_HTTP_ROUTE_QUIET) != 0;
  char status_text[8], time_text[24];

  if (status < 400 && seconds < SLOW_SECONDS && (quiet || !self->limits.log_all))
    return;
  g_snprintf (status_text, sizeof status_text, "%u", status);
  g_ascii_formatd (time_text, sizeof time_text, "%.1f", seconds * 1000);
  oba_log (status >= 500 ? OBA_LOG_WARNING : OBA_LOG_INFO, "request", "id", request->id, "route",
           request->route != NULL ? request->route->name : "none", "method", soup_server_message_get_method (message),
           "status", status_text, "ms", time_text, NULL);
}

static void
finished (SoupServerMessage *message, gpointer user_data)
{
  ObaHttpServer *self = user_data;
  ObaHttpRequest *request = g_object_get_qdata (G_OBJECT (message), request_quark ());
  Client *client = client_of (message);
  double seconds;

  if (request == NULL)
    return;
  seconds = (double) (g_get_monotonic_time () - request->started) / G_USEC_PER_SEC;
  oba_metrics_count_request (self->metrics, request->route != NULL ? request->route->name : "none",
                             final_status (request, message), seconds);
  log_request (self, request, message, seconds);
  if (request->listed)
    g_queue_unlink (&self->waiting, &request->link);
  request->listed = FALSE;
  oba_http_request_finished (request);
  if (client != NULL)
    {
      client->request = NULL;
      oba_http_stream_set_phase (client->stream, OBA_HTTP_PHASE_IDLE);
    }
}

static void
request_started (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  g_signal_connect_object (message, "got-headers", G_CALLBACK (got_headers), user_data, 0);
  g_signal_connect_object (message, "got-chunk", G_CALLBACK (got_chunk), user_data, 0);
  g_signal_connect_object (message, "finished", G_CALLBACK (finished), user_data, 0);
}

/* The object. */

static void
oba_http_server_dispose (GObject *object)
{
  ObaHttpServer *self = OBA_HTTP_SERVER (object);
  Client *client;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->listener != NULL)
    oba_http_listener_stop (self->listener);
  while ((client = g_queue_peek_head (&self->clients)) != NULL)
    {
      oba_http_stream_forget (client->stream);
      g_queue_unlink (&self->clients, &client->link);
      if (client->request != NULL)
        client->request->stream = NULL;
      g_object_set_qdata (G_OBJECT (client->address), client_quark (), NULL);
      g_object_unref (client->address);
      g_free (client);
    }
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  g_clear_object (&self->listener);
  G_OBJECT_CLASS (oba_http_server_parent_class)->dispose (object);
}

static void
oba_http_server_finalize (GObject *object)
{
  ObaHttpServer *self = OBA_HTTP_SERVER (object);

  if (self->dummy_peer >= 0)
    g_close (self->dummy_peer, NULL);
  g_clear_object (&self->local);
  g_clear_pointer (&self->limiter, oba_http_limiter_free);
  g_array_unref (self->routes);
  G_OBJECT_CLASS (oba_http_server_parent_class)->finalize (object);
}

static void
oba_http_server_class_init (ObaHttpServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_http_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_http_server_finalize;
}

static void
oba_http_server_init (ObaHttpServer *self)
{
  self->routes = g_array_new (FALSE, TRUE, sizeof (ObaHttpRoute));
  self->dummy_peer = -1;
}

ObaHttpServer *
oba_http_server_new (const ObaHttpLimits *limits, ObaMetrics *metrics)
{
  ObaHttpServer *self = g_object_new (OBA_TYPE_HTTP_SERVER, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  self->limits = *limits;
  self->metrics = metrics;
  if (limits->rate > 0)
    self->limiter = oba_http_limiter_new (limits->rate, limits->burst);
  self->local = g_inet_socket_address_new (loopback, 80);
  self->soup = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->soup, NULL, handle, self, NULL);
  g_signal_connect_object (self->soup, "request-started", G_CALLBACK (request_started), self, 0);
  return self;
}

void
oba_http_server_add_route (ObaHttpServer *self, const ObaHttpRoute *route)
{
  g_return_if_fail (self->listener == NULL); /* requests point into the array */
  g_array_append_vals (self->routes, route, 1);
}

/* SoupServer keeps connections alive only while it has a listener. A connected socket whose other end we hold passes
 * for one. */
static gboolean
add_dummy_listener (ObaHttpServer *self, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  int pair[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, g_strerror (errno));
      return FALSE;
    }
  self->dummy_peer = pair[1];
  socket = g_socket_new_from_fd (pair[0], error);
  if (socket == NULL)
    {
      g_close (pair[0], NULL);
      return FALSE;
    }
  return soup_server_listen_socket (self->soup, socket, 0, error);
}

gboolean
oba_http_server_start (ObaHttpServer *self, ObaHttpListener *listener, GError **error)
{
  if (!add_dummy_listener (self, error))
    return FALSE;
  self->listener = g_object_ref (listener);
  self->tick_id = g_timeout_add (TICK_MS, tick, self);
  oba_http_listener_start (listener, has_room, accepted, self);
  return TRUE;
}

guint
oba_http_server_get_connections (ObaHttpServer *self)
{
  return self->clients.length;
}

void
oba_http_server_drain_async (ObaHttpServer *self, guint milliseconds, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (self->drain == NULL);

  self->drain = g_task_new (self, NULL, callback, user_data);
  self->drain_until = g_get_monotonic_time () + (gint64) milliseconds * 1000;
  oba_http_listener_stop (self->listener);
  for (GList *l = self->clients.head; l != NULL; l = l->next)
    {
      Client *client = l->data;

      if (client->request != NULL)
        oba_http_request_set_header (client->request, "Connection", "close");
    }
  end_overdue_clients (self, g_get_monotonic_time ());
  drain_if_empty (self);
}

void
oba_http_server_drain_finish (ObaHttpServer *self, GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}
