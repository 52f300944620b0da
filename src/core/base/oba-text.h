#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * oba_text_clean:
 *
 * What may be stored of a text from outside: valid UTF-8, NFC, no control characters and no bidirectional overrides,
 * white space collapsed and trimmed, at most @max_chars characters.
 * Returns: (transfer full) (nullable): NULL and OBA_ERROR_INVALID_INPUT when it is not valid or too long
 */
char *oba_text_clean (const char *text, gsize max_chars, GError **error);

/**
 * oba_text_is_formula:
 *
 * Whether a spreadsheet that opens a CSV file could take @text for a formula: it begins with = + - @, a tab or a line end. Apostrophes before
 * that do not count: one is what is put before such a text in a file, and taken away when the file is read again, so each more stands for itself.
 */
gboolean oba_text_is_formula (const char *text);

G_END_DECLS
