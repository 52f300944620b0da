#pragma once

#include "oba-edit-pane.h"
#include "oba-profile-view.h"

G_BEGIN_DECLS

/* Editing, blocking and unblocking in the profile: the actions "profile.edit" (Ctrl+E), "profile.block" and "profile.unblock". */

void     oba_profile_edit_install (GtkWidgetClass *widget_class);
void     oba_profile_edit_set_up  (ObaProfileView *view);
/** Who may do what with the customer as they are now. */
void     oba_profile_edit_update  (ObaProfileView *view);
/** Going back while something is typed asks first: an ObaSubpagesGuard. */
gboolean oba_profile_edit_guard   (GtkWidget *view, gpointer subpages);

G_END_DECLS
