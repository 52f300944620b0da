#include "oba-sales-overview.h"

#include <math.h>

#include "db/oba-db-sql.h"

#define CHART_DAYS 90
#define N_TOP 6

typedef void (*ReadFunc) (ObaSalesOverview *self, ObaDbResult *rows);

typedef struct
{
  ObaDbPool        *pool;
  ObaSalesOverview *overview;
  guint             waiting;
  GError           *error;       /* the first one */
} LoadData;

/* One of the queries under way. */
typedef struct
{
  GTask   *task;
  ReadFunc read;
} Part;

gint64
oba_sales_figures_get_basket (const ObaSalesFigures *self)
{
  return self->receipts > 0 ? self->revenue / self->receipts : 0;
}

static void
top_free (gpointer pointer)
{
  ObaSalesTop *top = pointer;

  g_free (top->name);
  g_free (top);
}

static ObaSalesOverview *
overview_new (void)
{
  ObaSalesOverview *self = g_new0 (ObaSalesOverview, 1);

  self->stores = g_ptr_array_new_with_free_func (top_free);
  self->categories = g_ptr_array_new_with_free_func (top_free);
  return self;
}

void
oba_sales_overview_free (ObaSalesOverview *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->folded_at, g_date_time_unref);
  g_free (self->revenue);
  g_free (self->receipts);
  g_free (self->mean);
  g_ptr_array_unref (self->stores);
  g_ptr_array_unref (self->categories);
  g_free (self);
}

void
oba_sales_overview_complete (ObaSalesOverview *self, const ObaSalesOverview *older)
{
  g_return_if_fail (older->complete);

  if (self->complete)
    return;
  self->complete = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (self->periods); i++)
    {
      self->periods[i].now.new_customers = older->periods[i].now.new_customers;
      self->periods[i].before.new_customers = older->periods[i].before.new_customers;
    }
  g_ptr_array_unref (self->stores);
  g_ptr_array_unref (self->categories);
  self->stores = g_ptr_array_ref (older->stores);
  self->categories = g_ptr_array_ref (older->categories);
}

static double
number_or_gap (ObaDbResult *rows, guint row, guint column)
{
  return oba_db_result_is_null (rows, row, column) ? NAN : oba_db_result_get_double (rows, row, column);
}

static void
read_figures (ObaSalesFigures *figures, ObaDbResult *rows, guint row, guint column)
{
  figures->revenue = oba_db_result_get_int64 (rows, row, column);
  figures->receipts = oba_db_result_get_int64 (rows, row, column + 1);
  figures->card_share = number_or_gap (rows, row, column + 2);
}

static void
read_state (ObaSalesOverview *self, ObaDbResult *rows)
{
  g_autoptr (GDate) today = oba_db_result_get_date (rows, 0, 2);

  self->folded_at = oba_db_result_get_time (rows, 0, 0);
  self->any = oba_db_result_get_bool (rows, 0, 1);
  self->today = *today;
}

static void
read_periods (ObaSalesOverview *self, ObaDbResult *rows)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->periods); i++)
    {
      self->periods[i].days = (guint) oba_db_result_get_int64 (rows, i, 0);
      read_figures (&self->periods[i].now, rows, i, 1);
      read_figures (&self->periods[i].before, rows, i, 4);
    }
}

static void
read_new_customers (ObaSalesOverview *self, ObaDbResult *rows)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->periods); i++)
    {
      self->periods[i].now.new_customers = oba_db_result_get_int64 (rows, i, 1);
      self->periods[i].before.new_customers = oba_db_result_get_int64 (rows, i, 2);
    }
}

static void
read_days (ObaSalesOverview *self, ObaDbResult *rows)
{
  guint n = oba_db_result_get_n_rows (rows);
  g_autoptr (GDate) first = oba_db_result_get_date (rows, 0, 0);

  self->first_day = g_date_get_julian (first);
  self->n_days = n;
  self->revenue = g_new (double, n);
  self->receipts = g_new (double, n);
  self->mean = g_new (double, n);
  for (guint i = 0; i < n; i++)
    {
      self->revenue[i] = number_or_gap (rows, i, 1);
      self->receipts[i] = number_or_gap (rows, i, 2);
      self->mean[i] = number_or_gap (rows, i, 3);
    }
}

static void
read_top (GPtrArray *list, ObaDbResult *rows)
{
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      ObaSalesTop *top = g_new0 (ObaSalesTop, 1);

      top->name = g_strdup (oba_db_result_get_text (rows, i, 0));
      top->revenue = oba_db_result_get_int64 (rows, i, 1);
      top->count = oba_db_result_get_int64 (rows, i, 2);
      g_ptr_array_add (list, top);
    }
}

static void
read_stores (ObaSalesOverview *self, ObaDbResult *rows)
{
  read_top (self->stores, rows);
  for (guint i = 0; i < self->stores->len; i++)
    ((ObaSalesTop *) self->stores->pdata[i])->id = oba_db_result_get_int64 (rows, i, 3);
}

static void
read_categories (ObaSalesOverview *self, ObaDbResult *rows)
{
  read_top (self->categories, rows);
}

static void
load_data_free (gpointer pointer)
{
  LoadData *data = pointer;

  g_clear_object (&data->pool);
  g_clear_pointer (&data->overview, oba_sales_overview_free);
  g_clear_error (&data->error);
  g_free (data);
}

static void
part_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Part *part = user_data;
  g_autoptr (GTask) task = part->task;
  LoadData *data = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (data->pool, result, &error);

  if (rows != NULL)
    part->read (data->overview, rows);
  else if (data->error == NULL)
    data->error = g_steal_pointer (&error);

  if (--data->waiting > 0)
    return;
  if (data->error != NULL)
    g_task_return_error (task, g_steal_pointer (&data->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&data->overview), (GDestroyNotify) oba_sales_overview_free);
}

static void
read_part (GTask *task, const char *name, ObaDbParams *params, ReadFunc read)
{
  LoadData *data = g_task_get_task_data (task);
  Part *part = g_new0 (Part, 1);

  part->task = g_object_ref (task);
  part->read = read;
  data->waiting++;
  oba_db_pool_read_async (data->pool, oba_db_sql (name), params, g_task_get_cancellable (task), part_cb, part);
  oba_db_params_unref (params);
}

void
oba_sales_overview_load_async (ObaDbPool           *pool,
                               ObaSalesParts        parts,
                               const char          *language,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  LoadData *data = g_new0 (LoadData, 1);

  g_task_set_source_tag (task, oba_sales_overview_load_async);
  g_task_set_task_data (task, data, load_data_free);
  data->pool = g_object_ref (pool);
  data->overview = overview_new ();

  read_part (task, "sales/state.sql", oba_db_params_build ("t", NULL), read_state);
  read_part (task, "sales/periods.sql", oba_db_params_build ("t", NULL), read_periods);
  read_part (task, "sales/days.sql", oba_db_params_build ("ti", NULL, (gint64) CHART_DAYS), read_days);
  if (parts == OBA_SALES_LIVE)
    return;
  data->overview->complete = TRUE;
  read_part (task, "sales/new-customers.sql", oba_db_params_build ("t", NULL), read_new_customers);
  read_part (task, "sales/top-stores.sql", oba_db_params_build ("ti", NULL, (gint64) N_TOP), read_stores);
  read_part (task, "sales/top-categories.sql", oba_db_params_build ("tit", NULL, (gint64) N_TOP, language), read_categories);
}

ObaSalesOverview *
oba_sales_overview_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
