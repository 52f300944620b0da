#include "oba-customer-receipt.h"

#include <json-glib/json-glib.h>

static void
oba_customer_receipt_line_free (gpointer data)
{
  ObaCustomerReceiptLine *line = data;

  g_free (line->product);
  g_free (line->unit);
  g_free (line);
}

static GPtrArray *
oba_customer_receipt_parse_lines (const char *json)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (oba_customer_receipt_line_free);
  g_autoptr (JsonNode) root = *json != '\0' ? json_from_string (json, NULL) : NULL;
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonArray *fields = json_array_get_array_element (array, i);
      ObaCustomerReceiptLine *line = g_new0 (ObaCustomerReceiptLine, 1);

      line->product = g_strdup (json_array_get_string_element (fields, 0));
      line->quantity = json_array_get_int_element (fields, 1);
      line->unit = g_strdup (json_array_get_string_element (fields, 2));
      line->total = json_array_get_int_element (fields, 3);
      g_ptr_array_add (lines, line);
    }
  return lines;
}

ObaCustomerReceipt *
oba_customer_receipt_new_from_result (ObaDbResult *result,
                                      guint        row)
{
  ObaCustomerReceipt *self = g_new0 (ObaCustomerReceipt, 1);

  self->receipt_id = oba_db_result_get_int64 (result, row, 0);
  self->sold_at = oba_db_result_get_time (result, row, 1);
  self->kind = g_strdup (oba_db_result_get_text (result, row, 2));
  self->number = g_strdup (oba_db_result_get_text (result, row, 3));
  self->store = g_strdup (oba_db_result_get_text (result, row, 4));
  self->total = oba_db_result_get_int64 (result, row, 5);
  self->discount = oba_db_result_get_int64 (result, row, 6);
  self->points = oba_db_result_get_int64 (result, row, 7);
  self->lines = oba_customer_receipt_parse_lines (oba_db_result_get_text (result, row, 8));
  return self;
}

void
oba_customer_receipt_free (ObaCustomerReceipt *self)
{
  g_clear_pointer (&self->sold_at, g_date_time_unref);
  g_free (self->kind);
  g_free (self->number);
  g_free (self->store);
  g_ptr_array_unref (self->lines);
  g_free (self);
}
