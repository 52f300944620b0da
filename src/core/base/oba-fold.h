#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** OBA_FOLD_*: where a folded character came from: bytes @from (inclusive) to @to (exclusive) of the text. */
typedef struct
{
  gunichar c;
  guint    from;
  guint    to;
} ObaFoldedChar;

/**
 * oba_text_fold: the search form of a name, the same as oba.fold() in migrations/0002_text.sql, where the rule stands: Əliyeva, Aliyeva and
 * Алиева are all "elieve". @text is valid UTF-8. Returns: (transfer full)
 */
char   *oba_text_fold     (const char *text);
/** The same, character by character, each with its place in @text. Returns: (transfer full) (element-type ObaFoldedChar) */
GArray *oba_text_fold_map (const char *text);

G_END_DECLS
