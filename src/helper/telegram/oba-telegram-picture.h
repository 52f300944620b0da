#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/* What a picture shows is put down as JSON when the answer is thought out; it is drawn when it is sent. */

/** Lying beside each other: a bar a label, money in qəpik. (transfer full) */
JsonObject *oba_telegram_picture_bars (const char *title, const char *const *labels, const gint64 *qepik, guint n);

/** The picture of a reward, as the house has it. (transfer full) */
JsonObject *oba_telegram_picture_reward (gint64 reward_id);

/** A QR code of @text, with it in plain letters under it. (transfer full) */
JsonObject *oba_telegram_picture_code (const char *text);
/** Is it the same whenever it is made? */
gboolean    oba_telegram_picture_is_lasting (JsonObject *picture);

/** Errors: OBA_ERROR_NOT_FOUND: it is not there any more, or nobody here put it down. Returns: (transfer full): a file that Telegram knows to be a picture by its content */
void        oba_telegram_picture_make_async  (ObaDbPool *pool, JsonObject *picture, GAsyncReadyCallback callback, gpointer user_data);
GBytes     *oba_telegram_picture_make_finish (GAsyncResult *result, GError **error);

/** A QR code, with @below in plain letters under it. (transfer full): a PNG */
GBytes     *oba_telegram_picture_qr (const char *text, const char *below);

G_END_DECLS
