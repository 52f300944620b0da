#include "oba-receipt-columns.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "oba-receipt-text.h"

static const ObaReceiptFacts *
facts_of (gpointer record)
{
  return oba_receipt_record_get (record);
}

static char *
text_time (gpointer record)
{
  return oba_receipt_text_moment (&facts_of (record)->key);
}

static char *
text_number (gpointer record)
{
  return g_strdup (facts_of (record)->number);
}

static char *
text_store (gpointer record)
{
  return g_strdup (facts_of (record)->store);
}

static char *
text_till (gpointer record)
{
  return facts_of (record)->till > 0 ? g_strdup_printf ("%d", facts_of (record)->till) : NULL;
}

static char *
text_cashier (gpointer record)
{
  return g_strdup (facts_of (record)->cashier);
}

static char *
text_customer (gpointer record)
{
  const ObaReceiptFacts *facts = facts_of (record);

  if (!facts->person)
    return NULL;
  return oba_customer_text_name (facts->name, OBA_CUSTOMER_ACTIVE);
}

/* "Sale, returned or corrected" is told by a mark. */
static char *
text_kind (gpointer record)
{
  const ObaReceiptFacts *facts = facts_of (record);

  return facts->answered ? g_strdup_printf ("%s ↩", oba_receipt_text_kind (facts->kind)) : g_strdup (oba_receipt_text_kind (facts->kind));
}

static char *
text_total (gpointer record)
{
  return oba_money_format (facts_of (record)->total);
}

static char *
text_points (gpointer record)
{
  return facts_of (record)->points != 0 ? oba_customer_text_signed (facts_of (record)->points) : NULL;
}

static char *
text_discount (gpointer record)
{
  return facts_of (record)->discount != 0 ? oba_money_format (facts_of (record)->discount) : NULL;
}

static char *
text_vat (gpointer record)
{
  return oba_money_format (facts_of (record)->vat);
}

static char *
text_lines (gpointer record)
{
  return oba_number_format (facts_of (record)->n_lines);
}

static char *
text_fiscal (gpointer record)
{
  return g_strdup (facts_of (record)->fiscal_id);
}

static char *
text_customer_no (gpointer record)
{
  return facts_of (record)->person ? g_strdup_printf ("%" G_GINT64_FORMAT, facts_of (record)->key.customer_id) : NULL;
}

void
oba_receipt_columns_add (ObaLazyView *view,
                         gboolean     persons)
{
  const ObaLazyColumn columns[] = {
    { "time", _("Time"), text_time, 13, 14, FALSE, FALSE, FALSE, FALSE },
    { "number", _("Receipt"), text_number, 8, 9, FALSE, FALSE, FALSE, FALSE },
    { "store", _("Store"), text_store, 10, 20, FALSE, TRUE, FALSE, FALSE },
    { "till", _("Till"), text_till, 4, 4, TRUE, FALSE, TRUE, TRUE },
    { "cashier", _("Cashier"), text_cashier, 8, 12, FALSE, FALSE, TRUE, FALSE },
    { "kind", _("Kind"), text_kind, 7, 9, FALSE, FALSE, FALSE, FALSE },
    { "customer", _("Customer"), persons ? text_customer : text_customer_no, 8, 16, FALSE, FALSE, FALSE, TRUE },
    { "total", _("Amount"), text_total, 7, 9, TRUE, FALSE, FALSE, FALSE },
    { "points", _("Points"), text_points, 5, 6, TRUE, FALSE, FALSE, TRUE },
    { "discount", _("Discount"), text_discount, 8, 9, TRUE, FALSE, TRUE, FALSE },
    { "vat", _("VAT"), text_vat, 7, 8, TRUE, FALSE, TRUE, TRUE },
    { "lines", _("Lines"), text_lines, 5, 5, TRUE, FALSE, TRUE, TRUE },
    { "fiscal-id", _("Fiscal ID"), text_fiscal, 12, 14, FALSE, FALSE, TRUE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    oba_lazy_view_add_column (view, &columns[i]);
}
