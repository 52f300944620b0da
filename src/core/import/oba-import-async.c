#include "oba-import.h"

#include "db/oba-db-thread.h"

typedef struct
{
  ObaImportOptions  *options;
  ObaImportProgress  progress;
  gpointer           progress_data;
} Job;

typedef struct
{
  ObaImportPhase phase;
  goffset        done;
  goffset        size;
  gint64         rows;
} Step;

static void
job_free (gpointer data)
{
  Job *job = data;

  oba_import_options_free (job->options);
  g_free (job);
}

static void
deliver_step (gconstpointer data, gpointer user_data)
{
  const Step *step = data;
  Job *job = user_data;

  job->progress (step->phase, step->done, step->size, step->rows, job->progress_data);
}

static void
on_progress (ObaImportPhase phase, goffset done, goffset size, gint64 rows, gpointer task)
{
  const Step step = { phase, done, size, rows };

  oba_db_thread_report (task, deliver_step, &step, sizeof step);
}

static gpointer
run_in_thread (ObaDbConnection *connection, GTask *task, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;

  return oba_import_run (connection, job->options, job->progress != NULL ? on_progress : NULL, task, cancellable, error);
}

void
oba_import_run_async (const char             *conninfo,
                      const ObaImportOptions *options,
                      ObaImportProgress       progress,
                      gpointer                progress_data,
                      GCancellable           *cancellable,
                      GAsyncReadyCallback     callback,
                      gpointer                user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job) { oba_import_options_copy (options), progress, progress_data };
  g_task_set_source_tag (task, oba_import_run_async);
  oba_db_thread_run (task, conninfo, OBA_DB_CONNECTION_DEFAULT, run_in_thread, (GDestroyNotify) oba_import_report_free, job, job_free);
}

ObaImportReport *
oba_import_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
