#pragma once

#include "customers/oba-customer-insight.h"
#include "customers/oba-customer-profile.h"
#include "oba-profile-section.h"

G_BEGIN_DECLS

/* Where the customer stands with us: lifecycle with its dates, the risk of losing them and why, the rhythm of visits, segments. */
void oba_profile_standing_show (ObaProfileSection *section, const ObaCustomerInsight *insight);

/* Favourite store and categories: what the customer said, and what the purchases say. */
void oba_profile_standing_show_preferences (ObaProfileSection *section, const ObaCustomerProfile *profile, const ObaCustomerInsight *insight);

G_END_DECLS
