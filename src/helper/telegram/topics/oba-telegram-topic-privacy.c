#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"
#include "oba-telegram-topics.h"

/* What belongs to the customer: to be forgotten, and to be told everything. */

static void
edit_and_end (ObaTelegramTalk *talk, const char *html, ObaTelegramKeyboard *keyboard)
{
  oba_telegram_talk_edit (talk, html, keyboard);
  oba_telegram_talk_end (talk);
}

/* Of everybody who is a customer, blocked ones, too: it is their right. Of whoever is none nothing is kept, and what they have answered while registering is forgotten at once. */
static gboolean
is_customer (ObaTelegramTalk *talk)
{
  if (talk->customer_id != 0)
    return TRUE;
  oba_telegram_talk_ask (talk, NULL, NULL);
  edit_and_end (talk, OBA_TELEGRAM_T (talk, "You are no customer of ours here, and nothing about you is kept. If you want to become one: /start"), NULL);
  return FALSE;
}

static ObaTelegramKeyboard *
yes_or_no (ObaTelegramTalk *talk, const char *yes, const char *data)
{
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new ();

  oba_telegram_keyboard_add (keyboard, yes, data);
  oba_telegram_keyboard_next_row (keyboard);
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "✖ No"), "forget:no");
  return keyboard;
}

/* To be forgotten: what it means, are you sure, and then a supervisor. */

static void
explain (ObaTelegramTalk *talk, gint64 points)
{
  g_autofree char *number = oba_catalogue_number (talk->catalogue, points);
  g_autofree char *lost = g_strdup_printf (oba_catalogue_get_plural (talk->catalogue, "Your %s point is lost.", "Your %s points are lost.", points), number);
  g_autofree char *text = g_strdup_printf ("%s\n\n%s\n\n%s", OBA_TELEGRAM_T (talk, "I can have you erased: your name, number, cards, messages and wishes go. Receipts stay, as the law wants it, but nobody can see whose they were."),
                                           points > 0 ? lost : OBA_TELEGRAM_T (talk, "You have no points that would be lost."), OBA_TELEGRAM_T (talk, "Somebody at OBA looks at it first. Once it is done it cannot be undone."));

  edit_and_end (talk, text, yes_or_no (talk, OBA_TELEGRAM_T (talk, "Forget me"), "forget:sure"));
}

static void
say_that_it_waits (ObaTelegramTalk *talk)
{
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new ();

  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "Keep me after all"), "forget:keep");
  edit_and_end (talk, OBA_TELEGRAM_T (talk, "You have asked to be forgotten. Somebody at OBA looks at it; when it is done this chat is nobody’s, and I write nothing more. Until then you can change your mind."), keyboard);
}

static void
state_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  g_autoptr (JsonNode) root = rows != NULL ? json_from_string (oba_db_result_get_text (rows, 0, 0), &error) : NULL;

  if (root == NULL)
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else if (json_object_get_boolean_member (json_node_get_object (root), "waits"))
    say_that_it_waits (talk);
  else
    explain (talk, json_object_get_int_member (json_node_get_object (root), "points"));
}

static void
forget_command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  if (is_customer (talk))
    oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/forget-state.sql"), params, NULL, state_read, talk);
}

static void
forget_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);

  if (answer == NULL && !g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else if (answer == NULL) /* erased meanwhile */
    oba_telegram_talk_end (talk);
  else if (g_str_equal (json_object_get_string_member (answer, "what"), "asked"))
    say_that_it_waits (talk);
  else
    edit_and_end (talk, OBA_TELEGRAM_T (talk, "Good: nothing is erased."), NULL);
}

static void
ask_forget (ObaTelegramTalk *talk, gboolean forget)
{
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *key = oba_telegram_talk_key (talk, "forget");
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "chat_id", talk->update->chat_id);
  json_object_set_boolean_member (object, "forget", forget);
  json_node_take_object (request, object);
  oba_db_request_async (talk->pool, "telegram_forget", request, key, NULL, forget_done, talk);
}

static void
forget_button (ObaTelegramTalk *talk, const char *data)
{
  if (!is_customer (talk))
    return;
  if (g_str_equal (data, "sure"))
    edit_and_end (talk, OBA_TELEGRAM_T (talk, "Are you sure? Your points and cards cannot be brought back."), yes_or_no (talk, OBA_TELEGRAM_T (talk, "Yes, erase everything"), "forget:yes"));
  else if (g_str_equal (data, "yes"))
    ask_forget (talk, TRUE);
  else if (g_str_equal (data, "keep"))
    ask_forget (talk, FALSE);
  else if (g_str_equal (data, "no"))
    edit_and_end (talk, OBA_TELEGRAM_T (talk, "Good: nothing is erased."), NULL);
  else
    oba_telegram_talk_end (talk);
}

/* To be told everything. */

static void
export_asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  JsonObject *payload;

  if (rows == NULL)
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else if (!oba_db_result_get_bool (rows, 0, 0))
    edit_and_end (talk, OBA_TELEGRAM_T (talk, "You have asked for this file today already. Please look above, or ask again tomorrow."), NULL);
  else
    {
      payload = json_object_new ();
      json_object_set_string_member (payload, "format", talk->topic_data);
      oba_telegram_talk_edit (talk, OBA_TELEGRAM_T (talk, "I write it all down and send you the file in a moment."), NULL);
      oba_telegram_talk_order (talk, "export", payload);
      oba_telegram_talk_end (talk);
    }
}

static void
export_command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  ObaTelegramKeyboard *keyboard;

  if (!is_customer (talk))
    return;
  keyboard = oba_telegram_keyboard_new ();
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "📄 To read (PDF)"), "export:pdf");
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "For a computer (JSON)"), "export:json");
  edit_and_end (talk, OBA_TELEGRAM_T (talk, "I can send you a file with everything that OBA has stored about you: who you are, what you bought, your points, our messages. It comes to this chat alone; take care who sees it."), keyboard);
}

static void
export_button (ObaTelegramTalk *talk, const char *data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  if (!is_customer (talk))
    return;
  if (!g_str_equal (data, "pdf") && !g_str_equal (data, "json"))
    {
      oba_telegram_talk_end (talk);
      return;
    }
  talk->topic_data = g_strdup (data);
  talk->topic_data_free = g_free;
  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/may-export.sql"), params, NULL, export_asked, talk);
}

const ObaTelegramTopic oba_telegram_topic_export = {
  .name = "export",
  .commands = (const char *const[]){ "export", NULL },
  .menu = OBA_TELEGRAM_MARK ("everything that is stored about you"),
  .for_everybody = TRUE,
  .command = export_command,
  .button = export_button,
};

const ObaTelegramTopic oba_telegram_topic_forget = {
  .name = "forget",
  .commands = (const char *const[]){ "forget", NULL },
  .menu = OBA_TELEGRAM_MARK ("to be erased"),
  .for_everybody = TRUE,
  .command = forget_command,
  .button = forget_button,
};
