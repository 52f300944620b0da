/* What goes to the server: the pipeline, and the statements that need the connection for themselves. */

#include "oba-db-connection-private.h"

#include "oba-db-error-private.h"
#include "oba-db-params-private.h"

/* More at once gains nothing and would only make a cancelled or lost queue longer. */
#define MAX_RUNNING 64
/* Reads that share a sync; a failed one sends those behind it around again. */
#define MAX_GROUP 16

static gboolean
fail_to_send (ObaDbConnection *self, ObaDbJob *job)
{
  g_autofree char *message = g_strchomp (g_strdup (PQerrorMessage (self->conn)));

  if (PQstatus (self->conn) == CONNECTION_BAD)
    {
      g_queue_push_head (&self->waiting, job);
      oba_db_connection_lose (self, oba_db_error_new_lost (self->conn));
      return FALSE;
    }
  oba_db_job_fail (job, g_error_new_literal (OBA_DB_ERROR, OBA_DB_ERROR_QUERY, message));
  return TRUE;
}

static gboolean
send_params (ObaDbConnection *self, ObaDbJob *job, int result_format)
{
  ObaDbParams *params = job->params;

  if (params == NULL)
    return PQsendQueryParams (self->conn, job->sql, 0, NULL, NULL, NULL, NULL, result_format);
  return PQsendQueryParams (self->conn, job->sql, (int) params->n, params->types, (const char *const *) params->values,
                            params->lengths, params->formats, result_format);
}

static gboolean
send_prepared (ObaDbConnection *self, ObaDbJob *job)
{
  ObaDbParams *params = job->params;

  if (job->stage == OBA_DB_STAGE_PREPARE &&
      !PQsendPrepare (self->conn, job->statement, job->sql, (int) params->n, params->types))
    return FALSE;
  return PQsendQueryPrepared (self->conn, job->statement, (int) params->n, (const char *const *) params->values,
                              params->lengths, params->formats, 0);
}

/* Returns FALSE when the statement cannot go yet. */
static gboolean
choose_statement (ObaDbConnection *self, ObaDbJob *job)
{
  ObaDbStatementState state;

  g_clear_pointer (&job->statement, g_free);
  job->stage = OBA_DB_STAGE_EXECUTE;
  if (job->params == NULL || (self->flags & OBA_DB_CONNECTION_NO_PREPARE) != 0)
    return TRUE;
  job->statement = g_strdup (oba_db_statements_use (self->statements, job->sql, job->params, &state));
  if (state == OBA_DB_STATEMENT_NEW)
    job->stage = OBA_DB_STAGE_PREPARE;
  return state != OBA_DB_STATEMENT_PENDING;
}

/* Statements sent since the last sync are one implicit transaction; the sync is owed to the last of them. */
static gboolean
close_group (ObaDbConnection *self)
{
  ObaDbJob *last = g_queue_peek_tail (&self->running);

  if (self->n_grouped == 0)
    return TRUE;
  self->n_grouped = 0;
  last->has_sync = TRUE;
  if (PQpipelineSync (self->conn))
    return TRUE;
  oba_db_connection_lose (self, oba_db_error_new_lost (self->conn));
  return FALSE;
}

/* Sends the first waiting statement into the pipeline. */
static gboolean
send_piped (ObaDbConnection *self)
{
  ObaDbJob *job = g_queue_peek_head (&self->waiting);
  gboolean sent;

  if ((!job->is_read && !close_group (self)) || (job->kind == OBA_DB_JOB_QUERY && !choose_statement (self, job)))
    return FALSE;
  g_queue_pop_head (&self->waiting);
  job->has_sync = FALSE;
  job->answered = FALSE;
  sent =
      job->kind == OBA_DB_JOB_QUERY && job->statement != NULL ? send_prepared (self, job) : send_params (self, job, 0);
  if (!sent)
    return fail_to_send (self, job);
  g_queue_push_tail (&self->running, job);
  self->n_grouped++;
  return (job->is_read && self->n_grouped < MAX_GROUP) || close_group (self);
}

static gboolean
send_alone (ObaDbConnection *self)
{
  ObaDbJob *job = g_queue_pop_head (&self->waiting);
  gboolean sent;

  self->row_by_row = job->kind == OBA_DB_JOB_IDS;
  if (job->kind == OBA_DB_JOB_IDS)
    sent = send_params (self, job, 1) && PQsetSingleRowMode (self->conn);
  else if (job->kind == OBA_DB_JOB_QUERY)
    sent = send_params (self, job, 0);
  else
    sent = PQsendQuery (self->conn, job->sql);
  if (job->kind == OBA_DB_JOB_QUERY)
    g_clear_pointer (&job->statement, g_free);
  if (!sent)
    return fail_to_send (self, job);
  job->stage = OBA_DB_STAGE_EXECUTE;
  job->answered = FALSE;
  g_queue_push_tail (&self->running, job);
  return TRUE;
}

static gboolean
leave_pipeline (ObaDbConnection *self)
{
  if (PQpipelineStatus (self->conn) != PQ_PIPELINE_OFF && !PQexitPipelineMode (self->conn))
    {
      oba_db_connection_lose (self, oba_db_error_new_lost (self->conn));
      return FALSE;
    }
  self->in_transaction = PQtransactionStatus (self->conn) != PQTRANS_IDLE;
  return TRUE;
}

/* A statement that failed for a reason of the session goes once more, unless it was part of a transaction, which is
 * dead now. */
static gboolean
decide_retry (ObaDbConnection *self, ObaDbJob *job)
{
  job->retry = FALSE;
  if (self->in_transaction)
    {
      g_queue_pop_head (&self->waiting);
      oba_db_job_answer (job);
      return FALSE;
    }
  job->retried = TRUE;
  g_clear_error (&job->error);
  g_clear_pointer (&job->result, PQclear);
  return TRUE;
}

static void
deallocate_evicted (ObaDbConnection *self)
{
  g_autofree char *name = self->in_transaction ? NULL : oba_db_statements_pop_evicted (self->statements);
  ObaDbJob *job;

  if (name == NULL)
    return;
  job = oba_db_connection_new_job (self, OBA_DB_JOB_DEALLOCATE, NULL, NULL, NULL);
  job->sql = g_strconcat ("DEALLOCATE ", name, NULL);
  job->statement = g_steal_pointer (&name);
  job->stage = OBA_DB_STAGE_EXECUTE;
  g_queue_push_head (&self->waiting, job);
}

/* libpq 15 forgets to leave single-row mode when a pipeline begins: what follows such a statement goes the plain way.
 */
static gboolean
may_pipe (ObaDbConnection *self, ObaDbJob *job)
{
  return (job->kind == OBA_DB_JOB_QUERY || job->kind == OBA_DB_JOB_DEALLOCATE) && !job->retry && !self->row_by_row;
}

static gboolean
pump_one (ObaDbConnection *self)
{
  ObaDbJob *job = g_queue_peek_head (&self->waiting);

  if (job == NULL)
    {
      /* Outside of the pipeline libpq understands what the server says to an idle client. */
      if (g_queue_is_empty (&self->running))
        leave_pipeline (self);
      return FALSE;
    }
  if (may_pipe (self, job))
    {
      if (PQpipelineStatus (self->conn) == PQ_PIPELINE_OFF)
        {
          if (!g_queue_is_empty (&self->running))
            return FALSE;
          PQenterPipelineMode (self->conn);
        }
      return self->running.length < MAX_RUNNING && send_piped (self);
    }
  if (!g_queue_is_empty (&self->running) || !leave_pipeline (self))
    return FALSE;
  if (job->retry && !decide_retry (self, job))
    return TRUE;
  return may_pipe (self, job) || send_alone (self);
}

/* Sends what may be sent now. While a cancel request is under way nothing goes out that it could hit. */
void
oba_db_connection_pump (ObaDbConnection *self)
{
  /* A cancel that was delivered while nothing ran has hit nothing. */
  if (self->cancel_done == NULL && g_queue_is_empty (&self->running))
    self->n_shots = 0;
  while (self->conn != NULL && self->copy_state == OBA_DB_COPY_NONE && self->cancel_done == NULL && !self->unflushed)
    {
      ObaDbJob *job = g_queue_peek_head (&self->waiting);

      if (job != NULL && job->kind == OBA_DB_JOB_QUERY)
        deallocate_evicted (self);
      if (!pump_one (self))
        break;
      if (self->conn != NULL)
        self->unflushed = PQflush (self->conn) == 1;
    }
  if (self->conn != NULL)
    close_group (self);
}

void
oba_db_connection_settle (ObaDbConnection *self)
{
  if (self->conn != NULL && oba_db_connection_get_queue_length (self) == 0 && self->copy_state == OBA_DB_COPY_NONE)
    leave_pipeline (self);
}
