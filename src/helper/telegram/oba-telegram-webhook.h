#pragma once

#include "db/oba-db-pool.h"
#include "http/oba-http-server.h"
#include "oba-telegram-worker.h"

G_BEGIN_DECLS

/**
 * ObaTelegramWebhook: POST /telegram/webhook. Whoever knows the secret is Telegram; the update is stored once, then
 * answered 200, and handled later. What cannot be read is stored as poison and answered 200 too: Telegram would only
 * send it again.
 */
typedef struct _ObaTelegramWebhook ObaTelegramWebhook;

ObaTelegramWebhook *oba_telegram_webhook_new       (ObaDbPool *pool, const char *secret, ObaTelegramWorker *worker);
void                oba_telegram_webhook_free      (ObaTelegramWebhook *self);
void                oba_telegram_webhook_add_route (ObaTelegramWebhook *self, ObaHttpServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTelegramWebhook, oba_telegram_webhook_free)

G_END_DECLS
