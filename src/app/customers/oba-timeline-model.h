#pragma once

#include <gio/gio.h>

#include "oba-timeline-item.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_TIMELINE_MODEL_READING,
  OBA_TIMELINE_MODEL_READY,
  OBA_TIMELINE_MODEL_FAILED,
} ObaTimelineModelState;

/**
 * ObaTimelineModel: a GListModel of ObaTimelineItem, newest first, that grows a page at a time as it is scrolled.
 *
 * Property "state" (uint), notifies.
 */
#define OBA_TYPE_TIMELINE_MODEL (oba_timeline_model_get_type ())
G_DECLARE_FINAL_TYPE (ObaTimelineModel, oba_timeline_model, OBA, TIMELINE_MODEL, GObject)

ObaTimelineModel     *oba_timeline_model_new         (ObaDbPool *pool, gint64 customer_id);
/** Starts anew with events of these kinds. */
void                  oba_timeline_model_set_kinds   (ObaTimelineModel *self, ObaTimelineKinds kinds);
/** Reads the next page, unless it is being read or there is none. */
void                  oba_timeline_model_read_more   (ObaTimelineModel *self);
/** What came in since is put on top; what is there, and open, stays. */
void                  oba_timeline_model_refresh     (ObaTimelineModel *self);

ObaTimelineModelState oba_timeline_model_get_state   (ObaTimelineModel *self);
/** Was the oldest event read? */
gboolean              oba_timeline_model_is_complete (ObaTimelineModel *self);
/** Why the last reading failed. (nullable) */
const GError         *oba_timeline_model_get_error   (ObaTimelineModel *self);

G_END_DECLS
