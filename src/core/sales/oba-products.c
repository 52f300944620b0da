#include "oba-products.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "base/oba-text.h"
#include "db/oba-db-sql.h"

#define MAX_CHARS 100

static void
found_cb (GObject      *pool,
          GAsyncResult *answer,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  guint n = result != NULL ? oba_db_result_get_n_rows (result) : 0;

  if (result == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (n == 0)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such product."));
  else if (n > 1 && oba_db_result_get_int64 (result, 0, 2) == 2)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("Several products are called so. Type more of the name, or the article number."));
  else
    g_task_return_pointer (task, g_steal_pointer (&result), (GDestroyNotify) oba_db_result_unref);
}

void
oba_products_find_async (ObaDbPool           *pool,
                         const char          *text,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autofree char *clean = oba_text_clean (text, MAX_CHARS, NULL);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", clean != NULL ? clean : "");

  g_task_set_source_tag (task, oba_products_find_async);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/product.sql"), params, cancellable, found_cb, task);
}

char *
oba_products_find_finish (GAsyncResult  *result,
                          gint64        *id,
                          GError       **error)
{
  g_autoptr (ObaDbResult) found = g_task_propagate_pointer (G_TASK (result), error);

  if (found == NULL)
    return NULL;
  *id = oba_db_result_get_int64 (found, 0, 0);
  return g_strdup (oba_db_result_get_text (found, 0, 1));
}
