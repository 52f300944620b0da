#include "oba-redemptions.h"

#include "db/oba-db-sql.h"

/* ---- which */

ObaRedemptionFilter *
oba_redemption_filter_copy (const ObaRedemptionFilter *self)
{
  ObaRedemptionFilter *copy = g_memdup2 (self, sizeof *self);

  copy->state = g_intern_string (self->state);
  copy->through = g_intern_string (self->through);
  copy->search = g_strdup (self->search);
  return copy;
}

void
oba_redemption_filter_free (ObaRedemptionFilter *self)
{
  g_free ((char *) self->search);
  g_free (self);
}

gboolean
oba_redemption_filter_is_empty (const ObaRedemptionFilter *self)
{
  return self->state == NULL && self->reward_id == 0 && self->store_id == 0 && self->through == NULL && self->customer_id == 0 && self->hours == 0 && !self->late && !self->needs_me
         && self->search == NULL;
}

/* ---- ids */

static void
add_number (ObaDbParams *params, gint64 number)
{
  if (number != 0)
    oba_db_params_add_int64 (params, number);
  else
    oba_db_params_add_null (params);
}

static void
ids_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GArray *ids;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), oba_db_result_get_n_rows (rows));
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      gint64 id = oba_db_result_get_int64 (rows, i, 0);

      g_array_append_val (ids, id);
    }
  g_task_return_pointer (task, ids, (GDestroyNotify) g_array_unref);
}

void
oba_redemptions_ids_async (ObaDbPool *pool, const ObaRedemptionFilter *filter, gboolean descending, gint64 after, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  g_task_set_source_tag (task, oba_redemptions_ids_async);
  oba_db_params_add_text (params, filter->state);
  add_number (params, filter->reward_id);
  add_number (params, filter->store_id);
  oba_db_params_add_text (params, filter->through);
  add_number (params, filter->customer_id);
  add_number (params, filter->hours);
  oba_db_params_add_bool (params, filter->late);
  oba_db_params_add_bool (params, filter->needs_me);
  oba_db_params_add_text (params, filter->search);
  add_number (params, after);
  oba_db_params_add_int64 (params, limit);
  oba_db_pool_read_async (pool, oba_db_sql (descending ? "redemptions/newest.sql" : "redemptions/oldest.sql"), params, cancellable, ids_cb, task);
}

GArray *
oba_redemptions_ids_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- rows */

static void
rows_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GPtrArray *records;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  records = g_ptr_array_new_full (oba_db_result_get_n_rows (rows), g_object_unref);
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    g_ptr_array_add (records, oba_redemption_new_from_result (rows, i));
  g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_redemptions_rows_async (ObaDbPool *pool, GArray *ids, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  g_task_set_source_tag (task, oba_redemptions_rows_async);
  oba_db_params_add_int64_array (params, (const gint64 *) (gpointer) ids->data, ids->len);
  oba_db_pool_read_async (pool, oba_db_sql ("redemptions/rows.sql"), params, cancellable, rows_cb, task);
}

GPtrArray *
oba_redemptions_rows_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
