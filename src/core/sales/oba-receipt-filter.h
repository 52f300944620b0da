#pragma once

#include "base/oba-filter.h"

G_BEGIN_DECLS

/**
 * ObaReceiptFilter: which receipts: an ObaFilter of these fields. Its JSON form is what saved views and exports keep, and what the database's
 * oba.receipt_page() and oba.receipt_totals() take:
 * {"text": "…", "receipt_no": "…", "fiscal_id": "…", "time": ["2026-11-01T09:00", "2026-11-01T09:59"], "stores": [id…], "tills": [number…],
 *  "cashiers": ["…"], "customers": [id…], "cards": ["OBA-…"], "products": [id…], "amount": [least, most],
 *  "kinds": ["sale"|"return"|"void"|"correction"…], "corrected": true, "unmatched": true}
 * The text is a receipt's number or its fiscal id, whole. Times are of the chain's clock (Asia/Baku), whole minutes, inclusive. A till is one of a store:
 * tills without stores are refused. Amounts are qəpik, negative on returns. Corrected: a return, a void or a correction answers the receipt. Unmatched:
 * it belongs to nobody, only to its store's walk-in customer.
 */
typedef ObaFilter ObaReceiptFilter;

typedef enum
{
  OBA_RECEIPT_FILTER_TEXT,
  OBA_RECEIPT_FILTER_RECEIPT_NO,
  OBA_RECEIPT_FILTER_FISCAL_ID,
  OBA_RECEIPT_FILTER_TIME,
  OBA_RECEIPT_FILTER_STORES,
  OBA_RECEIPT_FILTER_TILLS,
  OBA_RECEIPT_FILTER_CASHIERS,
  OBA_RECEIPT_FILTER_CUSTOMERS,
  OBA_RECEIPT_FILTER_CARDS,
  OBA_RECEIPT_FILTER_PRODUCTS,
  OBA_RECEIPT_FILTER_AMOUNT,
  OBA_RECEIPT_FILTER_KINDS,
  OBA_RECEIPT_FILTER_CORRECTED,
  OBA_RECEIPT_FILTER_UNMATCHED,
  OBA_RECEIPT_FILTER_N_FIELDS,
} ObaReceiptFilterField;

extern const ObaFilterSpec oba_receipt_filter_spec;

ObaReceiptFilter *oba_receipt_filter_new       (void);
/** As oba_filter_from_json(), and tills without stores are OBA_ERROR_INVALID_INPUT. (transfer full) (nullable) */
ObaReceiptFilter *oba_receipt_filter_from_node (JsonNode *node, GError **error);
ObaReceiptFilter *oba_receipt_filter_from_json (const char *json, GError **error);

G_END_DECLS
