#pragma once

#include "widgets/oba-lazy-view.h"

G_BEGIN_DECLS

/**
 * The columns of the list of customers; each but "segments" sorts by the ObaCustomerSort of its id. @people: with those that tell who somebody is;
 * else the number stands for the name.
 */
void oba_customer_columns_add (ObaLazyView *view, gboolean people);

G_END_DECLS
