#pragma once

#include <gtk/gtk.h>

#include "customers/oba-customer-receipt.h"

G_BEGIN_DECLS

/** ObaReceiptRow: a receipt in a list box: where, when, how much, points; activating it shows its lines. */
#define OBA_TYPE_RECEIPT_ROW (oba_receipt_row_get_type ())
G_DECLARE_FINAL_TYPE (ObaReceiptRow, oba_receipt_row, OBA, RECEIPT_ROW, GtkListBoxRow)

GtkWidget *oba_receipt_row_new        (const ObaCustomerReceipt *receipt);
void       oba_receipt_row_toggle     (ObaReceiptRow *self);
gboolean   oba_receipt_row_is_open    (ObaReceiptRow *self);
gint64     oba_receipt_row_get_id     (ObaReceiptRow *self);

G_END_DECLS
