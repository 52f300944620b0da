#pragma once

#include "approvals/oba-approvals.h"
#include "oba-session.h"

G_BEGIN_DECLS

/** ObaApprovalsWatch: how much waits for a second person, always as of now. Signal "changed". Those who may not see the requests have none. */
#define OBA_TYPE_APPROVALS_WATCH (oba_approvals_watch_get_type ())
G_DECLARE_FINAL_TYPE (ObaApprovalsWatch, oba_approvals_watch, OBA, APPROVALS_WATCH, GObject)

ObaApprovalsWatch       *oba_approvals_watch_new       (ObaSession *session);
/** (nullable): not known yet, or not for this person. (transfer none) */
const ObaApprovalsCount *oba_approvals_watch_get_count (ObaApprovalsWatch *self);
/** May the one who is signed in decide on what others ask for? */
gboolean                 oba_approvals_watch_decides   (ObaApprovalsWatch *self);

G_END_DECLS
