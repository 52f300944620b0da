#pragma once

#include "customers/oba-timeline.h"

G_BEGIN_DECLS

/* Why a points line is what it is, in sentences. (transfer full); NULL or "" where there is nothing to say. */

char *oba_points_text_title        (const ObaPointsReason *reason);    /* "Points earned: +20 points" */
char *oba_points_text_cause        (const ObaPointsReason *reason);    /* the receipt, redemption or earlier line it is from */
char *oba_points_text_rule         (const ObaPointsReason *reason);
char *oba_points_text_input        (const ObaPointsInput *input);
char *oba_points_text_reason       (const ObaPointsReason *reason);    /* what somebody wrote, and what is owed */
char *oba_points_text_shares_title (const ObaPointsReason *reason);
char *oba_points_text_share        (const ObaPointsShare *share);
char *oba_points_text_more_shares  (guint n);
char *oba_points_text_balance      (const ObaPointsReason *reason);

G_END_DECLS
