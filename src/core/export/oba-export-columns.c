#include "oba-export-columns.h"

#include <glib/gi18n-lib.h>

#define PERSONAL OBA_EXPORT_PERSONAL
#define USUAL OBA_EXPORT_USUAL

/* What the import knows has the import's name, so that an exported file can be imported as it is. The rest has names that mean
 * nothing to the import: our own number must not be taken for the id of another system. */
static const ObaExportColumn CUSTOMERS[] = {
  { "oba_id", N_("Number"), OBA_EXPORT_INTEGER, USUAL, "c.customer_id" },
  { "id", N_("Id elsewhere"), OBA_EXPORT_TEXT, PERSONAL | USUAL,
    "(select e.external_id from oba.customer_external_ids e where e.customer_id = c.customer_id limit 1)" },
  { "full_name", N_("Name"), OBA_EXPORT_TEXT, PERSONAL,
    "concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, ''))" },
  { "family_name", N_("Family name"), OBA_EXPORT_TEXT, PERSONAL | USUAL, "c.family_name" },
  { "given_name", N_("Given name"), OBA_EXPORT_TEXT, PERSONAL | USUAL, "c.given_name" },
  { "patronymic", N_("Patronymic"), OBA_EXPORT_TEXT, PERSONAL | USUAL, "c.patronymic" },
  { "phone", N_("Phone"), OBA_EXPORT_PHONE, PERSONAL | USUAL, "c.phone" },
  { "email", N_("E-mail"), OBA_EXPORT_TEXT, PERSONAL | USUAL, "c.email" },
  { "birth_date", N_("Birth date"), OBA_EXPORT_DAY, USUAL, "c.birth_date" },
  { "language", N_("Language"), OBA_EXPORT_TEXT, USUAL, "c.language" },
  { "city", N_("City"), OBA_EXPORT_TEXT, USUAL, "c.city" },
  { "preferred_store", N_("Preferred store"), OBA_EXPORT_TEXT, USUAL, "ps.code" },
  { "notes", N_("Notes"), OBA_EXPORT_TEXT, PERSONAL, "c.notes" },
  { "status", N_("Status"), OBA_EXPORT_TEXT, USUAL, "c.status" },
  { "tier", N_("Tier"), OBA_EXPORT_TEXT, USUAL, "t.code" },
  { "points", N_("Points"), OBA_EXPORT_INTEGER, USUAL, "coalesce (a.balance, 0)" },
  { "spend", N_("Spend of 12 months, AZN"), OBA_EXPORT_MONEY, USUAL, "coalesce (a.tier_spend, 0)" },
  { "receipts", N_("Receipts"), OBA_EXPORT_INTEGER, USUAL, "coalesce (st.receipts, 0)" },
  { "revenue", N_("Spend ever, AZN"), OBA_EXPORT_MONEY, 0, "coalesce (st.revenue, 0)" },
  { "first_purchase", N_("First purchase"), OBA_EXPORT_TIME, 0, "st.first_purchase_at" },
  { "last_purchase", N_("Last purchase"), OBA_EXPORT_TIME, USUAL, "st.last_purchase_at" },
  { "registered_at", N_("Registered"), OBA_EXPORT_TIME, USUAL, "c.registered_at" },
  { "registered_through", N_("Registered through"), OBA_EXPORT_TEXT, 0, "c.registered_through" },
  { "registered_in", N_("Registered in store"), OBA_EXPORT_TEXT, 0, "rs.code" },
  { "card", N_("Card"), OBA_EXPORT_TEXT, PERSONAL,
    "(select k.number from oba.cards k where k.customer_id = c.customer_id and k.state = 'active' order by k.issued_at desc limit 1)" },
  { "consents", N_("Consents"), OBA_EXPORT_TEXT, 0,
    "(select string_agg (k.channel, ' ' order by k.channel) from oba.consents k where k.customer_id = c.customer_id and k.granted)" },
  { "lifecycle", N_("Lifecycle"), OBA_EXPORT_TEXT, 0, "st.lifecycle" },
  { "lifecycle_since", N_("Lifecycle since"), OBA_EXPORT_TIME, 0, "st.lifecycle_since" },
  /* Asked once for a portion of them ($1), not for each. */
  { "segments", N_("Segments"), OBA_EXPORT_TEXT, 0,
    "((select jsonb_object_agg (g.customer_id, g.names) from oba.customer_segments ($1) g) ->> c.customer_id::text)" },
  { "batch", N_("Import"), OBA_EXPORT_INTEGER, 0, "c.batch_id" },
  { NULL },
};

static const ObaExportColumn SALES[] = {
  { "store", N_("Store"), OBA_EXPORT_TEXT, USUAL, "s.code" },
  { "store_title", N_("Store’s name"), OBA_EXPORT_TEXT, 0, "s.name" },
  { "till", N_("Till"), OBA_EXPORT_INTEGER, USUAL, "r.till_no" },
  { "receipt", N_("Receipt"), OBA_EXPORT_TEXT, USUAL, "r.receipt_no" },
  { "time", N_("Time"), OBA_EXPORT_TIME, USUAL, "r.sold_at" },
  { "kind", N_("Kind"), OBA_EXPORT_TEXT, USUAL, "r.kind" },
  { "oba_customer", N_("Customer’s number"), OBA_EXPORT_INTEGER, USUAL,
    "case when w.store_id is null then r.customer_id end" },
  { "line", N_("Line"), OBA_EXPORT_INTEGER, USUAL, "l.line_no" },
  { "product", N_("Product"), OBA_EXPORT_TEXT, USUAL, "p.code" },
  { "barcode", N_("Barcode"), OBA_EXPORT_TEXT, 0, "p.barcode" },
  { "product_title", N_("Product’s name"), OBA_EXPORT_TEXT, USUAL, "p.name" },
  { "quantity", N_("Quantity"), OBA_EXPORT_QUANTITY, USUAL, "l.quantity" },
  { "unit_price", N_("Price, AZN"), OBA_EXPORT_MONEY, USUAL, "l.unit_price" },
  { "discount", N_("Discount, AZN"), OBA_EXPORT_MONEY, USUAL, "l.discount" },
  { "vat", N_("VAT, AZN"), OBA_EXPORT_MONEY, USUAL, "l.vat" },
  { "amount", N_("Amount, AZN"), OBA_EXPORT_MONEY, USUAL, "l.total" },
  { "cashier", N_("Cashier"), OBA_EXPORT_TEXT, 0, "r.cashier" },
  { "fiscal_id", N_("Fiscal id"), OBA_EXPORT_TEXT, 0, "r.fiscal_id" },
  { "oba_receipt", N_("Receipt’s number"), OBA_EXPORT_INTEGER, 0, "r.receipt_id" },
  { "oba_original", N_("Returned receipt’s number"), OBA_EXPORT_INTEGER, 0, "r.original_receipt_id" },
  { "batch", N_("Import"), OBA_EXPORT_INTEGER, 0, "r.batch_id" },
  { NULL },
};

static const ObaExportColumn POINTS[] = {
  { "entry", N_("Entry"), OBA_EXPORT_INTEGER, USUAL, "e.entry_id" },
  { "oba_customer", N_("Customer’s number"), OBA_EXPORT_INTEGER, USUAL, "e.customer_id" },
  { "time", N_("Time"), OBA_EXPORT_TIME, USUAL, "e.occurred_at" },
  { "kind", N_("Kind"), OBA_EXPORT_TEXT, USUAL, "e.kind" },
  { "points", N_("Points"), OBA_EXPORT_INTEGER, USUAL, "e.points" },
  { "oba_receipt", N_("Receipt’s number"), OBA_EXPORT_INTEGER, USUAL, "e.receipt_id" },
  { "rule", N_("Rule"), OBA_EXPORT_INTEGER, USUAL, "e.rule_id" },
  { "rule_version", N_("Rule’s version"), OBA_EXPORT_INTEGER, USUAL, "e.rule_version" },
  { "reverses", N_("Undoes entry"), OBA_EXPORT_INTEGER, USUAL, "e.reverses_id" },
  { "reason", N_("Reason"), OBA_EXPORT_TEXT, 0, "e.reason" },
  { "source", N_("Source"), OBA_EXPORT_TEXT, USUAL, "e.source" },
  { "by_whom", N_("By whom"), OBA_EXPORT_TEXT, 0, "e.posted_by" },
  { "batch", N_("Import"), OBA_EXPORT_INTEGER, 0, "e.batch_id" },
  { NULL },
};

static const struct { const char *name; const ObaExportColumn *columns; } kinds[OBA_EXPORT_N_KINDS] = {
  [OBA_EXPORT_CUSTOMERS] = { "customers", CUSTOMERS },
  [OBA_EXPORT_SALES] = { "sales", SALES },
  [OBA_EXPORT_POINTS] = { "points", POINTS },
};

const char *
oba_export_kind_get_name (ObaExportKind kind)
{
  return kinds[kind].name;
}

gboolean
oba_export_kind_parse (const char *name, ObaExportKind *kind)
{
  for (guint i = 0; i < OBA_EXPORT_N_KINDS; i++)
    if (g_str_equal (name, kinds[i].name))
      {
        *kind = (ObaExportKind) i;
        return TRUE;
      }
  return FALSE;
}

const ObaExportColumn *
oba_export_kind_columns (ObaExportKind kind)
{
  return kinds[kind].columns;
}

const ObaExportColumn *
oba_export_column_find (ObaExportKind kind, const char *name)
{
  for (const ObaExportColumn *column = kinds[kind].columns; column->name != NULL; column++)
    if (g_str_equal (name, column->name))
      return column;
  return NULL;
}

const char *
oba_export_column_get_title (const ObaExportColumn *self)
{
  return _(self->title);
}
