#pragma once

#include "customers/oba-profile-view.h"

G_BEGIN_DECLS

/**
 * ObaProfileRedemptions: what a customer redeemed last, each with its state, and the way to all of them; "Redeem…" opens ObaRedeemWindow (profile.redeem).
 */
#define OBA_TYPE_PROFILE_REDEMPTIONS (oba_profile_redemptions_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfileRedemptions, oba_profile_redemptions, OBA, PROFILE_REDEMPTIONS, AdwBin)

void     oba_profile_redemptions_show      (ObaProfileRedemptions *self, ObaProfileView *view);
gboolean oba_profile_redemptions_is_loaded (ObaProfileRedemptions *self);

/* profile.redeem of the view */
void     oba_profile_redemptions_install   (GtkWidgetClass *view_class);
void     oba_profile_redemptions_update    (ObaProfileView *view);

G_END_DECLS
