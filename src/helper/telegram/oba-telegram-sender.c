#include "oba-telegram-sender.h"

#include "base/oba-error.h"
#include "db/oba-db-sql.h"
#include "http/oba-log.h"
#include "oba-telegram-countdown.h"
#include "oba-telegram-export.h"
#include "oba-telegram-letters.h"
#include "oba-telegram-photo.h"
#include "sales/oba-correction-note.h"
#include "sales/oba-receipt-message.h"
#include "sales/oba-receipts.h"

#define MAX_UNDER_WAY 48
#define KEPT_FOR_ANSWERS 16 /* of them: a slow Telegram holds up what the house sends, not what somebody waits for */
#define LEASE_SECONDS 120 /* longer than a call may take, its record included */
#define TROUBLE_MS 2000
#define GAP_MS 20 /* between two claims in a rush: the database has other work too */
#define RECORD_TRIES 5

struct _ObaTelegramSender
{
  GObject parent_instance;

  ObaDbPool *pool;
  ObaTelegramClient *client;
  ObaMetrics *metrics; /* (unowned) */
  GCancellable *stopping;
  char *name;
  guint timer_id;
  guint under_way;   /* messages */
  gint64 claimed_at; /* monotonic */
  gboolean claiming;
  gboolean again;
  gboolean stopped;
};

G_DEFINE_FINAL_TYPE (ObaTelegramSender, oba_telegram_sender, G_TYPE_OBJECT)

typedef struct
{
  ObaTelegramSender *self;
  gint64 customer_id;
  gint64 message_id;
  gint64 chat_id;
  const ObaTelegramLetter *letter; /* (nullable) */
  ObaTelegramCode *code;           /* (nullable): that it shows */
  ObaTelegramReply *reply;
  gboolean is_past; /* there is nothing to say any more */
  guint tries;
} Message;

static void claim (ObaTelegramSender *self);
static void record (Message *message);

static void
message_free (Message *message)
{
  message->self->under_way--;
  g_clear_pointer (&message->reply, oba_telegram_reply_free);
  g_clear_pointer (&message->code, oba_telegram_code_free);
  g_object_unref (message->self);
  g_free (message);
}

static gboolean
timer_over (gpointer user_data)
{
  ObaTelegramSender *self = user_data;

  self->timer_id = 0;
  claim (self);
  return G_SOURCE_REMOVE;
}

static void
wait_ms (ObaTelegramSender *self, guint milliseconds)
{
  if (self->timer_id == 0 && !self->stopped)
    self->timer_id = g_timeout_add (milliseconds, timer_over, self);
}

/* One message. */

static gboolean
record_again (gpointer user_data)
{
  record (user_data);
  return G_SOURCE_REMOVE;
}

static void
recorded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Message *message = user_data;
  g_autoptr (ObaTelegramSender) self = g_object_ref (message->self);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    {
      oba_log (OBA_LOG_WARNING, "telegram", "what", "record", "why", error->message, NULL);
      /* Recording twice does no harm: the second finds the message no longer ours. */
      if (++message->tries < RECORD_TRIES && !self->stopped)
        {
          g_timeout_add (TROUBLE_MS, record_again, message);
          return;
        }
    }
  message_free (message);
  claim (self);
}

static void
record (Message *message)
{
  ObaTelegramReply *reply = message->reply;
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  oba_db_params_add_text (params, message->self->name);
  oba_db_params_add_int64 (params, message->customer_id);
  oba_db_params_add_int64 (params, message->message_id);
  oba_db_params_add_text (params, message->is_past ? "skipped" : oba_telegram_outcome_name (reply->outcome));
  if (reply->message_id != 0)
    oba_db_params_add_int64 (params, reply->message_id);
  else
    oba_db_params_add_null (params);
  oba_db_params_add_text (params, reply->problem);
  oba_db_params_add_int64 (params, reply->retry_after);
  oba_db_pool_write_async (message->self->pool, oba_db_sql ("telegram/record-message.sql"), params, NULL, recorded,
                           message);
}

static void
sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Message *message = user_data;
  g_autofree char *label = NULL;

  message->reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);
  label = g_strdup_printf ("outcome=\"%s\"", oba_telegram_outcome_name (message->reply->outcome));
  oba_metrics_count (message->self->metrics, "oba_telegram_messages_total", label, 1);
  if (message->reply->outcome != OBA_TELEGRAM_SENT)
    oba_log (OBA_LOG_WARNING, "telegram", "what", "send", "outcome",
             oba_telegram_outcome_name (message->reply->outcome), "why", message->reply->problem, NULL);
  else if (message->code != NULL && message->reply->message_id != 0)
    {
      message->code->message_id = message->reply->message_id;
      oba_telegram_countdown_start (message->self->pool, message->self->client, message->self->stopping, g_steal_pointer (&message->code));
    }
  record (message);
}

static void
call (Message *message, JsonNode *parameters)
{
  json_object_set_int_member (json_node_get_object (parameters), "chat_id", message->chat_id);
  oba_telegram_client_call_async (message->self->client, "sendMessage", parameters, NULL, sent, message);
}

/* A button that turns a little longer than it should is all that is lost with this one. */
static void
acknowledged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTelegramReply) reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);

  if (reply->outcome != OBA_TELEGRAM_SENT)
    oba_log (OBA_LOG_INFO, "telegram", "what", "acknowledge", "why", reply->problem, NULL);
}

/* The database is away: later. What it is about is not there any more: never. */
static void
give_up (Message *message, const GError *error)
{
  message->reply = g_new0 (ObaTelegramReply, 1);
  message->is_past = g_error_matches (error, OBA_ERROR, OBA_ERROR_NOT_FOUND);
  message->reply->outcome = message->is_past ? OBA_TELEGRAM_FAILED : OBA_TELEGRAM_RETRY;
  message->reply->problem = g_strdup (error->message);
  oba_log (OBA_LOG_WARNING, "telegram", "what", "write", "why", error->message, NULL);
  record (message);
}

/* The words are sent under the picture, which is made now. */
static void
call_picture (Message *message, JsonNode *parameters, JsonObject *picture)
{
  json_object_set_int_member (json_node_get_object (parameters), "chat_id", message->chat_id);
  oba_telegram_photo_send_async (message->self->pool, message->self->client, parameters, picture, sent, message);
}

/* A button that was pressed stops turning: whatever the answer to it is, this goes ahead of it. */
static void
acknowledge (Message *message, JsonObject *payload)
{
  g_autoptr (JsonNode) ack = NULL;

  if (!json_object_has_member (payload, "ack"))
    return;
  ack = json_object_dup_member (payload, "ack");
  json_object_remove_member (payload, "ack");
  oba_telegram_client_call_async (message->self->client, "answerCallbackQuery", ack, NULL, acknowledged, NULL);
}

/* Replies are written as the call of the Bot API; "method" beside its parameters is ours. See oba-telegram-talk.h. */
static void
call_reply (Message *message, JsonNode *parameters)
{
  JsonObject *object = json_node_get_object (parameters);
  g_autofree char *method = g_strdup (json_object_get_string_member_with_default (object, "method", "sendMessage"));
  g_autoptr (JsonNode) picture = NULL;

  json_object_remove_member (object, "method");
  if (g_str_equal (method, "answerCallbackQuery"))
    {
      oba_telegram_client_call_async (message->self->client, method, parameters, NULL, sent, message);
      return;
    }
  json_object_set_int_member (object, "chat_id", message->chat_id);
  picture = json_object_dup_member (object, "picture");
  json_object_remove_member (object, "picture");
  if (picture != NULL)
    call_picture (message, parameters, json_node_get_object (picture));
  else
    oba_telegram_client_call_async (message->self->client, method, parameters, NULL, sent, message);
}

/* What is written when it goes out, in the customer's language: the outbox holds numbers alone. */

static JsonNode *
html_parameters (const char *member, const char *html)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, member, html);
  json_object_set_string_member (object, "parse_mode", "HTML");
  json_node_take_object (node, object);
  return node;
}

static void
call_html (Message *message, const char *html)
{
  g_autoptr (JsonNode) parameters = html_parameters ("text", html);

  call (message, parameters);
}

static void
receipt_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Message *message = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaReceipt) receipt = oba_receipts_read_finish (result, &error);
  g_autofree char *html = receipt != NULL ? oba_receipt_message_of (receipt) : NULL;

  if (html != NULL)
    call_html (message, html);
  else
    give_up (message, error);
}

static void
note_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Message *message = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCorrectionNote) note = oba_correction_note_read_finish (result, &error);
  g_autofree char *html = note != NULL ? oba_correction_note_get_message (note) : NULL;

  if (html != NULL)
    call_html (message, html);
  else
    give_up (message, error);
}

static void
read_paper (Message *message, const char *kind, JsonObject *payload)
{
  JsonArray *receipt = json_object_get_array_member (payload, "receipt");
  ObaReceiptKey key = { json_array_get_int_element (receipt, 0), json_array_get_int_element (receipt, 1),
                        json_array_get_int_element (receipt, 2) };

  if (g_str_equal (kind, "receipt-copy"))
    oba_receipts_read_async (message->self->pool, &key, NULL, receipt_read, message);
  else
    oba_correction_note_read_async (message->self->pool, json_object_get_int_member (payload, "correction_id"),
                                    key.customer_id, NULL, note_read, message);
}

/* Everything that is held on a customer, in a file that is made now. */

static void
export_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Message *message = user_data;
  g_autoptr (GError) error = NULL;
  const char *name = NULL;
  g_autoptr (GBytes) file = oba_telegram_export_make_finish (result, &name, &error);
  g_autoptr (JsonNode) parameters = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (parameters, json_object_new ());
  if (file == NULL)
    {
      give_up (message, error);
      return;
    }
  json_object_set_int_member (json_node_get_object (parameters), "chat_id", message->chat_id);
  oba_telegram_client_upload_async (message->self->client, "sendDocument", parameters, "document", name, "application/octet-stream", file, NULL, sent, message);
}

/* A spend code is made when its message goes out: so its time begins when it is read, and its digits are in no table. */

static void
code_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Message *message = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) row = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);
  g_autofree char *html = NULL;
  ObaTelegramCode *code;

  if (row == NULL)
    {
      if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE)) /* locked meanwhile */
        {
          error->domain = OBA_ERROR;
          error->code = OBA_ERROR_NOT_FOUND;
        }
      give_up (message, error);
      return;
    }
  code = message->code = g_new0 (ObaTelegramCode, 1);
  code->customer_id = message->customer_id;
  code->chat_id = message->chat_id;
  code->code = g_strdup (oba_db_result_get_text (row, 0, 0));
  code->seconds = (guint) oba_db_result_get_int64 (row, 0, 1);
  code->until = g_strdup (oba_db_result_get_text (row, 0, 2));
  code->language = oba_language_parse (oba_db_result_get_text (row, 0, 3));
  html = oba_telegram_code_text (code, code->seconds);
  call_html (message, html);
}

static void
make_code (Message *message)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", message->customer_id);

  oba_db_pool_write_async (message->self->pool, oba_db_sql ("telegram/make-code.sql"), params, NULL, code_made, message);
}

/* Letters. */

static void
letter_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Message *message = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) row = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  g_autoptr (ObaCatalogue) catalogue = NULL;
  g_autoptr (JsonNode) parameters = NULL;
  g_autofree char *html = NULL;
  ObaTelegramKeyboard *keyboard = NULL;

  if (row != NULL && oba_db_result_get_n_rows (row) == 0)
    error = g_error_new (OBA_ERROR, OBA_ERROR_NOT_FOUND, "There is nothing to say any more.");
  if (error != NULL)
    {
      give_up (message, error);
      return;
    }
  catalogue = oba_catalogue_new ("telegram", oba_language_parse (oba_db_result_get_text (row, 0, 0)));
  html = message->letter->write (catalogue, row, &keyboard);
  parameters = html_parameters (message->letter->photo != NULL ? "caption" : "text", html);
  if (keyboard != NULL)
    json_object_set_member (json_node_get_object (parameters), "reply_markup", oba_telegram_keyboard_end (keyboard));
  if (message->letter->photo != NULL)
    {
      g_autoptr (JsonObject) picture = message->letter->photo (row);

      call_picture (message, parameters, picture);
    }
  else
    call (message, parameters);
}

static void
read_letter (Message *message, JsonNode *payload)
{
  g_autofree char *text = json_to_string (payload, FALSE);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("it", message->customer_id, text);

  oba_db_pool_read_async (message->self->pool, oba_db_sql (message->letter->query), params, NULL, letter_read, message);
}

static void
send_message (ObaTelegramSender *self, JsonObject *row)
{
  Message *message = g_new0 (Message, 1);
  const char *kind = json_object_get_string_member (row, "kind");
  g_autoptr (JsonNode) payload = NULL;

  message->self = g_object_ref (self);
  message->letter = oba_telegram_letter_find (kind);
  message->customer_id = json_object_get_int_member (row, "customer_id");
  message->message_id = json_object_get_int_member (row, "message_id");
  message->chat_id = json_object_get_int_member (row, "chat_id");
  self->under_way++;
  payload = json_object_dup_member (row, "payload");
  acknowledge (message, json_node_get_object (payload));
  if (g_str_equal (kind, "reply"))
    call_reply (message, payload);
  else if (g_str_equal (kind, "spend-code"))
    make_code (message);
  else if (g_str_equal (kind, "export"))
    oba_telegram_export_make_async (self->pool, message->customer_id, json_node_get_object (payload), self->stopping, export_made, message);
  else if (message->letter != NULL)
    read_letter (message, payload);
  else
    read_paper (message, kind, json_node_get_object (payload));
}

/* Claiming. */

static void
send_all (ObaTelegramSender *self, const char *answer)
{
  g_autoptr (JsonNode) root = json_from_string (answer, NULL);
  JsonObject *object = json_node_get_object (root);
  JsonArray *messages = json_object_get_array_member (object, "messages");
  guint n_messages = json_array_get_length (messages);

  for (guint i = 0; i < n_messages; i++)
    send_message (self, json_array_get_object_element (messages, i));
  if (self->again)
    claim (self);
  else
    wait_ms (self, (guint) CLAMP (json_object_get_int_member (object, "wait_ms"), 20, 60000));
}

static void
claimed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTelegramSender) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  self->claiming = FALSE;
  if (rows != NULL)
    {
      send_all (self, oba_db_result_get_text (rows, 0, 0));
      return;
    }
  oba_log (OBA_LOG_WARNING, "telegram", "what", "claim-messages", "why", error->message, NULL);
  wait_ms (self, TROUBLE_MS);
}

static void
claim (ObaTelegramSender *self)
{
  g_autoptr (ObaDbParams) params = NULL;
  g_autofree const char **kinds = NULL;
  gint64 now = g_get_monotonic_time ();

  if (self->stopped || self->under_way >= MAX_UNDER_WAY) /* the next one that is recorded claims again */
    return;
  if (self->claiming)
    {
      self->again = TRUE;
      return;
    }
  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (now - self->claimed_at < GAP_MS * 1000)
    {
      wait_ms (self, GAP_MS);
      return;
    }
  self->claimed_at = now;
  self->claiming = TRUE;
  self->again = FALSE;
  params = oba_db_params_build ("tii", self->name, (gint64) (MAX_UNDER_WAY - self->under_way), (gint64) LEASE_SECONDS);
  kinds = oba_telegram_letter_kinds ();
  oba_db_params_add_text_array (params, kinds);
  oba_db_params_add_int64 (params, KEPT_FOR_ANSWERS);
  oba_db_pool_write_async (self->pool, oba_db_sql ("telegram/claim-messages.sql"), params, NULL, claimed,
                           g_object_ref (self));
}

/* The object. */

static void
oba_telegram_sender_dispose (GObject *object)
{
  oba_telegram_sender_stop (OBA_TELEGRAM_SENDER (object));
  G_OBJECT_CLASS (oba_telegram_sender_parent_class)->dispose (object);
}

static void
oba_telegram_sender_finalize (GObject *object)
{
  ObaTelegramSender *self = OBA_TELEGRAM_SENDER (object);

  g_clear_object (&self->stopping);
  g_clear_object (&self->client);
  g_clear_object (&self->pool);
  g_free (self->name);
  G_OBJECT_CLASS (oba_telegram_sender_parent_class)->finalize (object);
}

static void
oba_telegram_sender_class_init (ObaTelegramSenderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_telegram_sender_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_telegram_sender_finalize;
}

static void
oba_telegram_sender_init (ObaTelegramSender *self)
{
  self->stopping = g_cancellable_new ();
}

ObaTelegramSender *
oba_telegram_sender_new (ObaDbPool *pool, const char *name, ObaTelegramClient *client, ObaMetrics *metrics)
{
  ObaTelegramSender *self = g_object_new (OBA_TYPE_TELEGRAM_SENDER, NULL);

  self->pool = g_object_ref (pool);
  self->name = g_strdup (name);
  self->client = g_object_ref (client);
  self->metrics = metrics;
  return self;
}

void
oba_telegram_sender_kick (ObaTelegramSender *self)
{
  claim (self);
}

gboolean
oba_telegram_sender_stop (ObaTelegramSender *self)
{
  self->stopped = TRUE;
  g_cancellable_cancel (self->stopping);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  return self->under_way == 0 && !self->claiming;
}
