#pragma once

#include <adwaita.h>

#include "customers/oba-customers-page.h"

G_BEGIN_DECLS

/**
 * ObaImportHistory: what was imported, the newest first: the file, how many, by whom, when; from here an import is reversed as a whole.
 * Signal "loaded": the list is there, or why not.
 */
#define OBA_TYPE_IMPORT_HISTORY (oba_import_history_get_type ())
G_DECLARE_FINAL_TYPE (ObaImportHistory, oba_import_history, OBA, IMPORT_HISTORY, AdwBin)

GtkWidget *oba_import_history_new     (ObaSession *session);
void       oba_import_history_refresh (ObaImportHistory *self);

/** The actions page.import and page.import-history: who may not, does not see them. */
void       oba_import_history_install (GtkWidgetClass *page_class);
void       oba_import_history_allow   (ObaPage *page);

G_END_DECLS
