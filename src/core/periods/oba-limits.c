#include "oba-limits.h"

#include "customers/oba-customer-json.h"
#include "db/oba-db-list.h"
#include "db/oba-db-sql.h"

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  ObaLimits *limits;

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  limits = g_new0 (ObaLimits, 1);
  limits->amount = oba_db_row_int64 (rows, 0, "amount");
  limits->points = oba_db_row_int64 (rows, 0, "points");
  limits->age_days = (int) oba_db_row_int64 (rows, 0, "age_days");
  limits->own_receipts = oba_db_row_bool (rows, 0, "own_receipts");
  limits->adjust_points = oba_db_row_int64 (rows, 0, "adjust_points");
  limits->version = (int) oba_db_row_int64 (rows, 0, "version");
  g_task_return_pointer (task, limits, g_free);
}

void
oba_limits_read_async (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_limits_read_async);
  oba_db_pool_read_async (pool, oba_db_sql ("periods/limits.sql"), NULL, cancellable, read_cb, task);
}

ObaLimits *
oba_limits_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

JsonNode *
oba_limits_to_json (const ObaLimits *limits)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "amount", limits->amount);
  json_object_set_int_member (object, "points", limits->points);
  json_object_set_int_member (object, "age_days", limits->age_days);
  json_object_set_boolean_member (object, "own_receipts", limits->own_receipts);
  json_object_set_int_member (object, "adjust_points", limits->adjust_points);
  json_object_set_int_member (object, "version", limits->version);
  json_node_take_object (node, object);
  return node;
}

void
oba_limits_from_json (ObaLimits *limits, JsonObject *object)
{
  limits->amount = oba_customer_json_member_int (object, "amount", 0);
  limits->points = oba_customer_json_member_int (object, "points", 0);
  limits->age_days = (int) oba_customer_json_member_int (object, "age_days", 0);
  limits->own_receipts = json_object_get_boolean_member_with_default (object, "own_receipts", TRUE);
  limits->adjust_points = oba_customer_json_member_int (object, "adjust_points", 0);
  limits->version = (int) oba_customer_json_member_int (object, "version", 0);
}

void
oba_limits_change_free (ObaLimitsChange *self)
{
  g_clear_pointer (&self->at, g_date_time_unref);
  g_free (self->who);
  g_free (self);
}

static gpointer
read_change (ObaDbResult *rows, guint row)
{
  ObaLimitsChange *self = g_new0 (ObaLimitsChange, 1);

  self->at = oba_db_row_time (rows, row, "at");
  self->who = g_strdup (oba_db_row_text (rows, row, "who"));
  self->before = (ObaLimits) { oba_db_row_int64 (rows, row, "amount_before"), oba_db_row_int64 (rows, row, "points_before"), (int) oba_db_row_int64 (rows, row, "age_before"), oba_db_row_bool (rows, row, "own_before"), oba_db_row_int64 (rows, row, "adjust_before"), 0 };
  self->after = (ObaLimits) { oba_db_row_int64 (rows, row, "amount_after"), oba_db_row_int64 (rows, row, "points_after"), (int) oba_db_row_int64 (rows, row, "age_after"), oba_db_row_bool (rows, row, "own_after"), oba_db_row_int64 (rows, row, "adjust_after"), 0 };
  return self;
}

void
oba_limits_history_async (ObaDbPool *pool, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) limit);

  oba_db_list_read_async (pool, oba_db_sql ("periods/limits-history.sql"), params, read_change, (GDestroyNotify) oba_limits_change_free, oba_limits_history_async, cancellable, callback, user_data);
}

GPtrArray *
oba_limits_history_finish (GAsyncResult *result, GError **error)
{
  return oba_db_list_read_finish (result, error);
}
