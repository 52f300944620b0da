#pragma once

#include "oba-db-connection.h"

G_BEGIN_DECLS

/**
 * ObaDbThreadFunc: long work over a @connection of its own, in a thread. @task: for oba_db_thread_report(); @data: of the caller.
 * Returns: (transfer full) (nullable): NULL with @error
 */
typedef gpointer (*ObaDbThreadFunc) (ObaDbConnection *connection, GTask *task, gpointer data, GCancellable *cancellable, GError **error);

/** How far the work is: @step is a copy of what was reported. */
typedef void (*ObaDbThreadStep) (gconstpointer step, gpointer data);

/**
 * Opens @conninfo in a thread, does @func there and ends @task with its result, which @result_free frees when nobody takes it. What was done is told even when the cancelling came too late.
 * @data: (transfer full): freed by @data_free after the end
 */
void oba_db_thread_run    (GTask *task, const char *conninfo, ObaDbConnectionFlags flags, ObaDbThreadFunc func, GDestroyNotify result_free, gpointer data, GDestroyNotify data_free);
/** From the thread: has @deliver called with a copy of @step (@size bytes) where @task was made, if it has not ended by then: its window may be closed. */
void oba_db_thread_report (GTask *task, ObaDbThreadStep deliver, gconstpointer step, gsize size);

G_END_DECLS
