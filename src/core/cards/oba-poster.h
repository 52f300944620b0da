#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* A poster for a store: the way to the bot, in Azerbaijani, Russian and English at once, since whoever passes reads one of them. A4, in points. */

#define OBA_POSTER_WIDTH 595.28
#define OBA_POSTER_HEIGHT 841.89

/** On a page of this size, at the origin of @cr, black on nothing. @url: what the code holds. @store: the small line at the foot. Returns: FALSE when @url is too long for a code */
gboolean oba_poster_draw      (cairo_t *cr, double width, double height, const char *url, const char *store);
/** Errors: OBA_ERROR_INVALID_INPUT (the link is too long), G_FILE_ERROR: then there is no new file */
gboolean oba_poster_write_pdf (const char *path, const char *url, const char *store, GError **error);

G_END_DECLS
