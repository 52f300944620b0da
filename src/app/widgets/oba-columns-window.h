#pragma once

#include "oba-lazy-view.h"

G_BEGIN_DECLS

/**
 * ObaColumnsWindow: which columns an ObaLazyView shows, in which order. What is ticked or moved happens at once; Alt+Up and Alt+Down move.
 */
#define OBA_TYPE_COLUMNS_WINDOW (oba_columns_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaColumnsWindow, oba_columns_window, OBA, COLUMNS_WINDOW, AdwWindow)

GtkWindow *oba_columns_window_new (GtkWindow *parent, ObaLazyView *view);

G_END_DECLS
