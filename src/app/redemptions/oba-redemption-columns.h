#pragma once

#include "redemptions/oba-redemption.h"
#include "widgets/oba-lazy-view.h"

G_BEGIN_DECLS

#define OBA_REDEMPTION_SORT "requested"

/** @persons: whether names may be seen. */
void  oba_redemption_columns_add (ObaLazyView *view, gboolean persons);

/** "5 min", "3 h", "12 days". (transfer full) */
char *oba_redemption_text_age    (gint64 seconds);
/** What the state is, and whether it should have been decided. (transfer full) */
char *oba_redemption_text_state  (const ObaRedemptionFacts *facts);
/** By when it is to be decided, and whether that is over; NULL: it is decided. (transfer full) */
char *oba_redemption_text_due    (const ObaRedemptionFacts *facts);
/** (transfer full) */
char *oba_redemption_text_reward (ObaRedemption *redemption);
char *oba_redemption_text_moment (gint64 seconds);

G_END_DECLS
