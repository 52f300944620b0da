#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * oba_text_fold:
 *
 * The search form of a name, equal to what the database function oba.fold() gives: lower case, Azerbaijani letters to their plain
 * Latin ones (ə e, ı i, İ i, ğ g, ş s, ç c, ö o, ü u), Cyrillic (Azerbaijani and Russian) to Latin, other diacritics dropped,
 * runs of anything but letters and digits to one space.
 * Returns: (transfer full)
 */
char     *oba_text_fold         (const char *text);

/**
 * oba_text_clean:
 *
 * What may be stored of a text from outside: valid UTF-8, NFC, no control characters and no bidirectional overrides,
 * white space collapsed and trimmed, at most @max_chars characters.
 * Returns: (transfer full) (nullable): NULL and OBA_ERROR_INVALID_INPUT when it is not valid or too long
 */
char     *oba_text_clean        (const char *text, gsize max_chars, GError **error);

G_END_DECLS
