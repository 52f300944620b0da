#include "oba-tiers.h"

#include "base/oba-error.h"
#include "db/oba-db-sql.h"

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (JsonNode) node = NULL;

  if (rows != NULL)
    node = json_from_string (oba_db_result_get_text (rows, 0, 0), &error);
  if (node != NULL)
    g_task_return_pointer (task, json_node_dup_object (node), (GDestroyNotify) json_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
read_one (ObaDbPool *pool, const char *sql, ObaDbParams *params, GTask *task)
{
  oba_db_pool_read_async (pool, sql, params, g_task_get_cancellable (task), read_cb, task);
}

void
oba_tiers_read_async (ObaDbPool *pool, const char *language, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", language);

  read_one (pool, oba_db_sql ("tiers/scheme.sql"), params, g_task_new (pool, cancellable, callback, user_data));
}

void
oba_tiers_what_if_async (ObaDbPool *pool, JsonNode *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree char *text = json_to_string (request, FALSE);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", text);

  read_one (pool, oba_db_sql ("tiers/what-if.sql"), params, g_task_new (pool, cancellable, callback, user_data));
}

void
oba_tiers_standing_async (ObaDbPool *pool, gint64 customer_id, const char *language, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("it", customer_id, language);

  read_one (pool, oba_db_sql ("tiers/standing.sql"), params, g_task_new (pool, cancellable, callback, user_data));
}

JsonObject *
oba_tiers_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
