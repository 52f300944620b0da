#include "oba-broadcasts.h"

#include "db/oba-db-sql.h"

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (JsonNode) node = NULL;

  if (rows != NULL && oba_db_result_is_null (rows, 0, 0))
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  if (rows != NULL)
    node = json_from_string (oba_db_result_get_text (rows, 0, 0), &error);
  if (node != NULL)
    g_task_return_pointer (task, json_node_dup_object (node), (GDestroyNotify) json_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
ask (ObaDbPool *pool, const char *sql, ObaDbParams *params, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  oba_db_pool_read_async (pool, oba_db_sql (sql), params, cancellable, read_cb, g_task_new (pool, cancellable, callback, user_data));
}

void
oba_broadcasts_list_async (ObaDbPool *pool, guint most, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) most);

  ask (pool, "telling/campaigns.sql", params, cancellable, callback, user_data);
}

void
oba_broadcasts_read_async (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", id);

  ask (pool, "telling/report.sql", params, cancellable, callback, user_data);
}

void
oba_broadcasts_preview_async (ObaDbPool *pool, JsonNode *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree char *text = json_to_string (request, FALSE);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", text);

  ask (pool, "telling/preview-broadcast.sql", params, cancellable, callback, user_data);
}

void
oba_broadcasts_posters_async (ObaDbPool *pool, const GDate *from, const GDate *until, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  char first[11], last[11];
  g_autoptr (ObaDbParams) params = NULL;

  g_date_strftime (first, sizeof first, "%Y-%m-%d", from);
  g_date_strftime (last, sizeof last, "%Y-%m-%d", until);
  params = oba_db_params_build ("tt", first, last);
  ask (pool, "telling/posters.sql", params, cancellable, callback, user_data);
}

JsonObject *
oba_broadcasts_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
oba_broadcast_fill (const char *text, const char *name, const char *nobody)
{
  g_auto (GStrv) parts = g_strsplit (text, OBA_BROADCAST_NAME, -1);

  return g_strjoinv (name != NULL && *name != '\0' ? name : nobody, parts);
}
