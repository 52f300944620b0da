#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/** ObaQr: a QR code of a text, to be drawn at any size. Cameras want the quiet zone of 4 modules around it: it is a part of the picture. */
typedef struct _ObaQr ObaQr;

/** @text: UTF-8. Returns: (transfer full) (nullable): NULL when it is too long for a code (some 2,300 bytes) */
ObaQr   *oba_qr_new         (const char *text);
void     oba_qr_free        (ObaQr *self);
/** Modules along a side, the quiet zone included. */
guint    oba_qr_get_modules (ObaQr *self);
gboolean oba_qr_is_dark     (ObaQr *self, guint x, guint y);
/** A square with the side @size and the corner at @x, @y, in the colour that is set; the ground is not drawn. */
void     oba_qr_draw        (ObaQr *self, cairo_t *cr, double x, double y, double size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaQr, oba_qr_free)

G_END_DECLS
