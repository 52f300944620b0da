#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * oba_export_xlsx_check: reads a workbook back and counts the rows of its sheets, headers included.
 *
 * libxlsxwriter does not see that a temporary file could not be written: on a full disk it makes a workbook that lacks rows, and says that all is well.
 * @fd: read from its beginning
 * Errors: G_FILE_ERROR when there are not exactly @rows, or when this is no whole workbook
 */
gboolean oba_export_xlsx_check (int fd, const char *path, gint64 rows, GError **error);

G_END_DECLS
