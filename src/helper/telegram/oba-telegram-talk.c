#include "oba-telegram-talk.h"

#include "oba-telegram-html.h"

ObaTelegramTalk *
oba_telegram_talk_new (ObaDbPool *pool, ObaTelegramUpdate *update, ObaCatalogue *const *catalogues, ObaTelegramEnded ended, gpointer user_data)
{
  ObaTelegramTalk *self = g_new0 (ObaTelegramTalk, 1);

  self->pool = pool;
  self->update = update;
  self->catalogues = catalogues;
  self->answers = json_array_new ();
  self->ended = ended;
  self->user_data = user_data;
  return self;
}

void
oba_telegram_talk_free (ObaTelegramTalk *self)
{
  if (self->topic_data_free != NULL)
    self->topic_data_free (self->topic_data);
  oba_telegram_update_free (self->update);
  json_array_unref (self->answers);
  g_clear_pointer (&self->data, json_object_unref);
  g_clear_pointer (&self->next_data, json_node_unref);
  g_free (self->next_step);
  g_free (self->status);
  g_free (self->step);
  g_free (self->toast);
  g_free (self);
}

static JsonObject *
add_answer (ObaTelegramTalk *self, const char *kind, JsonObject *payload, gboolean repeatable)
{
  JsonObject *answer = json_object_new ();

  json_object_set_int_member (answer, "customer_id", self->customer_id);
  json_object_set_int_member (answer, "chat_id", self->update->chat_id);
  json_object_set_string_member (answer, "kind", kind);
  json_object_set_boolean_member (answer, "repeatable", repeatable);
  json_object_set_object_member (answer, "payload", payload);
  json_array_add_object_element (self->answers, answer);
  return answer;
}

static JsonObject *
payload_new (const char *method, const char *text_member, const char *html, JsonNode *markup)
{
  JsonObject *payload = json_object_new ();

  if (method != NULL)
    json_object_set_string_member (payload, "method", method);
  json_object_set_string_member (payload, text_member, html);
  json_object_set_string_member (payload, "parse_mode", "HTML");
  if (markup != NULL)
    json_object_set_member (payload, "reply_markup", markup);
  return payload;
}

void
oba_telegram_talk_say (ObaTelegramTalk *self, const char *html, ObaTelegramKeyboard *keyboard)
{
  g_auto (GStrv) parts = oba_telegram_html_split (html, OBA_TELEGRAM_MAX_TEXT);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      JsonNode *markup = keyboard != NULL && parts[i + 1] == NULL ? oba_telegram_keyboard_end (g_steal_pointer (&keyboard)) : NULL;

      add_answer (self, "reply", payload_new (NULL, "text", parts[i], markup), FALSE);
    }
}

void
oba_telegram_talk_edit (ObaTelegramTalk *self, const char *html, ObaTelegramKeyboard *keyboard)
{
  g_auto (GStrv) parts = NULL;
  JsonObject *payload;

  parts = oba_telegram_html_split (html, OBA_TELEGRAM_MAX_TEXT);
  /* What is too long for one message is not edited: its parts would stand in two places. */
  if (self->update->message_id == 0 || self->update->message_is_media || parts[1] != NULL)
    {
      oba_telegram_talk_say (self, html, keyboard);
      return;
    }
  payload = payload_new ("editMessageText", "text", parts[0], keyboard != NULL ? oba_telegram_keyboard_end (keyboard) : NULL);
  json_object_set_int_member (payload, "message_id", self->update->message_id);
  add_answer (self, "reply", payload, TRUE); /* twice is the same as once */
}

void
oba_telegram_talk_show (ObaTelegramTalk *self, JsonObject *picture, const char *caption, ObaTelegramKeyboard *keyboard)
{
  g_auto (GStrv) parts = oba_telegram_html_split (caption, OBA_TELEGRAM_MAX_CAPTION);
  JsonObject *payload = payload_new ("sendPhoto", "caption", parts[0], keyboard != NULL ? oba_telegram_keyboard_end (keyboard) : NULL);

  json_object_set_object_member (payload, "picture", picture);
  add_answer (self, "reply", payload, FALSE);
  for (guint i = 1; parts[i] != NULL; i++)
    add_answer (self, "reply", payload_new (NULL, "text", parts[i], NULL), FALSE);
}

void
oba_telegram_talk_order (ObaTelegramTalk *self, const char *kind, JsonObject *payload)
{
  add_answer (self, kind, payload, FALSE);
}

void
oba_telegram_talk_toast (ObaTelegramTalk *self, const char *text, gboolean alert)
{
  g_free (self->toast);
  self->toast = g_strdup (text);
  self->alert = alert;
}

void
oba_telegram_talk_ask (ObaTelegramTalk *self, const char *step, JsonObject *data)
{
  g_free (self->next_step);
  self->next_step = g_strdup (step);
  g_clear_pointer (&self->next_data, json_node_unref);
  if (data != NULL)
    self->next_data = json_node_init_object (json_node_alloc (), data);
  g_clear_pointer (&data, json_object_unref);
}

/* A pressed button turns until it is answered: with the first message, or alone. */
static void
add_acknowledgement (ObaTelegramTalk *self)
{
  JsonObject *ack = json_object_new ();

  json_object_set_string_member (ack, "callback_query_id", self->update->callback_id);
  if (self->toast != NULL)
    {
      g_autofree char *text = oba_telegram_text_cut (self->toast, OBA_TELEGRAM_MAX_TOAST);

      json_object_set_string_member (ack, "text", text);
      json_object_set_boolean_member (ack, "show_alert", self->alert);
    }
  if (json_array_get_length (self->answers) > 0)
    json_object_set_object_member (json_object_get_object_member (json_array_get_object_element (self->answers, 0), "payload"), "ack", ack);
  else
    {
      json_object_set_string_member (ack, "method", "answerCallbackQuery");
      add_answer (self, "reply", ack, TRUE);
    }
}

static char *
step_text (ObaTelegramTalk *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  if (self->next_step != NULL)
    json_object_set_string_member (object, "step", self->next_step);
  if (self->next_data != NULL)
    json_object_set_member (object, "data", json_node_copy (self->next_data));
  return json_to_string (node, FALSE);
}

void
oba_telegram_talk_end (ObaTelegramTalk *self)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *answers = NULL, *step = NULL;

  if (self->update->callback_id != NULL && self->update->chat_id != 0)
    add_acknowledgement (self);
  root = json_node_init_array (json_node_alloc (), self->answers);
  answers = json_to_string (root, FALSE);
  step = step_text (self);
  self->ended (answers, step, NULL, self->user_data);
  oba_telegram_talk_free (self);
}

void
oba_telegram_talk_fail (ObaTelegramTalk *self, GError *error)
{
  self->ended (NULL, NULL, error, self->user_data);
  g_error_free (error);
  oba_telegram_talk_free (self);
}

char *
oba_telegram_talk_key (ObaTelegramTalk *self, const char *what)
{
  return what != NULL ? g_strdup_printf ("telegram update %" G_GINT64_FORMAT " %s", self->update->update_id, what)
                      : g_strdup_printf ("telegram update %" G_GINT64_FORMAT, self->update->update_id);
}

gboolean
oba_telegram_talk_read_numbers (const char *text, gint64 *numbers, guint max, guint *n)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", (int) max + 1);

  *n = g_strv_length (parts);
  if (*n > max)
    return FALSE;
  for (guint i = 0; i < *n; i++)
    if (!g_ascii_string_to_signed (parts[i], 10, 0, G_MAXINT64, &numbers[i], NULL))
      return FALSE;
  return TRUE;
}
