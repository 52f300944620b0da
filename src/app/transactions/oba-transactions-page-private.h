#pragma once

#include "oba-transactions-page.h"

G_BEGIN_DECLS

/* Parts of the page that live in files of their own. What other rooms open from here they install themselves, with oba_transactions_page_get_subpages(). */

/* oba-transactions-page.c */
const ObaReceiptKey *oba_transactions_page_get_selected (ObaTransactionsPage *self);   /* receipt_id 0: none */

/* oba-transactions-page-receipt.c */
const char *oba_transactions_page_pose_also       (ObaPage *page, guint n);
void        oba_transactions_page_refresh_receipt (ObaTransactionsPage *self);
void        oba_transactions_page_install_receipt (GtkWidgetClass *widget_class);

G_END_DECLS
