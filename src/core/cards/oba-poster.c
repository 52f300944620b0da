#include "oba-poster.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <pango/pangocairo.h>

#include "base/oba-error.h"
#include "oba-qr.h"

#define MARGIN 42
#define QR_SIDE 360

/* One sheet says it to everybody: these are not chosen by a language, they stand below each other. */
static const struct
{
  const char *title;
  const char *how;
} languages[] = {
  { "OBA Telegram-da", "Kodu telefonun kamerası ilə oxudun: müştəri olun, bal toplayın, kartınız həmişə yanınızda olsun." },
  { "OBA в Telegram", "Наведите камеру телефона на код: станьте покупателем с картой, собирайте баллы, карта всегда с вами." },
  { "OBA in Telegram", "Point your phone’s camera at the code: become a customer, collect points, have your card with you." },
};

/* A paragraph in the middle of the page, at most @lines of it; returns where it ends. */
static double
draw_text (cairo_t *cr, const char *text, const char *font, double y, int lines)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *description = pango_font_description_from_string (font);
  int height;

  pango_cairo_context_set_resolution (pango_layout_get_context (layout), 72);
  pango_layout_context_changed (layout);
  pango_layout_set_font_description (layout, description);
  pango_layout_set_width (layout, (int) ((OBA_POSTER_WIDTH - 2 * MARGIN) * PANGO_SCALE));
  pango_layout_set_height (layout, - lines);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, NULL, &height);
  cairo_move_to (cr, MARGIN, y);
  pango_cairo_show_layout (cr, layout);
  pango_font_description_free (description);
  return y + height;
}

gboolean
oba_poster_draw (cairo_t *cr, double width, double height, const char *url, const char *store)
{
  double scale = MIN (width / OBA_POSTER_WIDTH, height / OBA_POSTER_HEIGHT), y = MARGIN;
  g_autoptr (ObaQr) qr = oba_qr_new (url);

  if (qr == NULL)
    return FALSE;
  cairo_save (cr);
  cairo_scale (cr, scale, scale);
  cairo_set_source_rgb (cr, 0, 0, 0);
  y = draw_text (cr, "OBA", "Sans Bold 54", y, 1);
  oba_qr_draw (qr, cr, (OBA_POSTER_WIDTH - QR_SIDE) / 2, y + 6, QR_SIDE);
  y += QR_SIDE + 18;
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      y = draw_text (cr, languages[i].title, "Sans Bold 22", y, 1);
      y = draw_text (cr, languages[i].how, "Sans 15", y + 3, 3) + 14;
    }
  draw_text (cr, store, "Sans 9", OBA_POSTER_HEIGHT - MARGIN - 12, 1);
  cairo_restore (cr);
  return TRUE;
}

static cairo_status_t
take_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

gboolean
oba_poster_write_pdf (const char *path, const char *url, const char *store, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (take_cb, bytes, OBA_POSTER_WIDTH, OBA_POSTER_HEIGHT);
  cairo_t *cr = cairo_create (surface);
  gboolean drawn = oba_poster_draw (cr, OBA_POSTER_WIDTH, OBA_POSTER_HEIGHT, url, store);

  cairo_destroy (cr);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);
  if (!drawn)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, "%s", _("The link is too long for a QR code."));
      return FALSE;
    }
  return g_file_set_contents (path, (const char *) bytes->data, (gssize) bytes->len, error);
}
