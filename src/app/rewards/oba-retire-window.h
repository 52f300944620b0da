#pragma once

#include <adwaita.h>

#include "oba-session.h"
#include "rewards/oba-reward.h"

G_BEGIN_DECLS

/**
 * ObaRetireWindow: takes a reward off the offer, and says what becomes of what is redeemed and not handed out yet: it stays to be handed out, or each is cancelled and its points
 * come back.
 *
 * Signal "saved": the reward is retired.
 */
#define OBA_TYPE_RETIRE_WINDOW (oba_retire_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaRetireWindow, oba_retire_window, OBA, RETIRE_WINDOW, AdwWindow)

GtkWindow  *oba_retire_window_new         (GtkWindow *parent, ObaSession *session, const ObaReward *reward);
/** As if chosen and confirmed. */
void        oba_retire_window_retire      (ObaRetireWindow *self, gboolean cancel_open, const char *reason);
/** "" for none. */
const char *oba_retire_window_get_problem (ObaRetireWindow *self);

G_END_DECLS
