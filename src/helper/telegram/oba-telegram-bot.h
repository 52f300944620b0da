#pragma once

#include "db/oba-db-pool.h"
#include "oba-telegram-update.h"

G_BEGIN_DECLS

/**
 * ObaTelegramBot: what an update is answered with. The answers are written together with the end of the update; what it changes before
 * that (a registration) it changes once, by the update's number.
 */
#define OBA_TYPE_TELEGRAM_BOT (oba_telegram_bot_get_type ())
G_DECLARE_FINAL_TYPE (ObaTelegramBot, oba_telegram_bot, OBA, TELEGRAM_BOT, GObject)

ObaTelegramBot *oba_telegram_bot_new           (ObaDbPool *pool);
/**
 * @customer_id: whose chat it is, 0: nobody's yet; @language, @status: (nullable): of that customer.
 * @update is not kept.
 */
void            oba_telegram_bot_answer_async  (ObaTelegramBot *self, const ObaTelegramUpdate *update, gint64 customer_id, const char *language,
                                                const char *status, GAsyncReadyCallback callback, gpointer user_data);
/**
 * Returns: (transfer full) (nullable): a JSON array for oba.telegram_finish_update(), "[]" when there is nothing to
 * say; NULL with @error
 */
char           *oba_telegram_bot_answer_finish (ObaTelegramBot *self, GAsyncResult *result, GError **error);

G_END_DECLS
