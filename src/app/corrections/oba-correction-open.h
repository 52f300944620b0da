#pragma once

#include "oba-correction-window.h"

G_BEGIN_DECLS

/** Something was posted, undone, or asked for. @widget: over which it was opened, if it is still there */
typedef void (*ObaCorrectionDone) (GtkWidget *widget);

/**
 * Opens the window over @widget; what became of it is said over the page, though @widget may be gone by then, with Undo, which posts the reversing correction at
 * once. @receipt: (nullable). @form: (transfer floating). @done: (nullable)
 */
void oba_correction_open (GtkWidget *widget, ObaSession *session, ObaCorrectable *receipt, ObaCorrectionForm *form, ObaCorrectionDone done);

G_END_DECLS
