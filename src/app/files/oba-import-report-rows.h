#pragma once

#include <adwaita.h>

#include "import/oba-import.h"

G_BEGIN_DECLS

/** Adds to @group what an import did, or would do: a row a figure, and one for each reason of a rejection. */
void oba_import_report_add_rows (AdwPreferencesGroup *group, const ObaImportReport *report);
/** A row of a title and a value. (transfer none) */
GtkWidget *oba_figure_row_new (const char *title, const char *value);

G_END_DECLS
