#pragma once

#include "widgets/oba-lazy-view.h"

G_BEGIN_DECLS

/** ObaLazyMarkFunc of the list of customers: the part of a name, phone number or e-mail address for which a search found its row. */
PangoAttrList *oba_customer_marks_of (ObaLazyView *view, const char *column_id, gpointer customer, const char *text);

G_END_DECLS
