#include "oba-export.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <sys/stat.h>

#include "base/oba-error.h"
#include "base/oba-money.h"
#include "db/oba-db-sql.h"
#include "oba-export-statement.h"
#include "oba-export-writer.h"

/* Rows of one portion. */
#define PORTION 4000
/* Portions that are asked for before the first is written: the server never waits for us, nor gets ahead by more. */
#define AHEAD 2
#define FETCH "fetch 4000 from export_rows"
/* A portion of customers is looked up by their ids, whatever the planner thinks of arrays; so each comes at once and in its order. */
#define LOOK_UP "set local enable_hashjoin = off; set local enable_mergejoin = off"
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 10)

/* One run */
typedef struct
{
  ObaDbConnection        *connection;
  const ObaExportOptions *options;
  ObaExportProgress       progress;
  gpointer                progress_data;
  gint64                  progress_at;
  GCancellable           *cancellable;
  gboolean                persons;        /* this login may see who a customer is */
  GPtrArray              *columns;        /* of ObaExportColumn */
  ObaExportStatement     *statement;
  GArray                 *ids;            /* of customers, all that are chosen: 8 bytes a row, as the list itself has them */
  guint                   place;          /* in the ids */
  GQueue                  answers;        /* of GAsyncResult, to what was asked for */
  guint                   n_asked;
  ObaExportTarget        *target;
  ObaExportWriter        *writer;
  gint64                  total;
  gint64                  total_points;
  gint64                  total_money;
  ObaExportReport        *report;
} Run;

ObaExportOptions *
oba_export_options_new (ObaExportKind kind, ObaExportFormat format, const char *path)
{
  ObaExportOptions *self = g_new0 (ObaExportOptions, 1);

  self->kind = kind;
  self->format = format;
  self->path = g_strdup (path);
  self->delimiter = ',';
  self->sheet_rows = OBA_EXPORT_SHEET_ROWS;
  return self;
}

ObaExportOptions *
oba_export_options_copy (const ObaExportOptions *self)
{
  ObaExportOptions *copy = g_memdup2 (self, sizeof *self);

  copy->path = g_strdup (self->path);
  copy->columns = g_strdupv (self->columns);
  if (self->ids != NULL)
    copy->ids = g_array_ref (self->ids);
  if (self->filter != NULL)
    copy->filter = oba_customer_filter_copy (self->filter);
  copy->from = g_strdup (self->from);
  copy->to = g_strdup (self->to);
  copy->store = g_strdup (self->store);
  copy->receipts = g_strdup (self->receipts);
  return copy;
}

void
oba_export_options_free (ObaExportOptions *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_strfreev (self->columns);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->filter, oba_customer_filter_free);
  g_free (self->from);
  g_free (self->to);
  g_free (self->store);
  g_free (self->receipts);
  g_free (self);
}

void
oba_export_report_free (ObaExportReport *self)
{
  g_free (self);
}

/* Small things */

static void
tell (Run *self, gboolean now)
{
  gint64 at = g_get_monotonic_time ();

  if (self->progress == NULL || (!now && at < self->progress_at + PROGRESS_INTERVAL))
    return;
  self->progress_at = at;
  self->progress (self->report->rows, self->total, self->progress_data);
}

static ObaDbResult *
ask (Run *self, const char *sql, ObaDbParams *params, GError **error)
{
  return oba_db_connection_query_sync (self->connection, sql, params, self->cancellable, error);
}

/* Which columns */

static gboolean
add_column (Run *self, const char *name, GError **error)
{
  const ObaExportColumn *column = oba_export_column_find (self->options->kind, name);

  if (column == NULL)
    g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("There is no column “%s” to export."), name);
  else if ((column->flags & OBA_EXPORT_PERSONAL) && !self->persons)
    g_set_error (error, OBA_ERROR, OBA_ERROR_REFUSED, _("Your role may not see who a customer is, so “%s” cannot be exported."),
                 oba_export_column_get_title (column));
  else
    {
      g_ptr_array_add (self->columns, (gpointer) column);
      return TRUE;
    }
  return FALSE;
}

static gboolean
choose_columns (Run *self, GError **error)
{
  g_autoptr (ObaDbResult) result = ask (self, oba_db_sql ("export/may-see-persons.sql"), NULL, error);

  if (result == NULL)
    return FALSE;
  self->persons = oba_db_result_get_bool (result, 0, 0);
  for (guint i = 0; self->options->columns != NULL && self->options->columns[i] != NULL; i++)
    if (!add_column (self, self->options->columns[i], error))
      return FALSE;
  if (self->columns->len == 0)
    for (const ObaExportColumn *c = oba_export_kind_columns (self->options->kind); c->name != NULL; c++)
      if ((c->flags & OBA_EXPORT_USUAL) && (self->persons || !(c->flags & OBA_EXPORT_PERSONAL)))
        g_ptr_array_add (self->columns, (gpointer) c);
  return TRUE;
}

static gboolean
make_statement (Run *self, GError **error)
{
  const ObaExportOptions *options = self->options;
  g_autoptr (ObaCustomerQuery) query = oba_customer_query_new (options->filter, options->sort, options->descending);

  /* An order by name would tell who comes before whom. */
  if (!self->persons)
    oba_customer_query_hide_people (query);
  self->statement = oba_export_statement_new (options, query, self->columns);
  return TRUE;
}

static gboolean
open_target (Run *self, GError **error)
{
  const ObaExportOptions *options = self->options;

  self->target = oba_export_target_open (options->path, error);
  if (self->target == NULL)
    return FALSE;
  if (options->format == OBA_EXPORT_XLSX)
    self->writer = oba_export_xlsx_new (self->target, self->columns, options->sheet_rows, error);
  else
    self->writer = oba_export_csv_new (self->target, self->columns, options->bom, options->delimiter);
  return self->writer != NULL;
}

/* The audit: committed before the first row leaves the house. */
static gboolean
begin_audit (Run *self, GError **error)
{
  g_autofree char *what = oba_export_describe (self->options, self->columns);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", what);
  g_autoptr (ObaDbResult) result = ask (self, oba_db_sql ("export/audit-begin.sql"), params, error);

  if (result == NULL)
    return FALSE;
  self->report->export_id = oba_db_result_get_int64 (result, 0, 0);
  return TRUE;
}

static gboolean
end_audit (Run *self, GError **error)
{
  g_autofree char *totals = g_strdup_printf ("{\"rows\": %" G_GINT64_FORMAT ", \"points\": %" G_GINT64_FORMAT ", \"money\": %" G_GINT64_FORMAT "}",
                                             self->report->rows, self->report->points, self->report->money);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("it", self->report->export_id, totals);
  g_autoptr (ObaDbResult) result = ask (self, oba_db_sql ("export/audit-end.sql"), params, error);

  return result != NULL;
}

/* The rows */

static gboolean
count_rows (Run *self, GError **error)
{
  g_autoptr (ObaDbResult) total = NULL;

  if (!oba_db_connection_script_sync (self->connection, oba_db_sql ("export/begin.sql"), self->cancellable, error))
    return FALSE;
  total = ask (self, self->statement->total, self->statement->params, error);
  if (total == NULL)
    return FALSE;
  self->total = oba_db_result_get_int64 (total, 0, 0);
  self->total_points = oba_db_result_get_int64 (total, 0, 1);
  self->total_money = oba_db_result_get_int64 (total, 0, 2);
  tell (self, TRUE);
  return TRUE;
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;

  g_queue_push_tail (&self->answers, g_object_ref (result));
}

/* (transfer full) */
static GAsyncResult *
wait_for_answer (Run *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  while (g_queue_is_empty (&self->answers))
    g_main_context_iteration (context, TRUE);
  self->n_asked--;
  return g_queue_pop_head (&self->answers);
}

static gboolean
read_ids (Run *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  self->n_asked++;
  oba_db_connection_query_ids_async (self->connection, self->statement->ids, self->statement->params, self->cancellable, fetched_cb, self);
  result = wait_for_answer (self);
  self->ids = oba_db_connection_query_ids_finish (self->connection, result, error);
  return self->ids != NULL;
}

/* Customers by portions of their ids, in their order; the rest through a cursor. */
static gboolean
open_rows (Run *self, GError **error)
{
  g_autofree char *declare = NULL;
  g_autoptr (ObaDbResult) declared = NULL;

  if (self->options->kind == OBA_EXPORT_CUSTOMERS)
    {
      if (self->statement->ids != NULL && !read_ids (self, error))
        return FALSE;
      if (self->ids == NULL)
        self->ids = self->options->ids != NULL ? g_array_ref (self->options->ids) : g_array_new (FALSE, FALSE, sizeof (gint64));
      return oba_db_connection_script_sync (self->connection, LOOK_UP, self->cancellable, error);
    }
  declare = g_strconcat ("declare export_rows no scroll cursor for ", self->statement->rows, NULL);
  declared = ask (self, declare, self->statement->params, error);
  return declared != NULL;
}

/* Returns: FALSE when nothing is left to ask for. */
static gboolean
ask_for_rows (Run *self)
{
  g_autoptr (ObaDbParams) params = NULL;
  const char *sql = FETCH;

  if (self->ids != NULL)
    {
      guint n = MIN (PORTION, self->ids->len - self->place);

      if (n == 0)
        return FALSE;
      params = oba_db_params_add_int64_array (oba_db_params_new (), &g_array_index (self->ids, gint64, self->place), n);
      self->place += n;
      sql = self->statement->rows;
    }
  self->n_asked++;
  oba_db_connection_query_async (self->connection, sql, params, self->cancellable, fetched_cb, self);
  return TRUE;
}

static gboolean
write_rows (Run *self, ObaDbResult *rows, GError **error)
{
  guint n_columns = self->columns->len, n = oba_db_result_get_n_rows (rows);
  g_autofree const char **values = g_new (const char *, n_columns);

  for (guint row = 0; row < n; row++)
    {
      for (guint i = 0; i < n_columns; i++)
        values[i] = oba_db_result_is_null (rows, row, i) ? NULL : oba_db_result_get_text (rows, row, i);
      if (!self->writer->write (self->writer, values, error))
        return FALSE;
      self->report->points += oba_db_result_get_int64 (rows, row, n_columns);
      self->report->money += oba_db_result_get_int64 (rows, row, n_columns + 1);
    }
  self->report->rows += n;
  tell (self, FALSE);
  return TRUE;
}

static gboolean
ask_ahead (Run *self)
{
  while (self->n_asked < AHEAD)
    if (!ask_for_rows (self))
      return FALSE;
  return TRUE;
}

/* The server makes the next rows while these are written. Whatever happens, every answer that was asked for is taken. */
static gboolean
copy_rows (Run *self, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  gboolean more = ask_ahead (self), done = TRUE;

  while (self->n_asked > 0)
    {
      g_autoptr (GAsyncResult) result = wait_for_answer (self);
      g_autoptr (ObaDbResult) rows = oba_db_connection_query_finish (self->connection, result, done ? error : NULL);

      done = done && rows != NULL;
      if (!done)
        continue;
      /* The cursor has nothing more to give. */
      more = more && (self->ids != NULL || oba_db_result_get_n_rows (rows) > 0);
      more = more && ask_ahead (self);
      g_main_context_iteration (context, FALSE);
      done = write_rows (self, rows, error);
    }
  return done;
}

static gboolean
check_totals (Run *self, GError **error)
{
  g_autofree char *total = NULL, *rows = NULL;

  if (self->report->rows == self->total && self->report->points == self->total_points && self->report->money == self->total_money)
    return TRUE;
  total = oba_number_format (self->total);
  rows = oba_number_format (self->report->rows);
  g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE,
               _("The database counts %s rows, but %s arrived, or their totals differ. Nothing was kept; export again."), total, rows);
  return FALSE;
}

static gboolean
read_and_write (Run *self, GError **error)
{
  return count_rows (self, error) && open_rows (self, error) && copy_rows (self, error) && check_totals (self, error);
}

static gboolean
finish_file (Run *self, GError **error)
{
  struct stat info;

  if (!self->writer->finish (self->writer, error) || g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (fstat (oba_export_target_get_fd (self->target), &info) == 0)
    self->report->bytes = info.st_size;
  self->report->sheets = self->writer->n_sheets;
  return TRUE;
}

/* The file gets its name after its end is in the audit: what is not there was never given out. */
static gboolean
work (Run *self, GError **error)
{
  gboolean done;

  if (!choose_columns (self, error) || !make_statement (self, error) || !open_target (self, error) || !begin_audit (self, error))
    return FALSE;
  done = read_and_write (self, error);
  oba_db_connection_script_sync (self->connection, "rollback", NULL, NULL);
  return done && finish_file (self, error) && end_audit (self, error) && oba_export_target_keep (self->target, error);
}

static void
run_clear (Run *self)
{
  g_clear_pointer (&self->report, oba_export_report_free);
  g_clear_pointer (&self->statement, oba_export_statement_free);
  g_clear_pointer (&self->ids, g_array_unref);
  if (self->writer != NULL)
    self->writer->free (self->writer);
  g_clear_pointer (&self->target, oba_export_target_free);
  g_ptr_array_unref (self->columns);
}

ObaExportReport *
oba_export_run (ObaDbConnection        *connection,
                const ObaExportOptions *options,
                ObaExportProgress       progress,
                gpointer                user_data,
                GCancellable           *cancellable,
                GError                **error)
{
  Run self = { .connection = connection,
               .options = options,
               .progress = progress,
               .progress_data = user_data,
               .cancellable = cancellable };
  gint64 start = g_get_monotonic_time ();
  ObaExportReport *report = NULL;

  self.columns = g_ptr_array_new ();
  self.report = g_new0 (ObaExportReport, 1);
  if (work (&self, error))
    {
      self.report->seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
      report = g_steal_pointer (&self.report);
    }
  run_clear (&self);
  return report;
}
