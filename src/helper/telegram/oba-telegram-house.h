#pragma once

#include "db/oba-db-pool.h"
#include "oba-telegram-client.h"

G_BEGIN_DECLS

/** Asks Telegram what the bot is called (getMe) and notes it in the database, where links to the bot are made. A failure is logged; the next start asks again. */
void oba_telegram_house_ask (ObaTelegramClient *client, ObaDbPool *pool);

G_END_DECLS
