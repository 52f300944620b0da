#pragma once

#include "oba-customers-page.h"

G_BEGIN_DECLS

/**
 * ObaSegmentsWindow: the segments of customers: who made them, how many are in them, what their rules are; making, changing, archiving, each with undo.
 * Activating one shows its members in the page's list. It follows what colleagues change.
 */
#define OBA_TYPE_SEGMENTS_WINDOW (oba_segments_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaSegmentsWindow, oba_segments_window, OBA, SEGMENTS_WINDOW, AdwWindow)

GtkWindow  *oba_segments_window_new       (ObaCustomersPage *page);
/** "loading", "list", "empty", "nothing", "failed" */
const char *oba_segments_window_get_shown (ObaSegmentsWindow *self);

/** The action page.segments. */
void        oba_segments_window_install   (GtkWidgetClass *page_class);

G_END_DECLS
