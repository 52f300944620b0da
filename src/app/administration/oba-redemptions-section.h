#pragma once

#include "oba-section.h"

G_BEGIN_DECLS

/** ObaRedemptionsSection: how long a request for a reward may wait, and how long it and a voucher last; who changed that. Administrators change it. */
#define OBA_TYPE_REDEMPTIONS_SECTION (oba_redemptions_section_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedemptionsSection, oba_redemptions_section, OBA, REDEMPTIONS_SECTION, ObaSection)

GtkWidget   *oba_redemptions_section_new        (ObaSession *session);

/* For tests. */
typedef enum { OBA_REDEMPTIONS_SLA, OBA_REDEMPTIONS_REQUEST, OBA_REDEMPTIONS_VOUCHER, OBA_REDEMPTIONS_N_ENTRIES } ObaRedemptionsEntry;

GtkEditable *oba_redemptions_section_get_entry  (ObaRedemptionsSection *self, ObaRedemptionsEntry which);
GtkWidget   *oba_redemptions_section_get_button (ObaRedemptionsSection *self);

G_END_DECLS
