#pragma once

#include "oba-receipt-filter.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_RECEIPT_SORT_TIME,
  OBA_RECEIPT_SORT_TOTAL,
  OBA_RECEIPT_SORT_DISCOUNT,
  OBA_RECEIPT_SORT_NUMBER,
  OBA_RECEIPT_SORT_CASHIER,
  OBA_RECEIPT_SORT_STORE,
  OBA_RECEIPT_SORT_KIND,
  OBA_RECEIPT_N_SORTS,
} ObaReceiptSort;

/* What an order without an index may span: of the whole chain; of some stores or cashiers. */
#define OBA_RECEIPT_SORT_MAX_DAYS 7
#define OBA_RECEIPT_SORT_MAX_DAYS_OF_SOME 31

/** "time", "total", "discount", "number", "cashier", "store", "kind" */
const char *oba_receipt_sort_get_id (ObaReceiptSort sort);
gboolean    oba_receipt_sort_parse  (const char *id, ObaReceiptSort *sort);
/** By time always; by amount when the filter alone leads to few or none; by anything else when a customer or a number is named, or within the days above. */
gboolean    oba_receipt_sort_can    (ObaReceiptSort sort, const ObaReceiptFilter *filter);

/** How many days any order may span under @filter. */
guint       oba_receipt_sort_get_max_days (const ObaReceiptFilter *filter);
/** Leaves of the time asked for only the last days for which there is any order; those up to today when no end was asked for. */
void        oba_receipt_sort_narrow (ObaReceiptFilter *filter);

/** ObaReceiptQuery: which receipts, in which order. Reference counted; not changed once it is made. */
typedef struct _ObaReceiptQuery ObaReceiptQuery;

/** @filter: (nullable): every receipt; copied. An order that cannot be is by time. */
ObaReceiptQuery        *oba_receipt_query_new           (const ObaReceiptFilter *filter, ObaReceiptSort sort, gboolean descending);
ObaReceiptQuery        *oba_receipt_query_ref           (ObaReceiptQuery *self);
void                    oba_receipt_query_unref         (ObaReceiptQuery *self);
const ObaReceiptFilter *oba_receipt_query_get_filter    (ObaReceiptQuery *self);
/** As the database takes it: text without the spaces around it. */
const char             *oba_receipt_query_get_json      (ObaReceiptQuery *self);
ObaReceiptSort          oba_receipt_query_get_sort      (ObaReceiptQuery *self);
gboolean                oba_receipt_query_is_descending (ObaReceiptQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaReceiptQuery, oba_receipt_query_unref)

G_END_DECLS
