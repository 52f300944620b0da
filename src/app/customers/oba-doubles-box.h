#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ObaDoublesBox: who may be the person that is being registered, and whether the clerk has said that it is somebody else. Not shown while there is nobody.
 *
 * Signals: "open-customer" (gint64 id); "changed": somebody is there or not, or the clerk has decided.
 */
#define OBA_TYPE_DOUBLES_BOX (oba_doubles_box_get_type ())
G_DECLARE_FINAL_TYPE (ObaDoublesBox, oba_doubles_box, OBA, DOUBLES_BOX, GtkBox)

GtkWidget  *oba_doubles_box_new        (void);
/** @doubles: of ObaCustomerDouble. What was decided about those who are still among them stays decided. */
void        oba_doubles_box_show       (ObaDoublesBox *self, GPtrArray *doubles);
/** What the clerk has yet to decide, a sentence; NULL when nothing. (transfer none) (nullable) */
const char *oba_doubles_box_get_obstacle (ObaDoublesBox *self);
/** The ids of those of whom the clerk said that they are other persons; NULL for nobody. (transfer full) (nullable) */
JsonArray  *oba_doubles_box_get_others (ObaDoublesBox *self);
/** To where the decision is made. */
void        oba_doubles_box_focus      (ObaDoublesBox *self);

G_END_DECLS
