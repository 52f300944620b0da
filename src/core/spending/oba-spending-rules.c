#include "oba-spending-rules.h"

#include "db/oba-db-sql.h"

void
oba_spending_rules_free (ObaSpendingRules *self)
{
  g_clear_pointer (&self->valid_from, g_date_time_unref);
  g_clear_pointer (&self->created_at, g_date_time_unref);
  g_free (self->who);
  g_free (self);
}

static gint64
get_int (ObaDbResult *rows, guint row, const char *name)
{
  guint column = (guint) oba_db_result_find_column (rows, name);

  return oba_db_result_is_null (rows, row, column) ? 0 : oba_db_result_get_int64 (rows, row, column);
}

static gboolean
get_bool (ObaDbResult *rows, guint row, const char *name)
{
  return oba_db_result_get_bool (rows, row, (guint) oba_db_result_find_column (rows, name));
}

static GDateTime *
get_time (ObaDbResult *rows, guint row, const char *name)
{
  guint column = (guint) oba_db_result_find_column (rows, name);

  return oba_db_result_is_null (rows, row, column) ? NULL : oba_db_result_get_time (rows, row, column);
}

ObaSpendingRules *
oba_spending_rules_from_row (ObaDbResult *rows, guint row)
{
  ObaSpendingRules *self = g_new0 (ObaSpendingRules, 1);

  self->version = (int) get_int (rows, row, "version");
  self->point_value = get_int (rows, row, "point_value");
  self->daily_points = get_int (rows, row, "daily_points");
  self->earns = get_bool (rows, row, "earns");
  self->code_seconds = (int) get_int (rows, row, "code_seconds");
  self->wrong_codes = (int) get_int (rows, row, "wrong_codes");
  self->lock_minutes = (int) get_int (rows, row, "lock_minutes");
  self->valid_from = get_time (rows, row, "valid_from");
  self->created_at = get_time (rows, row, "created_at");
  self->who = g_strdup (oba_db_result_get_text (rows, row, (guint) oba_db_result_find_column (rows, "who")));
  self->holds = get_bool (rows, row, "holds");
  self->coming = get_bool (rows, row, "coming");
  self->held = get_int (rows, row, "held");
  return self;
}

static void
rules_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (GPtrArray) rules = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_spending_rules_free);

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    g_ptr_array_add (rules, oba_spending_rules_from_row (rows, row));
  g_task_return_pointer (task, g_steal_pointer (&rules), (GDestroyNotify) g_ptr_array_unref);
}

void
oba_spending_rules_async (ObaDbPool *pool, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) limit);

  g_task_set_source_tag (task, oba_spending_rules_async);
  oba_db_pool_read_async (pool, oba_db_sql ("spending/rules.sql"), params, cancellable, rules_cb, task);
}

GPtrArray *
oba_spending_rules_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

JsonNode *
oba_spending_rules_to_json (const ObaSpendingRules *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autofree char *from = self->valid_from != NULL ? g_date_time_format_iso8601 (self->valid_from) : NULL;

  json_object_set_int_member (object, "version", self->version);
  json_object_set_int_member (object, "point_value", self->point_value);
  if (self->daily_points > 0)
    json_object_set_int_member (object, "daily_points", self->daily_points);
  json_object_set_boolean_member (object, "earns", self->earns);
  json_object_set_int_member (object, "code_seconds", self->code_seconds);
  json_object_set_int_member (object, "wrong_codes", self->wrong_codes);
  json_object_set_int_member (object, "lock_minutes", self->lock_minutes);
  if (from != NULL)
    json_object_set_string_member (object, "valid_from", from);
  json_node_take_object (node, object);
  return node;
}
