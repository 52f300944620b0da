#pragma once

#include <adwaita.h>

#include "oba-receipt-text.h"

G_BEGIN_DECLS

/**
 * ObaReceiptFilterBar: what is asked of the list of receipts: a chip for each condition, and the form behind a button in which they are put together. The text
 * of the search field is not part of it.
 * Signal "changed": somebody chose or took away a condition.
 */
#define OBA_TYPE_RECEIPT_FILTER_BAR (oba_receipt_filter_bar_get_type ())
G_DECLARE_FINAL_TYPE (ObaReceiptFilterBar, oba_receipt_filter_bar, OBA, RECEIPT_FILTER_BAR, AdwBin)

/** Once. @persons: who asks may look for somebody by the card. The form opens at @button. */
void                    oba_receipt_filter_bar_set_up     (ObaReceiptFilterBar *self, ObaDbPool *pool, gboolean persons, GtkMenuButton *button);
/** The names of stores, so that chips say them instead of numbers. */
void                    oba_receipt_filter_bar_read_names (ObaReceiptFilterBar *self);
ObaReceiptNames        *oba_receipt_filter_bar_get_names  (ObaReceiptFilterBar *self);
/** Without the signal. */
void                    oba_receipt_filter_bar_set_filter (ObaReceiptFilterBar *self, const ObaReceiptFilter *filter);
const ObaReceiptFilter *oba_receipt_filter_bar_get_filter (ObaReceiptFilterBar *self);

G_END_DECLS
