#pragma once

#include "oba-months-view.h"
#include "oba-page.h"

G_BEGIN_DECLS

/**
 * ObaMonthsSection: the months of the books: what they made, and closing the next one. A closing that was cut off half way is gone on with.
 * Signal "loaded": they are of now, or could not be read.
 */
#define OBA_TYPE_MONTHS_SECTION (oba_months_section_get_type ())
G_DECLARE_FINAL_TYPE (ObaMonthsSection, oba_months_section, OBA, MONTHS_SECTION, AdwBin)

GtkWidget     *oba_months_section_new         (ObaSession *session);
void           oba_months_section_refresh     (ObaMonthsSection *self);
/** What the closed months made, as a file. */
void           oba_months_section_export      (ObaMonthsSection *self, GFile *file);

/* For tests. */
ObaMonthsView *oba_months_section_get_view    (ObaMonthsSection *self);
gboolean       oba_months_section_is_settled  (ObaMonthsSection *self);
const char    *oba_months_section_get_problem (ObaMonthsSection *self);      /* "" for none */

G_END_DECLS
