#pragma once

#include <gtk/gtk.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaPlaceBox: where a receipt is from: the store, and the till (0: none). Signal "changed". */
#define OBA_TYPE_PLACE_BOX (oba_place_box_get_type ())
G_DECLARE_FINAL_TYPE (ObaPlaceBox, oba_place_box, OBA, PLACE_BOX, GtkBox)

GtkWidget *oba_place_box_new           (ObaDbPool *pool);
/** @name: (nullable) */
void       oba_place_box_set           (ObaPlaceBox *self, gint64 store_id, const char *name, int till);
/** FALSE when no store is chosen, or the till is no number. */
gboolean   oba_place_box_get           (ObaPlaceBox *self, gint64 *store_id, int *till);
gint64     oba_place_box_get_store     (ObaPlaceBox *self);
gboolean   oba_place_box_is_changed    (ObaPlaceBox *self);
void       oba_place_box_focus_problem (ObaPlaceBox *self);
/** As if typed. */
void       oba_place_box_type_till     (ObaPlaceBox *self, const char *till);

G_END_DECLS
