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
  OBA_CUSTOMER_N_SORTS,
} ObaCustomerSort;

/** "name", "phone", "city", "tier", "points", "last-purchase", "spend", "registered", "status", "email", "birth-date", "language", "store", "receipts" */
const char *oba_customer_sort_get_id (ObaCustomerSort sort);
gboolean    oba_customer_sort_parse  (const char *id, ObaCustomerSort *sort);

/**
 * ObaCustomerQuery: which customers, in which order. Reference counted, and not changed once its words are folded.
 *
 * The filter's text is what somebody typed, whatever it is: words of the name in any spelling, a part of the phone number in any format,
 * a card number from its beginning, a part of the e-mail address; all words must match. Spaces only, or one or two digits, ask for everybody.
 * A text that cannot be (not UTF-8, control characters, over 200 characters, no letter or digit) finds nobody.
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

/* Names are folded by oba.fold() alone: the words to fold, NULL when there are none (any more); what became of them. */
const char       *oba_customer_query_get_words  (ObaCustomerQuery *self);
void              oba_customer_query_take_words (ObaCustomerQuery *self, const char *folded);

/** The statement that gives the ids in order, at most @limit (0: all). Returns: (transfer full) */
char             *oba_customer_query_get_sql   (ObaCustomerQuery *self, guint limit);
ObaDbParams      *oba_customer_query_get_params (ObaCustomerQuery *self);     /* (transfer full) */
GPtrArray        *oba_customer_query_get_values (ObaCustomerQuery *self);     /* (transfer none) (element-type utf8): the same as texts */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCustomerQuery, oba_customer_query_unref)

G_END_DECLS
