#pragma once

#include <adwaita.h>

#include "customers/oba-customer-profile.h"
#include "oba-edit-pane.h"
#include "oba-profile-changes.h"
#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaProfileView: everything that is known of one customer, and what may be done with it: the actions "profile.…". It reads by itself, follows what others
 * change, and keeps the scroll position and the focus when it does.
 *
 * Signal "loaded": what is shown is of now, or it could not be read.
 */
#define OBA_TYPE_PROFILE_VIEW (oba_profile_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfileView, oba_profile_view, OBA, PROFILE_VIEW, AdwBin)

GtkWidget                *oba_profile_view_new             (ObaSession *session, gint64 customer_id);
gint64                    oba_profile_view_get_customer_id (ObaProfileView *self);
/** As it was read last; it lives until the next turn of the main loop. (nullable) */
const ObaCustomerProfile *oba_profile_view_get_profile     (ObaProfileView *self);
ObaSession               *oba_profile_view_get_session     (ObaProfileView *self);
/** For changing something: messages, undo and refusals are shown by the view. */
ObaProfileChanges        *oba_profile_view_get_changes     (ObaProfileView *self);
/** Where the facts become a form. (transfer none) */
ObaEditPane              *oba_profile_view_get_edit_pane   (ObaProfileView *self);
/** Reads everything again, behind what is shown. */
void                      oba_profile_view_refresh         (ObaProfileView *self);

gboolean                  oba_profile_view_is_loaded       (ObaProfileView *self);
/** What is beside the person: "history", "patterns". For a switch in the bar. */
GtkStack                 *oba_profile_view_get_content     (ObaProfileView *self);
const char               *oba_profile_view_get_shown       (ObaProfileView *self);      /* "loading", "failed", "profile" */

G_END_DECLS
