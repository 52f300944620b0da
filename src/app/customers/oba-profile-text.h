#pragma once

#include "customers/oba-customer-profile.h"

G_BEGIN_DECLS

/* What the profile says, in words. All (transfer full). */

char    *oba_profile_text_consent   (const ObaCustomerConsent *consent);   /* "Yes, since 5 Nov 2026…"; NULL: never asked */
char    *oba_profile_text_card      (const ObaCustomerCard *card);
char    *oba_profile_text_account   (const ObaCustomerProfile *profile);   /* earned in all, tier since, what is owed */
char    *oba_profile_text_banner    (const ObaCustomerProfile *profile);   /* blocked or erased, and why; NULL when neither */
/** "in 12 days", "today" */
char    *oba_profile_text_days_left (const GDate *day);
/** Within thirty days? */
gboolean oba_profile_text_is_soon   (const GDate *day);

G_END_DECLS
