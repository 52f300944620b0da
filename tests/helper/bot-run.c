#include "bot-run.h"

#include <json-glib/json-glib.h>
#include <string.h>

static ObaTestPostgres *postgres;

void
bot_set_up (void)
{
  postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
}

void
bot_tear_down (void)
{
  g_clear_pointer (&postgres, oba_test_postgres_free);
}

Bot *
bot_new (void)
{
  Bot *bot = g_new0 (Bot, 1);

  bot->conninfo = oba_test_postgres_new_database (postgres);
  bot->telegram = oba_telegram_double_new ();
  bot->serve = serve_new (bot->conninfo, oba_telegram_double_get_url (bot->telegram));
  return bot;
}

Bot *
bot_started (void)
{
  Bot *bot = bot_new ();

  serve_start (bot->serve);
  return bot;
}

void
bot_quicken (Bot *bot)
{
  bot_sql (bot, "create function oba.no_pace () returns trigger language plpgsql as 'begin return null; end';"
                "create trigger no_pace before insert on oba.telegram_chats for each row execute function oba.no_pace ();"
                "update oba.telegram_pace set sent_at = '{}';"
                "insert into oba.stores (code, name) values ('S1', 'OBA 1');"
                "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values (2, 1, 'bonus', 'Welcome', 'live', '{\"points\": 25, \"event\": \"registration\"}')");
}

void
bot_settle (Bot *bot)
{
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where state in ('queued', 'sending')", "0", 10);
}

void
bot_free (Bot *bot)
{
  serve_free (bot->serve);
  oba_telegram_double_free (bot->telegram);
  g_free (bot->conninfo);
  g_free (bot);
}

void
bot_sql (Bot *bot, const char *sql)
{
  g_free (oba_test_postgres_exec (bot->conninfo, sql));
}

void
bot_link (Bot *bot, gint64 chat_id, const char *given_name, const char *language)
{
  g_autofree char *sql = g_strdup_printf (
      "select oba.do_link_telegram (jsonb_build_object ('chat_id', %" G_GINT64_FORMAT ", 'customer_id', oba.do_register_customer ('{\"given_name\": \"%s\","
      " \"family_name\": \"Məmmədova\", \"language\": \"%s\"}') -> 'customer_id'))",
      chat_id, given_name, language);

  bot_sql (bot, sql);
}

void
bot_update (Bot *bot, const char *update)
{
  g_autofree char *number = g_strdup_printf ("\"update_id\":%" G_GINT64_FORMAT ",", ++bot->update_id);
  g_autoptr (GString) body = g_string_new (update);

  g_assert_cmpuint (g_string_replace (body, "%s", number, 1), ==, 1);
  g_assert_cmpuint (serve_update (bot->serve, body->str, (gssize) body->len), ==, 200);
}

char *
bot_message (gint64 chat_id, const char *text)
{
  return g_strdup_printf ("{%%s\"message\":{\"message_id\":1,\"date\":1,\"from\":{\"id\":%" G_GINT64_FORMAT ",\"is_bot\":false,\"first_name\":\"X\",\"language_code\":\"ru\"},"
                          "\"chat\":{\"id\":%" G_GINT64_FORMAT ",\"type\":\"private\"},\"text\":\"%s\"}}",
                          chat_id, chat_id, text);
}

char *
bot_callback (gint64 chat_id, const char *data)
{
  return g_strdup_printf ("{%%s\"callback_query\":{\"id\":\"q\",\"from\":{\"id\":%" G_GINT64_FORMAT ",\"is_bot\":false,\"first_name\":\"X\",\"language_code\":\"ru\"},"
                          "\"chat_instance\":\"c\",\"message\":{\"message_id\":9,\"date\":1,\"chat\":{\"id\":%" G_GINT64_FORMAT ",\"type\":\"private\"},\"text\":\"x\"},"
                          "\"data\":\"%s\"}}",
                          chat_id, chat_id, data);
}

void
bot_say (Bot *bot, gint64 chat_id, const char *text)
{
  g_autofree char *update = bot_message (chat_id, text);

  bot_update (bot, update);
}

void
bot_tap (Bot *bot, gint64 chat_id, const char *data)
{
  g_autofree char *update = bot_callback (chat_id, data);

  bot_update (bot, update);
}

char *
bot_send (Bot *bot, const char *update)
{
  guint before = oba_telegram_double_get_n_calls (bot->telegram);

  bot_update (bot, update);
  oba_telegram_double_wait (bot->telegram, before + 1);
  return oba_telegram_double_get_text (bot->telegram, before);
}

char *
bot_ask (Bot *bot, gint64 chat_id, const char *text)
{
  g_autofree char *update = bot_message (chat_id, text);

  return bot_send (bot, update);
}

char *
bot_press (Bot *bot, gint64 chat_id, const char *data)
{
  g_autofree char *update = bot_callback (chat_id, data);

  return bot_send (bot, update);
}

char *
bot_share (Bot *bot, gint64 chat_id, gint64 owner_id, const char *name, const char *phone)
{
  g_autofree char *update = g_strdup_printf (
      "{%%s\"message\":{\"message_id\":1,\"date\":1,\"from\":{\"id\":%" G_GINT64_FORMAT ",\"is_bot\":false,\"first_name\":\"%s\",\"username\":\"x_1\",\"language_code\":\"ru\"},"
      "\"chat\":{\"id\":%" G_GINT64_FORMAT ",\"type\":\"private\"},\"contact\":{\"phone_number\":\"%s\",\"first_name\":\"Y\",\"user_id\":%" G_GINT64_FORMAT "}}}",
      chat_id, name, chat_id, phone, owner_id);

  return bot_send (bot, update);
}

void
bot_press_for_nothing (Bot *bot, gint64 chat_id, const char *data)
{
  g_autofree char *update = bot_callback (chat_id, data);
  guint before = oba_telegram_double_get_n_calls (bot->telegram);
  guint answered = oba_telegram_double_count_others (bot->telegram, "answerCallbackQuery");

  bot_update (bot, update);
  oba_telegram_double_wait_other (bot->telegram, "answerCallbackQuery", answered + 1);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where state in ('queued', 'sending')", "0", 10);
  g_assert_cmpuint (oba_telegram_double_get_n_calls (bot->telegram), ==, before);
}

static guint
find_call (Bot *bot, int index)
{
  return index >= 0 ? (guint) index : oba_telegram_double_get_n_calls (bot->telegram) - 1;
}

char *
bot_method (Bot *bot, int index)
{
  return oba_telegram_double_get_method (bot->telegram, find_call (bot, index));
}

char *
bot_parameters (Bot *bot, int index)
{
  return oba_telegram_double_get_parameters (bot->telegram, find_call (bot, index));
}

char *
bot_button (Bot *bot, int index, const char *label)
{
  g_autofree char *parameters = bot_parameters (bot, index);
  g_autoptr (JsonNode) root = json_from_string (parameters, NULL);
  JsonObject *markup = json_object_get_object_member (json_node_get_object (root), "reply_markup");
  JsonArray *rows = json_object_get_array_member (markup, "inline_keyboard");

  for (guint i = 0; i < json_array_get_length (rows); i++)
    for (guint k = 0; k < json_array_get_length (json_array_get_array_element (rows, i)); k++)
      {
        JsonObject *found = json_array_get_object_element (json_array_get_array_element (rows, i), k);

        if (strcmp (json_object_get_string_member (found, "text"), label) == 0)
          return g_strdup (json_object_get_string_member (found, "callback_data"));
      }
  g_error ("there is no button “%s” in %s", label, parameters);
}
