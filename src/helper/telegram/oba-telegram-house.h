#pragma once

#include "db/oba-db-pool.h"
#include "oba-telegram-client.h"
#include "oba-telegram-worker.h"

G_BEGIN_DECLS

/** Asks Telegram what the bot is called (getMe) and notes it in the database, where links to the bot are made, and to @worker ((nullable)), for commands in groups. A failure is logged; the next start asks again. */
void oba_telegram_house_ask (ObaTelegramClient *client, ObaDbPool *pool, ObaTelegramWorker *worker);

G_END_DECLS
