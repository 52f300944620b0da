#pragma once

#include <adwaita.h>

#include "oba-session.h"

G_BEGIN_DECLS

/** ObaApprovalsTile: how many requests wait for a second person, and for how long the oldest; pressed, it opens them. Not shown while none waits. */
#define OBA_TYPE_APPROVALS_TILE (oba_approvals_tile_get_type ())
G_DECLARE_FINAL_TYPE (ObaApprovalsTile, oba_approvals_tile, OBA, APPROVALS_TILE, AdwBin)

void oba_approvals_tile_set_session (ObaApprovalsTile *self, ObaSession *session);

G_END_DECLS
