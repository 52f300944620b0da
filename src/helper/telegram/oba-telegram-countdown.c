#include "oba-telegram-countdown.h"

#include "db/oba-db-sql.h"

#define STEP_SECONDS 10

#define T(text) oba_catalogue_get (catalogue, text)

typedef struct
{
  ObaDbPool *pool;
  ObaTelegramClient *client;
  GCancellable *stopping;
  ObaTelegramCode *code;
  gint64 ends_at; /* monotonic */
} Countdown;

void
oba_telegram_code_free (ObaTelegramCode *self)
{
  g_free (self->code);
  g_free (self->until);
  g_free (self);
}

char *
oba_telegram_code_text (const ObaTelegramCode *self, guint left)
{
  g_autoptr (ObaCatalogue) catalogue = oba_catalogue_new ("telegram", self->language);
  g_autofree char *code = g_strdup_printf ("<b><code>%.4s %s</code></b>", self->code, self->code + 4);
  g_autofree char *seconds = oba_catalogue_number (catalogue, left);
  GString *text = g_string_new ("🔑 ");

  g_string_append_printf (text, T ("Your code: %s"), code);
  g_string_append (text, "\n\n");
  g_string_append_printf (text, T ("Tell it to the cashier: it pays with your points once, until %s."), self->until);
  g_string_append (text, "\n⏳ ");
  g_string_append_printf (text, oba_catalogue_get_plural (catalogue, "%s second left", "%s seconds left", left), seconds);
  return g_string_free (text, FALSE);
}

static void
countdown_free (Countdown *self)
{
  g_object_unref (self->pool);
  g_object_unref (self->client);
  g_object_unref (self->stopping);
  oba_telegram_code_free (self->code);
  g_free (self);
}

static void
edited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  /* What was not taken is shown a little later, or not. */
  g_autoptr (ObaTelegramReply) reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);
}

static void
edit (Countdown *self, const char *html)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "chat_id", self->code->chat_id);
  json_object_set_int_member (object, "message_id", self->code->message_id);
  json_object_set_string_member (object, "text", html);
  json_object_set_string_member (object, "parse_mode", "HTML");
  json_node_take_object (node, object);
  oba_telegram_client_call_async (self->client, "editMessageText", node, self->stopping, edited, NULL);
}

static gboolean tick (gpointer user_data);

static void
state_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Countdown *self = user_data;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, NULL);
  g_autoptr (ObaCatalogue) catalogue = oba_catalogue_new ("telegram", self->code->language);
  const char *state = rows != NULL && !oba_db_result_is_null (rows, 0, 0) ? oba_db_result_get_text (rows, 0, 0) : "unknown";
  gint64 left = (self->ends_at - g_get_monotonic_time ()) / G_USEC_PER_SEC;
  g_autofree char *html = NULL;

  if (g_cancellable_is_cancelled (self->stopping))
    {
      countdown_free (self);
      return;
    }
  if (g_str_equal (state, "used"))
    html = g_strdup (T ("✅ The code was used."));
  else if (g_str_equal (state, "over") || left <= 0)
    html = g_strdup (T ("⌛ The code is over. /code makes a new one."));
  if (html != NULL)
    {
      edit (self, html);
      countdown_free (self);
      return;
    }
  if (g_str_equal (state, "open"))
    {
      html = oba_telegram_code_text (self->code, (guint) left);
      edit (self, html);
    }
  g_timeout_add_seconds ((guint) CLAMP (left + 1, 1, STEP_SECONDS), tick, self);
}

static gboolean
tick (gpointer user_data)
{
  Countdown *self = user_data;
  g_autoptr (ObaDbParams) params = NULL;

  if (g_cancellable_is_cancelled (self->stopping))
    {
      countdown_free (self);
      return G_SOURCE_REMOVE;
    }
  params = oba_db_params_build ("it", self->code->customer_id, self->code->code);
  oba_db_pool_read_async (self->pool, oba_db_sql ("telegram/code-state.sql"), params, NULL, state_read, self);
  return G_SOURCE_REMOVE;
}

void
oba_telegram_countdown_start (ObaDbPool *pool, ObaTelegramClient *client, GCancellable *stopping, ObaTelegramCode *code)
{
  Countdown *self = g_new0 (Countdown, 1);

  self->pool = g_object_ref (pool);
  self->client = g_object_ref (client);
  self->stopping = g_object_ref (stopping);
  self->code = code;
  self->ends_at = g_get_monotonic_time () + (gint64) code->seconds * G_USEC_PER_SEC;
  g_timeout_add_seconds (MIN (STEP_SECONDS, code->seconds), tick, self);
}
