#pragma once

#include "oba-section.h"
#include "oba-tier-window.h"

G_BEGIN_DECLS

/** ObaTiersSection: the tiers, how many customers have each, what they are good for, and the schemes that were. Administrators change them. */
#define OBA_TYPE_TIERS_SECTION (oba_tiers_section_get_type ())
G_DECLARE_FINAL_TYPE (ObaTiersSection, oba_tiers_section, OBA, TIERS_SECTION, ObaSection)

GtkWidget     *oba_tiers_section_new        (ObaSession *session);

/* For tests. */
ObaTierWindow *oba_tiers_section_edit       (ObaTiersSection *self);        /* (transfer none) (nullable): nothing is read yet, or one may not */

G_END_DECLS
