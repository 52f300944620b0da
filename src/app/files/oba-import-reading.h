#pragma once

#include <adwaita.h>

#include "import/oba-import-preview.h"

G_BEGIN_DECLS

/**
 * ObaImportReading: how a file is read: its encoding and what stands between its fields, as they were found out, or as a person says.
 * Signal "changed": a person chose.
 */
#define OBA_TYPE_IMPORT_READING (oba_import_reading_get_type ())
G_DECLARE_FINAL_TYPE (ObaImportReading, oba_import_reading, OBA, IMPORT_READING, AdwBin)

/** @preview: as it was found out */
GtkWidget  *oba_import_reading_new           (const ObaImportPreview *preview);
/** NULL and 0: found out. */
const char *oba_import_reading_get_encoding  (ObaImportReading *self);
char        oba_import_reading_get_delimiter (ObaImportReading *self);

G_END_DECLS
