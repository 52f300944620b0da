#pragma once

#include "customers/oba-customer-profile.h"
#include "oba-profile-section.h"

G_BEGIN_DECLS

/* Who the customer is and how to reach them. @editable: a Telegram account may be unlinked */
void oba_profile_person_show_contact (ObaProfileSection *section, const ObaCustomerProfile *profile, gboolean editable);
void oba_profile_person_show_person  (ObaProfileSection *section, const ObaCustomerProfile *profile);
void oba_profile_person_show_notes   (ObaProfileSection *section, const ObaCustomerProfile *profile);

G_END_DECLS
