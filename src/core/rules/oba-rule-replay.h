#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** @done of @all parts are over. */
typedef void (*ObaRuleReplayProgress) (guint done, guint all, gpointer user_data);

/**
 * oba_rule_replay_async:
 *
 * Runs a version of a rule over the receipts of the days from @from to @to, a month at a time, in a transaction that leaves nothing behind; on a connection of its own, so that whoever
 * waits for it can go on. @progress is called until it is over or cancelled. It is not tried again when the connection is lost.
 */
void        oba_rule_replay_async  (ObaDbPool *pool, gint64 rule_id, gint64 version, const GDate *from, const GDate *to, ObaRuleReplayProgress progress, gpointer progress_data,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** What came of it, as oba.replay_end () tells it. (transfer full) */
JsonObject *oba_rule_replay_finish (GAsyncResult *result, GError **error);

G_END_DECLS
