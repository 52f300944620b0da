/* COPY. Between begin and end the job stays at the head of the running queue and the connection does nothing else. */

#include "oba-db-connection-private.h"

#include "oba-db-error-private.h"
#include "oba-db-result-private.h"

#include <stdlib.h>

/* libpq's buffer grows to what is put into it and never shrinks. */
#define CHUNK (64 * 1024)

static void
operation_free (ObaDbCopyOperation *operation)
{
  if (operation->cancelled_id != 0)
    oba_db_watch_remove_cancellable (g_task_get_cancellable (operation->task), operation->cancelled_id);
  g_clear_object (&operation->task);
  g_clear_pointer (&operation->data, g_bytes_unref);
  g_free (operation->abort_message);
  g_free (operation);
}

/* @error: (transfer full) */
static void
operation_fail (ObaDbCopyOperation *operation, GError *error)
{
  g_autoptr (GTask) task = g_object_ref (operation->task);

  operation_free (operation);
  g_task_return_error (task, error);
}

static GError *
no_copy_error (ObaDbConnection *self)
{
  if (self->copy_error != NULL)
    return g_error_copy (self->copy_error);
  if (self->conn == NULL)
    return oba_db_error_new_lost (NULL);
  return g_error_new (OBA_DB_ERROR, OBA_DB_ERROR_RESULT, "no COPY has begun");
}

static void
push_operation (ObaDbConnection *self, GTask *task, GBytes *data, const char *abort_message)
{
  ObaDbCopyOperation *operation;

  g_task_set_check_cancellable (task, FALSE);
  if (self->copy_state != OBA_DB_COPY_IN)
    {
      g_task_return_error (task, no_copy_error (self));
      g_object_unref (task);
      return;
    }
  operation = g_new0 (ObaDbCopyOperation, 1);
  operation->task = task;
  operation->data = data != NULL ? g_bytes_ref (data) : NULL;
  operation->abort_message = g_strdup (abort_message);
  /* The end is not cancelled half-way: it has an abort of its own. */
  if (data != NULL)
    operation->cancelled_id = oba_db_watch_add_cancellable (self->watch, g_task_get_cancellable (task));
  g_queue_push_tail (&self->copy_operations, operation);
  oba_db_watch_wake (self->watch);
}

void
oba_db_connection_copy_in_write_async (
    ObaDbConnection *self, GBytes *data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (OBA_IS_DB_CONNECTION (self) && data != NULL);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, oba_db_connection_copy_in_write_async);
  push_operation (self, task, data, NULL);
}

/**
 * oba_db_connection_copy_in_write_finish:
 *
 * Errors: what the server objects to as soon as it has said it; then the COPY is over and everything of it undone.
 */
gboolean
oba_db_connection_copy_in_write_finish (ObaDbConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
oba_db_connection_copy_in_end_async (ObaDbConnection *self,
                                     const char *abort_message,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task;

  g_return_if_fail (OBA_IS_DB_CONNECTION (self));
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, oba_db_connection_copy_in_end_async);
  push_operation (self, task, NULL, abort_message);
}

/**
 * oba_db_connection_copy_in_end_finish:
 *
 * Returns: rows copied, -1 on error. An abort that was asked for is an error too: the server's 57014 with the abort's
 * message
 */
gint64
oba_db_connection_copy_in_end_finish (ObaDbConnection *self, GAsyncResult *result, GError **error)
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

/* The server agreed to the COPY. */
void
oba_db_connection_copy_begun (ObaDbConnection *self, ObaDbJob *job, PGresult *result)
{
  g_autoptr (GTask) task = NULL;

  job->copied = TRUE;
  if (job->kind == OBA_DB_JOB_COPY_OUT)
    {
      self->copy_state = OBA_DB_COPY_OUT;
      return;
    }
  self->copy_state = OBA_DB_COPY_IN;
  g_clear_error (&self->copy_error);
  if (job->cancelled_id != 0)
    oba_db_watch_remove_cancellable (g_task_get_cancellable (job->task), job->cancelled_id);
  job->cancelled_id = 0;
  task = g_steal_pointer (&job->task);
  g_task_return_boolean (task, TRUE);
}

/* During COPY IN the server is silent, but for notices: what else comes is its refusal. libpq would tell it only at the
 * end. */
void
oba_db_connection_copy_check_input (ObaDbConnection *self)
{
  guint before = self->n_notices;

  if (self->copy_state != OBA_DB_COPY_IN)
    return;
  PQputCopyData (self->conn, "", 0); /* parses the input */
  if (self->n_notices == before && PQputCopyEnd (self->conn, "not accepted by the server") == 1)
    self->copy_state = OBA_DB_COPY_IN_ENDING;
}

static gboolean
has_input (ObaDbConnection *self)
{
  GPollFD fd = { .fd = PQsocket (self->conn), .events = G_IO_IN };
  return g_poll (&fd, 1, 0) > 0;
}

/* Returns TRUE when all of it has gone to the socket. */
static gboolean
write_data (ObaDbConnection *self, ObaDbCopyOperation *operation)
{
  gsize size;
  const char *data = g_bytes_get_data (operation->data, &size);

  while (!self->unflushed)
    {
      int put = 1;
      int left;

      if (operation->offset == size)
        return TRUE;
      /* A full socket makes libpq read, and then poll() would be silent about a refusal: look before. */
      if (has_input (self))
        {
          oba_db_watch_wake (self->watch);
          return FALSE;
        }
      put = PQputCopyData (self->conn, data + operation->offset, (int) MIN (CHUNK, size - operation->offset));
      if (put > 0)
        operation->offset += MIN (CHUNK, size - operation->offset);
      left = put < 0 ? -1 : PQflush (self->conn);
      if (left < 0)
        {
          oba_db_connection_lose (self, oba_db_error_new_lost (self->conn));
          return FALSE;
        }
      self->unflushed = left == 1 || put == 0;
    }
  return FALSE;
}

static void
write_end (ObaDbConnection *self, ObaDbCopyOperation *operation)
{
  int put = PQputCopyEnd (self->conn, operation->abort_message);

  if (put > 0)
    self->copy_state = OBA_DB_COPY_IN_ENDING;
  else if (put < 0)
    oba_db_connection_lose (self, oba_db_error_new_lost (self->conn));
  else
    self->unflushed = TRUE;
}

void
oba_db_connection_copy_write (ObaDbConnection *self)
{
  ObaDbCopyOperation *operation;

  while (self->conn != NULL && self->copy_state == OBA_DB_COPY_IN &&
         (operation = g_queue_peek_head (&self->copy_operations)) != NULL)
    {
      g_autoptr (GTask) task = NULL;

      if (g_cancellable_is_cancelled (g_task_get_cancellable (operation->task)) && operation->data != NULL)
        {
          g_queue_pop_head (&self->copy_operations);
          operation_fail (operation, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
          continue;
        }
      if (operation->data == NULL)
        {
          write_end (self, operation);
          return;
        }
      if (!write_data (self, operation))
        return;
      g_queue_pop_head (&self->copy_operations);
      task = g_object_ref (operation->task);
      operation_free (operation);
      g_task_return_boolean (task, TRUE);
    }
}

static void
fail_operations (ObaDbConnection *self, const GError *error)
{
  GQueue operations = self->copy_operations;
  ObaDbCopyOperation *operation;

  g_queue_init (&self->copy_operations);
  while ((operation = g_queue_pop_head (&operations)) != NULL)
    operation_fail (operation, g_error_copy (error));
}

/* The server has said how the COPY ended. */
void
oba_db_connection_copy_finished (ObaDbConnection *self, ObaDbJob *job)
{
  ObaDbCopyOperation *operation = g_queue_peek_head (&self->copy_operations);

  self->copy_state = OBA_DB_COPY_NONE;
  if (job->error != NULL)
    {
      /* Kept for the writer when it did not ask yet. */
      if (operation == NULL || operation->data != NULL)
        self->copy_error = g_error_copy (job->error);
      fail_operations (self, job->error);
    }
  else if (operation != NULL)
    {
      g_autoptr (GTask) task = g_object_ref (operation->task);
      gint64 n_rows = strtoll (PQcmdTuples (job->result), NULL, 10);

      g_queue_pop_head (&self->copy_operations);
      operation_free (operation);
      g_task_return_int (task, (gssize) n_rows);
    }
  oba_db_job_free (job);
}

void
oba_db_connection_copy_lost (ObaDbConnection *self, const GError *reason)
{
  self->copy_state = OBA_DB_COPY_NONE;
  fail_operations (self, reason);
}

static void
give_row (ObaDbConnection *self, ObaDbJob *job, const char *data, int length)
{
  GError *error = NULL;

  if (job->error != NULL || job->func == NULL)
    return;
  if (job->func (data, (gsize) length, job->func_data, &error))
    {
      job->n_rows++;
      return;
    }
  if (error == NULL)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  job->error = error;
  oba_db_connection_send_cancel (self);
}

/* Gives out the rows that are in the buffer. */
void
oba_db_connection_copy_read (ObaDbConnection *self, ObaDbJob *job)
{
  char *data = NULL;
  int length;

  while ((length = PQgetCopyData (self->conn, &data, 1)) > 0)
    {
      give_row (self, job, data, length);
      PQfreemem (data);
    }
  if (length < 0)
    self->copy_state = OBA_DB_COPY_NONE;
}
