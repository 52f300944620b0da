/* Saved views of the list. */
#include "oba-transactions-page-private.h"

static void
take (ObaPage     *page,
      ObaListView *view)
{
  ObaReceiptSort sort;

  oba_filter_free (view->filter);
  view->filter = oba_transactions_page_dup_filter (OBA_TRANSACTIONS_PAGE (page));
  oba_transactions_page_get_order (OBA_TRANSACTIONS_PAGE (page), &sort, &view->descending);
  g_free (view->sort);
  view->sort = g_strdup (oba_receipt_sort_get_id (sort));
}

/* An order of a newer program is by time. */
static void
open_view (ObaPage           *page,
           const ObaListView *view)
{
  ObaReceiptSort sort = OBA_RECEIPT_SORT_TIME;
  gboolean known = oba_receipt_sort_parse (view->sort, &sort);

  oba_transactions_page_set_query (OBA_TRANSACTIONS_PAGE (page), view->filter, sort, known ? view->descending : TRUE);
}

static char *
describe (ObaPage         *page,
          const ObaFilter *filter)
{
  return oba_receipt_text_line (filter, oba_transactions_page_get_names (OBA_TRANSACTIONS_PAGE (page)));
}

const ObaViewMenuPage oba_transactions_page_views = { "transactions", &oba_receipt_filter_spec, take, open_view, describe };
