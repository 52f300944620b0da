#pragma once

#include <gio/gio.h>

#include "oba-import-fields.h"

G_BEGIN_DECLS

/** The beginning of a file, as an import would read it. */
typedef struct
{
  GFile     *file;
  GStrv      header;
  GPtrArray *rows;           /* (element-type GStrv): each with as many values as the header */
  char      *encoding;
  gboolean   encoding_guessed;
  char       delimiter;
  goffset    size;           /* bytes on the disk */
} ObaImportPreview;

void              oba_import_preview_free   (ObaImportPreview *self);

/**
 * oba_import_preview_async: reads the first @n_rows in a thread.
 * @encoding: (nullable): guessed
 * @delimiter: 0: guessed
 *
 * Errors: OBA_ERROR_INVALID_INPUT for what is no CSV, with what it seems to be; G_IO_ERROR
 */
void              oba_import_preview_async  (GFile *file, const char *encoding, char delimiter, guint n_rows, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
ObaImportPreview *oba_import_preview_finish (GAsyncResult *result, GError **error);

/** Of which kind a file with this header is: the one most of whose fields it has. */
ObaImportKind     oba_import_kind_guess     (const char *const *header);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaImportPreview, oba_import_preview_free)

G_END_DECLS
