#include "telegram/oba-telegram-texts.h"
#include "oba-telegram-topics.h"

static void
command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  g_autofree char *text = oba_telegram_text_help (talk->catalogue);

  oba_telegram_talk_say (talk, text, NULL);
  oba_telegram_talk_end (talk);
}

const ObaTelegramTopic oba_telegram_topic_help = {
  .name = "help",
  .commands = (const char *const[]){ "help", NULL },
  .menu = OBA_TELEGRAM_MARK ("this list"),
  .for_everybody = TRUE,
  .command = command,
};
