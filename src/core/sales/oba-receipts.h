#pragma once

#include "oba-receipt-query.h"
#include "oba-receipt-record.h"
#include "oba-receipt.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/* Reading receipts. All are reads of the pool: retried when the connection is lost, given up on the server when they are cancelled. */

/** Where a page ends: what the next one begins after. Plain; made by oba_receipts_page_finish(). */
typedef struct
{
  ObaReceiptKey  key;
  char          *value;    /* of the order, NULL by time */
} ObaReceiptPlace;

ObaReceiptPlace *oba_receipt_place_copy (const ObaReceiptPlace *self);
void             oba_receipt_place_free (ObaReceiptPlace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaReceiptPlace, oba_receipt_place_free)

/** The keys of at most @limit receipts after @after ((nullable): the first). */
void             oba_receipts_page_async    (ObaDbPool *pool, ObaReceiptQuery *query, const ObaReceiptPlace *after, guint limit,
                                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** @last: (out): the place after which the next page begins, NULL when there is nothing more. Returns: (transfer full) (element-type ObaReceiptKey) */
GArray          *oba_receipts_page_finish   (GAsyncResult *result, ObaReceiptPlace **last, GError **error);

/** @keys: (element-type ObaReceiptKey). In no order; those there are not are left out. Returns: (transfer full) (element-type ObaReceiptRecord) */
void             oba_receipts_rows_async    (ObaDbPool *pool, GArray *keys, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
GPtrArray       *oba_receipts_rows_finish   (GAsyncResult *result, GError **error);

/** Of every receipt of a filter, exactly; money in qəpik. */
typedef struct
{
  gint64 receipts;
  gint64 sales;       /* of them; the others are returns, voids and corrections */
  gint64 revenue;
  gint64 discount;
  gint64 vat;
} ObaReceiptTotals;

void             oba_receipts_totals_async  (ObaDbPool *pool, ObaReceiptQuery *query, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean         oba_receipts_totals_finish (GAsyncResult *result, ObaReceiptTotals *totals, GError **error);
/** The points they gave and took. */
void             oba_receipts_points_async  (ObaDbPool *pool, ObaReceiptQuery *query, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean         oba_receipts_points_finish (GAsyncResult *result, gint64 *points, GError **error);

/** One receipt and all that belongs to it. Fails with OBA_ERROR_NOT_FOUND. (transfer full) */
void             oba_receipts_read_async    (ObaDbPool *pool, const ObaReceiptKey *key, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
ObaReceipt      *oba_receipts_read_finish   (GAsyncResult *result, GError **error);

G_END_DECLS
