#pragma once

#include "oba-db-pool.h"

G_BEGIN_DECLS

/** Makes a record of a row. (transfer full) */
typedef gpointer (*ObaDbRowFunc) (ObaDbResult *rows, guint row);

/** Reads all rows of @sql, each as @read makes it, freed by @row_free. @tag: of the caller, see g_task_set_source_tag(). */
void       oba_db_list_read_async  (ObaDbPool *pool, const char *sql, ObaDbParams *params, ObaDbRowFunc read, GDestroyNotify row_free, gpointer tag,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Returns: (transfer full) (nullable): what @read made, in the order of the rows */
GPtrArray *oba_db_list_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
