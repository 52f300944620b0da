#pragma once

#include "customers/oba-timeline.h"

G_BEGIN_DECLS

/* What a line of the timeline says. (transfer full) but the constant ones. */

const char *oba_timeline_text_icon     (const ObaTimelineFacts *facts);
char       *oba_timeline_text_title    (const ObaTimelineFacts *facts);     /* "Purchase, OBA Nizami" */
char       *oba_timeline_text_subtitle (const ObaTimelineFacts *facts);     /* "5 Nov 2026, 18:24 · No. 1234" */
char       *oba_timeline_text_amount   (const ObaTimelineFacts *facts);     /* "20,15 ₼"; NULL: none */
char       *oba_timeline_text_points   (const ObaTimelineFacts *facts);     /* "+20 points"; NULL: none */
char       *oba_timeline_text_month    (const ObaTimelineFacts *facts);     /* "November 2026" */
const char *oba_timeline_text_reason   (const ObaTimelineFacts *facts);     /* what somebody wrote, or the database */
const char *oba_timeline_text_points_kind (const char *what);               /* "Points earned" */
char       *oba_timeline_text_field    (const char *field);                 /* of a change: "City" */
const char *oba_timeline_text_value    (const char *field, const char *value);   /* of such a field: words for a code */

G_END_DECLS
