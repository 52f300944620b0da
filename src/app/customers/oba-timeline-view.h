#pragma once

#include <adwaita.h>

#include "oba-timeline-model.h"

G_BEGIN_DECLS

/**
 * ObaTimelineView: all that happened to a customer, newest first, without an end: filtered by kind, each line with its details, each line of points with its “why?”.
 */
#define OBA_TYPE_TIMELINE_VIEW (oba_timeline_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaTimelineView, oba_timeline_view, OBA, TIMELINE_VIEW, AdwBin)

void              oba_timeline_view_set_customer (ObaTimelineView *self, ObaDbPool *pool, gint64 customer_id);
/** Puts on top what came in since. */
void              oba_timeline_view_refresh      (ObaTimelineView *self);

/* For tests and measuring. */
ObaTimelineModel *oba_timeline_view_get_model    (ObaTimelineView *self);       /* (nullable) */
const char       *oba_timeline_view_get_shown    (ObaTimelineView *self);       /* "loading", "list", "empty", "nothing", "failed" */
GtkWidget        *oba_timeline_view_get_list     (ObaTimelineView *self);
gboolean          oba_timeline_view_is_settled   (ObaTimelineView *self);

G_END_DECLS
