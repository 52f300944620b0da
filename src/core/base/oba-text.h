#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * oba_text_fold:
 *
 * The search form of a name, equal to what the database function oba.fold() gives (migrations/0002_text.sql; tests/core/fold-cases.tsv
 * holds both to it). It brings together the spellings under which one person is known: Əliyeva, Aliyeva, Алиева: "elieve".
 *
 *  1. ASCII capitals to small; then, if anything but ASCII is left, NFC and letter by letter: Azerbaijani to plain Latin (ə e, ğ g, ş s,
 *     ç c, ö o, ü u, ı i, İ i), other Latin without its mark (æ ae, œ oe, ß ss, ø o, đ d, ł l), Cyrillic (а a, б b, в v, г g, д d, е e,
 *     ё e, ж j, з z, и i, й y, к k, ... х x, ц ts, ч c, ш s, щ s, ы i, э e, ю yu, я ya, і i, ә e, ғ g, ҝ g, ҹ c, ө o, ү u, һ h, ј y; ъ and ь go).
 *     Left-over combining marks (U+0300..U+036F) go; letters of other scripts stay as they are.
 *  2. Apostrophes (' ` ´ ‘ ’ ʻ ʼ) go; any other ASCII that is not a letter or digit, and « » “ ” „ – — ‑ … • · № U+00A0, is a space; runs of
 *     spaces become one, none at the ends.
 *  3. One sound, one spelling, each replaced everywhere in this order: dzh c, dj c, sh s, ch c, zh c, kh g, gh g, j c; then q g, h g, x g, w v;
 *     then yy y, iy i, ye e; then y after one of bcdfgklmnprstvz goes.
 *  4. a becomes e: no rule by letter knows which a is an ə.
 *  5. A letter a-z that stands twice or more stands once.
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
