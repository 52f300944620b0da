#pragma once

#include "oba-telegram-talk.h"

G_BEGIN_DECLS

/**
 * ObaTelegramBot: finds the topic that an update is about. The answers are written together with the end of the update; what it changes before
 * that (a registration) it changes once, by the update's number.
 */
#define OBA_TYPE_TELEGRAM_BOT (oba_telegram_bot_get_type ())
G_DECLARE_FINAL_TYPE (ObaTelegramBot, oba_telegram_bot, OBA, TELEGRAM_BOT, GObject)

/** Whose chat it is. */
typedef struct
{
  gint64 customer_id;      /* 0: nobody's yet */
  const char *language;    /* (nullable): of that customer */
  const char *status;      /* (nullable) */
  const char *step;        /* (nullable): what the chat was asked last */
  JsonObject *data;        /* (nullable): what was kept with it */
} ObaTelegramCaller;

/** @client: (nullable): it fetches what was sent. @bot_username: (nullable): without the @ */
ObaTelegramBot *oba_telegram_bot_new    (ObaDbPool *pool, ObaTelegramClient *client, const char *bot_username);
/** What Telegram calls it; what is known already stays. */
void            oba_telegram_bot_take_username (ObaTelegramBot *self, const char *bot_username);
/** Takes @update. @ended is called once, at once or later. */
void            oba_telegram_bot_answer (ObaTelegramBot *self, ObaTelegramUpdate *update, const ObaTelegramCaller *caller, ObaTelegramEnded ended, gpointer user_data);

G_END_DECLS
