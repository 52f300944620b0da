#pragma once

#include "customers/oba-customer-choices.h"
#include "customers/oba-segment.h"
#include "oba-customers-page.h"

G_BEGIN_DECLS

/**
 * ObaSegmentForm: makes a segment, or changes name, description and rule of one. What somebody else changed meanwhile is told and kept, unless it is what
 * was changed here: then one chooses. Signal "saved", before it closes.
 */
#define OBA_TYPE_SEGMENT_FORM (oba_segment_form_get_type ())
G_DECLARE_FINAL_TYPE (ObaSegmentForm, oba_segment_form, OBA, SEGMENT_FORM, AdwWindow)

/**
 * oba_segment_form_new:
 * @segment: as it was read, copied; a new one has the id 0
 * @ids: (nullable) (element-type gint64): the members of a new one
 * @choices: (nullable): what conditions are called
 */
ObaSegmentForm   *oba_segment_form_new        (GtkWindow *parent, ObaCustomersPage *page, const ObaSegment *segment, GArray *ids, ObaCustomerChoices *choices);
/** What was there before, the latest that anybody saved (id 0: nothing), and what was saved. */
const ObaSegment *oba_segment_form_get_before (ObaSegmentForm *self);
const ObaSegment *oba_segment_form_get_saved  (ObaSegmentForm *self);

G_END_DECLS
