#include "oba-products.h"

#include "base/oba-text.h"
#include "db/oba-db-sql.h"

#define MAX_CHARS 100

void
oba_product_free (ObaProduct *self)
{
  g_free (self->code);
  g_free (self->barcode);
  g_free (self->name);
  g_free (self->unit);
  g_free (self);
}

static gpointer
read_product (ObaDbResult *rows,
              guint        row)
{
  ObaProduct *product = g_new0 (ObaProduct, 1);

  product->id = oba_db_result_get_int64 (rows, row, 0);
  product->code = g_strdup (oba_db_result_get_text (rows, row, 1));
  product->name = g_strdup (oba_db_result_get_text (rows, row, 2));
  product->unit = g_strdup (oba_db_result_get_text (rows, row, 3));
  product->price = oba_db_result_is_null (rows, row, 4) ? -1 : oba_db_result_get_int64 (rows, row, 4);
  product->vat_permille = (int) oba_db_result_get_int64 (rows, row, 5);
  product->barcode = g_strdup (oba_db_result_get_text (rows, row, 6));
  return product;
}

static gpointer
read_cashier (ObaDbResult *rows,
              guint        row)
{
  return g_strdup (oba_db_result_get_text (rows, row, 0));
}

static void
listed_cb (GObject      *pool,
           GAsyncResult *answer,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  gboolean products = g_task_get_source_tag (task) == (gpointer) oba_products_list_async;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (products ? (GDestroyNotify) oba_product_free : g_free);

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    g_ptr_array_add (list, products ? read_product (rows, row) : read_cashier (rows, row));
  g_task_return_pointer (task, g_steal_pointer (&list), (GDestroyNotify) g_ptr_array_unref);
}

void
oba_products_list_async (ObaDbPool           *pool,
                         const char          *text,
                         guint                limit,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autofree char *clean = oba_text_clean (text, MAX_CHARS, NULL);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ti", clean != NULL ? clean : "", (gint64) limit);

  g_task_set_source_tag (task, oba_products_list_async);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/products.sql"), params, cancellable, listed_cb, task);
}

GPtrArray *
oba_products_list_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
oba_cashiers_async (ObaDbPool           *pool,
                    gint64               store_id,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", store_id);

  g_task_set_source_tag (task, oba_cashiers_async);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/cashiers.sql"), params, cancellable, listed_cb, task);
}

GPtrArray *
oba_cashiers_finish (GAsyncResult  *result,
                     GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
