#pragma once

#include <adwaita.h>

#include "import/oba-import-preview.h"

G_BEGIN_DECLS

/** The first rows of a file as a table that is scrolled sideways, with its columns’ names. */
GtkWidget *oba_import_first_rows_new (const ObaImportPreview *preview);

G_END_DECLS
