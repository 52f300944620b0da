#pragma once

#include "oba-profile-view.h"

G_BEGIN_DECLS

/* What a person may ask of us, in the profile's menu: "profile.export-data", to be given all that is held, and "profile.erase", to be forgotten. */

void oba_profile_privacy_install (GtkWidgetClass *widget_class);
/** What may be done with the customer as it was read last. */
void oba_profile_privacy_update  (ObaProfileView *view);

G_END_DECLS
