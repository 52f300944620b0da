#include "base/oba-phone.h"
#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"
#include "telegram/oba-telegram-texts.h"
#include "oba-telegram-topics.h"

static void
say_and_end (ObaTelegramTalk *talk, char *text, ObaTelegramKeyboard *keyboard)
{
  g_autofree char *taken = text;

  oba_telegram_talk_say (talk, taken, keyboard);
  oba_telegram_talk_end (talk);
}

static ObaTelegramKeyboard *
share_phone (ObaTelegramTalk *talk)
{
  g_autofree char *label = oba_telegram_text_share_button (talk->catalogue);

  return oba_telegram_keyboard_new_contact (label);
}

static void
how_to_link (ObaTelegramTalk *talk)
{
  say_and_end (talk, oba_telegram_text_how_to_link (talk->catalogue, talk->update->chat_id), share_phone (talk));
}

/* Known again. */

static void
name_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else if (oba_db_result_get_n_rows (rows) == 0)
    how_to_link (talk);
  else
    say_and_end (talk, oba_telegram_text_welcome (talk->catalogue, oba_db_result_get_text (rows, 0, 0)), NULL);
}

static void
command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  if (talk->customer_id == 0)
    how_to_link (talk);
  else if (g_strcmp0 (talk->status, "blocked") == 0)
    say_and_end (talk, oba_telegram_text_blocked (talk->catalogue), NULL);
  else
    oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/profile.sql"), params, NULL, name_read, talk);
}

/* A phone number that was shared: the way in. */

static void
registered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);
  const char *name;

  if (answer == NULL && g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      say_and_end (talk, oba_telegram_text_not_a_number (talk->catalogue), oba_telegram_keyboard_new_removal ());
      return;
    }
  if (answer == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  talk->customer_id = json_object_get_int_member (answer, "customer_id");
  name = json_object_get_string_member (answer, "given_name");
  say_and_end (talk,
               g_str_equal (json_object_get_string_member (answer, "what"), "registered")
                   ? oba_telegram_text_registered (talk->catalogue, name)
                   : oba_telegram_text_welcome (talk->catalogue, name),
               oba_telegram_keyboard_new_removal ());
}

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL && g_utf8_validate (text, -1, NULL))
    json_object_set_string_member (object, name, text);
}

static void
register_sender (ObaTelegramTalk *talk, const char *phone)
{
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *key = oba_telegram_talk_key (talk, NULL);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "chat_id", talk->update->chat_id);
  json_object_set_string_member (object, "phone", phone);
  json_object_set_boolean_member (object, "link", TRUE);
  add_text (object, "given_name", talk->update->first_name);
  add_text (object, "family_name", talk->update->last_name);
  add_text (object, "username", talk->update->username);
  add_text (object, "language", oba_language_get_code (oba_catalogue_get_language (talk->catalogue)));
  add_text (object, "wording", OBA_TELEGRAM_CONSENT);
  json_node_take_object (request, object);
  oba_db_request_async (talk->pool, "register_by_telegram", request, key, NULL, registered, talk);
}

static gboolean
takes (ObaTelegramTalk *talk)
{
  return talk->update->phone != NULL;
}

static void
message (ObaTelegramTalk *talk)
{
  const ObaTelegramUpdate *update = talk->update;
  g_autofree char *international = NULL, *phone = NULL;

  if (!update->phone_is_own)
    {
      say_and_end (talk, oba_telegram_text_not_own_number (talk->catalogue), share_phone (talk));
      return;
    }
  /* Telegram gives the country code always, and the plus sometimes. */
  international = g_strdup_printf ("+%s", update->phone + (update->phone[0] == '+'));
  phone = oba_phone_normalize (international, NULL);
  if (phone == NULL)
    say_and_end (talk, oba_telegram_text_not_a_number (talk->catalogue), NULL);
  else
    register_sender (talk, phone);
}

const ObaTelegramTopic oba_telegram_topic_start = {
  .name = "start",
  .commands = (const char *const[]){ "start", NULL },
  .menu = OBA_TELEGRAM_MARK ("how to link your card"),
  .for_everybody = TRUE,
  .command = command,
  .takes = takes,
  .message = message,
};
