#pragma once

#include "oba-customers-page.h"

G_BEGIN_DECLS

/**
 * ObaBulkUndo: takes a bulk action back and says so on the page. What is more than one part has a window with its progress and a Stop button: what is taken back until
 * then stays so, and the history of bulk actions goes on with the rest. Its "destroy" is the end of it, whether the window was shown or not.
 */
#define OBA_TYPE_BULK_UNDO (oba_bulk_undo_get_type ())
G_DECLARE_FINAL_TYPE (ObaBulkUndo, oba_bulk_undo, OBA, BULK_UNDO, AdwWindow)

/** @over: the window that asked. Returns: (transfer none): it frees itself */
ObaBulkUndo *oba_bulk_undo_start       (ObaCustomersPage *page, GtkWindow *over, gint64 action_id);
/** What came of it, when it is destroyed; "" when nobody waited for it. */
const char  *oba_bulk_undo_get_message (ObaBulkUndo *self);

G_END_DECLS
