/* Saved views of the list. */
#include "oba-customers-page-private.h"

#include "oba-filter-text.h"

static void
take (ObaPage     *page,
      ObaListView *view)
{
  ObaCustomerSort sort;

  oba_filter_free (view->filter);
  view->filter = oba_customers_page_dup_filter (OBA_CUSTOMERS_PAGE (page));
  oba_customers_page_get_order (OBA_CUSTOMERS_PAGE (page), &sort, &view->descending);
  g_free (view->sort);
  view->sort = g_strdup (oba_customer_sort_get_id (sort));
}

static void
open_view (ObaPage           *page,
           const ObaListView *view)
{
  if (*view->sort != '\0')
    oba_lazy_view_set_sort (oba_customers_page_get_view (OBA_CUSTOMERS_PAGE (page)), view->sort, view->descending);
  oba_customers_page_set_filter (OBA_CUSTOMERS_PAGE (page), view->filter);
}

static char *
describe (ObaPage         *page,
          const ObaFilter *filter)
{
  return oba_filter_text_line (filter, oba_customers_page_get_choices (OBA_CUSTOMERS_PAGE (page)));
}

const ObaViewMenuPage oba_customers_page_views = { "customers", &oba_customer_filter_spec, take, open_view, describe };
