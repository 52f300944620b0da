#pragma once

#include "db/oba-db-pool.h"
#include "http/oba-metrics.h"
#include "oba-telegram-client.h"

G_BEGIN_DECLS

/**
 * ObaTelegramSender: sends what waits in the outbox. The pace (30 a second over all, one a second in a chat) and the
 * order are the database's, so several helpers together keep to them; what came of each message is written there too.
 */
#define OBA_TYPE_TELEGRAM_SENDER (oba_telegram_sender_get_type ())
G_DECLARE_FINAL_TYPE (ObaTelegramSender, oba_telegram_sender, OBA, TELEGRAM_SENDER, GObject)

/** @name: of this helper, as the worker has it */
ObaTelegramSender *oba_telegram_sender_new   (ObaDbPool *pool, const char *name, ObaTelegramClient *client, ObaMetrics *metrics);
/**
 * There may be something to send. The first one starts it: not before what a dead helper of this name held has been
 * released.
 */
void               oba_telegram_sender_kick  (ObaTelegramSender *self);
/** Claims no more. Returns: TRUE when nothing is under way */
gboolean           oba_telegram_sender_stop  (ObaTelegramSender *self);

G_END_DECLS
