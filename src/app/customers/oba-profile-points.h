#pragma once

#include <adwaita.h>

#include "customers/oba-customer-insight.h"
#include "customers/oba-customer-profile.h"

G_BEGIN_DECLS

/** ObaProfilePoints: balance, tier and the way to the next one, and when which points are lost: as a picture, with its table behind a key, and the soonest in numbers, all of them behind a button. */
#define OBA_TYPE_PROFILE_POINTS (oba_profile_points_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfilePoints, oba_profile_points, OBA, PROFILE_POINTS, AdwBin)

void oba_profile_points_set_profile (ObaProfilePoints *self, const ObaCustomerProfile *profile);
/** @expiries: the whole schedule, of ObaPointsExpiry, soonest first */
void oba_profile_points_set_expiries (ObaProfilePoints *self, GPtrArray *expiries);
void     oba_profile_points_toggle_table (ObaProfilePoints *self);
gboolean oba_profile_points_shows_table  (ObaProfilePoints *self);

G_END_DECLS
