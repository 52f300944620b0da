#pragma once

#include <adwaita.h>

#include "customers/oba-customer-draft.h"

G_BEGIN_DECLS

/** Says over @widget that @after was saved, with Undo, which writes @before back as a new change unless somebody has changed the customer since;
 * without it where the two are the same. */
void oba_edit_undo_offer (GtkWidget *widget, ObaDbPool *pool, const ObaCustomerDraft *before, const ObaCustomerDraft *after, const char *said);

G_END_DECLS
