#include "oba-expiry-policy.h"

#include <stdio.h>

#include "customers/oba-customer-json.h"
#include "db/oba-db-list.h"
#include "db/oba-db-sql.h"

void
oba_expiry_policy_free (ObaExpiryPolicy *self)
{
  g_clear_pointer (&self->at, g_date_time_unref);
  g_free (self->who);
  g_free (self);
}

static gpointer
read_policy (ObaDbResult *rows, guint row)
{
  ObaExpiryPolicy *self = g_new0 (ObaExpiryPolicy, 1);
  g_autoptr (GDate) from = oba_db_row_date (rows, row, "valid_from");

  self->version = (int) oba_db_row_int64 (rows, row, "version");
  self->by_purchase = g_str_equal (oba_db_row_text (rows, row, "mode"), "inactivity");
  self->months = (int) oba_db_row_int64 (rows, row, "months");
  self->whole_months = g_str_equal (oba_db_row_text (rows, row, "ends_on"), "month");
  self->warn_minimum = oba_db_row_int64 (rows, row, "warn_minimum");
  g_date_clear (&self->valid_from, 1);
  if (from != NULL)
    self->valid_from = *from;
  self->who = g_strdup (oba_db_row_text (rows, row, "who"));
  self->at = oba_db_row_time (rows, row, "created_at");
  self->holds = oba_db_row_bool (rows, row, "holds");
  return self;
}

void
oba_expiry_policies_async (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  oba_db_list_read_async (pool, oba_db_sql ("points/policies.sql"), NULL, read_policy, (GDestroyNotify) oba_expiry_policy_free, oba_expiry_policies_async, cancellable, callback, user_data);
}

GPtrArray *
oba_expiry_policies_finish (GAsyncResult *result, GError **error)
{
  return oba_db_list_read_finish (result, error);
}

JsonNode *
oba_expiry_policy_to_json (const ObaExpiryPolicy *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "mode", self->by_purchase ? "inactivity" : "period");
  json_object_set_int_member (object, "months", self->months);
  json_object_set_string_member (object, "ends_on", self->whole_months ? "month" : "day");
  json_object_set_int_member (object, "warn_minimum", self->warn_minimum);
  json_object_set_int_member (object, "version", self->version);
  if (g_date_valid (&self->valid_from))
    {
      g_autofree char *day = g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (&self->valid_from), g_date_get_month (&self->valid_from), g_date_get_day (&self->valid_from));

      json_object_set_string_member (object, "valid_from", day);
    }
  json_node_take_object (node, object);
  return node;
}

/* ---- what it would do */

void
oba_expiry_forecast_free (ObaExpiryForecast *self)
{
  g_array_unref (self->months);
  g_free (self);
}

static ObaExpiryForecast *
read_forecast (JsonObject *object)
{
  ObaExpiryForecast *self = g_new0 (ObaExpiryForecast, 1);
  JsonArray *months = oba_customer_json_member_array (object, "months");

  self->months = g_array_new (FALSE, TRUE, sizeof (ObaExpiryMonth));
  self->points = oba_customer_json_member_int (object, "points", 0);
  self->gone = oba_customer_json_member_int (object, "gone", 0);
  for (guint i = 0; months != NULL && i < json_array_get_length (months); i++)
    {
      JsonArray *from = json_array_get_array_element (months, i);
      ObaExpiryMonth month = { .now = json_array_get_int_element (from, 1), .then = json_array_get_int_element (from, 2) };
      unsigned int y, m;

      g_date_clear (&month.month, 1);
      if (sscanf (json_array_get_string_element (from, 0), "%4u-%2u", &y, &m) == 2 && g_date_valid_dmy (1, (GDateMonth) m, (GDateYear) y))
        g_date_set_dmy (&month.month, 1, (GDateMonth) m, (GDateYear) y);
      g_array_append_val (self->months, month);
    }
  return self;
}

static void
forecast_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (JsonNode) node = NULL;

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  node = json_from_string (oba_db_result_get_text (rows, 0, 0), NULL);
  g_task_return_pointer (task, read_forecast (json_node_get_object (node)), (GDestroyNotify) oba_expiry_forecast_free);
}

void
oba_expiry_forecast_async (ObaDbPool *pool, const ObaExpiryPolicy *policy, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (JsonNode) request = oba_expiry_policy_to_json (policy);
  g_autofree char *text = json_to_string (request, FALSE);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", text);

  g_task_set_source_tag (task, oba_expiry_forecast_async);
  oba_db_pool_read_async (pool, oba_db_sql ("points/what-if.sql"), params, cancellable, forecast_cb, task);
}

ObaExpiryForecast *
oba_expiry_forecast_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
