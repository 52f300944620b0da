#include "oba-export.h"

/* A run in a thread: what both sides need */
typedef struct
{
  char              *conninfo;
  ObaExportOptions  *options;
  ObaExportProgress  progress;
  gpointer           progress_data;
} Job;

typedef struct
{
  GTask  *task;
  gint64  rows;
  gint64  total;
} Step;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->conninfo);
  oba_export_options_free (job->options);
  g_free (job);
}

static void
step_free (gpointer data)
{
  Step *step = data;

  g_object_unref (step->task);
  g_free (step);
}

static gboolean
deliver_step (gpointer data)
{
  Step *step = data;
  Job *job = g_task_get_task_data (step->task);

  /* What arrives after the end would find a closed dialog. */
  if (!g_task_get_completed (step->task))
    job->progress (step->rows, step->total, job->progress_data);
  return G_SOURCE_REMOVE;
}

static void
on_progress (gint64 rows, gint64 total, gpointer user_data)
{
  Step *step = g_new (Step, 1);

  *step = (Step) { g_object_ref (user_data), rows, total };
  g_main_context_invoke_full (g_task_get_context (user_data), G_PRIORITY_DEFAULT, deliver_step, step, step_free);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ObaDbConnection) connection = NULL;
  ObaExportReport *report = NULL;
  GError *error = NULL;

  g_main_context_push_thread_default (context);
  connection = oba_db_connection_open_sync (job->conninfo, OBA_DB_CONNECTION_DEFAULT, cancellable, &error);
  if (connection != NULL)
    {
      report = oba_export_run (connection, job->options, job->progress != NULL ? on_progress : NULL, task, cancellable,
                               &error);
      oba_db_connection_close (connection);
    }
  g_clear_object (&connection);
  g_main_context_pop_thread_default (context);
  if (report == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, report, (GDestroyNotify) oba_export_report_free);
}

void
oba_export_run_async (const char             *conninfo,
                      const ObaExportOptions *options,
                      ObaExportProgress       progress,
                      gpointer                progress_data,
                      GCancellable           *cancellable,
                      GAsyncReadyCallback     callback,
                      gpointer                user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->conninfo = g_strdup (conninfo);
  job->options = oba_export_options_copy (options);
  job->progress = progress;
  job->progress_data = progress_data;
  g_task_set_source_tag (task, oba_export_run_async);
  g_task_set_task_data (task, job, job_free);
  /* A file that is there is told even when the cancelling came too late. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, run_in_thread);
}

ObaExportReport *
oba_export_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
