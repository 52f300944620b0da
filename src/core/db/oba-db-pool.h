#pragma once

#include "oba-db-connection.h"

G_BEGIN_DECLS

/**
 * ObaDbPool: up to N connections to one database, opened when needed, reopened with backoff (0.2 s doubling to 10 s, with jitter).
 *
 * Reads given to oba_db_pool_read_async are retried on a fresh connection when the old one was lost before an answer, for up to the pool's patience (default 30 s).
 * Writes given to oba_db_pool_write_async are never retried: they fail with OBA_DB_ERROR_LOST, and the caller replays them with their key.
 */
#define OBA_TYPE_DB_POOL (oba_db_pool_get_type ())
G_DECLARE_FINAL_TYPE (ObaDbPool, oba_db_pool, OBA, DB_POOL, GObject)

typedef enum
{
  OBA_DB_POOL_OFFLINE,       /* trying to come back; see get_last_error */
  OBA_DB_POOL_CONNECTING,
  OBA_DB_POOL_ONLINE,
} ObaDbPoolState;

ObaDbPool      *oba_db_pool_new            (const char *conninfo, guint max_connections, ObaDbConnectionFlags flags);
const char     *oba_db_pool_get_conninfo   (ObaDbPool *self);
ObaDbPoolState  oba_db_pool_get_state      (ObaDbPool *self);        /* property "state", notifies */
const GError   *oba_db_pool_get_last_error (ObaDbPool *self);        /* (nullable) */
/** For monitoring: open connections, and statements that have not been answered yet (on a connection or waiting for one). */
guint           oba_db_pool_get_n_connections (ObaDbPool *self);
guint           oba_db_pool_get_n_statements  (ObaDbPool *self);
void            oba_db_pool_set_patience   (ObaDbPool *self, guint milliseconds);
void            oba_db_pool_close          (ObaDbPool *self);

/** Opens the first connection now, so that a wrong password is told at once. */
void            oba_db_pool_start_async    (ObaDbPool *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean        oba_db_pool_start_finish   (ObaDbPool *self, GAsyncResult *result, GError **error);

void            oba_db_pool_read_async     (ObaDbPool *self, const char *sql, ObaDbParams *params, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
ObaDbResult    *oba_db_pool_read_finish    (ObaDbPool *self, GAsyncResult *result, GError **error);
void            oba_db_pool_write_async    (ObaDbPool *self, const char *sql, ObaDbParams *params, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
ObaDbResult    *oba_db_pool_write_finish   (ObaDbPool *self, GAsyncResult *result, GError **error);
void            oba_db_pool_read_ids_async (ObaDbPool *self, const char *sql, ObaDbParams *params, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
GArray         *oba_db_pool_read_ids_finish (ObaDbPool *self, GAsyncResult *result, GError **error);

/** A connection for oneself (a transaction, a COPY). Give it back with oba_db_pool_release; unclean ones are rolled back or closed. */
void             oba_db_pool_acquire_async  (ObaDbPool *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaDbConnection *oba_db_pool_acquire_finish (ObaDbPool *self, GAsyncResult *result, GError **error);
void             oba_db_pool_release        (ObaDbPool *self, ObaDbConnection *connection);   /* (transfer full) */

G_END_DECLS
