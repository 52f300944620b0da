#pragma once

#include <adwaita.h>

#include "import/oba-import-batch.h"
#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaReversalWindow: an import is taken back: first what would happen, and who would stay and why; then, when it is confirmed, how far it is and what has happened.
 * Stopped in between, it goes on from there the next time. Signal "reversed": something of it was done.
 */
#define OBA_TYPE_REVERSAL_WINDOW (oba_reversal_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaReversalWindow, oba_reversal_window, OBA, REVERSAL_WINDOW, AdwWindow)

/** @title: how the import is called for people */
ObaReversalWindow *oba_reversal_window_new       (GtkWindow *parent, ObaDbPool *pool, gint64 batch, const char *title);
/** "loading", "preview", "running", "done", "failed" */
const char        *oba_reversal_window_get_shown (ObaReversalWindow *self);

G_END_DECLS
