#pragma once

#include "oba-db-pool.h"

G_BEGIN_DECLS

/** ObaDbTransaction: BEGIN on a connection of the pool; dropping it without commit rolls back and gives the connection back. */
#define OBA_TYPE_DB_TRANSACTION (oba_db_transaction_get_type ())
G_DECLARE_FINAL_TYPE (ObaDbTransaction, oba_db_transaction, OBA, DB_TRANSACTION, GObject)

typedef enum
{
  OBA_DB_READ_COMMITTED,
  OBA_DB_REPEATABLE_READ,
  OBA_DB_SERIALIZABLE,
  OBA_DB_SNAPSHOT_READ_ONLY,     /* repeatable read, read only */
} ObaDbIsolation;

void              oba_db_pool_begin_async            (ObaDbPool *pool, ObaDbIsolation isolation, GCancellable *cancellable,
                                                      GAsyncReadyCallback callback, gpointer user_data);
ObaDbTransaction *oba_db_pool_begin_finish           (ObaDbPool *pool, GAsyncResult *result, GError **error);
ObaDbConnection  *oba_db_transaction_get_connection  (ObaDbTransaction *self);                   /* query on it */
void              oba_db_transaction_commit_async    (ObaDbTransaction *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean          oba_db_transaction_commit_finish   (ObaDbTransaction *self, GAsyncResult *result, GError **error);
void              oba_db_transaction_rollback_async  (ObaDbTransaction *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean          oba_db_transaction_rollback_finish (ObaDbTransaction *self, GAsyncResult *result, GError **error);

G_END_DECLS
