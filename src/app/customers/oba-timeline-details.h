#pragma once

#include <gtk/gtk.h>

#include "oba-timeline-item.h"

G_BEGIN_DECLS

/** Has an open row more to show than a closed one? */
gboolean   oba_timeline_details_any (const ObaTimelineFacts *facts);
/** What an open row shows below its line. */
GtkWidget *oba_timeline_details_new (ObaTimelineItem *item);

G_END_DECLS
