#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/*
 * Tiers as the windows show them: objects as the queries of this folder make them. Money in qəpik, or points, by the scheme's "basis". Names are in @language
 * ("az", "ru", anything else: English). What changes them is asked through oba_db_request_async (): "save_tier_scheme", "override_tier", "end_tier_override".
 */

/** {"scheme", "carrying", "tiers", "retired", "history"} (transfer full) */
void        oba_tiers_read_async      (ObaDbPool *pool, const char *language, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** What a request of "save_tier_scheme" would do today: {"up", "down", "falling", "tiers", "retired"}; a refusal as saving it would be. */
void        oba_tiers_what_if_async   (ObaDbPool *pool, JsonNode *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Where a customer stands and the last 20 changes: {"standing", "names": {id: name}, "tiers": [id, lowest first], "changes"} */
void        oba_tiers_standing_async  (ObaDbPool *pool, gint64 customer_id, const char *language, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Of the three. (transfer full) */
JsonObject *oba_tiers_finish          (GAsyncResult *result, GError **error);

G_END_DECLS
