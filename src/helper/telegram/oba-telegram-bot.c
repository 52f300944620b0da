#include "oba-telegram-bot.h"

#include <string.h>

#include "oba-telegram-texts.h"
#include "topics/oba-telegram-topics.h"

struct _ObaTelegramBot
{
  GObject parent_instance;

  ObaDbPool *pool;
  ObaTelegramScanner *scanner; /* (nullable) */
  char *bot_username;
  ObaCatalogue *catalogues[OBA_N_LANGUAGES];
};

G_DEFINE_FINAL_TYPE (ObaTelegramBot, oba_telegram_bot, G_TYPE_OBJECT)

/* Answers in a word. */

static void
say_and_end (ObaTelegramTalk *talk, char *text)
{
  g_autofree char *taken = text;

  oba_telegram_talk_say (talk, taken, NULL);
  oba_telegram_talk_end (talk);
}

/* What is said in words brings the command for it, where we know one. */
static void
not_understood (ObaTelegramTalk *talk)
{
  const char *said = talk->update->text;

  say_and_end (talk, oba_telegram_text_not_understood (talk->catalogue, said != NULL ? oba_telegram_help_find (said) : NULL));
}

/* Is @talk one that this topic may have? Whoever is nobody's customer is told how to become one. */
static gboolean
may_talk (ObaTelegramTalk *talk, const ObaTelegramTopic *topic)
{
  if (topic->for_everybody)
    return TRUE;
  if (talk->customer_id == 0)
    oba_telegram_topic_start.command (talk, "start", "");
  else if (g_strcmp0 (talk->status, "blocked") == 0)
    say_and_end (talk, oba_telegram_text_blocked (talk->catalogue));
  else
    return TRUE;
  return FALSE;
}

/* Which topic. */

/* @name: "TOPIC:rest". Returns: (nullable) */
static const ObaTelegramTopic *
find_topic (const char *name, const char **rest)
{
  const char *colon = name != NULL ? strchr (name, ':') : NULL;

  for (guint i = 0; colon != NULL && oba_telegram_topics[i] != NULL; i++)
    if (strlen (oba_telegram_topics[i]->name) == (gsize) (colon - name) && g_str_has_prefix (name, oba_telegram_topics[i]->name))
      {
        *rest = colon + 1;
        return oba_telegram_topics[i];
      }
  return NULL;
}

static void
answer_command (ObaTelegramTalk *talk)
{
  const char *command = talk->update->command;

  for (guint i = 0; oba_telegram_topics[i] != NULL; i++)
    if (oba_telegram_topics[i]->commands != NULL && g_strv_contains (oba_telegram_topics[i]->commands, command))
      {
        if (may_talk (talk, oba_telegram_topics[i]))
          oba_telegram_topics[i]->command (talk, command, talk->update->argument);
        return;
      }
  not_understood (talk);
}

static void
answer_button (ObaTelegramTalk *talk)
{
  const char *rest = NULL;
  const ObaTelegramTopic *topic = find_topic (talk->update->callback_data, &rest);

  if (topic == NULL || topic->button == NULL)
    oba_telegram_talk_end (talk); /* of an older version of ours, or made up */
  else if (may_talk (talk, topic))
    topic->button (talk, rest);
}

static void
answer_message (ObaTelegramTalk *talk)
{
  const char *rest = NULL;
  const ObaTelegramTopic *asked = find_topic (talk->step, &rest);

  for (guint i = 0; oba_telegram_topics[i] != NULL; i++)
    if (oba_telegram_topics[i]->takes != NULL && oba_telegram_topics[i]->takes (talk))
      {
        if (may_talk (talk, oba_telegram_topics[i]))
          oba_telegram_topics[i]->message (talk);
        return;
      }
  if (asked == NULL || asked->answer == NULL)
    not_understood (talk);
  else if (may_talk (talk, asked))
    asked->answer (talk, rest);
}

static void
answer (ObaTelegramTalk *talk)
{
  const ObaTelegramUpdate *update = talk->update;

  if (update->kind == OBA_TELEGRAM_OTHER || (!update->is_private && (update->kind != OBA_TELEGRAM_MESSAGE || update->command == NULL)))
    oba_telegram_talk_end (talk);
  else if (!update->is_private && !g_str_equal (update->command, "help"))
    say_and_end (talk, oba_telegram_text_group (talk->catalogue));
  else if (update->kind == OBA_TELEGRAM_BUTTON)
    answer_button (talk);
  else if (update->command != NULL)
    answer_command (talk);
  else
    answer_message (talk);
}

/* The customer's; that which somebody who is registering has chosen; that of their Telegram. */
static const char *
choose_language (const ObaTelegramCaller *caller, const ObaTelegramUpdate *update)
{
  if (caller->language != NULL)
    return caller->language;
  return caller->data != NULL ? json_object_get_string_member_with_default (caller->data, "language", update->language_code) : update->language_code;
}

void
oba_telegram_bot_answer (ObaTelegramBot *self,
                         ObaTelegramUpdate *update,
                         const ObaTelegramCaller *caller,
                         ObaTelegramEnded ended,
                         gpointer user_data)
{
  ObaTelegramTalk *talk = oba_telegram_talk_new (self->pool, update, self->catalogues, ended, user_data);

  talk->scanner = self->scanner;
  talk->bot_username = self->bot_username;
  talk->customer_id = g_strcmp0 (caller->status, "erased") == 0 ? 0 : caller->customer_id;
  talk->status = g_strdup (caller->status);
  talk->step = g_strdup (caller->step);
  talk->data = caller->data != NULL ? json_object_ref (caller->data) : NULL;
  talk->catalogue = self->catalogues[oba_language_parse (choose_language (caller, update))];
  if (talk->customer_id == 0 && talk->step != NULL) /* whoever asks for something else in the middle of registering goes on afterwards */
    oba_telegram_talk_ask (talk, talk->step, talk->data != NULL ? json_object_ref (talk->data) : NULL);
  answer (talk);
}

static void
oba_telegram_bot_finalize (GObject *object)
{
  ObaTelegramBot *self = OBA_TELEGRAM_BOT (object);

  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    g_clear_pointer (&self->catalogues[i], oba_catalogue_free);
  g_clear_object (&self->pool);
  g_clear_object (&self->scanner);
  g_free (self->bot_username);
  G_OBJECT_CLASS (oba_telegram_bot_parent_class)->finalize (object);
}

static void
oba_telegram_bot_class_init (ObaTelegramBotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_telegram_bot_finalize;
}

static void
oba_telegram_bot_init (ObaTelegramBot *self)
{
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    self->catalogues[i] = oba_catalogue_new ("telegram", i);
}

ObaTelegramBot *
oba_telegram_bot_new (ObaDbPool *pool, ObaTelegramClient *client, const char *bot_username)
{
  ObaTelegramBot *self = g_object_new (OBA_TYPE_TELEGRAM_BOT, NULL);

  self->pool = g_object_ref (pool);
  if (client != NULL)
    self->scanner = oba_telegram_scanner_new (client);
  self->bot_username = g_strdup (bot_username);
  return self;
}

void
oba_telegram_bot_take_username (ObaTelegramBot *self, const char *bot_username)
{
  if (self->bot_username == NULL)
    self->bot_username = g_strdup (bot_username);
}
