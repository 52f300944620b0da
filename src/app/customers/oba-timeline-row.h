#pragma once

#include <adwaita.h>

#include "oba-timeline-item.h"

G_BEGIN_DECLS

/** ObaTimelineRow: shows an ObaTimelineItem; signal "why": its button was pressed. */
#define OBA_TYPE_TIMELINE_ROW (oba_timeline_row_get_type ())
G_DECLARE_FINAL_TYPE (ObaTimelineRow, oba_timeline_row, OBA, TIMELINE_ROW, GtkBox)

GtkWidget       *oba_timeline_row_new            (void);
void             oba_timeline_row_set_item       (ObaTimelineRow *self, ObaTimelineItem *item);     /* (nullable) */
ObaTimelineItem *oba_timeline_row_get_item       (ObaTimelineRow *self);                            /* (nullable) */
/** What is clicked for “Why?”; for tests and popovers. */
GtkWidget       *oba_timeline_row_get_why_button (ObaTimelineRow *self);

G_END_DECLS
