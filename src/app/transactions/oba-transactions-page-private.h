#pragma once

#include "oba-receipt-text.h"
#include "oba-transactions-page.h"
#include "widgets/oba-view-menu.h"

G_BEGIN_DECLS

/* Parts of the page that live in files of their own. What other rooms open from here they install themselves, with oba_transactions_page_get_subpages(). */

/* oba-transactions-page.c */
const ObaReceiptKey *oba_transactions_page_get_selected (ObaTransactionsPage *self);   /* receipt_id 0: none */

ObaReceiptNames     *oba_transactions_page_get_names    (ObaTransactionsPage *self);
void                 oba_transactions_page_get_order    (ObaTransactionsPage *self, ObaReceiptSort *sort, gboolean *descending);
void                 oba_transactions_page_set_query    (ObaTransactionsPage *self, const ObaReceiptFilter *filter, ObaReceiptSort sort, gboolean descending);

/* oba-transactions-page-views.c */
extern const ObaViewMenuPage oba_transactions_page_views;

/* oba-transactions-page-receipt.c */
const char *oba_transactions_page_pose_also       (ObaPage *page, guint n);
void        oba_transactions_page_refresh_receipt (ObaTransactionsPage *self);
void        oba_transactions_page_install_receipt (GtkWidgetClass *widget_class);

G_END_DECLS
