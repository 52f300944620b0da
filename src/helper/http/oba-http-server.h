#pragma once

#include "oba-http-listener.h"
#include "oba-http-request.h"
#include "oba-metrics.h"

G_BEGIN_DECLS

/**
 * ObaHttpServer: SoupServer behind our own accept loop, with what it lacks: deadlines, a body limit, a connection cap,
 * a rate a client, uniform errors, a drain. It stands on loopback or a Unix socket behind nginx.
 */
#define OBA_TYPE_HTTP_SERVER (oba_http_server_get_type ())
G_DECLARE_FINAL_TYPE (ObaHttpServer, oba_http_server, OBA, HTTP_SERVER, GObject)

typedef void (*ObaHttpHandler) (ObaHttpRequest *request, gpointer user_data);
/**
 * Asked when the headers are there, before a body is taken. Returns: FALSE when it has answered the request (refused
 * it)
 */
typedef gboolean (*ObaHttpGate) (ObaHttpRequest *request, gpointer user_data);

typedef enum
{
  OBA_HTTP_ROUTE_DEFAULT = 0,
  OBA_HTTP_ROUTE_UNLIMITED = 1 << 0,   /* not counted against the client's rate */
  OBA_HTTP_ROUTE_JSON = 1 << 1,        /* the body must be application/json */
  OBA_HTTP_ROUTE_QUIET = 1 << 2,       /* successes are not logged */
} ObaHttpRouteFlags;

typedef struct
{
  const char *method;       /* "GET" answers HEAD too */
  const char *path;         /* "/api/customers/{id}": one piece at most may be {…} */
  const char *name;         /* in logs and metrics */
  gsize max_body;           /* bytes */
  ObaHttpRouteFlags flags;
  ObaHttpHandler handler;
  gpointer user_data;
  ObaHttpGate gate;         /* (nullable) */
} ObaHttpRoute;

typedef struct
{
  guint max_connections;
  double rate;                 /* requests a second a client; 0: unlimited */
  double burst;
  guint header_ms;             /* from a request's first byte to its last header */
  guint body_ms;
  guint request_ms;            /* a handler's time */
  guint write_ms;
  guint idle_ms;               /* keep-alive */
  gboolean log_all;            /* else only what failed or was slow */
} ObaHttpLimits;

extern const ObaHttpLimits oba_http_default_limits;

ObaHttpServer *oba_http_server_new             (const ObaHttpLimits *limits, ObaMetrics *metrics);
/** @route is copied; its strings must be literals. */
void           oba_http_server_add_route       (ObaHttpServer *self, const ObaHttpRoute *route);
/** Takes over a bound listener and serves. */
gboolean       oba_http_server_start           (ObaHttpServer *self, ObaHttpListener *listener, GError **error);
guint          oba_http_server_get_connections (ObaHttpServer *self);

/**
 * Stops accepting, ends idle connections, lets running requests finish within @milliseconds; answers when all are
 * gone.
 */
void           oba_http_server_drain_async     (ObaHttpServer *self, guint milliseconds, GAsyncReadyCallback callback, gpointer user_data);
void           oba_http_server_drain_finish    (ObaHttpServer *self, GAsyncResult *result);

G_END_DECLS
