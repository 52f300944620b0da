#include "db/oba-db-sql.h"
#include "telegram/oba-telegram-texts.h"
#include "oba-telegram-topics.h"

#include <string.h>

/* How words begin that people say when they want something, folded, in three languages; and the command for it. The first that fits is taken. */
static const struct
{
  const char *start;
  const char *command;
} words[] = {
  { "unut", "/forget" }, { "sil", "/forget" }, { "удал", "/forget" }, { "забуд", "/forget" }, { "delete", "/forget" }, { "forget", "/forget" }, { "erase", "/forget" },
  { "kod", "/code" }, { "код", "/code" }, { "code", "/code" },
  { "hədiyyə", "/rewards" }, { "mükafat", "/rewards" }, { "подар", "/rewards" }, { "наград", "/rewards" }, { "reward", "/rewards" }, { "gift", "/rewards" }, { "kupon", "/rewards" },
  { "купон", "/rewards" }, { "voucher", "/rewards" }, { "vauçer", "/rewards" },
  { "çek", "/purchases" }, { "qəbz", "/purchases" }, { "alış", "/purchases" }, { "чек", "/purchases" }, { "покупк", "/purchases" }, { "receipt", "/purchases" }, { "purchase", "/purchases" },
  { "bal", "/profile" }, { "xal", "/profile" }, { "balans", "/profile" }, { "балл", "/profile" }, { "баланс", "/profile" }, { "очк", "/profile" }, { "point", "/profile" },
  { "kart", "/profile" }, { "карт", "/profile" }, { "card", "/profile" }, { "dil", "/profile" }, { "язык", "/profile" }, { "language", "/profile" }, { "profil", "/profile" },
  { "профил", "/profile" }, { "səviyyə", "/profile" }, { "уров", "/profile" }, { "level", "/profile" },
  { "məlumat", "/export" }, { "данн", "/export" }, { "data", "/export" },
};

const char *
oba_telegram_help_find (const char *said)
{
  g_autofree char *folded = g_utf8_strdown (said, -1);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    for (const char *at = strstr (folded, words[i].start); at != NULL; at = strstr (at + 1, words[i].start))
      if (at == folded || !g_unichar_isalpha (g_utf8_get_char (g_utf8_prev_char (at))))
        return words[i].command;
  return NULL;
}

static void
support_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  g_autofree char *text = NULL;

  if (rows == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  text = oba_telegram_text_help (talk->catalogue, oba_db_result_get_text (rows, 0, 0));
  oba_telegram_talk_say (talk, text, NULL);
  oba_telegram_talk_end (talk);
}

static void
command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/support.sql"), NULL, NULL, support_read, talk);
}

const ObaTelegramTopic oba_telegram_topic_help = {
  .name = "help",
  .commands = (const char *const[]){ "help", NULL },
  .menu = OBA_TELEGRAM_MARK ("this list"),
  .for_everybody = TRUE,
  .command = command,
};
