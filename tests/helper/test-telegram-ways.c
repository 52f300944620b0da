/* The two ways in from Telegram, and what the bot tells Telegram of itself. */
#include <string.h>

#include "helper-run.h"
#include "oba-telegram-double.h"
#include "oba-test-postgres.h"
#include "serve-run.h"

static ObaTestPostgres *postgres;

typedef struct
{
  char *conninfo;
  ObaTelegramDouble *telegram;
  Serve *serve;
} Bot;

static void
bot_free (Bot *bot)
{
  serve_free (bot->serve);
  oba_telegram_double_free (bot->telegram);
  g_free (bot->conninfo);
  g_free (bot);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bot, bot_free)

static Bot *
bot_new (const char *settings)
{
  Bot *bot = g_new0 (Bot, 1);

  bot->conninfo = oba_test_postgres_new_database (postgres);
  bot->telegram = oba_telegram_double_new ();
  bot->serve = serve_new (bot->conninfo, oba_telegram_double_get_url (bot->telegram));
  if (settings != NULL)
    serve_configure (bot->serve, "telegram", settings);
  return bot;
}

static char *
help (gint64 update_id, gint64 chat_id)
{
  return g_strdup_printf ("{\"update_id\":%" G_GINT64_FORMAT ",\"message\":{\"message_id\":1,\"date\":1,\"from\":{\"id\":%" G_GINT64_FORMAT
                          ",\"is_bot\":false,\"first_name\":\"X\"},\"chat\":{\"id\":%" G_GINT64_FORMAT ",\"type\":\"private\"},\"text\":\"/help\"}}",
                          update_id, chat_id, chat_id);
}

static void
add_help (Bot *bot, gint64 update_id, gint64 chat_id)
{
  g_autofree char *update = help (update_id, chat_id);

  oba_telegram_double_add_update (bot->telegram, update);
}

static void
run_sql (Bot *bot, const char *sql)
{
  g_free (oba_test_postgres_exec (bot->conninfo, sql));
}

/* A helper that Telegram cannot reach fetches its updates: each is answered once, also those that come again after the power went. */
static void
test_polling (void)
{
  g_autoptr (Bot) bot = bot_new ("transport=polling");

  add_help (bot, 7000000002, 11);
  add_help (bot, 7000000001, 12);
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 2);
  add_help (bot, 7000000003, 13);
  oba_telegram_double_wait (bot->telegram, 3);
  serve_wait_sql (bot->conninfo, "select next_update from oba.telegram_polling", "7000000004", 10);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where state = 'sent'", "3", 10);
  serve_kill (bot->serve);

  run_sql (bot, "update oba.telegram_polling set next_update = 7000000001");
  add_help (bot, 7000000004, 14);
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 4);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'done'", "4", 10);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox"), ==, 4);
  g_assert_cmpint (serve_stop (bot->serve), ==, 0);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_polling where holder is null"), ==, 1);
}

/* Telegram gives updates to one at a time: a helper does not ask while another one does, and takes over when that one is gone. */
static void
test_polling_alone (void)
{
  g_autoptr (Bot) bot = bot_new ("transport=polling");

  run_sql (bot, "update oba.telegram_polling set holder = 'another', held_until = now() + interval '1 hour'");
  add_help (bot, 1, 11);
  serve_start (bot->serve);
  oba_telegram_double_wait_other (bot->telegram, "setMyCommands", 4);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates"), ==, 0);
  run_sql (bot, "update oba.telegram_polling set held_until = now()");
  oba_telegram_double_wait (bot->telegram, 1);
  serve_wait_sql (bot->conninfo, "select holder <> 'another' from oba.telegram_polling", "t", 10);
}

/* A button turns until it is answered, also one of an older version of ours, or made up. */
static void
test_buttons (void)
{
  g_autoptr (Bot) bot = bot_new (NULL);
  static const char *const data[] = { "\"gone:1\"", "\"help:7\"", "\"\"", "7", "\"profile\\u0000:x\"" };

  serve_start (bot->serve);
  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    {
      g_autofree char *update = g_strdup_printf (
          "{\"update_id\":%u,\"callback_query\":{\"id\":\"q%u\",\"from\":{\"id\":5,\"is_bot\":false,\"first_name\":\"X\"},\"chat_instance\":\"c\",\"message\":"
          "{\"message_id\":9,\"date\":1,\"chat\":{\"id\":5,\"type\":\"private\"},\"text\":\"x\"},\"data\":%s}}", i + 1, i, data[i]);

      g_assert_cmpuint (serve_update (bot->serve, update, -1), ==, 200);
    }
  oba_telegram_double_wait_other (bot->telegram, "answerCallbackQuery", G_N_ELEMENTS (data));
  g_assert_cmpuint (oba_telegram_double_get_n_calls (bot->telegram), ==, 0);
}

/* Whoever stops the bot is not written to; whoever comes back is. */
static void
test_stopped (void)
{
  g_autoptr (Bot) bot = bot_new (NULL);
  g_autofree char *back = help (2, 5);
  const char *stopped = "{\"update_id\":1,\"my_chat_member\":{\"chat\":{\"id\":5,\"type\":\"private\"},\"from\":{\"id\":5},\"date\":1,"
                        "\"old_chat_member\":{\"status\":\"member\"},\"new_chat_member\":{\"status\":\"kicked\"}}}";

  run_sql (bot, "select oba.do_link_telegram (jsonb_build_object ('chat_id', 5, 'customer_id', oba.do_register_customer ('{\"given_name\": \"A\"}') -> 'customer_id'))");
  serve_start (bot->serve);
  g_assert_cmpuint (serve_update (bot->serve, stopped, -1), ==, 200);
  serve_wait_sql (bot->conninfo, "select unreachable_at is not null from oba.telegram_links", "t", 10);
  g_assert_cmpuint (serve_update (bot->serve, back, -1), ==, 200);
  serve_wait_sql (bot->conninfo, "select unreachable_at is null from oba.telegram_links", "t", 10);
}

/* An administrator sets the webhook, sees what Telegram says of it, and takes it away. */
static void
test_webhook_command (void)
{
  g_autoptr (Bot) bot = bot_new (NULL);
  g_autoptr (HelperHome) home = helper_home_new (FALSE, "data");
  g_autoptr (HelperRun) set = NULL, info = NULL, gone = NULL, wrong = NULL;

  g_assert_true (g_file_set_contents (bot->serve->config, bot->serve->sections->str, -1, NULL));
  wrong = helper_run (home, "webhook", "set", "ftp://x", "--config", bot->serve->config, NULL);
  helper_assert_run (wrong, 2, "", "“ftp://x”");
  set = helper_run (home, "webhook", "set", "https://bot.example.az/telegram/webhook", "--config", bot->serve->config, NULL);
  helper_assert_run (set, 0, "https://bot.example.az/telegram/webhook", "");
  info = helper_run (home, "webhook", "info", "--format", "json", "--config", bot->serve->config, NULL);
  helper_assert_run (info, 0, "https://bot.example.az/telegram/webhook", "");
  g_assert_nonnull (strstr (info->out, "Connection timed out"));
  gone = helper_run (home, "webhook", "delete", "--config", bot->serve->config, NULL);
  helper_assert_run (gone, 0, "", "");
  oba_telegram_double_wait_other (bot->telegram, "deleteWebhook", 1);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);

  g_test_add_func ("/telegram-ways/polling", test_polling);
  g_test_add_func ("/telegram-ways/polling-alone", test_polling_alone);
  g_test_add_func ("/telegram-ways/buttons", test_buttons);
  g_test_add_func ("/telegram-ways/stopped", test_stopped);
  g_test_add_func ("/telegram-ways/webhook-command", test_webhook_command);

  status = g_test_run ();
  oba_test_postgres_free (postgres);
  return status;
}
