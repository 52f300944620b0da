#pragma once

#include "customers/oba-customer-receipt.h"
#include "customers/oba-timeline.h"

G_BEGIN_DECLS

/**
 * ObaTimelineItem: an event in a list: open or not, with the lines of its receipt once they were read, and whether a month begins with it.
 * Signal "changed": any of this.
 */
#define OBA_TYPE_TIMELINE_ITEM (oba_timeline_item_get_type ())
G_DECLARE_FINAL_TYPE (ObaTimelineItem, oba_timeline_item, OBA, TIMELINE_ITEM, GObject)

ObaTimelineItem          *oba_timeline_item_new              (ObaTimelineEvent *event);
ObaTimelineEvent         *oba_timeline_item_get_event        (ObaTimelineItem *self);
const ObaTimelineFacts   *oba_timeline_item_get_facts        (ObaTimelineItem *self);
/** The same event, read anew. */
void                      oba_timeline_item_set_event        (ObaTimelineItem *self, ObaTimelineEvent *event);

gboolean                  oba_timeline_item_is_open          (ObaTimelineItem *self);
void                      oba_timeline_item_set_open         (ObaTimelineItem *self, gboolean open);
gboolean                  oba_timeline_item_starts_month     (ObaTimelineItem *self);
void                      oba_timeline_item_set_starts_month (ObaTimelineItem *self, gboolean starts_month);

/** The receipt with its lines; NULL as long as it is not read. */
const ObaCustomerReceipt *oba_timeline_item_get_receipt      (ObaTimelineItem *self);
/** Why it could not be read. (nullable) */
const char               *oba_timeline_item_get_problem      (ObaTimelineItem *self);
/** Reads it, when it is a receipt's event and was not read yet. */
void                      oba_timeline_item_read_receipt     (ObaTimelineItem *self, ObaDbPool *pool);

G_END_DECLS
