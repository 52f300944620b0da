#pragma once

#include "oba-profile-view.h"

G_BEGIN_DECLS

/* “Link Telegram…” of the profile: a link for one use, for the customer who stands at the desk. */

void oba_profile_link_install (GtkWidgetClass *widget_class);
/** Who may make one, and for whom. */
void oba_profile_link_update  (ObaProfileView *view);

G_END_DECLS
