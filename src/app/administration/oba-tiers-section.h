#pragma once

#include "oba-page.h"
#include "oba-tier-window.h"

G_BEGIN_DECLS

/** ObaTiersSection: the tiers, how many customers have each, what they are good for, and the schemes that were. Administrators change them. Signal "loaded". */
#define OBA_TYPE_TIERS_SECTION (oba_tiers_section_get_type ())
G_DECLARE_FINAL_TYPE (ObaTiersSection, oba_tiers_section, OBA, TIERS_SECTION, AdwBin)

GtkWidget     *oba_tiers_section_new        (ObaSession *session);
void           oba_tiers_section_refresh    (ObaTiersSection *self);

/* For tests. */
ObaTierWindow *oba_tiers_section_edit       (ObaTiersSection *self);        /* (transfer none) (nullable): nothing is read yet, or one may not */
gboolean       oba_tiers_section_is_settled (ObaTiersSection *self);

G_END_DECLS
