#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ObaHttpListener: one listening socket of this process and the loop that accepts on it.
 *
 * Addresses: "127.0.0.1:8080", "[::1]:8080", "localhost:8080" (port 0: any free one), "unix:PATH". Anything but
 * loopback is refused: nginx stands in front. TCP sockets are made with SO_REUSEPORT, so that several processes can
 * each have their own. A Unix socket has mode 0660; a dead one is taken over, a living one is not.
 */
#define OBA_TYPE_HTTP_LISTENER (oba_http_listener_get_type ())
G_DECLARE_FINAL_TYPE (ObaHttpListener, oba_http_listener, OBA, HTTP_LISTENER, GObject)

/** Returns: FALSE when there is no room now; the listener then waits for oba_http_listener_resume(). */
typedef gboolean (*ObaHttpHasRoom) (gpointer user_data);
typedef void (*ObaHttpAccepted) (GSocketConnection *connection, gpointer user_data);

/** Binds and listens; nothing is accepted yet. Returns: (transfer full) (nullable): NULL with @error */
ObaHttpListener *oba_http_listener_new         (const char *address, GError **error);
/** "http://127.0.0.1:41233" or "unix:/run/oba/helper.sock" */
const char      *oba_http_listener_get_uri     (ObaHttpListener *self);
void             oba_http_listener_start       (ObaHttpListener *self, ObaHttpHasRoom has_room, ObaHttpAccepted accepted, gpointer user_data);
void             oba_http_listener_resume      (ObaHttpListener *self);
/** Stops accepting, closes the socket, removes a Unix socket's file. */
void             oba_http_listener_stop        (ObaHttpListener *self);

G_END_DECLS
