#pragma once

#include <adwaita.h>

#include "oba-receipt-text.h"

G_BEGIN_DECLS

/**
 * ObaReceiptFilterPanel: the form in which a filter of receipts is put together. What is chosen or typed holds at once; what cannot be (31 February, a range
 * the wrong way round, a product that there is not) is marked, says why, and does not hold.
 * Signal "changed": ask oba_receipt_filter_panel_get_filter(). Its text is not shown here and is kept.
 */
#define OBA_TYPE_RECEIPT_FILTER_PANEL (oba_receipt_filter_panel_get_type ())
G_DECLARE_FINAL_TYPE (ObaReceiptFilterPanel, oba_receipt_filter_panel, OBA, RECEIPT_FILTER_PANEL, AdwBin)

/** @names: kept; gets the names of what is chosen here. @persons: who asks may look for somebody by the card. */
GtkWidget              *oba_receipt_filter_panel_new        (ObaDbPool *pool, ObaReceiptNames *names, gboolean persons);
void                    oba_receipt_filter_panel_set_filter (ObaReceiptFilterPanel *self, const ObaReceiptFilter *filter);
const ObaReceiptFilter *oba_receipt_filter_panel_get_filter (ObaReceiptFilterPanel *self);

G_END_DECLS
