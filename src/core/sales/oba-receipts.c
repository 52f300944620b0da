#include "oba-receipts.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"

/* ---- pages of keys */

ObaReceiptPlace *
oba_receipt_place_copy (const ObaReceiptPlace *self)
{
  ObaReceiptPlace *copy = g_memdup2 (self, sizeof *self);

  copy->value = g_strdup (self->value);
  return copy;
}

void
oba_receipt_place_free (ObaReceiptPlace *self)
{
  g_free (self->value);
  g_free (self);
}

typedef struct
{
  guint            limit;
  ObaReceiptPlace *last;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_clear_pointer (&page->last, oba_receipt_place_free);
  g_free (page);
}

static GArray *
read_keys (ObaDbResult *result)
{
  guint n = oba_db_result_get_n_rows (result);
  GArray *keys = g_array_sized_new (FALSE, FALSE, sizeof (ObaReceiptKey), n);

  for (guint i = 0; i < n; i++)
    {
      ObaReceiptKey key = { oba_db_result_get_int64 (result, i, 0), oba_db_result_get_int64 (result, i, 1), oba_db_result_get_int64 (result, i, 2) };

      g_array_append_val (keys, key);
    }
  return keys;
}

static void
page_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Page *page = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GArray *keys;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  keys = read_keys (result);
  if (keys->len > 0 && keys->len == page->limit)
    {
      guint last = keys->len - 1;

      page->last = g_new0 (ObaReceiptPlace, 1);
      page->last->key = g_array_index (keys, ObaReceiptKey, last);
      if (!oba_db_result_is_null (result, last, 3))
        page->last->value = g_strdup (oba_db_result_get_text (result, last, 3));
    }
  g_task_return_pointer (task, keys, (GDestroyNotify) g_array_unref);
}

void
oba_receipts_page_async (ObaDbPool             *pool,
                         ObaReceiptQuery       *query,
                         const ObaReceiptPlace *after,
                         guint                  limit,
                         GCancellable          *cancellable,
                         GAsyncReadyCallback    callback,
                         gpointer               user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();
  Page *page = g_new0 (Page, 1);

  g_task_set_source_tag (task, oba_receipts_page_async);
  page->limit = limit;
  g_task_set_task_data (task, page, page_free);
  oba_db_params_add_text (params, oba_receipt_query_get_json (query));
  oba_db_params_add_text (params, oba_receipt_sort_get_id (oba_receipt_query_get_sort (query)));
  oba_db_params_add_bool (params, oba_receipt_query_is_descending (query));
  if (after != NULL)
    {
      oba_db_params_add_int64 (params, after->key.at);
      oba_db_params_add_int64 (params, after->key.receipt_id);
    }
  else
    {
      oba_db_params_add_null (params);
      oba_db_params_add_null (params);
    }
  oba_db_params_add_text (params, after != NULL ? after->value : NULL);
  oba_db_params_add_int64 (params, limit);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/receipt-page.sql"), params, cancellable, page_cb, task);
}

GArray *
oba_receipts_page_finish (GAsyncResult     *result,
                          ObaReceiptPlace **last,
                          GError          **error)
{
  Page *page = g_task_get_task_data (G_TASK (result));
  GArray *keys = g_task_propagate_pointer (G_TASK (result), error);

  *last = keys != NULL ? g_steal_pointer (&page->last) : NULL;
  return keys;
}

/* ---- rows */

static void
rows_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GPtrArray *rows;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  rows = g_ptr_array_new_full (oba_db_result_get_n_rows (result), g_object_unref);
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    g_ptr_array_add (rows, oba_receipt_record_new_from_result (result, i));
  g_task_return_pointer (task, rows, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_receipts_rows_async (ObaDbPool           *pool,
                         GArray              *keys,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();
  g_autofree gint64 *columns = g_new (gint64, 3 * (gsize) keys->len);

  g_task_set_source_tag (task, oba_receipts_rows_async);
  for (guint i = 0; i < keys->len; i++)
    {
      const ObaReceiptKey *key = &g_array_index (keys, ObaReceiptKey, i);

      columns[i] = key->customer_id;
      columns[keys->len + i] = key->at;
      columns[2 * keys->len + i] = key->receipt_id;
    }
  for (guint i = 0; i < 3; i++)
    oba_db_params_add_int64_array (params, columns + i * keys->len, keys->len);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/receipt-rows.sql"), params, cancellable, rows_cb, task);
}

GPtrArray *
oba_receipts_rows_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- totals */

static void
totals_cb (GObject      *pool,
           GAsyncResult *answer,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  ObaReceiptTotals *totals;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  totals = g_new0 (ObaReceiptTotals, 1);
  totals->receipts = oba_db_result_get_int64 (result, 0, 0);
  totals->sales = oba_db_result_get_int64 (result, 0, 1);
  totals->revenue = oba_db_result_get_int64 (result, 0, 2);
  totals->discount = oba_db_result_get_int64 (result, 0, 3);
  totals->vat = oba_db_result_get_int64 (result, 0, 4);
  g_task_return_pointer (task, totals, g_free);
}

void
oba_receipts_totals_async (ObaDbPool           *pool,
                           ObaReceiptQuery     *query,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", oba_receipt_query_get_json (query));

  g_task_set_source_tag (task, oba_receipts_totals_async);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/receipt-totals.sql"), params, cancellable, totals_cb, task);
}

gboolean
oba_receipts_totals_finish (GAsyncResult      *result,
                            ObaReceiptTotals  *totals,
                            GError           **error)
{
  g_autofree ObaReceiptTotals *own = g_task_propagate_pointer (G_TASK (result), error);

  if (own == NULL)
    return FALSE;
  *totals = *own;
  return TRUE;
}

static void
points_cb (GObject      *pool,
           GAsyncResult *answer,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  gint64 points;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  points = oba_db_result_get_int64 (result, 0, 0);
  g_task_return_pointer (task, g_memdup2 (&points, sizeof points), g_free);
}

void
oba_receipts_points_async (ObaDbPool           *pool,
                           ObaReceiptQuery     *query,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", oba_receipt_query_get_json (query));

  g_task_set_source_tag (task, oba_receipts_points_async);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/receipt-points.sql"), params, cancellable, points_cb, task);
}

gboolean
oba_receipts_points_finish (GAsyncResult  *result,
                            gint64        *points,
                            GError       **error)
{
  g_autofree gint64 *own = g_task_propagate_pointer (G_TASK (result), error);

  if (own == NULL)
    return FALSE;
  *points = *own;
  return TRUE;
}

/* ---- one */

static void
read_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  ObaReceipt *receipt;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  receipt = oba_db_result_is_null (result, 0, 0) ? NULL : oba_receipt_new_from_json (oba_db_result_get_text (result, 0, 0));
  if (receipt == NULL)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such receipt."));
  else
    g_task_return_pointer (task, receipt, (GDestroyNotify) oba_receipt_unref);
}

void
oba_receipts_read_async (ObaDbPool           *pool,
                         const ObaReceiptKey *key,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("iii", key->customer_id, key->at, key->receipt_id);

  g_task_set_source_tag (task, oba_receipts_read_async);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/receipt.sql"), params, cancellable, read_cb, task);
}

ObaReceipt *
oba_receipts_read_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
