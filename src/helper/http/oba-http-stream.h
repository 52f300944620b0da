#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ObaHttpStream: what SoupServer is given instead of the client's socket, so that a connection can be ended from our
 * side.
 *
 * SoupServer 3.2 has no deadlines, and when a keep-alive connection ends between two requests it forgets the
 * connection but keeps its descriptor for ever. Here such an end is turned into one stray byte and then the end: a
 * request has begun, so libsoup closes properly.
 */
#define OBA_TYPE_HTTP_STREAM (oba_http_stream_get_type ())
G_DECLARE_FINAL_TYPE (ObaHttpStream, oba_http_stream, OBA, HTTP_STREAM, GIOStream)

typedef enum
{
  OBA_HTTP_PHASE_IDLE,      /* between two requests, or before the first one */
  OBA_HTTP_PHASE_HEADERS,   /* the first byte has come */
  OBA_HTTP_PHASE_BODY,
  OBA_HTTP_PHASE_WORKING,   /* a handler has it; its own deadline counts */
  OBA_HTTP_PHASE_WRITING,
} ObaHttpPhase;

typedef void (*ObaHttpStreamClosed) (ObaHttpStream *stream, gpointer user_data);

ObaHttpStream *oba_http_stream_new       (GSocketConnection *connection, ObaHttpStreamClosed closed, gpointer user_data);
/** The server must not outlive its owner: after this @closed is not called. */
void           oba_http_stream_forget    (ObaHttpStream *self);
void           oba_http_stream_set_phase (ObaHttpStream *self, ObaHttpPhase phase);
ObaHttpPhase   oba_http_stream_get_phase (ObaHttpStream *self);
/** Monotonic microseconds at which the phase began. */
gint64         oba_http_stream_get_since (ObaHttpStream *self);
/** Ends the connection: a pending read sees the end, a pending write fails; SoupServer then closes and frees it. */
void           oba_http_stream_end       (ObaHttpStream *self);

G_END_DECLS
