#include "oba-db-connection-private.h"

#include "oba-db-connect.h"
#include "oba-db-error-private.h"
#include "oba-db-result-private.h"

#define MAX_STATEMENTS 200

enum
{
  CLOSED,
  NOTICE,
  NOTIFICATION,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaDbConnection, oba_db_connection, G_TYPE_OBJECT)

/* Jobs */

ObaDbJob *
oba_db_connection_new_job (ObaDbConnection *self, ObaDbJobKind kind, const char *sql, ObaDbParams *params, GTask *task)
{
  ObaDbJob *job = g_new0 (ObaDbJob, 1);

  job->kind = kind;
  job->sql = g_strdup (sql);
  job->params = params != NULL ? oba_db_params_ref (params) : NULL;
  job->task = task;
  if (task != NULL)
    {
      /* What the server has done is told even when the cancelling came too late. */
      g_task_set_check_cancellable (task, FALSE);
      job->cancelled_id = oba_db_watch_add_cancellable (self->watch, g_task_get_cancellable (task));
    }
  return job;
}

static void
stop_watching (ObaDbJob *job)
{
  if (job->cancelled_id != 0)
    oba_db_watch_remove_cancellable (g_task_get_cancellable (job->task), job->cancelled_id);
  job->cancelled_id = 0;
}

void
oba_db_job_free (ObaDbJob *job)
{
  stop_watching (job);
  g_clear_object (&job->task);
  g_clear_pointer (&job->params, oba_db_params_unref);
  g_clear_pointer (&job->result, PQclear);
  g_clear_pointer (&job->ids, g_array_unref);
  g_clear_error (&job->error);
  g_free (job->statement);
  g_free (job->sql);
  g_free (job);
}

gboolean
oba_db_job_is_cancelled (ObaDbJob *job)
{
  return job->task != NULL && g_cancellable_is_cancelled (g_task_get_cancellable (job->task));
}

static void
give_value (ObaDbJob *job, GTask *task)
{
  switch (job->kind)
    {
    case OBA_DB_JOB_QUERY:
      g_task_return_pointer (task, oba_db_result_new (g_steal_pointer (&job->result)),
                             (GDestroyNotify) oba_db_result_unref);
      break;
    case OBA_DB_JOB_IDS:
      g_task_return_pointer (task, g_steal_pointer (&job->ids), (GDestroyNotify) g_array_unref);
      break;
    case OBA_DB_JOB_COPY_OUT:
      g_task_return_int (task, job->n_rows);
      break;
    case OBA_DB_JOB_SCRIPT:
    case OBA_DB_JOB_COPY_IN:
    case OBA_DB_JOB_DEALLOCATE:
    default:
      g_task_return_boolean (task, TRUE);
      break;
    }
}

void
oba_db_job_answer (ObaDbJob *job)
{
  g_autoptr (GTask) task = NULL;

  stop_watching (job);
  task = g_steal_pointer (&job->task);
  if (task != NULL && job->error != NULL)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else if (task != NULL)
    give_value (job, task);
  oba_db_job_free (job);
}

void
oba_db_job_fail (ObaDbJob *job, GError *error)
{
  g_clear_error (&job->error);
  job->error = error;
  oba_db_job_answer (job);
}

/* The object */

static void
on_notice (void *data, const PGresult *result)
{
  ObaDbConnection *self = data;
  const char *severity = PQresultErrorField (result, PG_DIAG_SEVERITY_NONLOCALIZED);
  const char *message = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
  const char *parts[] = { severity != NULL ? severity : "NOTICE", message != NULL ? message : "", NULL };

  self->n_notices++;
  if (g_strcmp0 (severity, "FATAL") == 0 || g_strcmp0 (severity, "PANIC") == 0)
    {
      g_clear_error (&self->fatal);
      self->fatal = oba_db_error_new_from_result (result);
      return;
    }
  g_ptr_array_add (self->notices, g_strdupv ((char **) parts));
}

ObaDbConnection *
oba_db_connection_new (PGconn *conn, ObaDbConnectionFlags flags, GMainContext *context)
{
  ObaDbConnection *self = g_object_new (OBA_TYPE_DB_CONNECTION, NULL);

  self->conn = conn;
  self->flags = flags;
  PQsetNoticeReceiver (conn, on_notice, self);
  oba_db_watch_attach (self->watch, context);
  oba_db_watch_set_fd (self->watch, PQsocket (conn), G_IO_IN, G_PRIORITY_DEFAULT);
  return self;
}

static void
oba_db_connection_dispose (GObject *object)
{
  ObaDbConnection *self = OBA_DB_CONNECTION (object);

  oba_db_connection_close (self);
  G_OBJECT_CLASS (oba_db_connection_parent_class)->dispose (object);
}

static void
oba_db_connection_finalize (GObject *object)
{
  ObaDbConnection *self = OBA_DB_CONNECTION (object);

  oba_db_watch_free (self->watch);
  oba_db_statements_free (self->statements);
  g_ptr_array_unref (self->notices);
  g_clear_pointer (&self->sync_context, g_main_context_unref);
  g_clear_pointer (&self->cancel_done, g_atomic_rc_box_release);
  g_clear_error (&self->fatal);
  g_clear_error (&self->copy_error);
  G_OBJECT_CLASS (oba_db_connection_parent_class)->finalize (object);
}

static void
oba_db_connection_class_init (ObaDbConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = oba_db_connection_dispose;
  object_class->finalize = oba_db_connection_finalize;

  /**
   * ObaDbConnection::closed:
   * @reason: a GError: what the server or libpq said
   *
   * The server or the way to it is gone. Not emitted by oba_db_connection_close.
   */
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  /**
   * ObaDbConnection::notice:
   * @severity: "NOTICE", "WARNING"...
   * @message: what the server remarks
   */
  signals[NOTICE] = g_signal_new ("notice", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  /**
   * ObaDbConnection::notification:
   * @channel: as given to LISTEN
   * @payload: "" when there was none
   */
  signals[NOTIFICATION] = g_signal_new ("notification", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
oba_db_connection_init (ObaDbConnection *self)
{
  self->watch = oba_db_watch_new (oba_db_connection_run, self);
  self->statements = oba_db_statements_new (MAX_STATEMENTS);
  self->notices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_queue_init (&self->waiting);
  g_queue_init (&self->running);
  g_queue_init (&self->skipped);
  g_queue_init (&self->copy_operations);
}

static void
move_all (GQueue *from, GQueue *to)
{
  while (!g_queue_is_empty (from))
    g_queue_push_tail_link (to, g_queue_pop_head_link (from));
}

void
oba_db_connection_lose (ObaDbConnection *self, GError *reason)
{
  g_autoptr (ObaDbConnection) hold = g_object_ref (self);
  g_autoptr (GError) error = reason != NULL ? reason : oba_db_error_new_lost (NULL);
  GQueue jobs = G_QUEUE_INIT;
  ObaDbJob *job;

  if (self->conn == NULL)
    return;

  oba_db_watch_set_fd (self->watch, -1, 0, G_PRIORITY_DEFAULT);
  g_clear_pointer (&self->conn, PQfinish);
  move_all (&self->running, &jobs);
  move_all (&self->skipped, &jobs);
  move_all (&self->waiting, &jobs);
  oba_db_connection_copy_lost (self, error);
  while ((job = g_queue_pop_head (&jobs)) != NULL)
    {
      /* One that the server has refused already did not happen, whatever came after. */
      if (job->error == NULL || job->retry)
        oba_db_job_fail (job, g_error_copy (error));
      else
        oba_db_job_answer (job);
    }
  if (reason != NULL)
    g_signal_emit (self, signals[CLOSED], 0, error);
}

/**
 * oba_db_connection_close:
 *
 * Ends the connection now. Statements without an answer fail with OBA_DB_ERROR_LOST; an open transaction is rolled back
 * by the server.
 */
void
oba_db_connection_close (ObaDbConnection *self)
{
  g_return_if_fail (OBA_IS_DB_CONNECTION (self));
  oba_db_connection_lose (self, NULL);
}

gboolean
oba_db_connection_is_open (ObaDbConnection *self)
{
  return self->conn != NULL;
}

guint
oba_db_connection_get_queue_length (ObaDbConnection *self)
{
  return self->waiting.length + self->running.length + self->skipped.length;
}

gboolean
oba_db_connection_is_clean (ObaDbConnection *self)
{
  oba_db_connection_settle (self);
  return self->conn != NULL && oba_db_connection_get_queue_length (self) == 0 && self->copy_state == OBA_DB_COPY_NONE &&
         !self->in_transaction;
}

/* What was opened synchronously has no loop yet; the first asynchronous call says which. */
static void
find_home (ObaDbConnection *self)
{
  g_autoptr (GMainContext) context = NULL;

  if (oba_db_watch_get_context (self->watch) != self->sync_context)
    return;
  context = g_main_context_ref_thread_default ();
  if (context != self->sync_context)
    oba_db_watch_attach (self->watch, context);
}

void
oba_db_connection_push (ObaDbConnection *self, ObaDbJob *job)
{
  find_home (self);
  /* Sent from the main loop, so that what is asked together goes together, and no callback runs before its call has
   * returned. */
  g_queue_push_tail (&self->waiting, job);
  oba_db_watch_wake (self->watch);
}

/* Opening */

typedef struct
{
  ObaDbConnectionFlags flags;
} OpenData;

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  OpenData *data = g_task_get_task_data (task);
  GError *error = NULL;
  PGconn *conn = oba_db_connect_finish (result, &error);

  if (conn == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, oba_db_connection_new (conn, data->flags, g_task_get_context (task)), g_object_unref);
}

/**
 * oba_db_connection_open_async:
 *
 * Errors: OBA_DB_ERROR_CONNECT, OBA_DB_ERROR_AUTH, G_IO_ERROR_CANCELLED.
 */
void
oba_db_connection_open_async (const char *conninfo,
                              ObaDbConnectionFlags flags,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  OpenData *data = g_new0 (OpenData, 1);

  data->flags = flags;
  g_task_set_source_tag (task, oba_db_connection_open_async);
  g_task_set_task_data (task, data, g_free);
  oba_db_connect_async (conninfo != NULL ? conninfo : "", cancellable, on_connected, task);
}

ObaDbConnection *
oba_db_connection_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, oba_db_connection_open_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Statements */

static ObaDbJob *
push_task (ObaDbConnection *self,
           ObaDbJobKind kind,
           const char *sql,
           ObaDbParams *params,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data,
           gpointer tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  ObaDbJob *job;

  g_task_set_source_tag (task, tag);
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return NULL;
    }
  if (self->conn == NULL)
    {
      g_task_return_error (task, oba_db_error_new_lost (NULL));
      g_object_unref (task);
      return NULL;
    }
  job = oba_db_connection_new_job (self, kind, sql, params, task);
  oba_db_connection_push (self, job);
  return job;
}

void
oba_db_connection_query_async (ObaDbConnection *self,
                               const char *sql,
                               ObaDbParams *params,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (OBA_IS_DB_CONNECTION (self) && sql != NULL);
  push_task (self, OBA_DB_JOB_QUERY, sql, params, cancellable, callback, user_data, oba_db_connection_query_async);
}

void
oba_db_connection_read_async (ObaDbConnection *self,
                              const char *sql,
                              ObaDbParams *params,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  ObaDbJob *job =
      push_task (self, OBA_DB_JOB_QUERY, sql, params, cancellable, callback, user_data, oba_db_connection_query_async);

  if (job != NULL)
    job->is_read = TRUE;
}

/**
 * oba_db_connection_query_finish:
 *
 * Returns: (transfer full): the rows. Errors: OBA_DB_ERROR, G_IO_ERROR_CANCELLED (then the statement did nothing)
 */
ObaDbResult *
oba_db_connection_query_finish (ObaDbConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
oba_db_connection_query_ids_async (ObaDbConnection *self,
                                   const char *sql,
                                   ObaDbParams *params,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  ObaDbJob *job;

  g_return_if_fail (OBA_IS_DB_CONNECTION (self) && sql != NULL);
  job = push_task (self, OBA_DB_JOB_IDS, sql, params, cancellable, callback, user_data,
                   oba_db_connection_query_ids_async);
  if (job != NULL)
    job->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
}

GArray *
oba_db_connection_query_ids_finish (ObaDbConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
oba_db_connection_script_async (
    ObaDbConnection *self, const char *sql, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (OBA_IS_DB_CONNECTION (self) && sql != NULL);
  push_task (self, OBA_DB_JOB_SCRIPT, sql, NULL, cancellable, callback, user_data, oba_db_connection_script_async);
}

gboolean
oba_db_connection_script_finish (ObaDbConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* COPY: begun here as any other statement, the rest is in oba-db-connection-copy.c */

void
oba_db_connection_copy_in_begin_async (
    ObaDbConnection *self, const char *sql, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (OBA_IS_DB_CONNECTION (self) && sql != NULL);
  push_task (self, OBA_DB_JOB_COPY_IN, sql, NULL, cancellable, callback, user_data,
             oba_db_connection_copy_in_begin_async);
}

gboolean
oba_db_connection_copy_in_begin_finish (ObaDbConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
oba_db_connection_copy_out_async (ObaDbConnection *self,
                                  const char *sql,
                                  ObaDbCopyFunc func,
                                  gpointer func_data,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  ObaDbJob *job;

  g_return_if_fail (OBA_IS_DB_CONNECTION (self) && sql != NULL && func != NULL);
  job = push_task (self, OBA_DB_JOB_COPY_OUT, sql, NULL, cancellable, callback, user_data,
                   oba_db_connection_copy_out_async);
  if (job != NULL)
    {
      job->func = func;
      job->func_data = func_data;
    }
}

/**
 * oba_db_connection_copy_out_finish:
 *
 * Returns: rows given to the function, -1 on error: the server's, or the one that the function set
 */
gint64
oba_db_connection_copy_out_finish (ObaDbConnection *self, GAsyncResult *result, GError **error)
{
  GError *local = NULL;
  gint64 n_rows;

  g_return_val_if_fail (g_task_is_valid (result, self), -1);
  n_rows = g_task_propagate_int (G_TASK (result), &local);
  if (local == NULL)
    return n_rows;
  g_propagate_error (error, local);
  return -1;
}
