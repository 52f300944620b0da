#include "oba-access-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"
#include "db/oba-db-thread.h"

#define ROWS_AT_ONCE 400
#define TEXT(x) #x
#define DIGITS(x) TEXT (x)
#define BEGIN "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

/* The columns of head.sql. */
enum
{
  FAMILY,
  LANGUAGE,
  BY,
  AT,
  TOTAL,
};

typedef struct
{
  ObaDbConnection  *connection;
  ObaAccessSink    *sink;
  GCancellable     *cancellable;
  ObaAccessProgress progress;
  gpointer          progress_data;
  gint64            customer_id;
  char             *family;      /* as an array of PostgreSQL */
  char             *language;
  gint64            rows;
  gint64            total;
} Run;

/* While the file that it writes into is there: a PDF that was not ended still wants to write. */
static void
drop_sink (Run *run)
{
  if (run->sink != NULL)
    run->sink->free (run->sink);
  run->sink = NULL;
}

static void
run_clear (Run *run)
{
  g_clear_pointer (&run->family, g_free);
  g_clear_pointer (&run->language, g_free);
  drop_sink (run);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* Committed: whatever becomes of the file, it is known that it was asked for. */
static gboolean
note (Run *run, ObaAccessFormat format, GError **error)
{
  g_autofree char *request = g_strdup_printf ("{\"customer_id\": %" G_GINT64_FORMAT ", \"format\": \"%s\"}", run->customer_id,
                                              format == OBA_ACCESS_PDF ? "pdf" : "json");
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ttt", request, NULL, NULL);
  g_autoptr (ObaDbResult) done =
      oba_db_connection_query_sync (run->connection, oba_db_sql ("access/begin.sql"), params, run->cancellable, error);

  return done != NULL;
}

static ObaDbResult *
read_head (Run *run, GError **error)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", run->customer_id);
  g_autoptr (ObaDbResult) head =
      oba_db_connection_query_sync (run->connection, oba_db_sql ("access/head.sql"), params, run->cancellable, error);

  if (head != NULL && oba_db_result_get_n_rows (head) == 0)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such customer any more."));
      return NULL;
    }
  return g_steal_pointer (&head);
}

/* @n: how many there were */
static gboolean
take_rows (Run *run, guint *n, GError **error)
{
  g_autoptr (ObaDbResult) rows =
      oba_db_connection_query_sync (run->connection, "fetch " DIGITS (ROWS_AT_ONCE) " from held", NULL, run->cancellable, error);

  if (rows == NULL)
    return FALSE;
  *n = oba_db_result_get_n_rows (rows);
  for (guint i = 0; i < *n; i++)
    if (!run->sink->row (run->sink, oba_db_result_get_text (rows, i, 0), error))
      return FALSE;
  run->rows += *n;
  if (run->progress != NULL)
    run->progress (run->rows, MAX (run->total, run->rows), run->progress_data);
  return TRUE;
}

static gboolean
write_section (Run *run, const ObaAccessSection *section, GError **error)
{
  g_autofree char *file = g_strdup_printf ("access/%s.sql", section->name);
  /* Not every section needs all three. */
  g_autofree char *sql = g_strdup_printf ("declare held no scroll cursor for with given as (select $1::bigint[], $2::bigint, $3::text)\n%s", oba_db_sql (file));
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tit", run->family, run->customer_id, run->language);
  g_autoptr (ObaDbResult) declared = NULL;
  g_autoptr (ObaDbResult) closed = NULL;
  guint n = 0;

  if (!run->sink->section (run->sink, section, error))
    return FALSE;
  declared = oba_db_connection_query_sync (run->connection, sql, params, run->cancellable, error);
  if (declared == NULL)
    return FALSE;
  do
    if (!take_rows (run, &n, error))
      return FALSE;
  while (n == ROWS_AT_ONCE);
  closed = oba_db_connection_query_sync (run->connection, "close held", NULL, run->cancellable, error);
  return closed != NULL;
}

static gboolean
write_all (Run *run, ObaAccessFormat format, ObaExportTarget *target, GError **error)
{
  g_autoptr (ObaDbResult) head = read_head (run, error);
  ObaAccessHead about;

  if (head == NULL)
    return FALSE;
  run->family = g_strdup (oba_db_result_get_text (head, 0, FAMILY));
  if (run->language == NULL)
    run->language = g_strdup (oba_db_result_get_text (head, 0, LANGUAGE));
  run->total = oba_db_result_get_int64 (head, 0, TOTAL);
  about = (ObaAccessHead) { run->customer_id, oba_language_parse (run->language), oba_db_result_get_text (head, 0, BY), oba_db_result_get_text (head, 0, AT) };
  run->sink = format == OBA_ACCESS_PDF ? oba_access_pdf_new (target, &about) : oba_access_json_new (target, &about);
  for (const ObaAccessSection *section = oba_access_sections; section->name != NULL; section++)
    if (!write_section (run, section, error))
      return FALSE;
  return run->sink->end (run->sink, error);
}

gboolean
oba_access_write (ObaDbConnection   *connection,
                  gint64             customer_id,
                  ObaAccessFormat    format,
                  const char        *language,
                  const char        *path,
                  ObaAccessProgress  progress,
                  gpointer           user_data,
                  GCancellable      *cancellable,
                  GError           **error)
{
  g_auto (Run) run = { .connection = connection, .cancellable = cancellable, .progress = progress, .progress_data = user_data, .customer_id = customer_id,
                       .language = g_strdup (language) };
  g_autoptr (ObaExportTarget) target = oba_export_target_open (path, error);
  gboolean written;

  if (target == NULL || !note (&run, format, error) || !oba_db_connection_script_sync (connection, BEGIN, cancellable, error))
    return FALSE;
  written = write_all (&run, format, target, error);
  drop_sink (&run);
  /* Nothing was changed: how the snapshot's end went does not matter. */
  oba_db_connection_script_sync (connection, "ROLLBACK", NULL, NULL);
  return written && !g_cancellable_set_error_if_cancelled (cancellable, error) && oba_export_target_keep (target, error);
}

/* ---- in a thread */

typedef struct
{
  char             *path;
  char             *language;
  gint64            customer_id;
  ObaAccessFormat   format;
  ObaAccessProgress progress;
  gpointer          progress_data;
} Job;

typedef struct
{
  gint64 rows;
  gint64 total;
} Step;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->path);
  g_free (job->language);
  g_free (job);
}

static void
deliver_step (gconstpointer data, gpointer user_data)
{
  const Step *step = data;
  Job *job = user_data;

  job->progress (step->rows, step->total, job->progress_data);
}

static void
on_progress (gint64 rows, gint64 total, gpointer task)
{
  const Step step = { rows, total };

  oba_db_thread_report (task, deliver_step, &step, sizeof step);
}

static gpointer
write_in_thread (ObaDbConnection *connection, GTask *task, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  gboolean written = oba_access_write (connection, job->customer_id, job->format, job->language, job->path, job->progress != NULL ? on_progress : NULL, task, cancellable, error);

  return written ? GINT_TO_POINTER (TRUE) : NULL;
}

void
oba_access_write_async (const char          *conninfo,
                        gint64               customer_id,
                        ObaAccessFormat      format,
                        const char          *language,
                        const char          *path,
                        ObaAccessProgress    progress,
                        gpointer             progress_data,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job) { g_strdup (path), g_strdup (language), customer_id, format, progress, progress_data };
  g_task_set_source_tag (task, oba_access_write_async);
  oba_db_thread_run (task, conninfo, OBA_DB_CONNECTION_NO_PREPARE, write_in_thread, NULL, job, job_free);
}

gboolean
oba_access_write_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, oba_access_write_async), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
