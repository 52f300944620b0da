#pragma once

#include "oba-db-connection.h"

G_BEGIN_DECLS

/** Applies the migrations this program carries (/az/oba/migrations/NNNN_name.sql). Rule 9 of the plan. Synchronous: for commands and tests. */
typedef struct
{
  char      *name;          /* "0001_schema.sql" */
  gboolean   applied;
  GDateTime *applied_at;    /* (nullable) */
  char      *applied_by;    /* (nullable) */
} ObaMigration;

void       oba_migration_free  (ObaMigration *self);

typedef void (*ObaMigratorProgress) (const char *name, gpointer user_data);

/** Returns: (transfer full) (element-type ObaMigration): all known, in order; fails with OBA_DB_ERROR_SCHEMA on an edited, missing or newer history */
GPtrArray *oba_migrator_status (ObaDbConnection *connection, GError **error);
/** Returns: how many were applied now, -1 on error. Two at once are safe: the second waits, @waiting is told who holds the lock. */
int        oba_migrator_apply  (ObaDbConnection *connection, ObaMigratorProgress progress, ObaMigratorProgress waiting, gpointer user_data,
                                GCancellable *cancellable, GError **error);

G_END_DECLS
