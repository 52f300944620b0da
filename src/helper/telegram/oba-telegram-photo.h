#pragma once

#include "db/oba-db-pool.h"
#include "oba-telegram-client.h"

G_BEGIN_DECLS

/**
 * oba_telegram_photo_send_async: sendPhoto with @parameters, without its photo. What Telegram has had from us is sent by its file_id; where it knows that no more, the picture is drawn and
 * sent anew. @picture: as oba-telegram-picture.h puts it down
 *
 * Ends as oba_telegram_client_call_async() does: with oba_telegram_client_call_finish() of @client. A picture that cannot be made is an outcome, too: OBA_TELEGRAM_FAILED when it is not there
 * any more, OBA_TELEGRAM_RETRY when the database is away.
 */
void oba_telegram_photo_send_async (ObaDbPool *pool, ObaTelegramClient *client, JsonNode *parameters, JsonObject *picture, GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS
