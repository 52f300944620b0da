#include "oba-telegram-picture.h"

#include "charts/oba-chart.h"

#define WIDTH 960
#define HEIGHT 540

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

GBytes *
oba_telegram_picture_draw (JsonObject *picture)
{
  ObaChartTheme theme = oba_chart_theme_light;
  g_autoptr (ObaChart) chart = NULL;
  cairo_surface_t *surface;
  GByteArray *bytes;
  cairo_t *cr;

  if (g_strcmp0 (json_object_get_string_member_with_default (picture, "kind", NULL), "bars") != 0)
    return NULL;
  chart = read_bars (picture);
  theme.background = (ObaChartColor){ 1, 1, 1, 1 }; /* a chat may be dark */
  theme.font_size = 20;
  bytes = g_byte_array_new ();
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cr = cairo_create (surface);
  oba_chart_draw (chart, cr, WIDTH, HEIGHT, &theme);
  cairo_destroy (cr);
  cairo_surface_write_to_png_stream (surface, append, bytes);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (bytes);
}
