#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * The file with everything that is held on a customer (core/access), for their own chat: written in a thread when its message goes out, and nowhere left afterwards.
 * @payload: {"format": "pdf" | "json"}
 */
void    oba_telegram_export_make_async  (ObaDbPool *pool, gint64 customer_id, JsonObject *payload, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** @name: (out): what the file is called. Returns: (transfer full) (nullable): NULL as oba_access_write() fails */
GBytes *oba_telegram_export_make_finish (GAsyncResult *result, const char **name, GError **error);

G_END_DECLS
