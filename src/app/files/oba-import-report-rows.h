#pragma once

#include <adwaita.h>

#include "import/oba-import.h"
#include "widgets/oba-figure-row.h"

G_BEGIN_DECLS

/** Adds to @group what an import did, or would do: a row a figure, and one for each reason of a rejection. */
void oba_import_report_add_rows (AdwPreferencesGroup *group, const ObaImportReport *report);

G_END_DECLS
