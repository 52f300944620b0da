#pragma once

#include "oba-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define OBA_REDEEM_ROLES (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

/**
 * ObaRedeemWindow: a customer spends points on a reward, with whoever serves them: which reward, of those that they may have and of those that they may not have yet, and why not;
 * how many, in which store, and the spend code from the bot. Without the code a supervisor answers for it.
 *
 * Signals: "redeemed" (const char *sentence): it is committed; the window closes by itself. "loaded": the rewards are there, or why not.
 */
#define OBA_TYPE_REDEEM_WINDOW (oba_redeem_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedeemWindow, oba_redeem_window, OBA, REDEEM_WINDOW, AdwWindow)

GtkWindow  *oba_redeem_window_new         (GtkWindow *parent, ObaSession *session, gint64 customer_id, const char *name);

/* For tests and pictures. */
gboolean    oba_redeem_window_is_loaded   (ObaRedeemWindow *self);
guint       oba_redeem_window_get_n       (ObaRedeemWindow *self);
/** Chooses a row as a click does; FALSE when this customer may not have it. */
gboolean    oba_redeem_window_choose      (ObaRedeemWindow *self, guint row);
void        oba_redeem_window_set_code    (ObaRedeemWindow *self, const char *code);
void        oba_redeem_window_redeem      (ObaRedeemWindow *self);
const char *oba_redeem_window_get_problem (ObaRedeemWindow *self);

G_END_DECLS
