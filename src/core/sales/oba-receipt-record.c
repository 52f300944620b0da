#include "oba-receipt-record.h"

struct _ObaReceiptRecord
{
  GObject         parent_instance;
  ObaReceiptFacts facts;
};

G_DEFINE_FINAL_TYPE (ObaReceiptRecord, oba_receipt_record, G_TYPE_OBJECT)

ObaReceiptKind
oba_receipt_kind_parse (const char *text)
{
  if (g_str_equal (text, "return"))
    return OBA_RECEIPT_RETURN;
  if (g_str_equal (text, "void"))
    return OBA_RECEIPT_VOID;
  return g_str_equal (text, "correction") ? OBA_RECEIPT_CORRECTION : OBA_RECEIPT_SALE;
}

ObaReceiptRecord *
oba_receipt_record_new_from_result (ObaDbResult *result,
                                 guint        row)
{
  ObaReceiptRecord *self = g_object_new (OBA_TYPE_RECEIPT_RECORD, NULL);
  ObaReceiptFacts *facts = &self->facts;

  facts->key.receipt_id = oba_db_result_get_int64 (result, row, 0);
  facts->key.customer_id = oba_db_result_get_int64 (result, row, 1);
  facts->key.at = oba_db_result_get_int64 (result, row, 2);
  facts->kind = oba_receipt_kind_parse (oba_db_result_get_text (result, row, 3));
  facts->store = g_intern_string (oba_db_result_get_text (result, row, 4));
  facts->till = (int) oba_db_result_get_int64 (result, row, 5);
  facts->number = g_strdup (oba_db_result_get_text (result, row, 6));
  facts->cashier = g_intern_string (oba_db_result_get_text (result, row, 7));
  facts->fiscal_id = g_strdup (oba_db_result_get_text (result, row, 8));
  facts->total = oba_db_result_get_int64 (result, row, 9);
  facts->discount = oba_db_result_get_int64 (result, row, 10);
  facts->vat = oba_db_result_get_int64 (result, row, 11);
  facts->paid_points = oba_db_result_get_int64 (result, row, 12);
  facts->n_lines = (int) oba_db_result_get_int64 (result, row, 13);
  facts->points = oba_db_result_get_int64 (result, row, 14);
  facts->person = oba_db_result_get_bool (result, row, 15);
  facts->name = g_strdup (oba_db_result_get_text (result, row, 16));
  facts->answered = oba_db_result_get_bool (result, row, 17);
  return self;
}

const ObaReceiptFacts *
oba_receipt_record_get (ObaReceiptRecord *self)
{
  return &self->facts;
}

static void
oba_receipt_record_finalize (GObject *object)
{
  ObaReceiptFacts *facts = &OBA_RECEIPT_RECORD (object)->facts;

  g_free (facts->number);
  g_free (facts->fiscal_id);
  g_free (facts->name);

  G_OBJECT_CLASS (oba_receipt_record_parent_class)->finalize (object);
}

static void
oba_receipt_record_class_init (ObaReceiptRecordClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_receipt_record_finalize;
}

static void
oba_receipt_record_init (ObaReceiptRecord *self)
{
}
