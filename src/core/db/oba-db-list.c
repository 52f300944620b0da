#include "oba-db-list.h"

typedef struct
{
  ObaDbRowFunc   read;
  GDestroyNotify row_free;
} Reading;

static void
rows_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  GPtrArray *list;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  list = g_ptr_array_new_full (oba_db_result_get_n_rows (rows), reading->row_free);
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    g_ptr_array_add (list, reading->read (rows, row));
  g_task_return_pointer (task, list, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_db_list_read_async (ObaDbPool          *pool,
                        const char         *sql,
                        ObaDbParams        *params,
                        ObaDbRowFunc        read,
                        GDestroyNotify      row_free,
                        gpointer            tag,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  Reading *reading = g_new (Reading, 1);

  *reading = (Reading) { read, row_free };
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, reading, g_free);
  oba_db_pool_read_async (pool, sql, params, cancellable, rows_cb, task);
}

GPtrArray *
oba_db_list_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
