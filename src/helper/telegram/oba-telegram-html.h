#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Telegram's limits, in UTF-16 units after the markup was read. */
#define OBA_TELEGRAM_MAX_TEXT 4096
#define OBA_TELEGRAM_MAX_CAPTION 1024
#define OBA_TELEGRAM_MAX_TOAST 200

/**
 * A name, or any text from outside, as a part of what we say: markup is text, one line, nothing invisible. What is written from right to left is isolated, so that it
 * does not turn the words and numbers beside it around. (transfer full)
 */
char  *oba_telegram_html_escape (const char *text);
/** How long Telegram finds @html: UTF-16 units without tags, an entity as what it stands for. */
gsize  oba_telegram_html_length (const char *html);
/**
 * Cuts @html into parts that are not longer than @max: at an empty line, else at the end of a line, a word, a character; tags that are open there are closed and
 * opened again. @html: well-formed, without attributes in tags but href. Returns: (transfer full): one part at least
 */
char **oba_telegram_html_split  (const char *html, gsize max);
/** @text without markup, at most @max UTF-16 units long, with an ellipsis where it was cut. (transfer full) */
char  *oba_telegram_text_cut    (const char *text, gsize max);

G_END_DECLS
