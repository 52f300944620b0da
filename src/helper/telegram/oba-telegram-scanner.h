#pragma once

#include "oba-telegram-client.h"

G_BEGIN_DECLS

/**
 * ObaTelegramScanner: fetches a picture that somebody sent and reads its QR codes in a thread. A few at a time: pictures of many people at once do not fill the memory.
 */
#define OBA_TYPE_TELEGRAM_SCANNER (oba_telegram_scanner_get_type ())
G_DECLARE_FINAL_TYPE (ObaTelegramScanner, oba_telegram_scanner, OBA, TELEGRAM_SCANNER, GObject)

ObaTelegramScanner *oba_telegram_scanner_new         (ObaTelegramClient *client);
/** @size: bytes, as Telegram says; 0: not said. Takes @seconds at most, waiting for others included. */
void                oba_telegram_scanner_scan_async  (ObaTelegramScanner *self, const char *file_id, gint64 size, guint seconds, GAsyncReadyCallback callback, gpointer user_data);
/** Returns: (transfer full) (nullable): the codes, maybe none; NULL with an OBA_SCAN_ERROR, or another error when Telegram did not give the file in time */
char              **oba_telegram_scanner_scan_finish (ObaTelegramScanner *self, GAsyncResult *result, GError **error);

G_END_DECLS
