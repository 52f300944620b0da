#include "oba-qr.h"

#include <qrencode.h>
#include <string.h>

#define QUIET 4

struct _ObaQr
{
  QRcode          *code;
  cairo_surface_t *mask;     /* a pixel a module: one mask is far smaller in a PDF than a rectangle a module */
};

static gboolean
is_inside (ObaQr *self,
           guint  x,
           guint  y)
{
  guint width = (guint) self->code->width;

  return x >= QUIET && y >= QUIET && x < width + QUIET && y < width + QUIET;
}

gboolean
oba_qr_is_dark (ObaQr *self,
                guint  x,
                guint  y)
{
  guint width = (guint) self->code->width;

  return is_inside (self, x, y) && (self->code->data[(y - QUIET) * width + x - QUIET] & 1) != 0;
}

guint
oba_qr_get_modules (ObaQr *self)
{
  return (guint) self->code->width + 2 * QUIET;
}

/* In A1 the first pixel is the lowest bit on machines that begin with the lowest byte, else the highest. */
static void
fill_mask (ObaQr *self)
{
  unsigned char *data = cairo_image_surface_get_data (self->mask);
  int stride = cairo_image_surface_get_stride (self->mask);
  guint n = oba_qr_get_modules (self);

  cairo_surface_flush (self->mask);
  for (guint y = 0; y < n; y++)
    for (guint x = 0; x < n; x++)
      if (oba_qr_is_dark (self, x, y))
        data[y * (guint) stride + x / 8] |= (unsigned char) (G_BYTE_ORDER == G_LITTLE_ENDIAN ? 1u << x % 8 : 0x80u >> x % 8);
  cairo_surface_mark_dirty (self->mask);
}

ObaQr *
oba_qr_new (const char *text)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  ObaQr *self;
  int n;

  if (code == NULL)
    return NULL;
  self = g_new0 (ObaQr, 1);
  self->code = code;
  n = (int) oba_qr_get_modules (self);
  self->mask = cairo_image_surface_create (CAIRO_FORMAT_A1, n, n);
  fill_mask (self);
  return self;
}

void
oba_qr_free (ObaQr *self)
{
  QRcode_free (self->code);
  cairo_surface_destroy (self->mask);
  g_free (self);
}

void
oba_qr_draw (ObaQr   *self,
             cairo_t *cr,
             double   x,
             double   y,
             double   size)
{
  cairo_pattern_t *pattern = cairo_pattern_create_for_surface (self->mask);
  double scale = size / oba_qr_get_modules (self);

  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, scale, scale);
  cairo_mask (cr, pattern);
  cairo_restore (cr);
  cairo_pattern_destroy (pattern);
}
