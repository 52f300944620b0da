#pragma once

#include "oba-page.h"
#include "oba-receipt-view.h"
#include "oba-totals-bar.h"
#include "widgets/oba-lazy-view.h"
#include "widgets/oba-subpages.h"

G_BEGIN_DECLS

/**
 * ObaTransactionsPage: the chain's receipts, newest first: search by number and fiscal id, conditions, totals; one of them as the customer saw it,
 * with its family and points. Enter or a double click opens it on the whole page.
 */
#define OBA_TYPE_TRANSACTIONS_PAGE (oba_transactions_page_get_type ())
G_DECLARE_FINAL_TYPE (ObaTransactionsPage, oba_transactions_page, OBA, TRANSACTIONS_PAGE, ObaPage)

void              oba_transactions_page_open_receipt (ObaTransactionsPage *self, const ObaReceiptKey *key);
void              oba_transactions_page_set_filter   (ObaTransactionsPage *self, const ObaReceiptFilter *filter);
/** With what is in the search field. (transfer full) */
ObaReceiptFilter *oba_transactions_page_dup_filter   (ObaTransactionsPage *self);

/* For pictures and tests. */
void              oba_transactions_page_search       (ObaTransactionsPage *self, const char *text);
ObaLazyView      *oba_transactions_page_get_view     (ObaTransactionsPage *self);
ObaLazyModel     *oba_transactions_page_get_model    (ObaTransactionsPage *self);
ObaReceiptView   *oba_transactions_page_get_detail   (ObaTransactionsPage *self);
ObaTotalsBar     *oba_transactions_page_get_totals   (ObaTransactionsPage *self);
ObaSubpages      *oba_transactions_page_get_subpages (ObaTransactionsPage *self);
const char       *oba_transactions_page_get_shown    (ObaTransactionsPage *self);   /* "loading", "list", "empty", "nothing", "failed" */
gboolean          oba_transactions_page_is_settled   (ObaTransactionsPage *self);

G_END_DECLS
