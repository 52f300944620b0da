#include "oba-db-transaction.h"

#include "oba-db-error-private.h"
#include "oba-db-result-private.h"

struct _ObaDbTransaction
{
  GObject parent_instance;
  ObaDbPool *pool;
  ObaDbConnection *connection; /* NULL when it is over */
  const char *begin;
};

G_DEFINE_FINAL_TYPE (ObaDbTransaction, oba_db_transaction, G_TYPE_OBJECT)

/* Gives the connection back; the pool rolls back what is still open. */
static void
let_go (ObaDbTransaction *self)
{
  if (self->connection != NULL)
    oba_db_pool_release (self->pool, g_steal_pointer (&self->connection));
}

static void
oba_db_transaction_dispose (GObject *object)
{
  ObaDbTransaction *self = OBA_DB_TRANSACTION (object);

  let_go (self);
  g_clear_object (&self->pool);
  G_OBJECT_CLASS (oba_db_transaction_parent_class)->dispose (object);
}

static void
oba_db_transaction_class_init (ObaDbTransactionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_db_transaction_dispose;
}

static void
oba_db_transaction_init (ObaDbTransaction *self)
{
}

static const char *
get_begin (ObaDbIsolation isolation)
{
  switch (isolation)
    {
    case OBA_DB_REPEATABLE_READ:
      return "BEGIN ISOLATION LEVEL REPEATABLE READ";
    case OBA_DB_SERIALIZABLE:
      return "BEGIN ISOLATION LEVEL SERIALIZABLE";
    case OBA_DB_SNAPSHOT_READ_ONLY:
      return "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    case OBA_DB_READ_COMMITTED:
    default:
      return "BEGIN ISOLATION LEVEL READ COMMITTED";
    }
}

static void
on_begun (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ObaDbTransaction) self = g_object_ref (g_task_get_task_data (task));
  g_autoptr (ObaDbResult) begun = NULL;
  GError *error = NULL;

  begun = oba_db_connection_query_finish (OBA_DB_CONNECTION (source), result, &error);
  if (begun == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

static void
on_acquired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaDbTransaction *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  self->connection = oba_db_pool_acquire_finish (OBA_DB_POOL (source), result, &error);
  if (self->connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  oba_db_connection_query_async (self->connection, self->begin, NULL, cancellable, on_begun, g_steal_pointer (&task));
}

/**
 * oba_db_pool_begin_async:
 *
 * Takes a connection of the pool and begins a transaction on it. Errors: those of oba_db_pool_acquire_async.
 */
void
oba_db_pool_begin_async (ObaDbPool *pool,
                         ObaDbIsolation isolation,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  ObaDbTransaction *self = g_object_new (OBA_TYPE_DB_TRANSACTION, NULL);

  self->pool = g_object_ref (pool);
  self->begin = get_begin (isolation);
  g_task_set_source_tag (task, oba_db_pool_begin_async);
  g_task_set_task_data (task, self, g_object_unref);
  oba_db_pool_acquire_async (pool, cancellable, on_acquired, task);
}

/**
 * oba_db_pool_begin_finish:
 *
 * Returns: (transfer full): dropped without a commit it rolls back
 */
ObaDbTransaction *
oba_db_pool_begin_finish (ObaDbPool *pool, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, pool), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * oba_db_transaction_get_connection:
 *
 * Returns: (transfer none) (nullable): NULL after the commit or rollback
 */
ObaDbConnection *
oba_db_transaction_get_connection (ObaDbTransaction *self)
{
  g_return_val_if_fail (OBA_IS_DB_TRANSACTION (self), NULL);
  return self->connection;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaDbTransaction *self = g_task_get_source_object (task);
  gboolean is_commit = g_task_get_source_tag (task) == oba_db_transaction_commit_async;
  g_autoptr (ObaDbResult) ended = NULL;
  GError *error = NULL;

  ended = oba_db_connection_query_finish (OBA_DB_CONNECTION (source), result, &error);
  let_go (self);
  if (ended == NULL)
    g_task_return_error (task, error);
  /* COMMIT of a transaction in which a statement failed is answered with ROLLBACK, and is no error to the server. */
  else if (is_commit && !g_str_equal (oba_db_result_get_command (ended), "COMMIT"))
    g_task_return_new_error (task, OBA_DB_ERROR, OBA_DB_ERROR_QUERY,
                             "a statement of the transaction failed, so it was rolled back");
  else
    g_task_return_boolean (task, TRUE);
}

static void
end (ObaDbTransaction *self, const char *sql, GCancellable *cancellable, GTask *task)
{
  g_task_set_check_cancellable (task, FALSE);
  if (self->connection == NULL)
    {
      g_task_return_new_error (task, OBA_DB_ERROR, OBA_DB_ERROR_QUERY, "the transaction is over already");
      g_object_unref (task);
      return;
    }
  oba_db_connection_query_async (self->connection, sql, NULL, cancellable, on_ended, task);
}

/**
 * oba_db_transaction_commit_async:
 *
 * Errors: OBA_DB_ERROR_LOST: whether it was committed is unknown. Any other: it was rolled back.
 */
void
oba_db_transaction_commit_async (ObaDbTransaction *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_db_transaction_commit_async);
  end (self, "COMMIT", cancellable, task);
}

gboolean
oba_db_transaction_commit_finish (ObaDbTransaction *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
oba_db_transaction_rollback_async (ObaDbTransaction *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, oba_db_transaction_rollback_async);
  end (self, "ROLLBACK", NULL, task);
}

gboolean
oba_db_transaction_rollback_finish (ObaDbTransaction *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
