#pragma once

#include "oba-section.h"

G_BEGIN_DECLS

/** ObaLimitsSection: up to where one person may correct receipts alone, and who changed that. Administrators change it. */
#define OBA_TYPE_LIMITS_SECTION (oba_limits_section_get_type ())
G_DECLARE_FINAL_TYPE (ObaLimitsSection, oba_limits_section, OBA, LIMITS_SECTION, ObaSection)

GtkWidget  *oba_limits_section_new         (ObaSession *session);

/* For tests. */
typedef enum { OBA_LIMITS_AMOUNT, OBA_LIMITS_POINTS, OBA_LIMITS_AGE, OBA_LIMITS_ADJUST, OBA_LIMITS_N_ENTRIES } ObaLimitsEntry;

GtkEditable *oba_limits_section_get_entry   (ObaLimitsSection *self, ObaLimitsEntry which);

G_END_DECLS
