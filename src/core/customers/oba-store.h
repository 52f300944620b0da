#pragma once

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaStore: one of the chain's stores, as it is chosen. Strings are never NULL. */
#define OBA_TYPE_STORE (oba_store_get_type ())
G_DECLARE_FINAL_TYPE (ObaStore, oba_store, OBA, STORE, GObject)

gint64      oba_store_get_id    (ObaStore *self);
const char *oba_store_get_name  (ObaStore *self);    /* "OBA Nizami" */
const char *oba_store_get_place (ObaStore *self);    /* "Bakı, Nəsimi"; "" where nothing is known */
gboolean    oba_store_is_closed (ObaStore *self);    /* for good */

/** Stores of which each word of @text is a part of the name, city, district or code, in any spelling ("" finds all), at most @limit. (transfer full) (element-type ObaStore) */
void        oba_stores_find_async  (ObaDbPool *pool, const char *text, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray  *oba_stores_find_finish (GAsyncResult *result, GError **error);
/** The one of @id; finished by oba_stores_find_finish(), with one element or none. */
void        oba_stores_read_async  (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS
