#include "oba-db-thread.h"

typedef struct
{
  char                *conninfo;
  ObaDbConnectionFlags flags;
  ObaDbThreadFunc      func;
  GDestroyNotify       result_free;
  gpointer             data;
  GDestroyNotify       data_free;
} Work;

typedef struct
{
  GTask          *task;
  ObaDbThreadStep deliver;
  gpointer        step;
} Report;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->conninfo);
  work->data_free (work->data);
  g_free (work);
}

static void
report_free (gpointer data)
{
  Report *report = data;

  g_object_unref (report->task);
  g_free (report->step);
  g_free (report);
}

static gboolean
deliver (gpointer data)
{
  Report *report = data;
  Work *work = g_task_get_task_data (report->task);

  if (!g_task_get_completed (report->task))
    report->deliver (report->step, work->data);
  return G_SOURCE_REMOVE;
}

void
oba_db_thread_report (GTask *task, ObaDbThreadStep deliver_step, gconstpointer step, gsize size)
{
  Report *report = g_new (Report, 1);

  *report = (Report) { g_object_ref (task), deliver_step, g_memdup2 (step, size) };
  g_main_context_invoke_full (g_task_get_context (task), G_PRIORITY_DEFAULT, deliver, report, report_free);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Work *work = task_data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ObaDbConnection) connection = NULL;
  gpointer result = NULL;
  GError *error = NULL;

  g_main_context_push_thread_default (context);
  connection = oba_db_connection_open_sync (work->conninfo, work->flags, cancellable, &error);
  if (connection != NULL)
    {
      result = work->func (connection, task, work->data, cancellable, &error);
      oba_db_connection_close (connection);
    }
  g_clear_object (&connection);
  g_main_context_pop_thread_default (context);
  if (result == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, work->result_free);
}

void
oba_db_thread_run (GTask               *task,
                   const char          *conninfo,
                   ObaDbConnectionFlags flags,
                   ObaDbThreadFunc      func,
                   GDestroyNotify       result_free,
                   gpointer             data,
                   GDestroyNotify       data_free)
{
  Work *work = g_new (Work, 1);

  *work = (Work) { g_strdup (conninfo), flags, func, result_free, data, data_free };
  g_task_set_task_data (task, work, work_free);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, run_in_thread);
}
