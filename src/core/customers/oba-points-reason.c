#include "oba-points-reason.h"

#include <glib/gi18n-lib.h>

#include "oba-customer-json.h"

static void
share_free (gpointer data)
{
  ObaPointsShare *share = data;

  g_clear_pointer (&share->from, g_date_time_unref);
  g_free (share);
}

static gpointer
share_parse (JsonArray *fields)
{
  ObaPointsShare *share = g_new0 (ObaPointsShare, 1);

  share->points = oba_customer_json_int (fields, 0);
  oba_customer_json_date (fields, 1, &share->last_day);
  share->from = oba_customer_json_time (fields, 2);
  share->lot_points = oba_customer_json_int (fields, 3);
  share->remaining = oba_customer_json_int (fields, 4);
  return share;
}

static void
input_free (gpointer data)
{
  ObaPointsInput *input = data;

  g_free (input->name);
  g_free (input->value);
  g_free (input);
}

static void
input_add (JsonObject *object,
           const char *name,
           JsonNode   *value,
           gpointer    user_data)
{
  ObaPointsInput *input = g_new0 (ObaPointsInput, 1);
  gboolean text = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING;

  input->name = g_strdup (name);
  input->value = text ? g_strdup (json_node_get_string (value)) : json_to_string (value, FALSE);
  g_ptr_array_add (user_data, input);
}

static void
read_rule (ObaPointsReason *self,
           JsonObject      *object)
{
  JsonObject *inputs = oba_customer_json_member_object (object, "inputs");

  self->rule = oba_customer_json_member_text (object, "rule");
  self->rule_kind = oba_customer_json_member_text (object, "rule_kind");
  self->rule_id = oba_customer_json_member_int (object, "rule_id", 0);
  self->rule_version = oba_customer_json_member_int (object, "rule_version", 0);
  self->qepik_per_point = oba_customer_json_member_int (object, "qepik_per_point", 0);
  self->valid_months = oba_customer_json_member_int (object, "valid_months", 0);
  self->factor = oba_customer_json_member_int (object, "factor", 0);
  self->inputs = g_ptr_array_new_with_free_func (input_free);
  if (inputs != NULL)
    json_object_foreach_member (inputs, input_add, self->inputs);
}

static void
read_links (ObaPointsReason *self,
            JsonObject      *object)
{
  g_autoptr (JsonArray) none = json_array_new ();
  JsonArray *receipt = oba_customer_json_member_array (object, "receipt");
  JsonArray *redemption = oba_customer_json_member_array (object, "redemption");
  JsonArray *reverses = oba_customer_json_member_array (object, "reverses");

  receipt = receipt != NULL ? receipt : none;
  redemption = redemption != NULL ? redemption : none;
  reverses = reverses != NULL ? reverses : none;
  self->receipt_id = oba_customer_json_int (receipt, 0);
  self->receipt_no = oba_customer_json_text (receipt, 1);
  self->receipt_kind = oba_customer_json_text (receipt, 2);
  self->receipt_store = oba_customer_json_text (receipt, 3);
  self->receipt_total = oba_customer_json_int (receipt, 4);
  self->receipt_at = oba_customer_json_time (receipt, 5);
  self->redemption_id = oba_customer_json_int (redemption, 0);
  self->redemption_state = oba_customer_json_text (redemption, 1);
  self->reward = oba_customer_json_text (redemption, 2);
  self->reverses_id = oba_customer_json_int (reverses, 0);
  self->reverses_kind = oba_customer_json_text (reverses, 1);
  self->reverses_points = oba_customer_json_int (reverses, 2);
  self->reverses_at = oba_customer_json_time (reverses, 3);
}

ObaPointsReason *
oba_points_reason_parse (const char *json)
{
  g_autoptr (JsonNode) root = json_from_string (json, NULL);
  ObaPointsReason *self;
  JsonObject *object;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  self = g_new0 (ObaPointsReason, 1);
  self->kind = oba_customer_json_member_text (object, "kind");
  self->points = oba_customer_json_member_int (object, "points", 0);
  self->at = oba_customer_json_member_time (object, "at");
  self->reason = oba_customer_json_member_text (object, "reason");
  self->who = oba_customer_json_member_text (object, "who");
  self->through = oba_customer_json_member_text (object, "through");
  self->balance = oba_customer_json_member_int (object, "balance", 0);
  self->owed = oba_customer_json_member_int (object, "owed", 0);
  self->shares = oba_customer_json_list (object, "shares", share_parse, share_free);
  read_rule (self, object);
  read_links (self, object);
  return self;
}

void
oba_points_reason_free (ObaPointsReason *self)
{
  char *texts[] = {
    self->kind, self->rule, self->rule_kind, self->reason, self->who, self->through, self->receipt_no, self->receipt_kind,
    self->receipt_store, self->redemption_state, self->reward, self->reverses_kind,
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_clear_pointer (&self->at, g_date_time_unref);
  g_clear_pointer (&self->receipt_at, g_date_time_unref);
  g_clear_pointer (&self->reverses_at, g_date_time_unref);
  g_ptr_array_unref (self->inputs);
  g_ptr_array_unref (self->shares);
  g_free (self);
}

const char *
oba_points_rule_name (const char *name)
{
  static const char *const own[] = { N_("1 point for every full manat of a receipt") };

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (g_str_equal (name, own[i]))
      return _(own[i]);
  return name;
}
