#include "oba-receipt-filter.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"

static const char *const kinds[] = { "sale", "return", "void", "correction", NULL };

static const ObaFilterField fields[OBA_RECEIPT_FILTER_N_FIELDS] = {
  [OBA_RECEIPT_FILTER_TEXT] = { "text", OBA_FILTER_TEXT, 0, 0, NULL },
  [OBA_RECEIPT_FILTER_RECEIPT_NO] = { "receipt_no", OBA_FILTER_TEXT, 0, 0, NULL },
  [OBA_RECEIPT_FILTER_FISCAL_ID] = { "fiscal_id", OBA_FILTER_TEXT, 0, 0, NULL },
  [OBA_RECEIPT_FILTER_TIME] = { "time", OBA_FILTER_TIMES, 0, 0, NULL },
  [OBA_RECEIPT_FILTER_STORES] = { "stores", OBA_FILTER_NUMBERS, 1, G_MAXINT64, NULL },
  [OBA_RECEIPT_FILTER_TILLS] = { "tills", OBA_FILTER_NUMBERS, 0, 9999, NULL },
  [OBA_RECEIPT_FILTER_CASHIERS] = { "cashiers", OBA_FILTER_NAMES, 0, 0, NULL },
  [OBA_RECEIPT_FILTER_CUSTOMERS] = { "customers", OBA_FILTER_NUMBERS, 1, G_MAXINT64, NULL },
  [OBA_RECEIPT_FILTER_CARDS] = { "cards", OBA_FILTER_NAMES, 0, 0, NULL },
  [OBA_RECEIPT_FILTER_PRODUCTS] = { "products", OBA_FILTER_NUMBERS, 1, G_MAXINT64, NULL },
  [OBA_RECEIPT_FILTER_AMOUNT] = { "amount", OBA_FILTER_RANGE, 0, 0, NULL },
  [OBA_RECEIPT_FILTER_KINDS] = { "kinds", OBA_FILTER_NAMES, 0, 0, kinds },
  [OBA_RECEIPT_FILTER_CORRECTED] = { "corrected", OBA_FILTER_FLAG, 0, 0, NULL },
  [OBA_RECEIPT_FILTER_UNMATCHED] = { "unmatched", OBA_FILTER_FLAG, 0, 0, NULL },
};

const ObaFilterSpec oba_receipt_filter_spec = { fields, OBA_RECEIPT_FILTER_N_FIELDS };

ObaReceiptFilter *
oba_receipt_filter_new (void)
{
  return oba_filter_new (&oba_receipt_filter_spec);
}

ObaReceiptFilter *
oba_receipt_filter_from_node (JsonNode  *node,
                              GError   **error)
{
  g_autoptr (ObaFilter) self = oba_filter_from_node (&oba_receipt_filter_spec, node, error);

  if (self == NULL)
    return NULL;
  if (oba_filter_has (self, OBA_RECEIPT_FILTER_TILLS) && !oba_filter_has (self, OBA_RECEIPT_FILTER_STORES))
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("A till is one of a store: the filter names the store, too."));
      return NULL;
    }
  return g_steal_pointer (&self);
}

ObaReceiptFilter *
oba_receipt_filter_from_json (const char  *json,
                              GError     **error)
{
  g_autoptr (JsonNode) node = g_utf8_validate (json, -1, NULL) ? json_from_string (json, NULL) : NULL;

  return oba_receipt_filter_from_node (node, error);
}
