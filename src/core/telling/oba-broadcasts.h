#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/*
 * Broadcasts, messages of the house to many, as the windows show them: objects as oba.broadcast_board (), oba.broadcast_report (), oba.preview_broadcast () and oba.poster_report () make them.
 * What changes them is asked through oba_db_request_async (): "save_broadcast", "move_broadcast", "try_broadcast".
 */

/** The longest text, in units of UTF-16 as Telegram counts; and what a name on a button and a broadcast's own name may have. */
#define OBA_BROADCAST_UNITS 3500
#define OBA_BROADCAST_NAME_CHARS 100
#define OBA_BROADCAST_LABEL_CHARS 60

/** Stands in a text for the customer's first name. */
#define OBA_BROADCAST_NAME "{name}"

/** The newest @most: {"broadcasts", "stopped_until", "quiet_until"} */
void        oba_broadcasts_list_async    (ObaDbPool *pool, guint most, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** One, with what came of it. NULL without an error: there is none. */
void        oba_broadcasts_read_async    (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Whom it would reach, whom not and why, and when. @request: {"filter", "start_at"} */
void        oba_broadcasts_preview_async (ObaDbPool *pool, JsonNode *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Who came through posters from one day to another: {"campaigns"} */
void        oba_broadcasts_posters_async (ObaDbPool *pool, const GDate *from, const GDate *until, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Of all of them. (transfer full) (nullable) */
JsonObject *oba_broadcasts_finish        (GAsyncResult *result, GError **error);

/** The text as one customer gets it: @name, or @nobody where it is empty, for each OBA_BROADCAST_NAME. (transfer full) */
char       *oba_broadcast_fill           (const char *text, const char *name, const char *nobody);

G_END_DECLS
