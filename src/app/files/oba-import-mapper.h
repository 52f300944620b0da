#pragma once

#include <adwaita.h>

#include "import/oba-import-preview.h"

G_BEGIN_DECLS

/**
 * ObaImportMapper: which column of a file is which field, a row a field, with what stands in the file's first rows. Signal "changed".
 * What was chosen for a header is remembered in the settings and comes again with the same header.
 */
#define OBA_TYPE_IMPORT_MAPPER (oba_import_mapper_get_type ())
G_DECLARE_FINAL_TYPE (ObaImportMapper, oba_import_mapper, OBA, IMPORT_MAPPER, AdwBin)

/** @preview belongs to the caller and lives longer; @settings: (nullable) */
GtkWidget *oba_import_mapper_new         (ObaImportKind kind, const ObaImportPreview *preview, GSettings *settings);
/** Of each field its column, -1 for none. (transfer full) (element-type int) */
GArray    *oba_import_mapper_get_columns (ObaImportMapper *self);
/** NULL, or what is missing, a sentence. (transfer full) */
char      *oba_import_mapper_get_problem (ObaImportMapper *self);
/** What was chosen by hand in @before, of the same file read otherwise; its preview need not live any more. */
void       oba_import_mapper_keep        (ObaImportMapper *self, ObaImportMapper *before);
void       oba_import_mapper_remember    (ObaImportMapper *self);

G_END_DECLS
