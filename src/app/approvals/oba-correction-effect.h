#pragma once

#include <gtk/gtk.h>

#include "sales/oba-correction.h"

G_BEGIN_DECLS

/** What a correction does: the money, each person's points, tier and lots before and after, the days' figures, and why it needs a second person. */
GtkWidget *oba_correction_effect_new (const ObaCorrectionPreview *preview);

G_END_DECLS
