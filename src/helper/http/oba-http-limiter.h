#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ObaHttpLimiter: a token bucket a client: @rate requests a second, @burst at once. Memory is bounded. */
typedef struct _ObaHttpLimiter ObaHttpLimiter;

ObaHttpLimiter *oba_http_limiter_new  (double rate, double burst);
void            oba_http_limiter_free (ObaHttpLimiter *self);
/**
 * Takes a token of @client at @now (monotonic microseconds). Returns: 0 when it may go on, else the whole seconds to
 * wait
 */
guint           oba_http_limiter_take (ObaHttpLimiter *self, const char *client, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaHttpLimiter, oba_http_limiter_free)

G_END_DECLS
