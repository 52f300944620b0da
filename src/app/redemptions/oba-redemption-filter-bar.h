#pragma once

#include "oba-page.h"
#include "redemptions/oba-redemptions.h"

G_BEGIN_DECLS

/**
 * ObaRedemptionFilterBar: what the queue shows: the state, and behind a button reward and its kind, store, way, age and days. Signal "changed".
 */
#define OBA_TYPE_REDEMPTION_FILTER_BAR (oba_redemption_filter_bar_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedemptionFilterBar, oba_redemption_filter_bar, OBA, REDEMPTION_FILTER_BAR, AdwBin)

/** @queue: the first state is what waits for this person, and it is chosen. */
GtkWidget *oba_redemption_filter_bar_new          (ObaSession *session, gboolean queue);
/** All but the search. */
void       oba_redemption_filter_bar_get          (ObaRedemptionFilterBar *self, ObaRedemptionFilter *filter);
void       oba_redemption_filter_bar_set          (ObaRedemptionFilterBar *self, const ObaRedemptionFilter *filter);
void       oba_redemption_filter_bar_read_rewards (ObaRedemptionFilterBar *self);
/** What is typed as the first and the last day. */
void       oba_redemption_filter_bar_type_days    (ObaRedemptionFilterBar *self, const char *from, const char *to);
void       oba_redemption_filter_bar_popup        (ObaRedemptionFilterBar *self);

G_END_DECLS
