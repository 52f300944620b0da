#include "oba-telegram-picture.h"

#include <pango/pangocairo.h>
#include <string.h>

#include "base/oba-error.h"
#include "cards/oba-qr.h"
#include "charts/oba-chart.h"
#include "rewards/oba-reward.h"

#define WIDTH 960
#define HEIGHT 540
#define QR_SIZE 480
#define QR_LINE 60

JsonObject *
oba_telegram_picture_bars (const char *title, const char *const *labels, const gint64 *qepik, guint n)
{
  JsonObject *picture = json_object_new ();
  JsonArray *names = json_array_new (), *values = json_array_new ();

  for (guint i = 0; i < n; i++)
    {
      json_array_add_string_element (names, labels[i]);
      json_array_add_int_element (values, qepik[i]);
    }
  json_object_set_string_member (picture, "kind", "bars");
  json_object_set_string_member (picture, "title", title);
  json_object_set_array_member (picture, "labels", names);
  json_object_set_array_member (picture, "values", values);
  return picture;
}

static cairo_status_t
append (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static ObaChart *
read_bars (JsonObject *picture)
{
  JsonArray *names = json_object_get_array_member (picture, "labels");
  JsonArray *values = json_object_get_array_member (picture, "values");
  guint n = json_array_get_length (names);
  g_autofree const char **labels = g_new0 (const char *, n + 1);
  g_autofree double *numbers = g_new (double, n);
  ObaChart *chart = oba_chart_new (json_object_get_string_member (picture, "title"), OBA_CHART_VALUE_MONEY);

  for (guint i = 0; i < n; i++)
    {
      labels[i] = json_array_get_string_element (names, i);
      numbers[i] = (double) json_array_get_int_element (values, i);
    }
  oba_chart_set_labels (chart, labels);
  oba_chart_add_series (chart, json_object_get_string_member (picture, "title"), OBA_CHART_BARS, numbers, n);
  return chart;
}

JsonObject *
oba_telegram_picture_reward (gint64 reward_id)
{
  JsonObject *picture = json_object_new ();

  json_object_set_string_member (picture, "kind", "reward");
  json_object_set_int_member (picture, "id", reward_id);
  return picture;
}

JsonObject *
oba_telegram_picture_code (const char *text)
{
  JsonObject *picture = json_object_new ();

  json_object_set_string_member (picture, "kind", "code");
  json_object_set_string_member (picture, "text", text);
  return picture;
}

gboolean
oba_telegram_picture_is_lasting (JsonObject *picture)
{
  return strcmp (json_object_get_string_member_with_default (picture, "kind", ""), "bars") != 0;
}

/* Takes @surface. */
static GBytes *
write_png (cairo_surface_t *surface)
{
  GByteArray *bytes = g_byte_array_new ();

  cairo_surface_write_to_png_stream (surface, append, bytes);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (bytes);
}

static GBytes *
draw_bars (JsonObject *picture)
{
  ObaChartTheme theme = oba_chart_theme_light;
  g_autoptr (ObaChart) chart = read_bars (picture);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  theme.background = (ObaChartColor){ 1, 1, 1, 1 }; /* a chat may be dark */
  theme.font_size = 20;
  oba_chart_draw (chart, cr, WIDTH, HEIGHT, &theme);
  cairo_destroy (cr);
  return write_png (surface);
}

static void
draw_below (cairo_t *cr, const char *text)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Monospace Bold 28px");
  int width, height;

  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, (QR_SIZE - width) / 2.0, QR_SIZE);
  pango_cairo_show_layout (cr, layout);
}

GBytes *
oba_telegram_picture_qr (const char *text, const char *below)
{
  g_autoptr (ObaQr) qr = oba_qr_new (text);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, QR_SIZE, QR_SIZE + QR_LINE);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  if (qr != NULL)
    oba_qr_draw (qr, cr, 0, 0, QR_SIZE);
  draw_below (cr, below);
  cairo_destroy (cr);
  return write_png (surface);
}

static void
reward_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GBytes *picture = oba_reward_picture_finish (result, &error);

  if (picture != NULL)
    g_task_return_pointer (task, picture, (GDestroyNotify) g_bytes_unref);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "The reward has no picture any more.");
}

void
oba_telegram_picture_make_async (ObaDbPool *pool, JsonObject *picture, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  const char *kind = json_object_get_string_member_with_default (picture, "kind", "");

  if (g_str_equal (kind, "reward"))
    oba_reward_picture_async (pool, json_object_get_int_member (picture, "id"), NULL, reward_read, g_object_ref (task));
  else if (g_str_equal (kind, "bars"))
    g_task_return_pointer (task, draw_bars (picture), (GDestroyNotify) g_bytes_unref);
  else if (g_str_equal (kind, "code"))
    {
      const char *text = json_object_get_string_member (picture, "text");

      g_task_return_pointer (task, oba_telegram_picture_qr (text, text), (GDestroyNotify) g_bytes_unref);
    }
  else
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "There is no such picture.");
}

GBytes *
oba_telegram_picture_make_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
