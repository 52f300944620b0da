#include "oba-telegram-double.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#define TOO_MANY_REQUESTS 429

typedef struct
{
  char *text;
  gint64 chat_id;
  gint64 time;
} Call;

typedef struct
{
  ObaTelegramBehaviour behaviour;
  guint parameter;
} Plan;

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
};

static void
call_free (gpointer data)
{
  g_free (((Call *) data)->text);
  g_free (data);
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

static void
respond_sent (SoupServerMessage *message, guint number)
{
  g_autofree char *body = g_strdup_printf (
      "{\"ok\":true,\"result\":{\"message_id\":%u,\"date\":1,\"chat\":{\"id\":1,\"type\":\"private\"}}}", number);

  respond (message, SOUP_STATUS_OK, body);
}

static gboolean
is_true (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

/* ReplyKeyboardRemove, or a ReplyKeyboardMarkup of buttons that ask for the contact: what the bot has use for. */
static gboolean
is_markup (JsonNode *node)
{
  JsonObject *markup = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObject *button;

  if (markup == NULL || json_object_has_member (markup, "remove_keyboard"))
    return markup != NULL && json_object_get_size (markup) == 1 && is_true (markup, "remove_keyboard");
  button = json_array_get_object_element (json_array_get_array_element (json_object_get_array_member (markup, "keyboard"), 0), 0);
  return json_object_get_size (button) == 2 && is_true (button, "request_contact") && json_object_get_string_member (button, "text") != NULL &&
         json_object_get_size (markup) == 3 && is_true (markup, "resize_keyboard") && is_true (markup, "one_time_keyboard");
}

/* sendMessage as the Bot API describes it. Returns: (nullable): what is wrong */
static const char *
find_fault (JsonObject *object)
{
  static const struct
  {
    const char *name;
    GType type;
  } fields[] = {
    { "chat_id", G_TYPE_INT64 },           { "text", G_TYPE_STRING },
    { "parse_mode", G_TYPE_STRING },       { "disable_notification", G_TYPE_BOOLEAN },
    { "protect_content", G_TYPE_BOOLEAN },
    { "reply_markup", G_TYPE_INVALID },    /* an object: is_markup() */
  };
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      guint i = 0;

      while (i < G_N_ELEMENTS (fields) && strcmp (fields[i].name, l->data) != 0)
        i++;
      if (i == G_N_ELEMENTS (fields))
        return "unknown field";
      if (json_node_get_value_type (json_object_get_member (object, l->data)) != fields[i].type && strcmp (l->data, "reply_markup") != 0)
        return "field of a wrong type";
    }
  if (json_object_has_member (object, "reply_markup") && !is_markup (json_object_get_member (object, "reply_markup")))
    return "reply_markup is wrong";
  if (!json_object_has_member (object, "chat_id") || !json_object_has_member (object, "text"))
    return "chat_id or text is missing";
  if (g_utf8_strlen (json_object_get_string_member (object, "text"), -1) > 4096 ||
      *json_object_get_string_member (object, "text") == '\0')
    return "message text is empty or too long";
  return NULL;
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

static void
handle (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  ObaTelegramDouble *self = user_data;
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  g_autofree Plan *planned = NULL;
  const char *fault;
  Call *call;
  guint number;

  if (strcmp (path, "/bot" OBA_TELEGRAM_DOUBLE_TOKEN "/sendMessage") != 0)
    {
      respond_error (message, SOUP_STATUS_NOT_FOUND, "Not Found", 0);
      return;
    }
  fault = object != NULL ? find_fault (object) : "no JSON";
  if (fault != NULL)
    g_error ("a call that the Bot API refuses: %s: %s", fault, text);

  call = g_new0 (Call, 1);
  call->text = g_strdup (json_object_get_string_member (object, "text"));
  call->chat_id = json_object_get_int_member (object, "chat_id");
  call->time = g_get_monotonic_time ();
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->calls, call);
  number = self->calls->len;
  planned = g_queue_pop_head (&self->plans);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  behave (self, message, planned != NULL ? *planned : (Plan){ OBA_TELEGRAM_DOUBLE_OK, 0 }, number);
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
  g_queue_clear_full (&self->plans, g_free);
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
oba_telegram_double_plan (ObaTelegramDouble *self, ObaTelegramBehaviour behaviour, guint parameter)
{
  Plan *plan = g_new0 (Plan, 1);

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
