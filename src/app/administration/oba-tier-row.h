#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** ObaTierRow: one tier of a scheme while it is edited: names, threshold, benefits, a benefit a line. Signals: "changed"; "retire": it is to go. */
#define OBA_TYPE_TIER_ROW (oba_tier_row_get_type ())
G_DECLARE_FINAL_TYPE (ObaTierRow, oba_tier_row, OBA, TIER_ROW, GtkBox)

/** @tier: (nullable): of oba_tiers_read_async(); NULL: a new one. @by_points: what is counted */
GtkWidget  *oba_tier_row_new           (JsonObject *tier, gboolean by_points);
void        oba_tier_row_set_by_points (ObaTierRow *self, gboolean by_points);
/** As "save_tier_scheme" takes it; NULL, and said beside the field, when something is missing or none. (transfer full) */
JsonObject *oba_tier_row_get_tier      (ObaTierRow *self);
/** What it is called, in the language of the interface as far as it has one. */
const char *oba_tier_row_get_name      (ObaTierRow *self);

/* For tests. */
typedef enum { OBA_TIER_ROW_AZ, OBA_TIER_ROW_RU, OBA_TIER_ROW_EN, OBA_TIER_ROW_THRESHOLD, OBA_TIER_ROW_N_ENTRIES } ObaTierRowEntry;

GtkEditable *oba_tier_row_get_entry    (ObaTierRow *self, ObaTierRowEntry which);

G_END_DECLS
