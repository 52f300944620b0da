#include "oba-telegram-double.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "oba-telegram-specification.h"

#define TOO_MANY_REQUESTS 429

typedef struct
{
  char *method;
  char *parameters;
  char *text;
  gint64 chat_id;
  gint64 time;
} Call;

typedef struct
{
  char *method; /* (nullable): NULL: a message's */
  ObaTelegramBehaviour behaviour;
  guint parameter;
} Plan;

static void
plan_free (gpointer data)
{
  Plan *plan = data;

  g_free (plan->method);
  g_free (plan);
}

struct _ObaTelegramDouble
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *server;
  char *url;
  GMutex lock; /* for what follows, and to wait for the thread */
  GCond changed;
  GPtrArray *calls;
  GQueue plans;
  GPtrArray *stalled;
  GPtrArray *others;   /* methods of calls that are not messages */
  GPtrArray *updates;  /* for getUpdates */
  gint64 offset;
  gboolean disorder;
  char *webhook;
  GHashTable *files;   /* id -> GBytes */
  ObaTelegramSpecification *specification; /* (nullable): where it is at hand */
};

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->method);
  g_free (call->parameters);
  g_free (call->text);
  g_free (call);
}

static void
respond (SoupServerMessage *message, guint status, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body, strlen (body));
}

static void
respond_error (SoupServerMessage *message, guint status, const char *description, guint retry_after)
{
  g_autofree char *body = NULL;

  if (retry_after > 0)
    body =
        g_strdup_printf ("{\"ok\":false,\"error_code\":%u,\"description\":\"%s\",\"parameters\":{\"retry_after\":%u}}",
                         status, description, retry_after);
  else
    body = g_strdup_printf ("{\"ok\":false,\"error_code\":%u,\"description\":\"%s\"}", status, description);
  respond (message, status, body);
}

/* A picture has an id from then on. */
static void
respond_sent (SoupServerMessage *message, guint number)
{
  gboolean photo = g_str_has_suffix (g_uri_get_path (soup_server_message_get_uri (message)), "/sendPhoto");
  g_autofree char *sizes = photo ? g_strdup_printf (",\"photo\":[{\"file_id\":\"small-%u\"},{\"file_id\":\"photo-%u\"}]", number, number) : g_strdup ("");
  g_autofree char *body = g_strdup_printf (
      "{\"ok\":true,\"result\":{\"message_id\":%u,\"date\":1,\"chat\":{\"id\":1,\"type\":\"private\"}%s}}", number, sizes);

  respond (message, SOUP_STATUS_OK, body);
}

/* What Telegram's own reader of HTML takes: its tags, closed in order. Returns: how long it finds the text, in UTF-16; -1 when it takes it not at all */
static int
measure_html (const char *html)
{
  static const char *const tags[] = { "b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler", "strong", "em", "ins", "strike", "del", NULL };
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func (g_free);
  int length = 0;

  while (*html != '\0')
    {
      const char *end = *html == '<' ? strchr (html, '>') : *html == '&' ? strchr (html, ';') : NULL;

      if (*html == '<')
        {
          gboolean closes = html[1] == '/';
          g_autofree char *name = end != NULL ? g_strndup (html + 1 + closes, strcspn (html + 1 + closes, " >")) : NULL;

          if (name == NULL || !g_strv_contains (tags, name) || (closes && (open->len == 0 || strcmp (g_ptr_array_index (open, open->len - 1), name) != 0)))
            return -1;
          if (closes)
            g_ptr_array_set_size (open, (int) open->len - 1);
          else
            g_ptr_array_add (open, g_steal_pointer (&name));
          html = end + 1;
          continue;
        }
      if (*html == '&' && (end == NULL || end - html > 7))
        return -1;
      length += *html != '&' && g_utf8_get_char (html) > 0xffff ? 2 : 1;
      html = *html == '&' ? end + 1 : g_utf8_next_char (html);
    }
  return open->len == 0 ? length : -1;
}

static const char *
find_long_button (JsonObject *object)
{
  JsonObject *markup = json_object_has_member (object, "reply_markup") ? json_object_get_object_member (object, "reply_markup") : NULL;
  JsonArray *rows = markup != NULL && json_object_has_member (markup, "inline_keyboard") ? json_object_get_array_member (markup, "inline_keyboard") : NULL;

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    for (guint k = 0; k < json_array_get_length (json_array_get_array_element (rows, i)); k++)
      {
        JsonObject *button = json_array_get_object_element (json_array_get_array_element (rows, i), k);
        const char *data = json_object_get_string_member_with_default (button, "callback_data", "x");

        if (*json_object_get_string_member (button, "text") == '\0' || *data == '\0' || strlen (data) > 64)
          return "a button without text, or with data of not 1 to 64 bytes";
      }
  return NULL;
}

/* What Telegram limits, and a specification of types does not say. Returns: (nullable): what is wrong */
static const char *
find_excess (JsonObject *object)
{
  gboolean html = json_object_has_member (object, "parse_mode");
  const char *text = json_object_get_string_member_with_default (object, "text", "x");
  const char *caption = json_object_get_string_member_with_default (object, "caption", "");
  int text_length = html ? measure_html (text) : (int) g_utf8_strlen (text, -1);
  int caption_length = html ? measure_html (caption) : (int) g_utf8_strlen (caption, -1);

  if (text_length < 0 || caption_length < 0)
    return "can't parse entities";
  if (text_length < 1 || text_length > 4096)
    return "message text is empty or too long";
  if (caption_length > 1024)
    return "caption is too long";
  return find_long_button (object);
}

/* Without the specification at hand: the calls that there are, and nothing that they do not know. */
static const char *
find_stranger (const char *method, JsonObject *object)
{
  static const char *const methods[] = {
    "sendMessage chat_id text parse_mode reply_markup disable_notification protect_content link_preview_options",
    "sendPhoto chat_id photo caption parse_mode reply_markup",
    "sendDocument chat_id document caption parse_mode reply_markup",
    "editMessageText chat_id message_id text parse_mode reply_markup",
    "editMessageCaption chat_id message_id caption parse_mode reply_markup",
    "editMessageReplyMarkup chat_id message_id reply_markup",
    "deleteMessage chat_id message_id",
    "answerCallbackQuery callback_query_id text show_alert",
    "setMyCommands commands language_code scope",
    "getUpdates offset limit timeout allowed_updates",
    "setWebhook url secret_token allowed_updates max_connections",
    "deleteWebhook drop_pending_updates",
    "getMe",
    "getWebhookInfo",
    "getFile file_id",
  };
  g_autoptr (GList) members = json_object_get_members (object);
  g_auto (GStrv) words = NULL;

  for (guint i = 0; words == NULL && i < G_N_ELEMENTS (methods); i++)
    if (g_str_has_prefix (methods[i], method) && strchr (" ", methods[i][strlen (method)]) != NULL)
      words = g_strsplit (methods[i], " ", -1);
  if (words == NULL)
    return "unknown method";
  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains ((const char *const *) words + 1, l->data))
      return "unknown field";
  return NULL;
}

/* Returns: (transfer full) (nullable): what is wrong */
static char *
find_fault (ObaTelegramDouble *self, const char *method, JsonObject *object)
{
  const char *fault = find_excess (object);

  if (fault == NULL && self->specification != NULL)
    return oba_telegram_specification_find_fault (self->specification, method, object);
  return g_strdup (fault != NULL ? fault : find_stranger (method, object));
}

static gboolean
answer_late (gpointer user_data)
{
  SoupServerMessage *message = user_data;

  respond_sent (message, 1);
  soup_server_message_unpause (message);
  return G_SOURCE_REMOVE;
}

static void
behave (ObaTelegramDouble *self, SoupServerMessage *message, Plan plan, guint number)
{
  g_autoptr (GSource) timer = NULL;

  switch (plan.behaviour)
    {
    case OBA_TELEGRAM_DOUBLE_TOO_MANY:
      respond_error (message, TOO_MANY_REQUESTS, "Too Many Requests", plan.parameter);
      break;
    case OBA_TELEGRAM_DOUBLE_FORBIDDEN:
      respond_error (message, SOUP_STATUS_FORBIDDEN, "Forbidden: bot was blocked by the user", 0);
      break;
    case OBA_TELEGRAM_DOUBLE_BAD_REQUEST:
      respond_error (message, SOUP_STATUS_BAD_REQUEST, "Bad Request: can't parse entities", 0);
      break;
    case OBA_TELEGRAM_DOUBLE_ERROR:
      respond_error (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "Internal Server Error", 0);
      break;
    case OBA_TELEGRAM_DOUBLE_GARBAGE:
      respond (message, SOUP_STATUS_OK, "<html>it works!</html>");
      break;
    case OBA_TELEGRAM_DOUBLE_STALL:
      soup_server_message_pause (message);
      g_ptr_array_add (self->stalled, g_object_ref (message));
      break;
    case OBA_TELEGRAM_DOUBLE_CLOSE:
      soup_server_message_pause (message);
      g_ptr_array_add (self->stalled, g_object_ref (message));
      g_socket_shutdown (soup_server_message_get_socket (message), TRUE, TRUE, NULL);
      break;
    case OBA_TELEGRAM_DOUBLE_DELAY:
      soup_server_message_pause (message);
      timer = g_timeout_source_new (plan.parameter);
      g_source_set_callback (timer, answer_late, g_object_ref (message), g_object_unref);
      g_source_attach (timer, self->context);
      break;
    case OBA_TELEGRAM_DOUBLE_OK:
    default:
      respond_sent (message, number);
    }
}

/* Under the lock. Returns: (transfer full) (nullable): what was planned for this call */
static Plan *
take_plan (ObaTelegramDouble *self, const char *method)
{
  Plan *plan = NULL;

  for (GList *l = self->plans.head; plan == NULL && l != NULL; l = l->next)
    if (g_strcmp0 (((Plan *) l->data)->method, method) == 0)
      {
        plan = l->data;
        g_queue_delete_link (&self->plans, l);
        break;
      }
  return plan;
}

/* Updates for getUpdates: those from @offset on; what is below is confirmed, and forgotten. */
static void
respond_updates (ObaTelegramDouble *self, SoupServerMessage *message, gint64 offset)
{
  g_autoptr (GString) body = g_string_new ("{\"ok\":true,\"result\":[");

  g_mutex_lock (&self->lock);
  self->offset = MAX (self->offset, offset);
  for (guint n = 0; n < self->updates->len * (self->disorder ? 2 : 1); n++)
    {
      guint i = self->disorder ? self->updates->len - 1 - n / 2 : n; /* backwards, each twice */
      /* Updates need not be JSON here. */
      const char *number = strstr (g_ptr_array_index (self->updates, i), "\"update_id\":");
      gint64 id = number != NULL ? g_ascii_strtoll (number + strlen ("\"update_id\":"), NULL, 10) : G_MAXINT64;

      if (id >= self->offset)
        g_string_append_printf (body, "%s%s", body->str[body->len - 1] == '[' ? "" : ",", (char *) g_ptr_array_index (self->updates, i));
    }
  g_mutex_unlock (&self->lock);
  g_string_append (body, "]}");
  respond (message, SOUP_STATUS_OK, body->str);
}

/* What is not a message to somebody. Returns: whether it was answered here */
static gboolean
administer (ObaTelegramDouble *self, SoupServerMessage *message, const char *method, JsonObject *object)
{
  g_autofree char *body = NULL;

  if (strcmp (method, "getUpdates") == 0)
    {
      gint64 offset = json_object_get_int_member_with_default (object, "offset", 0);

      respond_updates (self, message, offset);
      return TRUE;
    }
  if (g_str_has_prefix (method, "send") || g_str_has_prefix (method, "edit") || strcmp (method, "deleteMessage") == 0)
    return FALSE;
  g_mutex_lock (&self->lock);
  if (strcmp (method, "setWebhook") == 0)
    {
      g_free (self->webhook);
      self->webhook = g_strdup (json_object_get_string_member (object, "url"));
    }
  else if (strcmp (method, "deleteWebhook") == 0)
    g_clear_pointer (&self->webhook, g_free);
  else if (strcmp (method, "getMe") == 0)
    body = g_strdup ("{\"ok\":true,\"result\":{\"id\":4711,\"is_bot\":true,\"first_name\":\"OBA\",\"username\":\"ObaTestBot\"}}");
  else if (strcmp (method, "getWebhookInfo") == 0)
    body = g_strdup_printf ("{\"ok\":true,\"result\":{\"url\":\"%s\",\"has_custom_certificate\":false,\"pending_update_count\":7,\"max_connections\":40,"
                            "\"last_error_date\":1700000000,\"last_error_message\":\"Connection timed out\"}}",
                            self->webhook != NULL ? self->webhook : "");
  g_ptr_array_add (self->others, g_strdup (method));
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  respond (message, SOUP_STATUS_OK, body != NULL ? body : "{\"ok\":true,\"result\":true}");
  return TRUE;
}

/* The parameters of a form; a file is named by its size. */
static JsonNode *
read_form (SoupServerMessage *message, GBytes *body)
{
  g_autoptr (SoupMultipart) form = soup_multipart_new_from_message (soup_server_message_get_request_headers (message), body);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  for (int i = 0; form != NULL && i < soup_multipart_get_length (form); i++)
    {
      SoupMessageHeaders *headers;
      GBytes *part;
      g_autoptr (GHashTable) params = NULL;
      g_autofree char *disposition = NULL, *text = NULL;
      g_autoptr (JsonNode) value = NULL;

      soup_multipart_get_part (form, i, &headers, &part);
      soup_message_headers_get_content_disposition (headers, &disposition, &params);
      text = g_strndup (g_bytes_get_data (part, NULL), g_bytes_get_size (part));
      if (g_hash_table_contains (params, "filename"))
        {
          g_free (text);
          text = g_strdup_printf ("%" G_GSIZE_FORMAT " bytes", g_bytes_get_size (part));
        }
      else if (*text == '{' || *text == '[' || g_ascii_isdigit (*text) || *text == '-')
        value = json_from_string (text, NULL);
      if (value != NULL)
        json_object_set_member (object, g_hash_table_lookup (params, "name"), g_steal_pointer (&value));
      else
        json_object_set_string_member (object, g_hash_table_lookup (params, "name"), text);
    }
  return node;
}

static JsonNode *
read_parameters (SoupServerMessage *message)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  const char *type = soup_message_headers_get_content_type (soup_server_message_get_request_headers (message), NULL);
  g_autofree char *text = NULL;

  if (g_strcmp0 (type, "multipart/form-data") == 0)
    return read_form (message, body);
  text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  return json_from_string (text, NULL);
}

/* Files that somebody "sent" to the bot. */
static void
handle_file (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  ObaTelegramDouble *self = user_data;
  const char *name = strrchr (path, '/') + 1;
  GBytes *file;

  g_mutex_lock (&self->lock);
  file = g_hash_table_lookup (self->files, name);
  if (file == NULL)
    respond_error (message, SOUP_STATUS_NOT_FOUND, "Not Found", 0);
  else
    {
      soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
      soup_server_message_set_response (message, "application/octet-stream", SOUP_MEMORY_COPY, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
    }
  g_mutex_unlock (&self->lock);
}

static void
respond_file (SoupServerMessage *message, JsonObject *object)
{
  const char *id = json_object_get_string_member (object, "file_id");
  g_autofree char *body = g_strdup_printf ("{\"ok\":true,\"result\":{\"file_id\":\"%s\",\"file_unique_id\":\"u\",\"file_path\":\"photos/%s\"}}", id, id);

  respond (message, SOUP_STATUS_OK, body);
}

static void
handle (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  ObaTelegramDouble *self = user_data;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  const char *method;
  Plan *planned;
  g_autofree char *fault = NULL;
  Call *call;
  guint number;

  if (!g_str_has_prefix (path, "/bot" OBA_TELEGRAM_DOUBLE_TOKEN "/"))
    {
      respond_error (message, SOUP_STATUS_NOT_FOUND, "Not Found", 0);
      return;
    }
  method = strrchr (path, '/') + 1;
  root = read_parameters (message);
  object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  fault = object != NULL ? find_fault (self, method, object) : g_strdup ("no JSON");
  if (fault != NULL)
    {
      g_autofree char *text = root != NULL ? json_to_string (root, FALSE) : NULL;

      g_error ("a call of %s that the Bot API refuses: %s: %s", method, fault, text);
    }
  g_mutex_lock (&self->lock);
  planned = take_plan (self, method);
  g_mutex_unlock (&self->lock);
  if (planned != NULL)
    {
      behave (self, message, *planned, 1);
      plan_free (planned);
      return;
    }
  if (strcmp (method, "getFile") == 0)
    {
      respond_file (message, object);
      return;
    }
  if (administer (self, message, method, object))
    return;

  call = g_new0 (Call, 1);
  call->method = g_strdup (method);
  call->parameters = json_to_string (root, FALSE);
  call->text = g_strdup (json_object_get_string_member_with_default (object, "text", json_object_get_string_member_with_default (object, "caption", "")));
  call->chat_id = json_object_get_int_member (object, "chat_id");
  call->time = g_get_monotonic_time ();
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->calls, call);
  number = self->calls->len;
  planned = take_plan (self, NULL); /* what is planned after this call was seen is for the next one */
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  behave (self, message, planned != NULL ? *planned : (Plan){ NULL, OBA_TELEGRAM_DOUBLE_OK, 0 }, number);
  g_clear_pointer (&planned, plan_free);
}

static gboolean
tell_running (gpointer user_data)
{
  ObaTelegramDouble *self = user_data;
  GSList *uris = soup_server_get_uris (self->server);
  g_autofree char *uri = g_uri_to_string (uris->data);

  g_mutex_lock (&self->lock);
  self->url = g_strndup (uri, strlen (uri) - 1);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return G_SOURCE_REMOVE;
}

static gpointer
run (gpointer data)
{
  ObaTelegramDouble *self = data;
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, handle, self, NULL);
  soup_server_add_handler (self->server, "/file/bot" OBA_TELEGRAM_DOUBLE_TOKEN, handle_file, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  tell_running (self);
  g_main_loop_run (self->loop);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

ObaTelegramDouble *
oba_telegram_double_new (void)
{
  ObaTelegramDouble *self = g_new0 (ObaTelegramDouble, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->calls = g_ptr_array_new_with_free_func (call_free);
  self->stalled = g_ptr_array_new_with_free_func (g_object_unref);
  self->others = g_ptr_array_new_with_free_func (g_free);
  self->updates = g_ptr_array_new_with_free_func (g_free);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->specification = oba_telegram_specification_load ();
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("telegram", run, self);
  g_mutex_lock (&self->lock);
  while (self->url == NULL)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  return self;
}

static gboolean
quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

void
oba_telegram_double_free (ObaTelegramDouble *self)
{
  g_main_context_invoke (self->context, quit, self->loop);
  g_thread_join (self->thread);
  g_ptr_array_unref (self->stalled);
  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->others);
  g_ptr_array_unref (self->updates);
  g_hash_table_unref (self->files);
  g_clear_pointer (&self->specification, oba_telegram_specification_free);
  g_free (self->webhook);
  g_queue_clear_full (&self->plans, plan_free);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->url);
  g_free (self);
}

const char *
oba_telegram_double_get_url (ObaTelegramDouble *self)
{
  return self->url;
}

void
oba_telegram_double_set_disorder (ObaTelegramDouble *self, gboolean disorder)
{
  g_mutex_lock (&self->lock);
  self->disorder = disorder;
  g_mutex_unlock (&self->lock);
}

void
oba_telegram_double_plan (ObaTelegramDouble *self, ObaTelegramBehaviour behaviour, guint parameter)
{
  oba_telegram_double_plan_method (self, NULL, behaviour, parameter);
}

void
oba_telegram_double_plan_method (ObaTelegramDouble *self, const char *method, ObaTelegramBehaviour behaviour, guint parameter)
{
  Plan *plan = g_new0 (Plan, 1);

  plan->method = g_strdup (method);
  plan->behaviour = behaviour;
  plan->parameter = parameter;
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->plans, plan);
  g_mutex_unlock (&self->lock);
}

guint
oba_telegram_double_get_n_calls (ObaTelegramDouble *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->calls->len;
  g_mutex_unlock (&self->lock);
  return n;
}

void
oba_telegram_double_wait (ObaTelegramDouble *self, guint n)
{
  gint64 until = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&self->lock);
  while (self->calls->len < n)
    if (!g_cond_wait_until (&self->changed, &self->lock, until))
      g_error ("Telegram was called %u times, not %u", self->calls->len, n);
  g_mutex_unlock (&self->lock);
}

static Call *
get_call (ObaTelegramDouble *self, guint index)
{
  Call *call;

  g_mutex_lock (&self->lock);
  g_assert_cmpuint (index, <, self->calls->len);
  call = g_ptr_array_index (self->calls, index);
  g_mutex_unlock (&self->lock);
  return call;
}

char *
oba_telegram_double_get_text (ObaTelegramDouble *self, guint index)
{
  return g_strdup (get_call (self, index)->text);
}

char *
oba_telegram_double_get_method (ObaTelegramDouble *self, guint index)
{
  return g_strdup (get_call (self, index)->method);
}

char *
oba_telegram_double_get_parameters (ObaTelegramDouble *self, guint index)
{
  return g_strdup (get_call (self, index)->parameters);
}

void
oba_telegram_double_add_update (ObaTelegramDouble *self, const char *update)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->updates, g_strdup (update));
  g_mutex_unlock (&self->lock);
}

void
oba_telegram_double_add_file (ObaTelegramDouble *self, const char *id, GBytes *file)
{
  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->files, g_strdup (id), g_bytes_ref (file));
  g_mutex_unlock (&self->lock);
}

static guint
count_others (ObaTelegramDouble *self, const char *method)
{
  guint n = 0;

  for (guint i = 0; i < self->others->len; i++)
    n += strcmp (g_ptr_array_index (self->others, i), method) == 0;
  return n;
}

guint
oba_telegram_double_count_others (ObaTelegramDouble *self, const char *method)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = count_others (self, method);
  g_mutex_unlock (&self->lock);
  return n;
}

void
oba_telegram_double_wait_other (ObaTelegramDouble *self, const char *method, guint n)
{
  gint64 until = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&self->lock);
  while (count_others (self, method) < n)
    if (!g_cond_wait_until (&self->changed, &self->lock, until))
      g_error ("%s was called %u times, not %u", method, count_others (self, method), n);
  g_mutex_unlock (&self->lock);
}

gint64
oba_telegram_double_get_chat (ObaTelegramDouble *self, guint index)
{
  return get_call (self, index)->chat_id;
}

gint64
oba_telegram_double_get_time (ObaTelegramDouble *self, guint index)
{
  return get_call (self, index)->time;
}

guint
oba_telegram_double_count_chat (ObaTelegramDouble *self, gint64 chat_id)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->calls->len; i++)
    n += ((Call *) g_ptr_array_index (self->calls, i))->chat_id == chat_id;
  g_mutex_unlock (&self->lock);
  return n;
}
