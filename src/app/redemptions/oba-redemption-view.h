#pragma once

#include "oba-page.h"
#include "redemptions/oba-redemptions.h"

G_BEGIN_DECLS

/**
 * ObaRedemptionView: one redemption with its steps, and what can be done with it: approve, reject, hand out, cancel, undo, print the voucher. What somebody else has done meanwhile is
 * told, and nothing is done over it.
 *
 * Signal "loaded": what was chosen is shown, or why not.
 */
#define OBA_TYPE_REDEMPTION_VIEW (oba_redemption_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedemptionView, oba_redemption_view, OBA, REDEMPTION_VIEW, AdwBin)

GtkWidget  *oba_redemption_view_new         (ObaSession *session);
/** 0: none. */
void        oba_redemption_view_show        (ObaRedemptionView *self, gint64 id);
/** Somebody has done something. */
void        oba_redemption_view_refresh     (ObaRedemptionView *self);
gboolean    oba_redemption_view_is_loaded   (ObaRedemptionView *self);

/** As the button does: "approved", "rejected", …; the state before: undo. @reason: (nullable) */
void        oba_redemption_view_move        (ObaRedemptionView *self, const char *state, const char *reason);
const char *oba_redemption_view_get_problem (ObaRedemptionView *self);      /* (nullable) */
/** (nullable) */
ObaRedemption *oba_redemption_view_get_redemption (ObaRedemptionView *self);

G_END_DECLS
