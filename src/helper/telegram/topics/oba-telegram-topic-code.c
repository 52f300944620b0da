#include "db/oba-db-sql.h"
#include "oba-telegram-topics.h"

static void
say_and_end (ObaTelegramTalk *talk, const char *html)
{
  oba_telegram_talk_say (talk, html, NULL);
  oba_telegram_talk_end (talk);
}

static void
asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  const char *why;

  if (rows == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  why = oba_db_result_get_n_rows (rows) == 0 ? "nothing" : oba_db_result_is_null (rows, 0, 0) ? "" : oba_db_result_get_text (rows, 0, 0);
  if (g_str_equal (why, "locked"))
    say_and_end (talk, OBA_TELEGRAM_T (talk, "🔒 Your points are locked, nobody can spend them. The staff of your OBA store can unlock them."));
  else if (g_str_equal (why, "codes"))
    {
      g_autofree char *text = g_strdup_printf (OBA_TELEGRAM_T (talk, "There were too many wrong codes at a till. For your safety there are no codes until %s."), oba_db_result_get_text (rows, 0, 1));

      say_and_end (talk, text);
    }
  else if (g_str_equal (why, "nothing"))
    say_and_end (talk, OBA_TELEGRAM_T (talk, "You have no points to spend yet."));
  else
    {
      oba_telegram_talk_order (talk, "spend-code", json_object_new ());
      oba_telegram_talk_end (talk);
    }
}

static void
command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/may-spend.sql"), params, NULL, asked, talk);
}

static void
button (ObaTelegramTalk *talk, const char *data)
{
  command (talk, "code", "");
}

const ObaTelegramTopic oba_telegram_topic_code = {
  .name = "code",
  .commands = (const char *const[]){ "code", NULL },
  .menu = OBA_TELEGRAM_MARK ("a code to pay with points"),
  .command = command,
  .button = button,
};
