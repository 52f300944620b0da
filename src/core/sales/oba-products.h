#pragma once

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** The product that @text names: its article number or barcode, else the one whose name is it or alone begins so, in any spelling. OBA_ERROR_NOT_FOUND. */
void  oba_products_find_async  (ObaDbPool *pool, const char *text, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Returns: (transfer full) (nullable): its name */
char *oba_products_find_finish (GAsyncResult *result, gint64 *id, GError **error);

G_END_DECLS
