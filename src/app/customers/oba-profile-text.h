#pragma once

#include "customers/oba-customer-insight.h"
#include "customers/oba-customer-profile.h"

G_BEGIN_DECLS

/* What the profile says, in words. All (transfer full). */

char    *oba_profile_text_consent   (const ObaConsentEntry *consent);      /* "Yes, since 5 Nov 2026, by staff (aysel)"; NULL: never asked */
char    *oba_profile_text_card      (const ObaHeldCard *card);            /* since when it is what it is, handed out when and by whom */
char    *oba_profile_text_account   (const ObaCustomerProfile *profile);   /* earned in all, tier since, what is owed */
char    *oba_profile_text_banner    (const ObaCustomerProfile *profile);   /* blocked or erased, and why; NULL when neither */
/** "in 12 days", "today" */
char    *oba_profile_text_days_left (const GDate *day);
/** Within thirty days? */
gboolean oba_profile_text_is_soon   (const GDate *day);

const char *oba_profile_text_lifecycle_class (const char *state);                    /* the style of its pill */
char    *oba_profile_text_lifecycle_since (const ObaCustomerInsight *insight);
char    *oba_profile_text_lifecycle_due   (const ObaCustomerInsight *insight);
char    *oba_profile_text_away            (gint64 days, double usual_days);          /* why a lifecycle changed; NULL: nothing to say */
char    *oba_profile_text_churn           (const ObaCustomerInsight *insight);       /* "High, 78 %" */
char    *oba_profile_text_churn_reason    (const ObaCustomerInsight *insight);
char    *oba_profile_text_last_visit      (const ObaCustomerInsight *insight);
char    *oba_profile_text_rhythm          (const ObaCustomerInsight *insight);
char    *oba_profile_text_usual_time      (const ObaCustomerInsight *insight);       /* "Saturday, 18–20 o’clock" */

G_END_DECLS
