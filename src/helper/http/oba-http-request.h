#pragma once

#include <gio/gio.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

#define OBA_HTTP_TOO_MANY_REQUESTS 429   /* libsoup has no name for it */

/**
 * ObaHttpRequest: one request on its way through a handler. A handler answers it once, now or later (it may keep a
 * reference and go away); an answer after the deadline or after the client has left is dropped silently.
 */
#define OBA_TYPE_HTTP_REQUEST (oba_http_request_get_type ())
G_DECLARE_FINAL_TYPE (ObaHttpRequest, oba_http_request, OBA, HTTP_REQUEST, GObject)

const char   *oba_http_request_get_id          (ObaHttpRequest *self);
/** (nullable): the piece of the path that the route's {…} stands for, percent-decoded */
const char   *oba_http_request_get_parameter   (ObaHttpRequest *self);
/** (nullable): a header that was sent once */
const char   *oba_http_request_get_header      (ObaHttpRequest *self, const char *name);
/** Returns: (transfer full): empty without a body */
GBytes       *oba_http_request_get_body        (ObaHttpRequest *self);
/** Cancelled at the deadline: give it to what the handler waits for. */
GCancellable *oba_http_request_get_cancellable (ObaHttpRequest *self);
gboolean      oba_http_request_is_answered     (ObaHttpRequest *self);

void          oba_http_request_set_header      (ObaHttpRequest *self, const char *name, const char *value);
/** @content_type: (nullable): a literal; @body: (nullable) (transfer none) */
void          oba_http_request_respond         (ObaHttpRequest *self, guint status, const char *content_type, GBytes *body);
void          oba_http_request_respond_text    (ObaHttpRequest *self, guint status, const char *content_type, const char *text);
/** RFC 9457. @type: a word of ours ("not-found"), a part of the contract; @detail: (nullable): a sentence for people */
void          oba_http_request_respond_problem (ObaHttpRequest *self, guint status, const char *type, const char *detail);

G_END_DECLS
