#include "oba-demo-picture.h"

#include <cairo.h>
#include <math.h>

/* All shapes are drawn in a square of -1 to 1. */
typedef void (*Draw) (cairo_t *cr);

static const double colours[][3] = { { 0.85, 0.20, 0.25 }, { 0.16, 0.48, 0.75 }, { 0.18, 0.60, 0.36 }, { 0.90, 0.55, 0.10 }, { 0.50, 0.30, 0.65 }, { 0.10, 0.58, 0.60 } };

static void
draw_gift (cairo_t *cr)
{
  cairo_rectangle (cr, -0.60, -0.10, 1.20, 0.75);
  cairo_rectangle (cr, -0.70, -0.35, 1.40, 0.22);
  cairo_fill (cr);
  cairo_set_line_width (cr, 0.10);
  cairo_arc (cr, -0.22, -0.53, 0.18, 0, 2 * G_PI);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0.22, -0.53, 0.18, 0, 2 * G_PI);
  cairo_stroke (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_DEST_OUT);
  cairo_rectangle (cr, -0.08, -0.35, 0.16, 1.0);
  cairo_fill (cr);
}

static void
draw_voucher (cairo_t *cr)
{
  cairo_rectangle (cr, -0.80, -0.42, 1.60, 0.84);
  cairo_fill (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_DEST_OUT);
  cairo_arc (cr, -0.80, 0, 0.15, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_arc (cr, 0.80, 0, 0.15, 0, 2 * G_PI);
  cairo_fill (cr);
  for (int i = 0; i < 5; i++)
    cairo_rectangle (cr, 0.30, -0.36 + i * 0.16, 0.05, 0.08);
  cairo_fill (cr);
}

static void
draw_discount (cairo_t *cr)
{
  cairo_set_line_width (cr, 0.14);
  cairo_arc (cr, -0.32, -0.32, 0.22, 0, 2 * G_PI);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0.32, 0.32, 0.22, 0, 2 * G_PI);
  cairo_move_to (cr, -0.42, 0.52);
  cairo_line_to (cr, 0.42, -0.52);
  cairo_stroke (cr);
}

static void
draw_service (cairo_t *cr)
{
  cairo_rectangle (cr, -0.80, -0.40, 0.95, 0.70);
  cairo_rectangle (cr, 0.20, -0.15, 0.55, 0.45);
  cairo_fill (cr);
  cairo_arc (cr, -0.42, 0.38, 0.19, 0, 2 * G_PI);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0.42, 0.38, 0.19, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_DEST_OUT);
  cairo_rectangle (cr, 0.50, -0.08, 0.18, 0.18);
  cairo_fill (cr);
}

static Draw
draw_of (const char *kind)
{
  static const struct { const char *kind; Draw draw; } kinds[] = { { "voucher", draw_voucher }, { "discount", draw_discount }, { "service", draw_service } };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      return kinds[i].draw;
  return draw_gift;
}

static cairo_status_t
write_hex (void *hex, const unsigned char *data, unsigned int length)
{
  for (unsigned int i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", data[i]);
  return CAIRO_STATUS_SUCCESS;
}

char *
oba_demo_picture_draw (const char *kind, guint index, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  const double *colour = colours[index % G_N_ELEMENTS (colours)];
  double side = MIN (width, height) * 0.42;
  GString *hex = g_string_new ("\\\\x");

  cairo_set_source_rgb (cr, colour[0], colour[1], colour[2]);
  cairo_paint (cr);
  cairo_translate (cr, width / 2.0, height / 2.0);
  cairo_scale (cr, side, side);
  /* What a shape leaves out shows the ground. */
  cairo_push_group (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  draw_of (kind) (cr);
  cairo_pop_group_to_source (cr);
  cairo_paint (cr);
  cairo_surface_write_to_png_stream (surface, write_hex, hex);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return g_string_free (hex, FALSE);
}
