#pragma once

#include <libpq-fe.h>
#include "oba-db-connection.h"
#include "oba-db-statements.h"
#include "oba-db-watch.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_DB_JOB_QUERY,
  OBA_DB_JOB_DEALLOCATE,
  OBA_DB_JOB_IDS,
  OBA_DB_JOB_SCRIPT,
  OBA_DB_JOB_COPY_IN,
  OBA_DB_JOB_COPY_OUT,
} ObaDbJobKind;

/* What answers the server still owes to a job in the pipeline, in this order. */
typedef enum
{
  OBA_DB_STAGE_PREPARE,
  OBA_DB_STAGE_EXECUTE,
  OBA_DB_STAGE_SYNC,
} ObaDbStage;

/* One statement or script in the queue of a connection. */
typedef struct
{
  ObaDbJobKind  kind;
  ObaDbStage    stage;
  GTask        *task;           /* NULL for jobs of our own, and once a COPY IN has begun */
  char         *sql;
  ObaDbParams  *params;
  char         *statement;      /* the prepared statement it runs */
  gulong        cancelled_id;
  PGresult     *result;
  GError       *error;          /* the first one */
  GArray       *ids;
  ObaDbCopyFunc func;
  gpointer      func_data;
  gint64        n_rows;
  guint         is_read : 1;    /* may share a sync with its neighbours */
  guint         has_sync : 1;
  guint         aborted : 1;    /* skipped by the server because a neighbour failed */
  guint         cancelling : 1; /* PQcancel was sent for it */
  guint         was_hit : 1;    /* and reached it */
  guint         answered : 1;   /* the server has said something in this stage */
  guint         copied : 1;     /* it was a COPY indeed */
  guint         retry : 1;      /* failed for a reason of the session: once more, when no transaction is open */
  guint         retried : 1;
} ObaDbJob;

typedef enum
{
  OBA_DB_COPY_NONE,
  OBA_DB_COPY_IN,
  OBA_DB_COPY_IN_ENDING,
  OBA_DB_COPY_OUT,
} ObaDbCopyState;

/* A write to or the end of a COPY IN. */
typedef struct
{
  GTask  *task;
  GBytes *data;            /* NULL: the end */
  gsize   offset;
  char   *abort_message;
  gulong  cancelled_id;
} ObaDbCopyOperation;

struct _ObaDbConnection
{
  GObject          parent_instance;
  PGconn          *conn;        /* NULL when closed */
  ObaDbConnectionFlags flags;
  ObaDbWatch      *watch;
  GMainContext    *sync_context;
  ObaDbStatements *statements;
  GQueue           waiting;     /* of ObaDbJob: not sent yet */
  GQueue           running;     /* of ObaDbJob: sent, in the order of their answers */
  GQueue           skipped;     /* of ObaDbJob: to be sent again after the sync */
  GPtrArray       *notices;     /* of GStrv, severity and text: libpq must not be entered from its own notice receiver */
  GError          *fatal;       /* what the server said before it hung up */
  gboolean         row_by_row;  /* libpq 15 would also answer the first statement of the next pipeline row by row: it goes alone */
  guint            n_grouped;   /* reads sent since the last sync */
  guint            n_notices;
  guint            n_shots;     /* of our cancel requests, that may still hit any statement on its way */
  gint            *cancel_done; /* (atomic rc box) set by the thread that cancels; NULL when none does */
  guint            nulls;       /* PQgetResult's NULLs in a row */
  gboolean         unflushed;
  gboolean         in_transaction;

  ObaDbCopyState   copy_state;
  GQueue           copy_operations;
  GError          *copy_error;
};

void      oba_db_job_free    (ObaDbJob *job);
/** Gives the answer to the job's task and frees the job. The callback may run at once and may close the connection. */
void      oba_db_job_answer  (ObaDbJob *job);
/** @error: (transfer full) */
void      oba_db_job_fail    (ObaDbJob *job, GError *error);
gboolean  oba_db_job_is_cancelled (ObaDbJob *job);

/** @conn: (transfer full) */
ObaDbConnection *oba_db_connection_new (PGconn *conn, ObaDbConnectionFlags flags, GMainContext *context);
/** @job: (transfer full) */
void      oba_db_connection_push     (ObaDbConnection *self, ObaDbJob *job);
ObaDbJob *oba_db_connection_new_job  (ObaDbConnection *self, ObaDbJobKind kind, const char *sql, ObaDbParams *params, GTask *task);
/** Ends the connection; every statement fails with LOST. @reason: (transfer full) (nullable): NULL when the owner closes it */
void      oba_db_connection_lose     (ObaDbConnection *self, GError *reason);
/** A statement that changes nothing: may go with its neighbours in one implicit transaction, which halves the server's work. */
void      oba_db_connection_read_async (ObaDbConnection *self, const char *sql, ObaDbParams *params, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
/** TRUE when nothing is queued, no transaction and no COPY is open. */
gboolean  oba_db_connection_is_clean (ObaDbConnection *self);

/* oba-db-connection-io.c */
void      oba_db_connection_run      (gpointer self, GIOCondition condition);
void      oba_db_connection_take_result (ObaDbConnection *self, ObaDbJob *job, PGresult *result);
void      oba_db_connection_send_cancel (ObaDbConnection *self);

/* oba-db-connection-send.c */
void      oba_db_connection_pump     (ObaDbConnection *self);
/** With nothing queued: leaves the pipeline, so that in_transaction is known again. */
void      oba_db_connection_settle   (ObaDbConnection *self);

/* oba-db-connection-copy.c */
void      oba_db_connection_copy_begun       (ObaDbConnection *self, ObaDbJob *job, PGresult *result);
void      oba_db_connection_copy_read        (ObaDbConnection *self, ObaDbJob *job);
void      oba_db_connection_copy_write       (ObaDbConnection *self);
void      oba_db_connection_copy_check_input (ObaDbConnection *self);
void      oba_db_connection_copy_finished    (ObaDbConnection *self, ObaDbJob *job);
void      oba_db_connection_copy_lost        (ObaDbConnection *self, const GError *reason);

G_END_DECLS
