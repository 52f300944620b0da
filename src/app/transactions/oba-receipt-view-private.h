#pragma once

#include "oba-receipt-view.h"

G_BEGIN_DECLS

/* Parts of the view that live in files of their own. */

/* oba-receipt-view-papers.c */
void oba_receipt_view_enable_papers  (ObaReceiptView *self, gboolean enabled);
void oba_receipt_view_install_papers (GtkWidgetClass *widget_class);

G_END_DECLS
