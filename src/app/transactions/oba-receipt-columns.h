#pragma once

#include "widgets/oba-lazy-view.h"

G_BEGIN_DECLS

/** The columns of the list of receipts. @persons: with the customer's name. */
void oba_receipt_columns_add (ObaLazyView *view, gboolean persons);

G_END_DECLS
