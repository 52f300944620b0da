/* What comes from the server. Every function here may run callbacks that close the connection: look at self->conn again
 * after each. */

#include "oba-db-connection-private.h"

#include "oba-db-error-private.h"

#define OID_INT8 20
#define OID_INT4 23

/* Cancelling */

typedef struct
{
  PGcancel *cancel;
  ObaDbWatch *watch;
  gint *done;
} CancelData;

/* PQcancel opens a connection of its own and waits for it, so it has a thread of its own. */
static gpointer
cancel_thread (gpointer user_data)
{
  CancelData *data = user_data;
  char message[256];

  PQcancel (data->cancel, message, sizeof message);
  PQfreeCancel (data->cancel);
  g_atomic_int_set (data->done, 1);
  oba_db_watch_wake (data->watch);
  g_atomic_rc_box_release (data->done);
  oba_db_watch_unref (data->watch);
  g_free (data);
  return NULL;
}

void
oba_db_connection_send_cancel (ObaDbConnection *self)
{
  ObaDbJob *job = g_queue_peek_head (&self->running);
  CancelData *data;
  GThread *thread;

  if (job == NULL || job->cancelling || self->cancel_done != NULL)
    return;
  job->cancelling = TRUE;
  /* The postmaster signals the process and its group: one request may hit twice, and the second time another statement.
   */
  self->n_shots += 2;
  self->cancel_done = g_atomic_rc_box_new0 (gint);
  data = g_new0 (CancelData, 1);
  data->cancel = PQgetCancel (self->conn);
  data->watch = oba_db_watch_ref (self->watch);
  data->done = g_atomic_rc_box_acquire (self->cancel_done);
  thread = g_thread_new ("oba-db-cancel", cancel_thread, data);
  g_thread_unref (thread);
}

static void
drop_cancelled (ObaDbConnection *self)
{
  GList *next;
  GQueue cancelled = G_QUEUE_INIT;
  ObaDbJob *job;

  for (GList *link = self->waiting.head; link != NULL; link = next)
    {
      next = link->next;
      if (!oba_db_job_is_cancelled (link->data))
        continue;
      g_queue_unlink (&self->waiting, link);
      g_queue_push_tail_link (&cancelled, link);
    }
  while ((job = g_queue_pop_head (&cancelled)) != NULL)
    oba_db_job_fail (job, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));

  job = g_queue_peek_head (&self->running);
  if (self->conn != NULL && job != NULL && oba_db_job_is_cancelled (job))
    oba_db_connection_send_cancel (self);
}

static void
check_cancel_done (ObaDbConnection *self)
{
  if (self->cancel_done != NULL && g_atomic_int_get (self->cancel_done))
    g_clear_pointer (&self->cancel_done, g_atomic_rc_box_release);
}

/* Answers */

static void
keep_first_error (ObaDbJob *job, GError *error)
{
  if (job->error == NULL)
    job->error = error;
  else
    g_error_free (error);
}

static void
take_error (ObaDbConnection *self, ObaDbJob *job, const PGresult *result)
{
  const char *sqlstate = PQresultErrorField (result, PG_DIAG_SQLSTATE);
  const char *function = PQresultErrorField (result, PG_DIAG_SOURCE_FUNCTION);
  gboolean is_gone = g_strcmp0 (sqlstate, "26000") == 0;
  gboolean is_stale = g_strcmp0 (sqlstate, "0A000") == 0 && g_strcmp0 (function, "RevalidateCachedQuery") == 0;
  gboolean is_cancel = g_strcmp0 (sqlstate, "57014") == 0;
  gboolean is_stray = is_cancel && self->n_shots > 0 && !job->cancelling;

  if (is_cancel)
    job->was_hit = TRUE;
  keep_first_error (job, oba_db_error_new_from_result (result));
  if (job->statement != NULL && (job->stage == OBA_DB_STAGE_PREPARE || is_gone || is_stale))
    oba_db_statements_forget (self->statements, job->statement, is_stale);
  if (is_cancel && self->n_shots > 0)
    self->n_shots--;
  if ((is_stray || (job->statement != NULL && (is_gone || is_stale) && !job->retried)) && !self->in_transaction &&
      job->kind == OBA_DB_JOB_QUERY)
    job->retry = TRUE;
}

static void
take_rows (ObaDbConnection *self, ObaDbJob *job, PGresult *result)
{
  const char *command = PQcmdStatus (result);

  if (g_str_equal (command, "BEGIN") || g_str_equal (command, "START TRANSACTION"))
    self->in_transaction = TRUE;
  if (job->stage == OBA_DB_STAGE_PREPARE)
    oba_db_statements_confirm (self->statements, job->statement);
  if (job->stage == OBA_DB_STAGE_PREPARE || job->kind == OBA_DB_JOB_DEALLOCATE)
    return;
  g_clear_pointer (&job->result, PQclear);
  job->result = result;
}

static void
take_id (ObaDbConnection *self, ObaDbJob *job, const PGresult *result)
{
  gint64 id;

  if (job->error != NULL)
    return;
  if (PQnfields (result) < 1 || (PQftype (result, 0) != OID_INT8 && PQftype (result, 0) != OID_INT4))
    {
      job->error = g_error_new (OBA_DB_ERROR, OBA_DB_ERROR_RESULT, "the first column is not an integer");
      oba_db_connection_send_cancel (self);
      return;
    }
  if (PQgetisnull (result, 0, 0))
    return;
  if (PQgetlength (result, 0, 0) == 8)
    {
      memcpy (&id, PQgetvalue (result, 0, 0), 8);
      id = GINT64_FROM_BE (id);
    }
  else
    {
      gint32 small;
      memcpy (&small, PQgetvalue (result, 0, 0), 4);
      id = GINT32_FROM_BE (small);
    }
  g_array_append_val (job->ids, id);
}

/* COPY through a function that does not serve it: the server is told to stop, the statement fails. */
static void
refuse_copy (ObaDbConnection *self, ObaDbJob *job, ExecStatusType status)
{
  keep_first_error (job, g_error_new (OBA_DB_ERROR, OBA_DB_ERROR_RESULT, "COPY in a statement that is not a COPY"));
  if (PQpipelineStatus (self->conn) != PQ_PIPELINE_OFF)
    {
      /* libpq cannot get out of this one. */
      oba_db_connection_lose (self, g_error_copy (job->error));
      return;
    }
  if (status == PGRES_COPY_IN)
    {
      PQputCopyEnd (self->conn, "not expected here");
      return;
    }
  self->copy_state = OBA_DB_COPY_OUT;
  oba_db_connection_send_cancel (self);
}

/* @result: (transfer full) */
void
oba_db_connection_take_result (ObaDbConnection *self, ObaDbJob *job, PGresult *result)
{
  ExecStatusType status = PQresultStatus (result);

  switch (status)
    {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      take_rows (self, job, result);
      if (job->result == result)
        return;
      break;
    case PGRES_SINGLE_TUPLE:
      take_id (self, job, result);
      break;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
      if ((status == PGRES_COPY_IN && job->kind == OBA_DB_JOB_COPY_IN && job->task != NULL) ||
          (status == PGRES_COPY_OUT && job->kind == OBA_DB_JOB_COPY_OUT))
        oba_db_connection_copy_begun (self, job, result);
      else
        refuse_copy (self, job, status);
      break;
    case PGRES_PIPELINE_ABORTED:
      job->aborted = TRUE;
      if (job->stage == OBA_DB_STAGE_PREPARE && job->statement != NULL)
        oba_db_statements_forget (self->statements, job->statement, FALSE);
      break;
    case PGRES_FATAL_ERROR:
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_PIPELINE_SYNC:
    default:
      take_error (self, job, result);
      break;
    }
  PQclear (result);
}

static void
finish_deallocate (ObaDbConnection *self, ObaDbJob *job)
{
  if (job->aborted || (job->error != NULL && !g_str_equal (oba_db_error_get_sqlstate (job->error), "26000")))
    oba_db_statements_push_evicted (self->statements, g_steal_pointer (&job->statement));
}

/* The last answer to the job at the head has come. */
static void
finish_job (ObaDbConnection *self)
{
  ObaDbJob *job = g_queue_pop_head (&self->running);

  if (job->kind == OBA_DB_JOB_DEALLOCATE)
    finish_deallocate (self, job);
  if (job->kind == OBA_DB_JOB_COPY_IN && job->task == NULL)
    {
      oba_db_connection_copy_finished (self, job);
      return;
    }
  if (job->cancelling && job->was_hit && oba_db_job_is_cancelled (job))
    {
      g_clear_error (&job->error);
      job->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
    }
  if (job->aborted && job->error == NULL && job->kind == OBA_DB_JOB_QUERY)
    {
      job->aborted = FALSE;
      job->is_read = FALSE; /* next time on its own */
      g_queue_push_tail (&self->skipped, job);
      return;
    }
  if (job->retry)
    {
      g_queue_push_tail (&self->skipped, job);
      return;
    }
  if (job->error == NULL && job->kind == OBA_DB_JOB_QUERY && job->result == NULL)
    job->error = g_error_new (OBA_DB_ERROR, OBA_DB_ERROR_RESULT, "no result");
  if (job->error == NULL && (job->kind == OBA_DB_JOB_COPY_IN || job->kind == OBA_DB_JOB_COPY_OUT) && !job->copied)
    job->error = g_error_new (OBA_DB_ERROR, OBA_DB_ERROR_RESULT, "the statement is not the COPY that was expected");
  oba_db_job_answer (job);
}

/* Those that were skipped go again, before everything that waits, in their old order. */
static void
resend_skipped (ObaDbConnection *self)
{
  while (!g_queue_is_empty (&self->skipped))
    g_queue_push_head_link (&self->waiting, g_queue_pop_tail_link (&self->skipped));
}

static void
advance (ObaDbConnection *self, ObaDbJob *job, gboolean got_sync)
{
  if (PQpipelineStatus (self->conn) == PQ_PIPELINE_OFF)
    {
      self->in_transaction = PQtransactionStatus (self->conn) != PQTRANS_IDLE;
      finish_job (self);
    }
  else if (got_sync)
    {
      finish_job (self);
      if (self->conn != NULL)
        resend_skipped (self);
    }
  else if (job->stage == OBA_DB_STAGE_PREPARE)
    {
      job->stage = OBA_DB_STAGE_EXECUTE;
      job->answered = FALSE;
    }
  else if (job->stage == OBA_DB_STAGE_EXECUTE && job->has_sync)
    job->stage = OBA_DB_STAGE_SYNC;
  else if (job->stage == OBA_DB_STAGE_EXECUTE)
    finish_job (self);
}

/* Why the server hung up: said while nothing ran, or as the last answer. Returns: (transfer full) */
static GError *
get_reason (ObaDbConnection *self)
{
  ObaDbJob *job = g_queue_peek_head (&self->running);

  if (self->fatal != NULL)
    return g_steal_pointer (&self->fatal);
  if (job != NULL && g_error_matches (job->error, OBA_DB_ERROR, OBA_DB_ERROR_LOST))
    return g_error_copy (job->error);
  return oba_db_error_new_lost (self->conn);
}

/* NULL ends the results of a statement; where none came before it, the connection is broken. Around a sync a few are in
 * order. */
static gboolean
is_null_in_order (ObaDbConnection *self, ObaDbJob *job)
{
  return job->stage == OBA_DB_STAGE_SYNC ? self->nulls <= 3 : job->answered;
}

static void
read_result (ObaDbConnection *self, ObaDbJob *job)
{
  PGresult *result = PQgetResult (self->conn);

  self->nulls = result == NULL ? self->nulls + 1 : 0;
  if (result == NULL)
    {
      if (is_null_in_order (self, job))
        advance (self, job, FALSE);
      else
        oba_db_connection_lose (self, get_reason (self));
      return;
    }
  if (PQresultStatus (result) == PGRES_PIPELINE_SYNC)
    {
      PQclear (result);
      advance (self, job, TRUE);
      return;
    }
  job->answered = TRUE;
  oba_db_connection_take_result (self, job, result);
}

static void
read_answers (ObaDbConnection *self)
{
  ObaDbJob *job;

  while (self->conn != NULL && (job = g_queue_peek_head (&self->running)) != NULL)
    {
      if (self->copy_state == OBA_DB_COPY_IN)
        break;
      if (self->copy_state == OBA_DB_COPY_OUT)
        {
          oba_db_connection_copy_read (self, job);
          if (self->copy_state == OBA_DB_COPY_OUT)
            break;
          continue;
        }
      if (PQisBusy (self->conn))
        break;
      read_result (self, job);
    }
}

static void
read_notifications (ObaDbConnection *self)
{
  PGnotify *notify;

  while (self->conn != NULL && (notify = PQnotifies (self->conn)) != NULL)
    {
      g_signal_emit_by_name (self, "notification", notify->relname, notify->extra);
      PQfreemem (notify);
    }
  while (self->notices->len > 0)
    {
      g_auto (GStrv) notice = g_ptr_array_steal_index (self->notices, 0);

      g_signal_emit_by_name (self, "notice", notice[0], notice[1]);
    }
}

static gboolean
flush (ObaDbConnection *self)
{
  int left = PQflush (self->conn);

  /* What had to stop because the socket was full goes on. */
  if (self->unflushed && left == 0)
    oba_db_watch_wake (self->watch);
  self->unflushed = left == 1;
  if (left >= 0)
    return TRUE;
  oba_db_connection_lose (self, oba_db_error_new_lost (self->conn));
  return FALSE;
}

static void
watch_socket (ObaDbConnection *self)
{
  ObaDbJob *job = g_queue_peek_head (&self->running);
  /* A long stream must not keep a window from drawing. */
  gboolean streams = job != NULL && (job->kind == OBA_DB_JOB_IDS || job->kind == OBA_DB_JOB_COPY_OUT);

  oba_db_watch_set_fd (self->watch, PQsocket (self->conn), self->unflushed ? G_IO_IN | G_IO_OUT : G_IO_IN,
                       streams ? G_PRIORITY_DEFAULT_IDLE : G_PRIORITY_DEFAULT);
  /* Sending reads too when the socket is full: what came then is in libpq's buffer, and poll() will not tell. */
  if (job != NULL && self->copy_state == OBA_DB_COPY_NONE && !PQisBusy (self->conn))
    oba_db_watch_wake (self->watch);
  /* The last flush may have made the room that a COPY waits for: then poll() has nothing more to tell. */
  if (self->copy_state == OBA_DB_COPY_IN && !self->unflushed && !g_queue_is_empty (&self->copy_operations))
    oba_db_watch_wake (self->watch);
}

static gboolean
read_input (ObaDbConnection *self, GIOCondition condition)
{
  gboolean alive = TRUE;

  if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR))
    {
      /* With TLS a record may be longer than libpq's buffer: the rest would wait in OpenSSL, where poll() does not see
       * it. */
      alive = PQconsumeInput (self->conn) && (!PQsslInUse (self->conn) || PQconsumeInput (self->conn));
      oba_db_connection_copy_check_input (self);
    }
  read_answers (self);
  read_notifications (self);
  return alive;
}

void
oba_db_connection_run (gpointer user_data, GIOCondition condition)
{
  g_autoptr (ObaDbConnection) self = g_object_ref (user_data);
  gboolean alive;

  if (self->conn == NULL)
    return;
  check_cancel_done (self);
  alive = read_input (self, condition);
  if (self->conn != NULL && !alive)
    {
      oba_db_connection_lose (self, get_reason (self));
      return;
    }
  if (self->conn != NULL && flush (self))
    drop_cancelled (self);
  if (self->conn != NULL)
    oba_db_connection_copy_write (self);
  oba_db_connection_pump (self);
  if (self->conn != NULL && flush (self))
    watch_socket (self);
}
