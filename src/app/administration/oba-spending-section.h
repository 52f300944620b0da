#pragma once

#include "oba-section.h"

G_BEGIN_DECLS

/**
 * ObaSpendingSection: how bills are paid with points: what a point pays, how many a day, whether that part earns, how long codes are good, from when on; all versions with who and when.
 * An administrator changes it, after having confirmed what follows.
 */
#define OBA_TYPE_SPENDING_SECTION (oba_spending_section_get_type ())
G_DECLARE_FINAL_TYPE (ObaSpendingSection, oba_spending_section, OBA, SPENDING_SECTION, ObaSection)

GtkWidget   *oba_spending_section_new         (ObaSession *session);

/* For tests. */
typedef enum { OBA_SPENDING_VALUE, OBA_SPENDING_DAILY, OBA_SPENDING_CODE, OBA_SPENDING_WRONG, OBA_SPENDING_LOCK, OBA_SPENDING_FROM, OBA_SPENDING_N_ENTRIES } ObaSpendingEntry;
GtkEditable *oba_spending_section_get_entry   (ObaSpendingSection *self, ObaSpendingEntry which);
GtkSwitch   *oba_spending_section_get_earns   (ObaSpendingSection *self);
GtkWidget   *oba_spending_section_get_button  (ObaSpendingSection *self);
/** The question that is open. (nullable) */
AdwMessageDialog *oba_spending_section_get_question (ObaSpendingSection *self);

G_END_DECLS
