#pragma once

#include "db/oba-db-pool.h"
#include "sales/oba-receipts.h"
#include "widgets/oba-lazy-source.h"

G_BEGIN_DECLS

/** ObaReceiptSource: the receipts of one query as an endless list, a page after the other by its keys; records are ObaReceiptRecord. */
#define OBA_TYPE_RECEIPT_SOURCE (oba_receipt_source_get_type ())
G_DECLARE_FINAL_TYPE (ObaReceiptSource, oba_receipt_source, OBA, RECEIPT_SOURCE, GObject)

ObaLazySource       *oba_receipt_source_new       (ObaDbPool *pool, ObaReceiptQuery *query);
ObaReceiptQuery     *oba_receipt_source_get_query (ObaReceiptSource *self);
/** How the database finds a receipt of the list; NULL when it is not in the part that was read. */
const ObaReceiptKey *oba_receipt_source_get_key   (ObaReceiptSource *self, gint64 id);

G_END_DECLS
