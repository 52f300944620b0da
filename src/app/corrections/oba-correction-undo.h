#pragma once

#include <adwaita.h>

#include "oba-session.h"

G_BEGIN_DECLS

/** Called when something was undone, with the widget over which it was offered, if it is still there. */
typedef void (*ObaCorrectionUndone) (GtkWidget *widget);

/** Says over @widget what is done, with Undo, which posts the reversing correction at once. */
void oba_correction_undo_offer (GtkWidget *widget, ObaSession *session, gint64 correction_id, const char *said, ObaCorrectionUndone undone);

G_END_DECLS
