#include "oba-liability-rule.h"

#include "base/oba-money.h"
#include "db/oba-db-list.h"
#include "db/oba-db-sql.h"

void
oba_liability_rule_free (ObaLiabilityRule *self)
{
  g_clear_pointer (&self->valid_from, g_date_time_unref);
  g_free (self->reason);
  g_free (self->who);
  g_free (self);
}

static gpointer
read_rule (ObaDbResult *rows, guint row)
{
  ObaLiabilityRule *self = g_new0 (ObaLiabilityRule, 1);
  guint value = (guint) oba_db_result_find_column (rows, "point_value");

  self->version = (int) oba_db_row_int64 (rows, row, "version");
  self->point_value = oba_db_result_is_null (rows, row, value) ? 0 : oba_db_result_get_int64 (rows, row, value);
  self->breakage = (int) oba_db_row_int64 (rows, row, "breakage");
  self->reason = g_strdup (oba_db_row_text (rows, row, "reason"));
  self->who = g_strdup (oba_db_row_text (rows, row, "who"));
  if (!oba_db_row_bool (rows, row, "always"))
    self->valid_from = oba_db_row_time (rows, row, "valid_from");
  return self;
}

void
oba_liability_rules_async (ObaDbPool *pool, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) limit);

  oba_db_list_read_async (pool, oba_db_sql ("liability/rules.sql"), params, read_rule, (GDestroyNotify) oba_liability_rule_free, oba_liability_rules_async, cancellable, callback, user_data);
}

GPtrArray *
oba_liability_rules_finish (GAsyncResult *result, GError **error)
{
  return oba_db_list_read_finish (result, error);
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
