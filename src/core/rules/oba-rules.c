#include "oba-rules.h"

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
read_one (ObaDbPool *pool, const char *sql, const char *parameter, GTask *task)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", parameter);

  oba_db_pool_read_async (pool, sql, params, g_task_get_cancellable (task), read_cb, task);
}

void
oba_rules_read_async (ObaDbPool *pool, const char *language, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  read_one (pool, oba_db_sql ("rules/read.sql"), language, g_task_new (pool, cancellable, callback, user_data));
}

void
oba_rules_example_async (ObaDbPool *pool, JsonNode *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree char *text = json_to_string (request, FALSE);

  read_one (pool, oba_db_sql ("rules/example.sql"), text, g_task_new (pool, cancellable, callback, user_data));
}

JsonObject *
oba_rules_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

JsonObject *
oba_rules_find (JsonObject *read, gint64 rule_id, gint64 version)
{
  JsonArray *rules = json_object_get_array_member (read, "rules");

  for (guint i = 0; i < json_array_get_length (rules); i++)
    {
      JsonObject *rule = json_array_get_object_element (rules, i);

      if (json_object_get_int_member (rule, "rule_id") == rule_id && (version == 0 || json_object_get_int_member (rule, "version") == version))
        return rule;
    }
  return NULL;
}

const char *
oba_rules_name (JsonObject *read, const char *list, gint64 id)
{
  JsonArray *things = json_object_get_array_member (read, list);

  for (guint i = 0; i < json_array_get_length (things); i++)
    {
      JsonArray *thing = json_array_get_array_element (things, i);

      if (json_array_get_int_element (thing, 0) == id)
        return json_array_get_string_element (thing, 1);
    }
  return "";
}
