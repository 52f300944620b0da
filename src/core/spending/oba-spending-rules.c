#include "oba-spending-rules.h"

#include "db/oba-db-list.h"
#include "db/oba-db-sql.h"

void
oba_spending_rules_free (ObaSpendingRules *self)
{
  g_clear_pointer (&self->valid_from, g_date_time_unref);
  g_clear_pointer (&self->created_at, g_date_time_unref);
  g_free (self->who);
  g_free (self);
}

ObaSpendingRules *
oba_spending_rules_from_row (ObaDbResult *rows, guint row)
{
  ObaSpendingRules *self = g_new0 (ObaSpendingRules, 1);

  self->version = (int) oba_db_row_int64 (rows, row, "version");
  self->point_value = oba_db_row_int64 (rows, row, "point_value");
  self->daily_points = oba_db_row_int64 (rows, row, "daily_points");
  self->earns = oba_db_row_bool (rows, row, "earns");
  self->code_seconds = (int) oba_db_row_int64 (rows, row, "code_seconds");
  self->wrong_codes = (int) oba_db_row_int64 (rows, row, "wrong_codes");
  self->lock_minutes = (int) oba_db_row_int64 (rows, row, "lock_minutes");
  self->valid_from = oba_db_row_time (rows, row, "valid_from");
  self->created_at = oba_db_row_time (rows, row, "created_at");
  self->who = g_strdup (oba_db_row_text (rows, row, "who"));
  self->holds = oba_db_row_bool (rows, row, "holds");
  self->coming = oba_db_row_bool (rows, row, "coming");
  self->held = oba_db_row_int64 (rows, row, "held");
  return self;
}

static gpointer
read_rules (ObaDbResult *rows, guint row)
{
  return oba_spending_rules_from_row (rows, row);
}

void
oba_spending_rules_async (ObaDbPool *pool, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) limit);

  oba_db_list_read_async (pool, oba_db_sql ("spending/rules.sql"), params, read_rules, (GDestroyNotify) oba_spending_rules_free, oba_spending_rules_async, cancellable, callback, user_data);
}

GPtrArray *
oba_spending_rules_finish (GAsyncResult *result, GError **error)
{
  return oba_db_list_read_finish (result, error);
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
