#pragma once

#include <adwaita.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaStoreChooser: a button that names a store, or none, and opens the list of all of them with a search field over it.
 *
 * Property "store-id" (gint64, notifies): 0 for none. Give it a name for assistive technology as any button: the store is its description.
 */
#define OBA_TYPE_STORE_CHOOSER (oba_store_chooser_get_type ())
G_DECLARE_FINAL_TYPE (ObaStoreChooser, oba_store_chooser, OBA, STORE_CHOOSER, AdwBin)

GtkWidget  *oba_store_chooser_new       (ObaDbPool *pool);
void        oba_store_chooser_set_pool  (ObaStoreChooser *self, ObaDbPool *pool);
gint64      oba_store_chooser_get_store (ObaStoreChooser *self);
/** @name: (nullable): NULL when it is not known here: it is looked up. */
void        oba_store_chooser_set_store (ObaStoreChooser *self, gint64 store_id, const char *name);
/** What the button says while there is no store: "No store", "Any store"; the list ends with it. NULL: one must be chosen. */
void        oba_store_chooser_set_none  (ObaStoreChooser *self, const char *text);
const char *oba_store_chooser_get_text  (ObaStoreChooser *self);     /* what the button says */

/** For relations and names. (transfer none) */
GtkWidget  *oba_store_chooser_get_button (ObaStoreChooser *self);

G_END_DECLS
