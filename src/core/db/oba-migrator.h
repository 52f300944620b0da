#pragma once

#include "oba-db-connection.h"
#include "oba-db-pool.h"

G_BEGIN_DECLS

/**
 * Applies the migrations this program carries (/az/oba/migrations/NNNN_name.sql): in lexical order, each in a transaction of its own together with its
 * row in oba_meta.migrations (name, SHA-256, when, who, how long), under an advisory lock. Synchronous: for commands, tests and threads.
 */
typedef struct
{
  char      *name;          /* "0001_schema.sql" */
  gboolean   applied;
  GDateTime *applied_at;    /* (nullable) */
  char      *applied_by;    /* (nullable) */
  gint64     duration_ms;
} ObaMigration;

void       oba_migration_free  (ObaMigration *self);

/** For progress: the file about to be applied. For waiting: who holds the lock, "oba-helper (process 4711, user postgres)". */
typedef void (*ObaMigratorProgress) (const char *name, gpointer user_data);

/** Returns: (transfer full) (element-type ObaMigration): all known, in order; fails with OBA_DB_ERROR_SCHEMA on an edited, missing or newer history */
GPtrArray *oba_migrator_status (ObaDbConnection *connection, GError **error);

/**
 * oba_migrator_apply: what is not applied yet. @progress and @waiting may be NULL.
 * Returns: how many were applied now, -1 on error. Two at once are safe: the second waits, @waiting is told who holds the lock.
 * On an error or when cancelled, the files before it stay applied, and of its own nothing is kept.
 */
int        oba_migrator_apply  (ObaDbConnection *connection, ObaMigratorProgress progress, ObaMigratorProgress waiting, gpointer user_data,
                                GCancellable *cancellable, GError **error);

/**
 * oba_migrator_check: does this program serve the schema it finds? One cheap query that any login may make, outside of a transaction;
 * for every start of app and helper.
 * Returns: FALSE and OBA_DB_ERROR_SCHEMA, whose message tells what to do, when the database is empty, older, newer or edited
 */
gboolean   oba_migrator_check        (ObaDbConnection *connection, GError **error);
void       oba_migrator_check_async  (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean   oba_migrator_check_finish (ObaDbPool *pool, GAsyncResult *result, GError **error);

G_END_DECLS
