#pragma once

#include <adwaita.h>

#include "customers/oba-customer-insight.h"

G_BEGIN_DECLS

/**
 * ObaProfileConsents: what the customer agreed to, since when, how and by whom. A switch asks for the action "profile.set-consent" (sb): the channel and
 * whether it is granted; it moves when the profile says so.
 */
#define OBA_TYPE_PROFILE_CONSENTS (oba_profile_consents_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfileConsents, oba_profile_consents, OBA, PROFILE_CONSENTS, AdwBin)

void       oba_profile_consents_set_insight (ObaProfileConsents *self, const ObaCustomerInsight *insight, gboolean editable);
/** The switch of a channel, NULL when it may not be changed. */
GtkSwitch *oba_profile_consents_get_switch  (ObaProfileConsents *self, const char *channel);

G_END_DECLS
