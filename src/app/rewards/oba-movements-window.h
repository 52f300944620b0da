#pragma once

#include <adwaita.h>

#include "oba-session.h"
#include "rewards/oba-reward.h"

G_BEGIN_DECLS

/** ObaMovementsWindow: what has moved the stock of a reward: what came, was counted, reserved and given back; when, in which store, by whom and why. */
#define OBA_TYPE_MOVEMENTS_WINDOW (oba_movements_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaMovementsWindow, oba_movements_window, OBA, MOVEMENTS_WINDOW, AdwWindow)

GtkWindow *oba_movements_window_new       (GtkWindow *parent, ObaSession *session, const ObaReward *reward);

/* For tests. */
gboolean   oba_movements_window_is_loaded (ObaMovementsWindow *self);
guint      oba_movements_window_get_n     (ObaMovementsWindow *self);
/** 0: all; then received, counted, reserved, given back. */
void       oba_movements_window_choose    (ObaMovementsWindow *self, guint kind);

G_END_DECLS
