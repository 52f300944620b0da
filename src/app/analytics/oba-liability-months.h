#pragma once

#include <gtk/gtk.h>

#include "liability/oba-liability.h"

G_BEGIN_DECLS

/** Fills @grid with the months of @liability, the last one first: from the opening to the closing, and how much of it was used and expired. */
void oba_liability_months_fill (GtkGrid *grid, const ObaLiability *liability);

/** The same with tiers, ages and months of expiry: points, their share, what they are worth. */
void oba_liability_groups_fill (GtkGrid *grid, const ObaLiability *liability);

G_END_DECLS
