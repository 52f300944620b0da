#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/** Draws every page, each ended by cairo_show_page(). */
typedef void (*ObaPdfDrawFunc) (cairo_t *cr, gpointer user_data);

/** A PDF of pages of @width by @height points. Returns: FALSE with G_FILE_ERROR or G_IO_ERROR: then there is no new file */
gboolean oba_pdf_write (const char *path, const char *title, double width, double height, ObaPdfDrawFunc draw, gpointer user_data, GError **error);

G_END_DECLS
