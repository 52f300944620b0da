#pragma once

#include "widgets/oba-lazy-view.h"

G_BEGIN_DECLS

/** The columns of the list of customers; each sorts by the ObaCustomerSort of its id. */
void oba_customer_columns_add (ObaLazyView *view);

G_END_DECLS
