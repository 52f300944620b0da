#pragma once

#include <adwaita.h>

#include "customers/oba-customer-profile.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaProfileTier: the card of a profile that says which tier the customer has, until when, what is missing to the next one, whether somebody gave it by hand, and why it was
 * each time. Supervisors give one by hand, and end that.
 */
#define OBA_TYPE_PROFILE_TIER (oba_profile_tier_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfileTier, oba_profile_tier, OBA, PROFILE_TIER, AdwBin)

/** Reads it anew. @may_give: the person at the screen may give a tier by hand */
void     oba_profile_tier_load       (ObaProfileTier *self, ObaDbPool *pool, const ObaCustomerProfile *profile, gboolean may_give);
gboolean oba_profile_tier_is_settled (ObaProfileTier *self);

G_END_DECLS
