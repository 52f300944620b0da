#pragma once

#include <adwaita.h>

#include "customers/oba-customers-page.h"
#include "import/oba-import.h"

G_BEGIN_DECLS

/**
 * ObaImportWindow: a CSV file into the database: the file, what its columns are (guessed, and remembered for files with the same header), a check that
 * changes nothing, and then the import. Closing it stops what runs; whatever was not finished leaves nothing behind.
 */
#define OBA_TYPE_IMPORT_WINDOW (oba_import_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaImportWindow, oba_import_window, OBA, IMPORT_WINDOW, AdwWindow)

/** @settings: (nullable): nothing is remembered then */
ObaImportWindow *oba_import_window_new       (GtkWindow *parent, ObaSession *session, GSettings *settings);

/* For tests: as if chosen in the file chooser; what it shows: "choose", "map", "running", "checked", "done", "failed". */
void             oba_import_window_take_file (ObaImportWindow *self, GFile *file);
const char      *oba_import_window_get_shown (ObaImportWindow *self);
void             oba_import_window_save_rejects (ObaImportWindow *self, const char *path);

G_END_DECLS
