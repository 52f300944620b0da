#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ObaChipBar: the conditions of a list, each with a cross that takes it away, and “Clear All”. Not shown without any.
 *
 * Signals: "removed" (guint place): of the texts; "cleared".
 */
#define OBA_TYPE_CHIP_BAR (oba_chip_bar_get_type ())
G_DECLARE_FINAL_TYPE (ObaChipBar, oba_chip_bar, OBA, CHIP_BAR, AdwBin)

GtkWidget *oba_chip_bar_new       (void);
/** @texts: (element-type utf8) */
void       oba_chip_bar_set_texts (ObaChipBar *self, GPtrArray *texts);

G_END_DECLS
