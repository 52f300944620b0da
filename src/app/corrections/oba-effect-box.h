#pragma once

#include <gtk/gtk.h>

#include "sales/oba-correction.h"

G_BEGIN_DECLS

/** ObaEffectBox: what a correction does, before and after: money, each person's points by lot and tier, the totals of days. */
#define OBA_TYPE_EFFECT_BOX (oba_effect_box_get_type ())
G_DECLARE_FINAL_TYPE (ObaEffectBox, oba_effect_box, OBA, EFFECT_BOX, GtkBox)

GtkWidget *oba_effect_box_new     (void);
void       oba_effect_box_show    (ObaEffectBox *self, const ObaCorrectionPreview *preview);
/** While the next one is being asked for. */
void       oba_effect_box_set_old (ObaEffectBox *self, gboolean old);

G_END_DECLS
