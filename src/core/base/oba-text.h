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

G_END_DECLS
