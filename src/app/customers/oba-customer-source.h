#pragma once

#include "customers/oba-customers.h"
#include "widgets/oba-lazy-source.h"

G_BEGIN_DECLS

/** ObaCustomerSource: one search of customers in one order, for an ObaLazyModel of ObaCustomer. */
#define OBA_TYPE_CUSTOMER_SOURCE (oba_customer_source_get_type ())
G_DECLARE_FINAL_TYPE (ObaCustomerSource, oba_customer_source, OBA, CUSTOMER_SOURCE, GObject)

/** @segments: the rows name the segments of each */
ObaLazySource    *oba_customer_source_new       (ObaDbPool *pool, ObaCustomerQuery *query, gboolean segments);
gboolean          oba_customer_source_has_segments (ObaCustomerSource *self);
ObaCustomerQuery *oba_customer_source_get_query (ObaCustomerSource *self);
/* Once it is open: there are more than the count says, which comes right with all ids; nobody has what was searched for, these names are like it. */
gboolean          oba_customer_source_has_more   (ObaCustomerSource *self);
gboolean          oba_customer_source_is_similar (ObaCustomerSource *self);

G_END_DECLS
