#include "oba-months.h"

#include "base/oba-money.h"
#include "base/oba-text.h"
#include "db/oba-db-list.h"
#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"

struct _ObaMonth
{
  GObject       parent_instance;

  ObaMonthFacts facts;
};

G_DEFINE_FINAL_TYPE (ObaMonth, oba_month, G_TYPE_OBJECT)

static void
oba_month_finalize (GObject *object)
{
  ObaMonth *self = OBA_MONTH (object);

  g_clear_pointer (&self->facts.closed_at, g_date_time_unref);
  g_clear_pointer (&self->facts.counted_at, g_date_time_unref);
  g_free (self->facts.closed_by);

  G_OBJECT_CLASS (oba_month_parent_class)->finalize (object);
}

static void
oba_month_class_init (ObaMonthClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_month_finalize;
}

static void
oba_month_init (ObaMonth *self)
{
}

const ObaMonthFacts *
oba_month_get (ObaMonth *self)
{
  g_return_val_if_fail (OBA_IS_MONTH (self), NULL);

  return &self->facts;
}

/* ---- reading */

static void
read_totals (ObaMonthTotals *totals, ObaDbResult *rows, guint row)
{
  totals->receipts = oba_db_row_int64 (rows, row, "receipts");
  totals->returns = oba_db_row_int64 (rows, row, "returns");
  totals->revenue = oba_db_row_int64 (rows, row, "revenue");
  totals->issued = oba_db_row_int64 (rows, row, "issued");
  totals->redeemed = oba_db_row_int64 (rows, row, "redeemed");
  totals->clawed_back = oba_db_row_int64 (rows, row, "clawed_back");
  totals->expired = oba_db_row_int64 (rows, row, "expired");
  totals->adjusted = oba_db_row_int64 (rows, row, "adjusted");
  totals->liability = oba_db_row_int64 (rows, row, "liability");
}

static ObaMonthState
parse_state (const char *text)
{
  static const char *const states[] = { "open", "closing", "closed", "before" };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (text, states[i]))
      return (ObaMonthState) i;
  return OBA_MONTH_OPEN;
}

static gpointer
read_month (ObaDbResult *rows, guint row)
{
  ObaMonth *self = g_object_new (OBA_TYPE_MONTH, NULL);
  g_autoptr (GDate) month = oba_db_row_date (rows, row, "month");

  self->facts.month = *month;
  self->facts.state = parse_state (oba_db_row_text (rows, row, "state"));
  self->facts.may_close = oba_db_row_bool (rows, row, "may_close");
  self->facts.closed_at = oba_db_row_time (rows, row, "closed_at");
  self->facts.closed_by = g_strdup (oba_db_row_text (rows, row, "closed_by"));
  self->facts.counted_at = oba_db_row_time (rows, row, "counted_at");
  read_totals (&self->facts.totals, rows, row);
  return self;
}

void
oba_months_read_async (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  oba_db_list_read_async (pool, oba_db_sql ("periods/months.sql"), NULL, read_month, g_object_unref, oba_months_read_async, cancellable, callback, user_data);
}

GPtrArray *
oba_months_read_finish (GAsyncResult *result, GError **error)
{
  return oba_db_list_read_finish (result, error);
}

/* ---- a file */

/* In quotes; what a spreadsheet would compute is a text. */
static void
append_text (GString *to, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"", -1);
  g_autofree char *quoted = g_strjoinv ("\"\"", parts);

  g_string_append_printf (to, "\"%s%s\"", oba_text_is_formula (text) ? "'" : "", quoted);
}

static void
append_month (GString *to, const ObaMonthFacts *facts)
{
  const ObaMonthTotals *t = &facts->totals;
  g_autofree char *closed = g_date_time_format_iso8601 (facts->closed_at);
  g_autofree char *revenue = oba_money_format_plain (t->revenue);

  g_string_append_printf (to, "%04d-%02d,%s,", g_date_get_year (&facts->month), g_date_get_month (&facts->month), closed);
  append_text (to, facts->closed_by);
  g_string_append_printf (to, ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%s,%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT
                          ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "\r\n",
                          t->receipts, t->returns, revenue, t->issued, t->redeemed, t->clawed_back, t->expired, t->adjusted, t->liability);
}

char *
oba_months_to_csv (GPtrArray *months)
{
  GString *text = g_string_new ("month,closed_at,closed_by,receipts,returns,revenue,points_issued,points_redeemed,points_clawed_back,points_expired,points_adjusted,liability\r\n");

  for (guint i = 0; i < months->len; i++)
    {
      const ObaMonthFacts *facts = oba_month_get (months->pdata[i]);

      if (facts->state == OBA_MONTH_CLOSED)
        append_month (text, facts);
    }
  return g_string_free (text, FALSE);
}

/* ---- counting */

static void
count_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  ObaMonthCount *count;

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  count = g_new0 (ObaMonthCount, 1);
  read_totals (&count->totals, rows, 0);
  count->imports = oba_db_row_int64 (rows, 0, "imports");
  count->approvals = oba_db_row_int64 (rows, 0, "approvals");
  count->uncounted = oba_db_row_int64 (rows, 0, "uncounted");
  count->expiring = oba_db_row_int64 (rows, 0, "expiring");
  g_task_return_pointer (task, count, g_free);
}

static char *
format_month (const GDate *month)
{
  return g_strdup_printf ("%04d-%02d-01", g_date_get_year (month), g_date_get_month (month));
}

void
oba_month_count_async (ObaDbPool *pool, const GDate *month, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autofree char *first = format_month (month);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", first);

  g_task_set_source_tag (task, oba_month_count_async);
  oba_db_pool_read_async (pool, oba_db_sql ("periods/month-count.sql"), params, cancellable, count_cb, task);
}

ObaMonthCount *
oba_month_count_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- closing */

typedef struct
{
  char            *month;
  gboolean         is_counting;     /* the first step is done */
  ObaMonthProgress progress;
  gpointer         progress_data;
} Closing;

static void
closing_free (Closing *closing)
{
  g_free (closing->month);
  g_free (closing);
}

static void step_cb (GObject *pool, GAsyncResult *result, gpointer user_data);

static void
step (GTask *task)
{
  Closing *closing = g_task_get_task_data (task);
  g_autofree char *key = oba_db_request_new_key ();
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "month", closing->month);
  json_node_take_object (request, object);
  oba_db_request_async (g_task_get_source_object (task), "close_month", request, key, g_task_get_cancellable (task), step_cb, task);
}

static void
step_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Closing *closing = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  if (answer == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (!closing->is_counting && !json_object_get_boolean_member_with_default (answer, "counted", FALSE))
    {
      closing->is_counting = TRUE;
      if (closing->progress != NULL)
        closing->progress (closing->progress_data);
      step (g_steal_pointer (&task));
    }
  else
    g_task_return_boolean (task, TRUE);
}

void
oba_month_close_async (ObaDbPool *pool, const GDate *month, ObaMonthState state, ObaMonthProgress progress, gpointer progress_data, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  Closing *closing = g_new0 (Closing, 1);

  g_task_set_source_tag (task, oba_month_close_async);
  closing->month = format_month (month);
  closing->is_counting = state == OBA_MONTH_CLOSING;
  closing->progress = progress;
  closing->progress_data = progress_data;
  g_task_set_task_data (task, closing, (GDestroyNotify) closing_free);
  step (task);
}

gboolean
oba_month_close_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
