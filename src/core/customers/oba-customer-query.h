#pragma once

#include "oba-customer-filter.h"
#include "db/oba-db-params.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_CUSTOMER_SORT_NAME,
  OBA_CUSTOMER_SORT_PHONE,
  OBA_CUSTOMER_SORT_CITY,
  OBA_CUSTOMER_SORT_TIER,
  OBA_CUSTOMER_SORT_POINTS,
  OBA_CUSTOMER_SORT_LAST_PURCHASE,
  OBA_CUSTOMER_SORT_SPEND,
  OBA_CUSTOMER_SORT_REGISTERED,
  OBA_CUSTOMER_SORT_STATUS,
  OBA_CUSTOMER_SORT_EMAIL,
  OBA_CUSTOMER_SORT_BIRTH_DATE,
  OBA_CUSTOMER_SORT_LANGUAGE,
  OBA_CUSTOMER_SORT_STORE,
  OBA_CUSTOMER_SORT_RECEIPTS,
  OBA_CUSTOMER_SORT_RELEVANCE,    /* how well a text fits; without one by name */
  OBA_CUSTOMER_SORT_NUMBER,       /* the customer's own */
  OBA_CUSTOMER_SORT_LIFECYCLE,    /* new, active, won back, lapsing, lost; in each by how long */
  OBA_CUSTOMER_SORT_SEGMENTS,     /* the first in the alphabet of those one is in; who is in none comes last, whichever way */
  OBA_CUSTOMER_N_SORTS,
} ObaCustomerSort;

/** "name", "phone", "city", "tier", "points", "last-purchase", "spend", "registered", "status", "email", "birth-date", "language", "store", "receipts",
    "relevance", "number", "lifecycle", "segments" */
const char *oba_customer_sort_get_id (ObaCustomerSort sort);
gboolean    oba_customer_sort_parse  (const char *id, ObaCustomerSort *sort);

/**
 * ObaCustomerQuery: which customers, in which order. Reference counted; not changed once it is made, see oba_customer_query_hide_people().
 *
 * The filter's text is what somebody typed, whatever it is: words of the name in any spelling, a part of the phone number in any format,
 * four characters or more of a card number, a part of the e-mail address, a receipt's number; all words must match. Nobody: names like it are found.
 * Spaces only, or one or two digits, ask for everybody. A text that cannot be (not UTF-8, control characters, over 200 characters, no letter or digit) finds nobody.
 */
typedef struct _ObaCustomerQuery ObaCustomerQuery;

/** @filter: (nullable): everybody; copied. */
ObaCustomerQuery *oba_customer_query_new       (const ObaCustomerFilter *filter, ObaCustomerSort sort, gboolean descending);
ObaCustomerQuery *oba_customer_query_new_text  (const char *text, ObaCustomerSort sort, gboolean descending);   /* nothing but a text */
const ObaCustomerFilter *oba_customer_query_get_filter (ObaCustomerQuery *self);
ObaCustomerQuery *oba_customer_query_ref       (ObaCustomerQuery *self);
void              oba_customer_query_unref     (ObaCustomerQuery *self);
gboolean          oba_customer_query_is_all    (ObaCustomerQuery *self);     /* nothing is searched for or filtered */
gboolean          oba_customer_query_is_nobody (ObaCustomerQuery *self);     /* no need to ask the database */
ObaCustomerSort   oba_customer_query_get_sort  (ObaCustomerQuery *self);
gboolean          oba_customer_query_is_descending (ObaCustomerQuery *self);

/** A text and nothing else, the best first: oba_customers_search_async() answers at once. */
gboolean          oba_customer_query_is_ranked (ObaCustomerQuery *self);
/** For those who see lists without names (marketing): a text is the number of a customer, and orders that tell names are by number. Before it is used. */
void              oba_customer_query_hide_people (ObaCustomerQuery *self);

/** The statement that gives the ids in order, at most @limit (0: all). Returns: (transfer full) */
char             *oba_customer_query_get_sql   (ObaCustomerQuery *self, guint limit);
ObaDbParams      *oba_customer_query_get_params (ObaCustomerQuery *self);     /* (transfer full) */
GPtrArray        *oba_customer_query_get_values (ObaCustomerQuery *self);     /* (transfer none) (element-type utf8): the same as texts */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCustomerQuery, oba_customer_query_unref)

G_END_DECLS
