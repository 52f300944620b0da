#pragma once

#include "oba-profile-view.h"

G_BEGIN_DECLS

/* A receipt of this customer that was not recorded: profile.record-missed. */

void oba_profile_missed_install (GtkWidgetClass *view_class);
/** Does this profile allow it, to this person? */
void oba_profile_missed_update  (ObaProfileView *view);

G_END_DECLS
