#pragma once

#include "spending/oba-spending-rules.h"

G_BEGIN_DECLS

/* How paying with points is said, in words. All (transfer full). */

char *oba_spending_text_days        (gint64 daily_points);     /* "50 000 points", "any number" */
char *oba_spending_text_rules       (const ObaSpendingRules *rules);
char *oba_spending_text_when        (const ObaSpendingRules *rules);     /* from when, who, when it was entered */
/** What follows when @to takes the place of @now: a line each. */
char *oba_spending_text_consequence (const ObaSpendingRules *now, const ObaSpendingRules *to);

G_END_DECLS
