#pragma once

#include "oba-session.h"

G_BEGIN_DECLS

/** ObaRedemptionsWatch: how many requests wait for the one who is signed in, always as of now. Signal "changed". Those who decide nothing have none. */
#define OBA_TYPE_REDEMPTIONS_WATCH (oba_redemptions_watch_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedemptionsWatch, oba_redemptions_watch, OBA, REDEMPTIONS_WATCH, GObject)

ObaRedemptionsWatch *oba_redemptions_watch_new      (ObaSession *session);
gint64               oba_redemptions_watch_get_n    (ObaRedemptionsWatch *self);
/** Of them, those that should have been decided by now. */
gint64               oba_redemptions_watch_get_late (ObaRedemptionsWatch *self);

G_END_DECLS
