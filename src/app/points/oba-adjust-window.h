#pragma once

#include <adwaita.h>

#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaAdjustWindow: gives points to a customer or takes some: how many, why, what it does before it is done, and approval where it is much. Below, the last adjustments, each of which
 * can be taken back by an entry of its own.
 */
#define OBA_TYPE_ADJUST_WINDOW (oba_adjust_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaAdjustWindow, oba_adjust_window, OBA, ADJUST_WINDOW, AdwWindow)

GtkWidget *oba_adjust_window_new        (GtkWindow *parent, ObaSession *session, gint64 customer_id, const char *name);
/** For tests: as if typed and chosen; nothing is under way any more. */
void       oba_adjust_window_set        (ObaAdjustWindow *self, gint64 points, const char *code, const char *text);
gboolean   oba_adjust_window_is_settled (ObaAdjustWindow *self);

G_END_DECLS
