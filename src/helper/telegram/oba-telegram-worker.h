#pragma once

#include "db/oba-db-pool.h"
#include "http/oba-metrics.h"
#include "oba-telegram-client.h"

G_BEGIN_DECLS

/**
 * ObaTelegramWorker: handles the stored updates, in order within a chat. Each step is one statement of its own: an
 * update is claimed, its answer is thought out, and its end is written together with the answer. A helper that dies in
 * between leaves a claim that its next start takes back (or, if it never comes back, another helper when the claim
 * runs out).
 */
#define OBA_TYPE_TELEGRAM_WORKER (oba_telegram_worker_get_type ())
G_DECLARE_FINAL_TYPE (ObaTelegramWorker, oba_telegram_worker, OBA, TELEGRAM_WORKER, GObject)

typedef void (*ObaTelegramAnswered) (gpointer user_data);

/** @name: of this helper, the same after a restart; @answered: there may be something to send now, for the first time when what a
 *  dead helper of this name held has been released; @client: (nullable): fetches pictures; @bot_username: (nullable) */
ObaTelegramWorker *oba_telegram_worker_new   (ObaDbPool *pool, const char *name, ObaTelegramClient *client, const char *bot_username, ObaMetrics *metrics,
                                              ObaTelegramAnswered answered, gpointer user_data);
void               oba_telegram_worker_start (ObaTelegramWorker *self);
/** An update has just been stored. */
void               oba_telegram_worker_kick  (ObaTelegramWorker *self);
/** What Telegram calls the bot, when nobody has configured it: "/command@THIS" is for us then, too. */
void               oba_telegram_worker_take_username (ObaTelegramWorker *self, const char *bot_username);
/** Claims no more. Returns: TRUE when nothing is under way */
gboolean           oba_telegram_worker_stop  (ObaTelegramWorker *self);

G_END_DECLS
