#pragma once

#include "oba-customers-page.h"

G_BEGIN_DECLS

/** ObaBulkHistory: what was done to many customers, by whom, what became of it; and a way to undo it. */
#define OBA_TYPE_BULK_HISTORY (oba_bulk_history_get_type ())
G_DECLARE_FINAL_TYPE (ObaBulkHistory, oba_bulk_history, OBA, BULK_HISTORY, AdwWindow)

GtkWindow *oba_bulk_history_new (ObaCustomersPage *page);

G_END_DECLS
