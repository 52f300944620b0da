#pragma once

#include "oba-bot-section.h"
#include "oba-limits-section.h"
#include "oba-months-section.h"
#include "oba-spending-section.h"
#include "oba-page.h"
#include "oba-redemptions-section.h"
#include "oba-tiers-section.h"
#include "rules/oba-rules-section.h"

G_BEGIN_DECLS

/** ObaAdministrationPage: what the house is set up with, a section each. Administrators change it; supervisors and auditors read it; marketing has the rules of earning alone. */
#define OBA_TYPE_ADMINISTRATION_PAGE (oba_administration_page_get_type ())
G_DECLARE_FINAL_TYPE (ObaAdministrationPage, oba_administration_page, OBA, ADMINISTRATION_PAGE, ObaPage)

/** "months", "limits", "points", "spending", "tiers", "redemptions", "rules" */
void              oba_administration_page_show_section (ObaAdministrationPage *self, const char *name);

/* For tests. NULL for who does not have it. */
ObaMonthsSection *oba_administration_page_get_months   (ObaAdministrationPage *self);
ObaLimitsSection *oba_administration_page_get_limits   (ObaAdministrationPage *self);
ObaSpendingSection *oba_administration_page_get_spending (ObaAdministrationPage *self);
ObaTiersSection  *oba_administration_page_get_tiers    (ObaAdministrationPage *self);
ObaRedemptionsSection *oba_administration_page_get_redemptions (ObaAdministrationPage *self);
ObaRulesSection  *oba_administration_page_get_rules    (ObaAdministrationPage *self);
ObaBotSection         *oba_administration_page_get_bot    (ObaAdministrationPage *self);

G_END_DECLS
