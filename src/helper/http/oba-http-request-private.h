#pragma once

#include "oba-http-request.h"
#include "oba-http-stream.h"
#include "oba-http-server.h"

G_BEGIN_DECLS

/* Between the server and its requests only. */
struct _ObaHttpRequest
{
  GObject parent_instance;

  SoupServerMessage *message;   /* (nullable): NULL after it finished */
  ObaHttpStream *stream;        /* (nullable) (unowned): the message's connection, while it lives */
  const ObaHttpRoute *route;    /* (nullable): NULL for what has no route */
  char *id;
  char *parameter;
  GCancellable *cancellable;    /* made when first asked for */
  gint64 started;
  gint64 deadline;              /* monotonic; 0 until a handler has it */
  gsize received;
  gsize max_body;
  guint status;                 /* what was answered; 0 yet */
  GList link;                   /* in the server's list of unanswered requests */
  gboolean answered;
  gboolean paused;
  gboolean listed;
};

ObaHttpRequest *oba_http_request_new      (SoupServerMessage *message, ObaHttpStream *stream);
void            oba_http_request_finished (ObaHttpRequest *self);
void            oba_http_request_pause    (ObaHttpRequest *self);

G_END_DECLS
