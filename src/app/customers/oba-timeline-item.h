#pragma once

#include <gio/gio.h>

#include "customers/oba-timeline.h"

G_BEGIN_DECLS

/** ObaTimelineItem: an entry of the timeline in a list: open or not, and whether a month begins with it. Signal "changed". */
#define OBA_TYPE_TIMELINE_ITEM (oba_timeline_item_get_type ())
G_DECLARE_FINAL_TYPE (ObaTimelineItem, oba_timeline_item, OBA, TIMELINE_ITEM, GObject)

ObaTimelineItem        *oba_timeline_item_new             (ObaTimelineEntry *entry);                            /* (transfer full): @entry */
const ObaTimelineEntry *oba_timeline_item_get_entry       (ObaTimelineItem *self);
/** The entry as it is now. (transfer full): @entry */
void                    oba_timeline_item_set_entry       (ObaTimelineItem *self, ObaTimelineEntry *entry);

gboolean                oba_timeline_item_is_open         (ObaTimelineItem *self);
void                    oba_timeline_item_set_open        (ObaTimelineItem *self, gboolean open);
gboolean                oba_timeline_item_starts_month    (ObaTimelineItem *self);
void                    oba_timeline_item_set_starts_month (ObaTimelineItem *self, gboolean starts_month);

G_END_DECLS
