#pragma once

#include "customers/oba-profile-view.h"

G_BEGIN_DECLS

/** "profile.adjust-points", "profile.lock-spending", "profile.unlock-spending" of a profile: what is done to points by hand. */
void oba_profile_spending_install (GtkWidgetClass *view_class);
/** After something has changed: which of them can be used, by whom. */
void oba_profile_spending_update  (ObaProfileView *view);

/** A sentence about locked spending; NULL: it is not. (transfer full) (nullable) */
char *oba_profile_spending_text   (const ObaCustomerProfile *profile);

G_END_DECLS
