#include "oba-receipt.h"

#include "customers/oba-customer-json.h"

static void
line_free (gpointer data)
{
  ObaReceiptLine *line = data;

  g_free (line->product);
  g_free (line->code);
  g_free (line->unit);
  g_free (line);
}

/* In the order of oba.receipt(). */
static gpointer
parse_line (JsonArray *fields)
{
  ObaReceiptLine *line = g_new0 (ObaReceiptLine, 1);

  line->product = oba_customer_json_text (fields, 0);
  line->quantity = oba_customer_json_int (fields, 1);
  line->unit = oba_customer_json_text (fields, 2);
  line->unit_price = oba_customer_json_int (fields, 3);
  line->discount = oba_customer_json_int (fields, 4);
  line->vat = oba_customer_json_int (fields, 5);
  line->total = oba_customer_json_int (fields, 6);
  line->vat_permille = (int) oba_customer_json_int (fields, 7);
  line->code = oba_customer_json_text (fields, 8);
  return line;
}

static gpointer
parse_lot (JsonArray *fields)
{
  ObaReceiptLot *lot = g_new0 (ObaReceiptLot, 1);

  lot->points = oba_customer_json_int (fields, 0);
  oba_customer_json_date (fields, 1, &lot->expires);
  lot->given = oba_customer_json_int (fields, 2);
  lot->remaining = oba_customer_json_int (fields, 3);
  return lot;
}

static void
points_free (gpointer data)
{
  ObaReceiptPoints *points = data;

  g_free (points->kind);
  g_free (points->reason);
  g_free (points->rule);
  g_ptr_array_unref (points->lots);
  g_free (points);
}

static gpointer
parse_points (JsonObject *object)
{
  ObaReceiptPoints *points = g_new0 (ObaReceiptPoints, 1);

  points->kind = oba_customer_json_member_text (object, "kind");
  points->points = oba_customer_json_member_int (object, "points", 0);
  points->reason = oba_customer_json_member_text (object, "reason");
  points->rule = oba_customer_json_member_text (object, "rule");
  points->version = (int) oba_customer_json_member_int (object, "version", 0);
  points->lots = oba_customer_json_list (object, "lots", parse_lot, g_free);
  return points;
}

static void
relative_free (gpointer data)
{
  ObaReceiptRelative *relative = data;

  g_free (relative->number);
  g_free (relative->reason_code);
  g_free (relative->reason);
  g_free (relative->by);
  g_free (relative);
}

static void
parse_key (JsonObject    *object,
           ObaReceiptKey *key)
{
  key->customer_id = oba_customer_json_member_int (object, "customer_id", 0);
  key->at = oba_customer_json_member_int (object, "at", 0);
  key->receipt_id = oba_customer_json_member_int (object, "receipt_id", 0);
}

static ObaReceiptKind
parse_kind (JsonObject *object)
{
  g_autofree char *kind = oba_customer_json_member_text (object, "kind");

  return oba_receipt_kind_parse (kind);
}

static gpointer
parse_relative (JsonObject *object)
{
  ObaReceiptRelative *relative = g_new0 (ObaReceiptRelative, 1);

  parse_key (object, &relative->key);
  relative->kind = parse_kind (object);
  relative->number = oba_customer_json_member_text (object, "receipt_no");
  relative->total = oba_customer_json_member_int (object, "total", 0);
  relative->points = oba_customer_json_member_int (object, "points", 0);
  relative->reason_code = oba_customer_json_member_text (object, "reason_code");
  relative->reason = oba_customer_json_member_text (object, "reason");
  relative->by = oba_customer_json_member_text (object, "by");
  return relative;
}

static GPtrArray *
parse_objects (JsonObject     *object,
               const char     *name,
               gpointer      (*parse) (JsonObject *),
               GDestroyNotify  destroy)
{
  JsonArray *array = oba_customer_json_member_array (object, name);
  GPtrArray *list = g_ptr_array_new_with_free_func (destroy);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (list, parse (json_array_get_object_element (array, i)));
  return list;
}

static void
parse_store (ObaReceipt *self,
             JsonArray  *store)
{
  g_autoptr (JsonArray) none = json_array_new ();

  self->store = oba_customer_json_text (store != NULL ? store : none, 0);
  self->city = oba_customer_json_text (store != NULL ? store : none, 1);
  self->address = oba_customer_json_text (store != NULL ? store : none, 2);
  self->store_id = oba_customer_json_int (store != NULL ? store : none, 3);
}

static void
parse_customer (ObaReceipt *self,
                JsonObject *customer)
{
  g_autoptr (JsonObject) none = json_object_new ();
  JsonObject *object = customer != NULL ? customer : none;

  self->person = json_object_get_boolean_member_with_default (object, "person", FALSE);
  self->name = oba_customer_json_member_text (object, "name");
  self->language = self->person ? oba_customer_json_member_text (object, "language") : g_strdup ("az");
  self->balance = oba_customer_json_member_int (object, "balance", 0);
}

static void
parse_payments (ObaReceipt *self,
                JsonObject *object)
{
  self->total = oba_customer_json_member_int (object, "total", 0);
  self->discount = oba_customer_json_member_int (object, "discount", 0);
  self->vat = oba_customer_json_member_int (object, "vat", 0);
  self->paid_cash = oba_customer_json_member_int (object, "cash", 0);
  self->paid_card = oba_customer_json_member_int (object, "card", 0);
  self->paid_points = oba_customer_json_member_int (object, "paid_points", 0);
  self->part_earns = json_object_get_boolean_member_with_default (object, "part_earns", FALSE);
  self->paid_other = oba_customer_json_member_int (object, "other", 0);
}

ObaReceipt *
oba_receipt_new_from_object (JsonObject *object)
{
  ObaReceipt *self = g_new0 (ObaReceipt, 1);

  g_atomic_ref_count_init (&self->refs);
  parse_key (object, &self->key);
  self->kind = parse_kind (object);
  self->till = (int) oba_customer_json_member_int (object, "till", 0);
  self->number = oba_customer_json_member_text (object, "receipt_no");
  self->cashier = oba_customer_json_member_text (object, "cashier");
  self->fiscal_id = oba_customer_json_member_text (object, "fiscal_id");
  parse_payments (self, object);
  parse_store (self, oba_customer_json_member_array (object, "store"));
  parse_customer (self, oba_customer_json_member_object (object, "customer"));
  self->lines = oba_customer_json_list (object, "lines", parse_line, line_free);
  self->entries = parse_objects (object, "points", parse_points, points_free);
  self->family = parse_objects (object, "family", parse_relative, relative_free);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const ObaReceiptPoints *entry = self->entries->pdata[i];

      if (g_str_equal (entry->kind, "redeem") || g_str_equal (entry->kind, "restore"))
        self->points_spent -= entry->points;
      else
        self->points += entry->points;
    }
  return self;
}

ObaReceipt *
oba_receipt_new_from_json (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? oba_receipt_new_from_object (json_node_get_object (node)) : NULL;
}

ObaReceipt *
oba_receipt_ref (ObaReceipt *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
oba_receipt_unref (ObaReceipt *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->number);
  g_free (self->cashier);
  g_free (self->fiscal_id);
  g_free (self->store);
  g_free (self->city);
  g_free (self->address);
  g_free (self->name);
  g_free (self->language);
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->family);
  g_free (self);
}

GDateTime *
oba_receipt_key_get_time (const ObaReceiptKey *key)
{
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (key->at / G_USEC_PER_SEC);

  return baku != NULL ? g_date_time_to_timezone (utc, baku) : g_date_time_to_local (utc);
}
