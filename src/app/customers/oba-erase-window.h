#pragma once

#include <adwaita.h>

#include "customers/oba-erasure.h"
#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaEraseWindow: everything personal of one customer goes for good: what goes and what stays, why, and only after the customer's number was typed.
 * It follows what others do to the customer meanwhile, and is not closed while the request is on its way.
 */
#define OBA_TYPE_ERASE_WINDOW (oba_erase_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaEraseWindow, oba_erase_window, OBA, ERASE_WINDOW, AdwWindow)

/** @name: how the customer is called, for the first page only */
ObaEraseWindow *oba_erase_window_new       (GtkWindow *parent, ObaSession *session, gint64 customer_id, const char *name);
/** What an erasure takes and what it leaves, side by side. */
GtkWidget      *oba_erase_figures_new      (const ObaErasure *erasure);
/** "loading", "form", "running", "done", "failed" */
const char     *oba_erase_window_get_shown (ObaEraseWindow *self);

G_END_DECLS
