#pragma once

#include "oba-csv-reader.h"
#include "oba-import.h"
#include "oba-import-rows.h"

G_BEGIN_DECLS

ObaImportReport *oba_import_report_new        (ObaImportKind kind, gboolean dry_run);
/** Takes what oba.import_check() answered. */
gboolean         oba_import_report_take_check (ObaImportReport *self, const char *json, GError **error);

/**
 * oba_import_write_rejects: reads the file a second time for the original lines of what pg_temp.import_rejects names, and writes them in the order of the
 * file. The target is replaced only when it is complete.
 */
gboolean         oba_import_write_rejects     (ObaDbConnection        *connection,
                                               const ObaImportOptions *options,
                                               GCancellable           *cancellable,
                                               GError                **error);

G_END_DECLS
