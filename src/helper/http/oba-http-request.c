#include "oba-http-request-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (ObaHttpRequest, oba_http_request, G_TYPE_OBJECT)

static void
oba_http_request_finalize (GObject *object)
{
  ObaHttpRequest *self = OBA_HTTP_REQUEST (object);

  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_free (self->id);
  g_free (self->parameter);
  G_OBJECT_CLASS (oba_http_request_parent_class)->finalize (object);
}

static void
oba_http_request_class_init (ObaHttpRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_http_request_finalize;
}

static void
oba_http_request_init (ObaHttpRequest *self)
{
  self->link.data = self;
}

/* nginx names the request, so that its log and ours can be laid side by side; what does not look like a name is
 * replaced. */
static char *
choose_id (SoupServerMessage *message)
{
  const char *given = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "X-Request-Id");

  if (given != NULL && strlen (given) >= 8 && strlen (given) <= 64 &&
      given[strspn (given, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] == '\0')
    return g_strdup (given);
  return g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
}

ObaHttpRequest *
oba_http_request_new (SoupServerMessage *message, ObaHttpStream *stream)
{
  ObaHttpRequest *self = g_object_new (OBA_TYPE_HTTP_REQUEST, NULL);

  self->message = g_object_ref (message);
  self->stream = stream;
  self->id = choose_id (message);
  self->started = g_get_monotonic_time ();
  return self;
}

void
oba_http_request_finished (ObaHttpRequest *self)
{
  self->answered = TRUE;
  self->stream = NULL;
  g_clear_object (&self->message);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

void
oba_http_request_pause (ObaHttpRequest *self)
{
  self->paused = TRUE;
  soup_server_message_pause (self->message);
}

const char *
oba_http_request_get_id (ObaHttpRequest *self)
{
  return self->id;
}

const char *
oba_http_request_get_parameter (ObaHttpRequest *self)
{
  return self->parameter;
}

const char *
oba_http_request_get_header (ObaHttpRequest *self, const char *name)
{
  if (self->message == NULL)
    return NULL;
  return soup_message_headers_get_one (soup_server_message_get_request_headers (self->message), name);
}

GBytes *
oba_http_request_get_body (ObaHttpRequest *self)
{
  if (self->message == NULL)
    return g_bytes_new_static ("", 0);
  return soup_message_body_flatten (soup_server_message_get_request_body (self->message));
}

GCancellable *
oba_http_request_get_cancellable (ObaHttpRequest *self)
{
  if (self->cancellable == NULL)
    self->cancellable = g_cancellable_new ();
  return self->cancellable;
}

gboolean
oba_http_request_is_answered (ObaHttpRequest *self)
{
  return self->answered;
}

void
oba_http_request_set_header (ObaHttpRequest *self, const char *name, const char *value)
{
  if (!self->answered)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name, value);
}

static const char *
status_phrase (guint status)
{
  return status == OBA_HTTP_TOO_MANY_REQUESTS ? "Too Many Requests" : soup_status_get_phrase (status);
}

void
oba_http_request_respond (ObaHttpRequest *self, guint status, const char *content_type, GBytes *body)
{
  SoupMessageHeaders *headers;

  if (self->answered)
    return;
  self->answered = TRUE;
  self->status = status;

  headers = soup_server_message_get_response_headers (self->message);
  soup_message_headers_replace (headers, "X-Request-Id", self->id);
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  if (soup_message_headers_get_one (headers, "Cache-Control") == NULL)
    soup_message_headers_append (headers, "Cache-Control", "no-store");
  if (content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", content_type);
  if (body != NULL)
    soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), body);
  soup_server_message_set_status (self->message, status, status_phrase (status));

  if (self->stream != NULL && oba_http_stream_get_phase (self->stream) == OBA_HTTP_PHASE_WORKING)
    oba_http_stream_set_phase (self->stream, OBA_HTTP_PHASE_WRITING);
  if (self->paused)
    soup_server_message_unpause (self->message);
  self->paused = FALSE;
}

void
oba_http_request_respond_text (ObaHttpRequest *self, guint status, const char *content_type, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  oba_http_request_respond (self, status, content_type, body);
}

void
oba_http_request_respond_problem (ObaHttpRequest *self, guint status, const char *type, const char *detail)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *uri = g_strconcat ("urn:oba:problem:", type, NULL);
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, uri);
  json_builder_set_member_name (builder, "title");
  json_builder_add_string_value (builder, status_phrase (status));
  json_builder_set_member_name (builder, "status");
  json_builder_add_int_value (builder, status);
  if (detail != NULL)
    {
      json_builder_set_member_name (builder, "detail");
      json_builder_add_string_value (builder, detail);
    }
  json_builder_set_member_name (builder, "instance");
  json_builder_add_string_value (builder, self->id);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  oba_http_request_respond_text (self, status, "application/problem+json", text);
}
