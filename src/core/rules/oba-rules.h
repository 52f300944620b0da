#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/*
 * Rules of earning as the windows show them: objects as read.sql and oba.rule_example () make them. Money in qəpik. What changes them is asked through oba_db_request_async (): "save_rule",
 * "move_rule"; the terms of a rule are oba.rule_problem ()'s.
 */

/** {"rules": every version, "tiers", "categories", "stores", "products": what they name}, names in @language ("az", "ru", anything else: English). */
void        oba_rules_read_async    (ObaDbPool *pool, const char *language, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** What all rules together would give for an example, as oba.rule_example () has it; a refusal when the terms cannot be. */
void        oba_rules_example_async (ObaDbPool *pool, JsonNode *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Of both. (transfer full) */
JsonObject *oba_rules_finish        (GAsyncResult *result, GError **error);

/** Of what oba_rules_read_async() has read: one version of a rule, @version 0: the newest. (transfer none) (nullable) */
JsonObject *oba_rules_find          (JsonObject *read, gint64 rule_id, gint64 version);
/** The name of a thing of @list, such as "tiers". Returns: (transfer none): "" when it is not known */
const char *oba_rules_name          (JsonObject *read, const char *list, gint64 id);

G_END_DECLS
