#pragma once

#include "customers/oba-customer-filter.h"
#include "customers/oba-customer-query.h"
#include "oba-customer-detail.h"
#include "oba-page.h"
#include "widgets/oba-lazy-view.h"
#include "widgets/oba-subpages.h"

G_BEGIN_DECLS

/**
 * ObaCustomersPage: every customer in a list that the server sorts and searches, and the chosen one beside it.
 * It reads nothing before it is shown. OBA_PAGE_READY: the list and the chosen customer are complete.
 */
#define OBA_TYPE_CUSTOMERS_PAGE (oba_customers_page_get_type ())
G_DECLARE_FINAL_TYPE (ObaCustomersPage, oba_customers_page, OBA, CUSTOMERS_PAGE, ObaPage)

/** Where the full profile and the other views that belong to customers are opened. */
ObaSubpages       *oba_customers_page_get_subpages (ObaCustomersPage *self);
/** May the one who is signed in see who a customer is? Marketing has the list without names and contacts, and no profiles. */
gboolean           oba_customers_page_sees_people  (ObaCustomersPage *self);
/** The customer whom the pane beside the list shows; 0 for nobody. */
gint64             oba_customers_page_get_selected (ObaCustomersPage *self);
/** Shows everything of a customer over the list; no second time when it is on top already. */
void               oba_customers_page_open_profile (ObaCustomersPage *self, gint64 customer_id);
/** The chart of the profile on top as a table, or as a chart again. */
void               oba_customers_page_toggle_table (ObaCustomersPage *self);
/** Reads the profile on top again, if there is one. */
void               oba_customers_page_refresh_profile (ObaCustomersPage *self);

/** What the list shows: what is typed and every condition. (transfer full) */
ObaCustomerFilter *oba_customers_page_dup_filter   (ObaCustomersPage *self);
void               oba_customers_page_get_order    (ObaCustomersPage *self, ObaCustomerSort *sort, gboolean *descending);
/** As if it was typed and chosen. */
void               oba_customers_page_set_filter   (ObaCustomersPage *self, const ObaCustomerFilter *filter);

/** Those who are chosen when there are several, in the order of the list; NULL else, and while the list is still being read. (transfer full) (element-type gint64) */
GArray            *oba_customers_page_dup_chosen   (ObaCustomersPage *self);
/** Says what was done to many, offers to take it back (@action_id: 0 for nothing to take back), and reads the list again. */
void               oba_customers_page_tell_bulk    (ObaCustomersPage *self, const char *message, gint64 action_id);

/* For pictures, tests and measuring. */
void               oba_customers_page_search       (ObaCustomersPage *self, const char *text);   /* as if typed */
void               oba_customers_page_select_first (ObaCustomersPage *self);                     /* now, or when the rows are there */
ObaLazyView       *oba_customers_page_get_view     (ObaCustomersPage *self);
ObaLazyModel      *oba_customers_page_get_model    (ObaCustomersPage *self);
ObaCustomerDetail *oba_customers_page_get_detail   (ObaCustomersPage *self);
const char        *oba_customers_page_get_shown    (ObaCustomersPage *self);   /* "loading", "list", "empty", "nothing", "failed" */
const char        *oba_customers_page_get_count    (ObaCustomersPage *self);   /* the text over the list */
gboolean           oba_customers_page_is_settled   (ObaCustomersPage *self);
const char        *oba_customers_page_pose_also    (ObaPage *page, guint n);

G_END_DECLS
