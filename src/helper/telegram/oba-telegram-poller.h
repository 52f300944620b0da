#pragma once

#include "db/oba-db-pool.h"
#include "oba-telegram-client.h"
#include "oba-telegram-worker.h"

G_BEGIN_DECLS

/**
 * ObaTelegramPoller: the other transport, getUpdates, for a helper that Telegram cannot reach. One of all helpers of the chain asks at a time, by a lease in the
 * database; what a call brought is stored in one transaction with the number to ask from next, so that nothing is confirmed to Telegram before it is kept.
 */
#define OBA_TYPE_TELEGRAM_POLLER (oba_telegram_poller_get_type ())
G_DECLARE_FINAL_TYPE (ObaTelegramPoller, oba_telegram_poller, OBA, TELEGRAM_POLLER, GObject)

/** @name: of this helper, the same after a restart */
ObaTelegramPoller *oba_telegram_poller_new   (ObaDbPool *pool, const char *name, ObaTelegramClient *client, ObaTelegramWorker *worker);
void               oba_telegram_poller_start (ObaTelegramPoller *self);
/** Asks no more; a call that waits is given up, what it might have brought comes again. Returns: TRUE when nothing is under way */
gboolean           oba_telegram_poller_stop  (ObaTelegramPoller *self);

G_END_DECLS
