#include "oba-correction.h"

#include <glib/gi18n-lib.h>

struct _ObaCorrection
{
  ObaCorrectionKind kind;
  JsonObject *request;
  JsonObject *receipt; /* what describes a receipt: the request itself, or the data of a missed one */
  JsonArray *lines;
  gint64 total;
};

static const char *const kinds[] = { "return", "void", "change", "move", "missed", "undo" };

ObaCorrectionKind
oba_correction_kind_parse (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (name, kinds[i]))
      return (ObaCorrectionKind) i;
  return OBA_CORRECTION_CHANGE;
}

/* What oba.correction_reasons () allows, in that order. */
static const char *const codes[] = { "damaged", "not_wanted", "wrong_price", "wrong_quantity", "wrong_item", "wrong_customer", "forgot_card", "wrong_store", "wrong_time", "duplicate", "till_fault", "cashier_error", "missed", "mistake", "other", NULL };

static const char *const titles[] = {
  N_("Damaged or spoiled"),
  N_("The customer does not want it"),
  N_("Wrong price"),
  N_("Wrong quantity"),
  N_("Wrong article"),
  N_("Wrong customer"),
  N_("The card was forgotten"),
  N_("Wrong store"),
  N_("Wrong time"),
  N_("Recorded twice"),
  N_("A fault of the till"),
  N_("A mistake at the till"),
  N_("Was not recorded"),
  N_("The correction was a mistake"),
  N_("Another reason"),
};

const char *const *
oba_correction_reason_codes (void)
{
  return codes;
}

const char *
oba_correction_reason_source (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_strcmp0 (codes[i], code) == 0)
      return titles[i];
  return code;
}

const char *
oba_correction_reason_title (const char *code)
{
  const char *source = oba_correction_reason_source (code);

  return source != code ? _ (source) : code;
}

ObaCorrection *
oba_correction_new (ObaCorrectionKind kind)
{
  ObaCorrection *self = g_new0 (ObaCorrection, 1);

  self->kind = kind;
  self->request = json_object_new ();
  json_object_set_string_member (self->request, "kind", kinds[kind]);
  self->receipt = self->request;
  if (kind == OBA_CORRECTION_MISSED)
    {
      self->receipt = json_object_new ();
      json_object_set_object_member (self->request, "data", self->receipt);
    }
  return self;
}

ObaCorrection *
oba_correction_new_undo (gint64 correction_id)
{
  ObaCorrection *self = oba_correction_new (OBA_CORRECTION_UNDO);

  json_object_set_int_member (self->request, "correction_id", correction_id);
  return self;
}

void
oba_correction_free (ObaCorrection *self)
{
  json_object_unref (self->request);
  g_free (self);
}

static void
set_time (JsonObject *object, const char *name, gint64 at)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC - (at % G_USEC_PER_SEC < 0 ? 1 : 0));
  g_autoptr (GDateTime) time = g_date_time_add (seconds, (at % G_USEC_PER_SEC + G_USEC_PER_SEC) % G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *whole = g_strdup_printf ("%s.%06dZ", text, g_date_time_get_microsecond (time));

  json_object_set_string_member (object, name, whole);
}

/* As text: a JSON number would go through binary fractions, and 1.235 kg would have too many decimals. */
static void
set_quantity (JsonObject *line, gint64 quantity)
{
  g_autofree char *text = g_strdup_printf ("%s%" G_GINT64_FORMAT ".%03d", quantity < 0 ? "-" : "", ABS (quantity / 1000), (int) ABS (quantity % 1000));

  json_object_set_string_member (line, "quantity", text);
}

void
oba_correction_set_receipt (ObaCorrection *self, const ObaReceiptKey *key)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "customer_id", key->customer_id);
  set_time (object, "sold_at", key->at);
  json_object_set_int_member (object, "receipt_id", key->receipt_id);
  json_object_set_object_member (self->request, "receipt", object);
}

void
oba_correction_set_reason (ObaCorrection *self, const char *code, const char *text)
{
  json_object_set_string_member (self->request, "reason_code", code);
  json_object_set_string_member (self->request, "reason", text);
}

static void
add_line (ObaCorrection *self, JsonObject *line)
{
  if (self->lines == NULL)
    {
      self->lines = json_array_new ();
      json_object_set_array_member (self->receipt, "lines", self->lines);
    }
  json_array_add_object_element (self->lines, line);
}

void
oba_correction_return_line (ObaCorrection *self, int line_no, gint64 quantity)
{
  JsonObject *line = json_object_new ();

  json_object_set_int_member (line, "line", line_no);
  set_quantity (line, quantity);
  add_line (self, line);
}

void
oba_correction_set_refund (ObaCorrection *self, const char *way)
{
  json_object_set_string_member (self->request, "refund", way);
}

void
oba_correction_add_line (ObaCorrection *self, gint64 product_id, gint64 quantity, gint64 unit_price, gint64 discount, gint64 vat, gint64 total)
{
  JsonObject *line = json_object_new ();

  json_object_set_int_member (line, "product", product_id);
  set_quantity (line, quantity);
  json_object_set_int_member (line, "unit_price", unit_price);
  json_object_set_int_member (line, "discount", discount);
  json_object_set_int_member (line, "vat", vat);
  json_object_set_int_member (line, "total", total);
  add_line (self, line);
  self->total += total;
  json_object_set_int_member (self->receipt, "total", self->total);
}

void
oba_correction_add_payment (ObaCorrection *self, const char *way, gint64 amount)
{
  if (!json_object_has_member (self->receipt, "payments"))
    json_object_set_object_member (self->receipt, "payments", json_object_new ());
  json_object_set_int_member (json_object_get_object_member (self->receipt, "payments"), way, amount);
}

void
oba_correction_set_store (ObaCorrection *self, gint64 store_id, int till)
{
  json_object_set_int_member (self->receipt, "store", store_id);
  json_object_set_int_member (self->receipt, "till", till);
}

void
oba_correction_set_time (ObaCorrection *self, gint64 at)
{
  set_time (self->receipt, "sold_at", at);
}

void
oba_correction_set_customer (ObaCorrection *self, gint64 customer_id)
{
  json_object_set_int_member (self->receipt, "customer_id", customer_id);
}

void
oba_correction_set_paper (ObaCorrection *self, const char *receipt_no, const char *cashier, const char *fiscal_id)
{
  json_object_set_string_member (self->receipt, "receipt_no", receipt_no);
  if (cashier != NULL)
    json_object_set_string_member (self->receipt, "cashier", cashier);
  if (fiscal_id != NULL)
    json_object_set_string_member (self->receipt, "fiscal_id", fiscal_id);
}

JsonNode *
oba_correction_to_json (ObaCorrection *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, self->request);
  return json_node_copy (node);
}
