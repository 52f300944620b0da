#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * oba_file_kind_guess:
 *
 * What a file that should be text seems to be instead, by its first bytes (@n of them, 512 are enough).
 * Returns: (transfer none) (nullable): a translated noun ("an Excel workbook or ZIP archive"); NULL when it may well be text
 */
const char *oba_file_kind_guess (const guint8 *bytes, gsize n);

G_END_DECLS
