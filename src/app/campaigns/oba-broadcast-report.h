#pragma once

#include <json-glib/json-glib.h>

#include "oba-session.h"
#include "widgets/oba-subpages.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ObaBroadcastReport: a broadcast that was started: how far it is and when it will be done, what became of its messages and why, what it said; pausing, resuming, cancelling it. It follows
 * while it runs.
 */
#define OBA_TYPE_BROADCAST_REPORT (oba_broadcast_report_get_type ())
G_DECLARE_FINAL_TYPE (ObaBroadcastReport, oba_broadcast_report, OBA, BROADCAST_REPORT, AdwBin)

/** Returns: (transfer none) */
ObaBroadcastReport *oba_broadcast_report_push         (ObaSubpages *subpages, ObaSession *session, gint64 id);

/** "pause", "resume", "cancel": as the buttons do; cancelling asks first. */
void                oba_broadcast_report_move         (ObaBroadcastReport *self, const char *what);
/** (transfer none) (nullable): NULL when it is not offered */
GtkWidget          *oba_broadcast_report_get_button   (ObaBroadcastReport *self, const char *name);
AdwMessageDialog   *oba_broadcast_report_get_question (ObaBroadcastReport *self);      /* (nullable) */
const char         *oba_broadcast_report_get_problem  (ObaBroadcastReport *self);
gboolean            oba_broadcast_report_is_settled   (ObaBroadcastReport *self);

G_END_DECLS
