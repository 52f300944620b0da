#include "oba-telegram-client.h"

#include <libsoup/soup.h>
#include <string.h>

#include "base/oba-error.h"
#include "http/oba-http-request.h"
#include "http/oba-json-guard.h"

#define MAX_ANSWER (8 * 1024 * 1024) /* a hundred updates of the longest; the pages of a buffer that nothing fills are never touched */
#define MAX_CALLS 64 /* at a time: all messages that may be under way, their buttons, countdowns and a poll; libsoup itself would stop at ten */
#define TIMEOUT_SECONDS 30
#define MULTIPART "multipart/form-data"
#define IDLE_SECONDS 20 /* shorter than theirs: a connection they have closed would lose a message into "unknown" */
#define DEFAULT_RETRY_AFTER 5
#define WRONG_TOKEN_RETRY_AFTER 60
#define MAX_RETRY_AFTER 3600

struct _ObaTelegramClient
{
  GObject parent_instance;

  SoupSession *session;
  char *base;
  char *files;
};

G_DEFINE_FINAL_TYPE (ObaTelegramClient, oba_telegram_client, G_TYPE_OBJECT)

typedef struct
{
  SoupMessage *message;
  gboolean written; /* the request has gone out: it may have been carried out */
  char *buffer;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->message);
  g_free (call->buffer);
  g_free (call);
}

const char *
oba_telegram_outcome_name (ObaTelegramOutcome outcome)
{
  static const char *const names[] = { "sent", "retry", "paced", "blocked", "failed", "unknown" };

  return names[outcome];
}

void
oba_telegram_reply_free (ObaTelegramReply *self)
{
  g_clear_pointer (&self->result, json_node_unref);
  g_clear_pointer (&self->unreadable, g_bytes_unref);
  g_free (self->problem);
  g_free (self);
}

static ObaTelegramReply *
reply_new (ObaTelegramOutcome outcome, const char *problem)
{
  ObaTelegramReply *reply = g_new0 (ObaTelegramReply, 1);

  reply->outcome = outcome;
  reply->problem = problem != NULL ? g_utf8_make_valid (problem, -1) : NULL;
  return reply;
}

static ObaTelegramReply *
reply_without_answer (Call *call, GError *error)
{
  return reply_new (call->written ? OBA_TELEGRAM_UNKNOWN : OBA_TELEGRAM_RETRY, error->message);
}

static gint64
member_int (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : fallback;
}

static JsonObject *
member_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static ObaTelegramOutcome
outcome_of_refusal (guint status, const char *description)
{
  switch (status)
    {
    case OBA_HTTP_TOO_MANY_REQUESTS:
    case SOUP_STATUS_UNAUTHORIZED:
    case SOUP_STATUS_NOT_FOUND: /* the Bot API's answer to a token it does not know */
      return OBA_TELEGRAM_PACED;
    case SOUP_STATUS_FORBIDDEN:
      return OBA_TELEGRAM_BLOCKED;
    case SOUP_STATUS_BAD_REQUEST:
      return strstr (description, "chat not found") != NULL ? OBA_TELEGRAM_BLOCKED : OBA_TELEGRAM_FAILED;
    case SOUP_STATUS_GATEWAY_TIMEOUT:
      return OBA_TELEGRAM_UNKNOWN;
    default:
      if (status >= 500)
        return OBA_TELEGRAM_RETRY;
      return status >= 400 ? OBA_TELEGRAM_FAILED : OBA_TELEGRAM_UNKNOWN;
    }
}

static ObaTelegramReply *
read_answer (guint status, const char *data, gsize length)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = oba_json_guard_parse (data, length, &text, NULL);
  JsonObject *object = root != NULL ? json_node_get_object (root) : NULL;
  JsonNode *description = object != NULL ? json_object_get_member (object, "description") : NULL;
  const char *said = description != NULL && json_node_get_value_type (description) == G_TYPE_STRING
                         ? json_node_get_string (description)
                         : "";
  g_autofree char *problem = NULL;
  ObaTelegramReply *reply;

  if (status == SOUP_STATUS_OK && object != NULL && json_object_has_member (object, "result"))
    {
      reply = reply_new (OBA_TELEGRAM_SENT, NULL);
      reply->result = json_node_copy (json_object_get_member (object, "result"));
      reply->message_id = member_int (member_object (object, "result"), "message_id", 0);
      return reply;
    }
  problem = g_strdup_printf ("%u %s", status, *said != '\0' ? said : "(no description)");
  reply = reply_new (outcome_of_refusal (status, said), problem);
  if (status == SOUP_STATUS_OK && object == NULL)
    reply->unreadable = g_bytes_new (data, length);
  reply->retry_after = status == OBA_HTTP_TOO_MANY_REQUESTS ? DEFAULT_RETRY_AFTER : WRONG_TOKEN_RETRY_AFTER;
  reply->retry_after = (guint) CLAMP (
      member_int (member_object (object, "parameters"), "retry_after", reply->retry_after), 1, MAX_RETRY_AFTER);
  return reply;
}

static void
body_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error))
    g_task_return_pointer (task, reply_without_answer (call, error), (GDestroyNotify) oba_telegram_reply_free);
  else
    g_task_return_pointer (task, read_answer (soup_message_get_status (call->message), call->buffer, length),
                           (GDestroyNotify) oba_telegram_reply_free);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    {
      g_task_return_pointer (task, reply_without_answer (call, error), (GDestroyNotify) oba_telegram_reply_free);
      return;
    }
  call->buffer = g_malloc (MAX_ANSWER);
  g_input_stream_read_all_async (stream, call->buffer, MAX_ANSWER, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                 body_read, g_object_ref (task));
}

static void
request_written (SoupMessage *message, gpointer user_data)
{
  ((Call *) user_data)->written = TRUE;
}

/* Takes @message. */
static void
send_call (ObaTelegramClient *self, SoupMessage *message, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_check_cancellable (task, FALSE); /* what came of it is an outcome, too */
  g_task_set_task_data (task, call, call_free);
  call->message = message;
  soup_message_add_flags (call->message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (call->message, "wrote-headers", G_CALLBACK (request_written), call);
  soup_session_send_async (self->session, call->message, G_PRIORITY_DEFAULT, cancellable, answered,
                           g_steal_pointer (&task));
}

void
oba_telegram_client_call_async (ObaTelegramClient *self,
                                const char *method,
                                JsonNode *parameters,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autofree char *uri = g_strconcat (self->base, method, NULL);
  g_autofree char *text = json_to_string (parameters, FALSE);
  gsize length = strlen (text);
  g_autoptr (GBytes) body = g_bytes_new_take (g_steal_pointer (&text), length);
  SoupMessage *message = soup_message_new (SOUP_METHOD_POST, uri);

  soup_message_set_request_body_from_bytes (message, "application/json", body);
  send_call (self, message, cancellable, callback, user_data);
}

static void
add_field (JsonObject *object, const char *name, JsonNode *value, gpointer user_data)
{
  gboolean is_text = json_node_get_value_type (value) == G_TYPE_STRING;
  g_autofree char *text = is_text ? json_node_dup_string (value) : json_to_string (value, FALSE);

  soup_multipart_append_form_string (user_data, name, text);
}

void
oba_telegram_client_upload_async (ObaTelegramClient *self,
                                  const char *method,
                                  JsonNode *parameters,
                                  const char *field,
                                  const char *file_name,
                                  const char *content_type,
                                  GBytes *file,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autofree char *uri = g_strconcat (self->base, method, NULL);
  SoupMultipart *form = soup_multipart_new (MULTIPART);

  json_object_foreach_member (json_node_get_object (parameters), add_field, form);
  soup_multipart_append_form_file (form, field, file_name, content_type, file);
  send_call (self, soup_message_new_from_multipart (uri, form), cancellable, callback, user_data);
  soup_multipart_free (form);
}

ObaTelegramReply *
oba_telegram_client_call_finish (ObaTelegramClient *self, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/* Files. */

typedef struct
{
  SoupMessage *message;
  GInputStream *stream;
  char *buffer;
  gsize size; /* one more than is allowed */
} Download;

static void
download_free (gpointer data)
{
  Download *download = data;

  g_clear_object (&download->stream);
  g_clear_object (&download->message);
  g_free (download->buffer);
  g_free (download);
}

static void
downloaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Download *download = g_task_get_task_data (task);
  GError *error = NULL;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error))
    g_task_return_error (task, error);
  else if (length == download->size)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_INVALID_INPUT, "The file has more than %" G_GSIZE_FORMAT " bytes.", download->size - 1);
  else
    g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&download->buffer), length), (GDestroyNotify) g_bytes_unref);
}

static void
download_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Download *download = g_task_get_task_data (task);
  GError *error = NULL;

  download->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (download->stream == NULL)
    g_task_return_error (task, error);
  else if (soup_message_get_status (download->message) != SOUP_STATUS_OK)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "Telegram answered %u to a file.", soup_message_get_status (download->message));
  else
    {
      download->buffer = g_malloc (download->size);
      g_input_stream_read_all_async (download->stream, download->buffer, download->size, G_PRIORITY_DEFAULT,
                                     g_task_get_cancellable (task), downloaded, g_object_ref (task));
    }
}

void
oba_telegram_client_download_async (ObaTelegramClient *self,
                                    const char *path,
                                    gsize max_bytes,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  g_autofree char *uri = g_strconcat (self->files, escaped, NULL);
  Download *download = g_new0 (Download, 1);

  download->size = max_bytes + 1;
  download->message = soup_message_new (SOUP_METHOD_GET, uri);
  soup_message_add_flags (download->message, SOUP_MESSAGE_NO_REDIRECT);
  g_task_set_task_data (task, download, download_free);
  soup_session_send_async (self->session, download->message, G_PRIORITY_DEFAULT, cancellable, download_answered, g_steal_pointer (&task));
}

GBytes *
oba_telegram_client_download_finish (ObaTelegramClient *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
oba_telegram_client_finalize (GObject *object)
{
  ObaTelegramClient *self = OBA_TELEGRAM_CLIENT (object);

  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_free (self->base);
  g_free (self->files);
  G_OBJECT_CLASS (oba_telegram_client_parent_class)->finalize (object);
}

static void
oba_telegram_client_class_init (ObaTelegramClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_telegram_client_finalize;
}

static void
oba_telegram_client_init (ObaTelegramClient *self)
{
}

ObaTelegramClient *
oba_telegram_client_new (const char *api_url, const char *token)
{
  ObaTelegramClient *self = g_object_new (OBA_TYPE_TELEGRAM_CLIENT, NULL);

  self->base = g_strdup_printf ("%s/bot%s/", api_url, token);
  self->files = g_strdup_printf ("%s/file/bot%s/", api_url, token);
  self->session = soup_session_new_with_options ("timeout", TIMEOUT_SECONDS, "idle-timeout", IDLE_SECONDS,
                                                 "max-conns", MAX_CALLS, "max-conns-per-host", MAX_CALLS, "user-agent", "OBA-Back-Office", NULL);
  return self;
}
