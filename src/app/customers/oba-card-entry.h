#pragma once

#include <gtk/gtk.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaCardEntry: a field for the code or number of a printed card that looks it up and says whether it can be handed out. Signal "changed". */
#define OBA_TYPE_CARD_ENTRY (oba_card_entry_get_type ())
G_DECLARE_FINAL_TYPE (ObaCardEntry, oba_card_entry, OBA, CARD_ENTRY, GtkBox)

GtkWidget  *oba_card_entry_new          (ObaDbPool *pool);
/** As scanned: replaces what is there, and looks at once. */
void        oba_card_entry_scan         (ObaCardEntry *self, const char *code);
/** The card to hand out: its number, or its code while nobody has answered; "" for none. */
const char *oba_card_entry_get_card     (ObaCardEntry *self);
/** Why this card cannot be handed out; NULL when it can, or there is none. (nullable) */
const char *oba_card_entry_get_problem  (ObaCardEntry *self);
void        oba_card_entry_set_problem  (ObaCardEntry *self, const char *sentence);
const char *oba_card_entry_get_note     (ObaCardEntry *self);   /* (nullable) */
void        oba_card_entry_focus        (ObaCardEntry *self);
gboolean    oba_card_entry_is_looking   (ObaCardEntry *self);

G_END_DECLS
