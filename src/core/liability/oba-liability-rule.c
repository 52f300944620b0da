#include "oba-liability-rule.h"

#include "base/oba-money.h"
#include "db/oba-db-sql.h"

void
oba_liability_rule_free (ObaLiabilityRule *self)
{
  g_clear_pointer (&self->valid_from, g_date_time_unref);
  g_free (self->reason);
  g_free (self->who);
  g_free (self);
}

static ObaLiabilityRule *
read_rule (ObaDbResult *rows, guint row)
{
  ObaLiabilityRule *self = g_new0 (ObaLiabilityRule, 1);
  guint value = (guint) oba_db_result_find_column (rows, "point_value");

  self->version = (int) oba_db_result_get_int64 (rows, row, (guint) oba_db_result_find_column (rows, "version"));
  self->point_value = oba_db_result_is_null (rows, row, value) ? 0 : oba_db_result_get_int64 (rows, row, value);
  self->breakage = (int) oba_db_result_get_int64 (rows, row, (guint) oba_db_result_find_column (rows, "breakage"));
  self->reason = g_strdup (oba_db_result_get_text (rows, row, (guint) oba_db_result_find_column (rows, "reason")));
  self->who = g_strdup (oba_db_result_get_text (rows, row, (guint) oba_db_result_find_column (rows, "who")));
  if (!oba_db_result_get_bool (rows, row, (guint) oba_db_result_find_column (rows, "always")))
    self->valid_from = oba_db_result_get_time (rows, row, (guint) oba_db_result_find_column (rows, "valid_from"));
  return self;
}

static void
rules_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (GPtrArray) rules = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_liability_rule_free);

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    g_ptr_array_add (rules, read_rule (rows, row));
  g_task_return_pointer (task, g_steal_pointer (&rules), (GDestroyNotify) g_ptr_array_unref);
}

void
oba_liability_rules_async (ObaDbPool *pool, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) limit);

  g_task_set_source_tag (task, oba_liability_rules_async);
  oba_db_pool_read_async (pool, oba_db_sql ("liability/rules.sql"), params, cancellable, rules_cb, task);
}

GPtrArray *
oba_liability_rules_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

JsonNode *
oba_liability_rule_to_json (gint64 point_value, int breakage, const char *reason, int version)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  if (point_value > 0)
    json_object_set_int_member (object, "point_value", point_value);
  json_object_set_int_member (object, "breakage", breakage);
  json_object_set_string_member (object, "reason", reason);
  json_object_set_int_member (object, "version", version);
  json_node_take_object (node, object);
  return node;
}

gboolean
oba_liability_parse_hundredths (const char *text, gint64 max, gint64 *hundredths)
{
  /* Money has as many decimals, and people write it in as many ways. */
  return oba_money_parse (text, hundredths, NULL) && *hundredths >= 0 && *hundredths <= max;
}
