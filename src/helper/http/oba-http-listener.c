#include "oba-config.h"
#include "oba-http-listener.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <gio/gunixsocketaddress.h>

#include "base/oba-error.h"

#define BACKLOG 4096 /* a full one refuses on a Unix socket at once: nginx then answers 502 */
#define ACCEPTS_A_TURN 64
#define BACK_OFF_MS 100

struct _ObaHttpListener
{
  GObject parent_instance;

  GSocket *socket;
  char *uri;
  char *path;      /* (nullable): of a Unix socket */
  GSource *source; /* (nullable): waiting for connections, or backing off */
  ObaHttpHasRoom has_room;
  ObaHttpAccepted accepted;
  gpointer user_data;
};

G_DEFINE_FINAL_TYPE (ObaHttpListener, oba_http_listener, G_TYPE_OBJECT)

static void wait_for_connections (ObaHttpListener *self);

static void
drop_source (ObaHttpListener *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static gboolean
back_off_over (gpointer user_data)
{
  wait_for_connections (user_data);
  return G_SOURCE_REMOVE;
}

static void
back_off (ObaHttpListener *self)
{
  drop_source (self);
  self->source = g_timeout_source_new (BACK_OFF_MS);
  g_source_set_callback (self->source, back_off_over, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static gboolean
socket_readable (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  ObaHttpListener *self = user_data;

  for (int i = 0; i < ACCEPTS_A_TURN; i++)
    {
      g_autoptr (GSocket) client = NULL;
      g_autoptr (GSocketConnection) connection = NULL;
      g_autoptr (GError) error = NULL;

      if (!self->has_room (self->user_data))
        {
          drop_source (self);
          return G_SOURCE_REMOVE;
        }
      client = g_socket_accept (socket, NULL, &error);
      if (client == NULL)
        {
          if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
            return G_SOURCE_CONTINUE;
          /* Out of descriptors, or a client that is gone already: the listener must outlive it. */
          g_warning ("accept: %s", error->message);
          back_off (self);
          return G_SOURCE_REMOVE;
        }
      g_socket_set_blocking (client, FALSE);
      if (self->path == NULL)
        g_socket_set_option (client, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
      connection = g_socket_connection_factory_create_connection (client);
      self->accepted (connection, self->user_data);
      if (self->source == NULL) /* stopped from within */
        return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
wait_for_connections (ObaHttpListener *self)
{
  drop_source (self);
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (socket_readable), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static gboolean
take_over_path (const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) probe = NULL;
  GStatBuf info;

  if (g_lstat (path, &info) != 0)
    return TRUE;
  if (!S_ISSOCK (info.st_mode))
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION,
                   _ ("%s is there already and is not a socket. Nothing was changed."), path);
      return FALSE;
    }
  probe = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (probe == NULL)
    return FALSE;
  if (g_socket_connect (probe, address, NULL, NULL))
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION,
                   _ ("Another program is serving on %s. Stop it first, or choose another path."), path);
      return FALSE;
    }
  g_unlink (path);
  return TRUE;
}

static gboolean
listen_unix (ObaHttpListener *self, const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  mode_t mask;
  gboolean bound;

  if (!g_path_is_absolute (path) || strlen (path) > 100)
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_CONFIGURATION,
                           _ ("The path of a Unix socket must be absolute and at most 100 characters long."));
      return FALSE;
    }
  if (!take_over_path (path, error))
    return FALSE;

  address = g_unix_socket_address_new (path);
  self->socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (self->socket == NULL)
    return FALSE;
  mask = umask (0117);
  bound = g_socket_bind (self->socket, address, FALSE, error);
  umask (mask);
  if (!bound)
    return FALSE;
  self->path = g_strdup (path);
  self->uri = g_strconcat ("unix:", path, NULL);
  return TRUE;
}

static GSocketAddress *
parse_tcp (const char *text, GError **error)
{
  g_autoptr (GSocketConnectable) connectable = g_network_address_parse (text, 0, NULL);
  g_autoptr (GInetAddress) address = NULL;
  const char *host;

  if (connectable != NULL)
    {
      host = g_network_address_get_hostname (G_NETWORK_ADDRESS (connectable));
      address = g_inet_address_new_from_string (g_strcmp0 (host, "localhost") == 0 ? "127.0.0.1" : host);
    }
  if (address == NULL || !g_inet_address_get_is_loopback (address) || strrchr (text, ':') == NULL)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION,
                   _ ("“%s” cannot be listened on. Give 127.0.0.1:PORT or unix:PATH; nginx in front takes the "
                      "connections from outside."),
                   text);
      return NULL;
    }
  return g_inet_socket_address_new (address, g_network_address_get_port (G_NETWORK_ADDRESS (connectable)));
}

/* Not g_socket_bind(): for TCP it takes SO_REUSEPORT away again. */
static gboolean
bind_shared (GSocket *socket, GSocketAddress *address, GError **error)
{
  struct sockaddr_storage native;
  gssize size = g_socket_address_get_native_size (address);
  int code;

  if (!g_socket_set_option (socket, SOL_SOCKET, SO_REUSEADDR, TRUE, error) ||
      !g_socket_set_option (socket, SOL_SOCKET, SO_REUSEPORT, TRUE, error) ||
      !g_socket_address_to_native (address, &native, sizeof native, error))
    return FALSE;
  if (bind (g_socket_get_fd (socket), (struct sockaddr *) &native, (socklen_t) size) == 0)
    return TRUE;
  code = errno;
  if (code == EADDRINUSE)
    g_set_error_literal (error, OBA_ERROR, OBA_ERROR_CONFIGURATION,
                         _ ("Another program has this port. Stop it first, or choose another port."));
  else
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
  return FALSE;
}

static gboolean
listen_tcp (ObaHttpListener *self, const char *text, GError **error)
{
  g_autoptr (GSocketAddress) address = parse_tcp (text, error);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autofree char *bound_text = NULL;

  if (address == NULL)
    return FALSE;
  self->socket =
      g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (self->socket == NULL || !bind_shared (self->socket, address, error))
    return FALSE;
  bound = g_socket_get_local_address (self->socket, error);
  if (bound == NULL)
    return FALSE;
  bound_text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (bound));
  self->uri = g_strconcat ("http://", bound_text, NULL);
  return TRUE;
}

static void
oba_http_listener_finalize (GObject *object)
{
  ObaHttpListener *self = OBA_HTTP_LISTENER (object);

  oba_http_listener_stop (self);
  g_free (self->uri);
  G_OBJECT_CLASS (oba_http_listener_parent_class)->finalize (object);
}

static void
oba_http_listener_class_init (ObaHttpListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_http_listener_finalize;
}

static void
oba_http_listener_init (ObaHttpListener *self)
{
}

ObaHttpListener *
oba_http_listener_new (const char *address, GError **error)
{
  g_autoptr (ObaHttpListener) self = g_object_new (OBA_TYPE_HTTP_LISTENER, NULL);
  gboolean bound;

  if (g_str_has_prefix (address, "unix:"))
    bound = listen_unix (self, address + strlen ("unix:"), error);
  else
    bound = listen_tcp (self, address, error);
  if (!bound)
    return NULL;

  g_socket_set_listen_backlog (self->socket, BACKLOG);
  if (!g_socket_listen (self->socket, error))
    return NULL;
  g_socket_set_blocking (self->socket, FALSE);
  return g_steal_pointer (&self);
}

const char *
oba_http_listener_get_uri (ObaHttpListener *self)
{
  return self->uri;
}

void
oba_http_listener_start (ObaHttpListener *self, ObaHttpHasRoom has_room, ObaHttpAccepted accepted, gpointer user_data)
{
  self->has_room = has_room;
  self->accepted = accepted;
  self->user_data = user_data;
  wait_for_connections (self);
}

void
oba_http_listener_resume (ObaHttpListener *self)
{
  if (self->socket != NULL && self->source == NULL && self->accepted != NULL)
    wait_for_connections (self);
}

void
oba_http_listener_stop (ObaHttpListener *self)
{
  drop_source (self);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
  if (self->path != NULL)
    g_unlink (self->path);
  g_clear_pointer (&self->path, g_free);
}
