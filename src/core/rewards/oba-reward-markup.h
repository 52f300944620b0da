#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** What Telegram takes under a picture, in units of UTF-16, tags and entities not counted. */
#define OBA_REWARD_CAPTION_UNITS 1024

/**
 * oba_reward_markup_parse:
 * @html: the HTML that Telegram knows: b, strong, i, em, u, ins, s, strike, del, code, pre, blockquote, tg-spoiler, a with an address
 * @pango: (out) (optional) (transfer full): the same for Pango
 * @plain: (out) (optional) (transfer full): the text alone
 *
 * Returns: how long it is for Telegram, in units of UTF-16; -1 and OBA_ERROR_INVALID_INPUT when Telegram would refuse it: the message says what is wrong
 */
gssize oba_reward_markup_parse (const char *html, char **pango, char **plain, GError **error);

/** The length of a text in units of UTF-16: what is beyond the first plane counts twice. */
gsize  oba_reward_markup_units (const char *text);

G_END_DECLS
