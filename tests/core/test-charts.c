#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "charts/oba-chart-private.h"

static ObaChart *
make_chart (guint n)
{
  ObaChart *chart = oba_chart_new ("Revenue", OBA_CHART_VALUE_MONEY);
  g_autofree double *values = g_new (double, n);

  for (guint i = 0; i < n; i++)
    values[i] = 100000 + 1000 * (i % 7);
  oba_chart_set_days (chart, 739000, n);
  oba_chart_add_series (chart, "Revenue", OBA_CHART_AREA, values, n);
  return chart;
}

static guint
count_ink (cairo_surface_t *surface)
{
  const guint32 *pixels = (const guint32 *) (gconstpointer) cairo_image_surface_get_data (surface);
  int n = cairo_image_surface_get_stride (surface) / 4 * cairo_image_surface_get_height (surface);
  guint ink = 0;

  for (int i = 0; i < n; i++)
    ink += pixels[i] != 0;
  return ink;
}

/* Axes that read 17, 34, 51 make people calculate. */
static void
test_nice_range (void)
{
  static const struct
  {
    double low, high, nice_low, nice_high, step;
  } cases[] = { { 0, 97, 0, 100, 25 }, { 0, 1, 0, 1, 0.25 }, { -30, 70, -50, 75, 25 }, { 0, 0, 0, 1, 0.25 }, { 0, 4e12, 0, 4e12, 1e12 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double low, high, step;

      oba_chart_nice_range (cases[i].low, cases[i].high, 4, &low, &high, &step);
      g_assert_cmpfloat_with_epsilon (low, cases[i].nice_low, 1e-6);
      g_assert_cmpfloat_with_epsilon (high, cases[i].nice_high, 1e-6);
      g_assert_cmpfloat_with_epsilon (step, cases[i].step, 1e-6);
    }
}

/* No size, count or gap may crash it or leave it empty. */
static void
test_draw_any_size (void)
{
  static const guint counts[] = { 0, 1, 2, 90, 5000 };
  static const int sizes[][2] = { { 1, 1 }, { 40, 20 }, { 600, 300 }, { 2000, 200 } };

  for (guint c = 0; c < G_N_ELEMENTS (counts); c++)
    {
      for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
        {
          g_autoptr (ObaChart) chart = make_chart (counts[c]);
          cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, sizes[s][0], sizes[s][1]);
          cairo_t *cr = cairo_create (surface);

          oba_chart_draw (chart, cr, sizes[s][0], sizes[s][1], &oba_chart_theme_light);
          if (counts[c] > 0)
            oba_chart_draw_hover (chart, cr, sizes[s][0], sizes[s][1], &oba_chart_theme_dark, counts[c] - 1);
          g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
          cairo_destroy (cr);
          cairo_surface_flush (surface);
          if (sizes[s][0] > 100)
            g_assert_cmpuint (count_ink (surface), >, 100);
          cairo_surface_destroy (surface);
        }
    }
}

/* The value under the pointer must be the one painted there. */
static void
test_hit_agrees_with_drawing (void)
{
  g_autoptr (ObaChart) chart = make_chart (90);

  for (guint i = 0; i < 90; i += 11)
    {
      int point = 0;
      double x = 0;

      for (double probe = 0; probe < 800; probe += 1)
        {
          point = oba_chart_hit (chart, 800, 300, &oba_chart_theme_light, probe, 100, &x);
          if (point == (int) i)
            break;
        }
      g_assert_cmpint (point, ==, i);
      g_assert_cmpint (oba_chart_hit (chart, 800, 300, &oba_chart_theme_light, x, 100, NULL), ==, i);
    }
  g_assert_cmpint (oba_chart_hit (chart, 800, 300, &oba_chart_theme_light, 0, 100, NULL), ==, -1);
  g_assert_cmpint (oba_chart_hit (chart, 800, 300, &oba_chart_theme_light, 799, 100, NULL), ==, -1);
}

static void
test_words (void)
{
  g_autoptr (ObaChart) chart = make_chart (7);
  g_autoptr (ObaChart) empty = oba_chart_new ("Visits", OBA_CHART_VALUE_NUMBER);
  double gap = NAN;
  g_autofree char *words = oba_chart_describe (chart);
  g_autofree char *no_words = oba_chart_describe (empty);
  const char *const labels[] = { "Dairy", NULL };
  g_autofree char *label = NULL;
  g_autofree char *value = NULL;

  g_assert_nonnull (g_strstr_len (words, -1, "060.00"));
  g_assert_nonnull (g_strstr_len (no_words, -1, "no values"));
  oba_chart_set_labels (empty, labels);
  oba_chart_add_series (empty, "Visits", OBA_CHART_BARS, &gap, 1);
  label = oba_chart_format_point (empty, 0);
  value = oba_chart_format_value (empty, 0, 0);
  g_assert_cmpstr (label, ==, "Dairy");
  g_assert_cmpstr (value, ==, "\xe2\x80\x93");
}

/* Categories with long names, a row each, compared with the chain. */
static ObaChart *
make_rows (void)
{
  const char *const names[] = { "Süd və süd məhsulları, pendir, yumurta", "Çay", "Meyvə", NULL };
  const double own[] = { 0.5, 0.254, NAN };
  const double chain[] = { 0.2, 0, 0.1 };
  ObaChart *chart = oba_chart_new ("Categories", OBA_CHART_VALUE_SHARE);

  oba_chart_set_labels (chart, names);
  oba_chart_set_list (chart);
  oba_chart_add_series (chart, "This customer", OBA_CHART_ROWS, own, 3);
  oba_chart_add_series (chart, "Chain", OBA_CHART_ROWS, chain, 3);
  return chart;
}

/* Days and hours: only Friday evening is busy. */
static ObaChart *
make_heat (void)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  g_auto (GStrv) hours = g_new0 (char *, 25);
  ObaChart *chart = oba_chart_new ("When", OBA_CHART_VALUE_NUMBER);

  for (guint h = 0; h < 24; h++)
    hours[h] = g_strdup_printf ("%02u", h);
  oba_chart_set_labels (chart, (const char *const *) hours);
  for (guint d = 0; d < 7; d++)
    {
      double values[24] = { 0 };

      values[18] = d == 4 ? 123 : 0;
      oba_chart_add_series (chart, days[d], OBA_CHART_HEAT, values, 24);
    }
  return chart;
}

static guint32
pixel_at (ObaChart *chart, int x, int y)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 600, 240);
  cairo_t *cr = cairo_create (surface);
  guint32 pixel;

  oba_chart_draw (chart, cr, 600, 240, &oba_chart_theme_print);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  pixel = ((const guint32 *) (gconstpointer) cairo_image_surface_get_data (surface))[y * cairo_image_surface_get_stride (surface) / 4 + x];
  cairo_surface_destroy (surface);
  return pixel & 0xffffff;
}

static void
measure (ObaChart *chart, ObaChartLayout *layout)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);

  oba_chart_measure (chart, cr, 600, 240, &oba_chart_theme_print, layout);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* The dark field of a map is Friday at six; what is told about a column is what is painted in it. */
static void
test_heat (void)
{
  g_autoptr (ObaChart) chart = make_heat ();
  g_autofree char *words = oba_chart_describe (chart);
  ObaChartLayout layout;
  double column, row;
  int x, friday, saturday;

  measure (chart, &layout);
  column = (layout.right - layout.left) / 24;
  row = (layout.bottom - layout.top) / 7;
  x = (int) (layout.left + column * 18.5);
  friday = (int) (layout.top + row * 4.5);
  saturday = (int) (layout.top + row * 5.5);
  g_assert_cmpuint (pixel_at (chart, x, friday), ==, 0x1c71d8);
  g_assert_cmpuint (pixel_at (chart, x, saturday), !=, 0x1c71d8);
  g_assert_cmpint (oba_chart_hit (chart, 600, 240, &oba_chart_theme_print, x, friday, NULL), ==, 18);
  g_assert_cmpstr (words, ==, "When. Most: Fri, 18: 123.");
}

/* A row is told where its bar is, all the way along its name; names that are too long leave room for the bars. */
static void
test_rows (void)
{
  g_autoptr (ObaChart) chart = make_rows ();
  g_autofree char *words = oba_chart_describe (chart);
  g_autofree char *share = oba_chart_format_value (chart, 0, 1);
  ObaChartLayout layout;
  double slot;

  measure (chart, &layout);
  g_assert_cmpfloat (layout.right - layout.left, >, 200);
  slot = (layout.bottom - layout.top) / 3;
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpint (oba_chart_hit (chart, 600, 240, &oba_chart_theme_print, 5, layout.top + slot * (i + 0.5), NULL), ==, i);
      g_assert_cmpint (oba_chart_hit (chart, 600, 240, &oba_chart_theme_print, layout.right - 2, layout.top + slot * (i + 0.5), NULL), ==, i);
    }
  g_assert_cmpint (oba_chart_hit (chart, 600, 240, &oba_chart_theme_print, 5, 0, NULL), ==, -1);
  g_assert_cmpstr (share, ==, "25.4 %");
  g_assert_nonnull (strstr (words, "Highest: Süd və süd məhsulları, pendir, yumurta, 50.0 %. Lowest: Çay, 25.4 %."));
}

/* Three series beside each other in half of a profile: nothing is drawn past the edge, where it would be cut, and bars stay bars. */
static void
test_narrow (void)
{
  enum { WIDTH = 320, HEIGHT = 230, WIDER = 600, ROWS = 7 };
  const char *const names[] = { "Süd məhsulları və yumurta", "Meyvə və tərəvəz", "Ət, toyuq, balıq", "Ev və təmizlik", "Çörək və şirniyyat", "Bakaleya", "Digər", NULL };
  const char *const series[] = { "Bu müştəri", "Bürünc müştəriləri", "Bütün şəbəkə" };
  const ObaChartKind kinds[] = { OBA_CHART_ROWS, OBA_CHART_BARS };
  const double values[ROWS] = { 0.462, 0.173, 0.151, 0.138, 0.102, 0.061, 0.3 };

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autoptr (ObaChart) chart = oba_chart_new ("Categories", OBA_CHART_VALUE_SHARE);
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDER, HEIGHT);
      cairo_t *cr = cairo_create (surface);
      const guint32 *pixels;
      ObaChartLayout layout;

      oba_chart_set_labels (chart, names);
      for (guint s = 0; s < G_N_ELEMENTS (series); s++)
        oba_chart_add_series (chart, series[s], kinds[k], values, ROWS);
      oba_chart_measure (chart, cr, WIDTH, HEIGHT, &oba_chart_theme_light, &layout);
      g_assert_cmpfloat (layout.right - layout.left, >, WIDTH * 0.29);
      oba_chart_draw (chart, cr, WIDTH, HEIGHT, &oba_chart_theme_light);
      cairo_destroy (cr);
      cairo_surface_flush (surface);
      pixels = (const guint32 *) (gconstpointer) cairo_image_surface_get_data (surface);
      for (int y = 0; y < HEIGHT; y++)
        for (int x = WIDTH + 1; x < WIDER; x++)
          if (pixels[y * cairo_image_surface_get_stride (surface) / 4 + x] != 0)
            g_error ("shape %u: something is drawn at %d, %d", k, x, y);
      cairo_surface_destroy (surface);
    }
}

/* No size, gap or emptiness may crash the other shapes either. */
static void
test_shapes_any_size (void)
{
  static const int sizes[][2] = { { 1, 1 }, { 40, 20 }, { 600, 240 }, { 2000, 200 } };
  const char *const none[] = { NULL };
  double nothing = 0;
  g_autoptr (ObaChart) empty = oba_chart_new ("Nothing", OBA_CHART_VALUE_SHARE);
  ObaChart *charts[] = { make_rows (), make_heat (), empty };

  oba_chart_set_labels (empty, none);
  oba_chart_add_series (empty, "Nothing", OBA_CHART_ROWS, &nothing, 0);
  for (guint c = 0; c < G_N_ELEMENTS (charts); c++)
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
      {
        cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, sizes[s][0], sizes[s][1]);
        cairo_t *cr = cairo_create (surface);

        oba_chart_draw (charts[c], cr, sizes[s][0], sizes[s][1], &oba_chart_theme_dark);
        for (guint i = 0; i < oba_chart_get_n_points (charts[c]); i++)
          oba_chart_draw_hover (charts[c], cr, sizes[s][0], sizes[s][1], &oba_chart_theme_dark, i);
        g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
        cairo_destroy (cr);
        cairo_surface_flush (surface);
        if (sizes[s][0] > 100 && c < 2)
          g_assert_cmpuint (count_ink (surface), >, 100);
        cairo_surface_destroy (surface);
      }
  oba_chart_unref (charts[0]);
  oba_chart_unref (charts[1]);
}

static void
test_files (void)
{
  static const struct
  {
    const char *name, *magic;
  } files[] = { { "chart.png", "\x89PNG" }, { "chart.svg", "<?xml" }, { "chart.pdf", "%PDF" } };
  g_autofree char *directory = g_dir_make_tmp ("oba-test-XXXXXX", NULL);
  g_autoptr (ObaChart) chart = make_chart (90);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (directory, files[i].name, NULL);
      g_autofree char *content = NULL;

      g_assert_true (oba_chart_save (chart, path, 600, 300, &oba_chart_theme_print, &error));
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
      g_assert_true (g_str_has_prefix (content, files[i].magic));
      g_unlink (path);
    }
  g_rmdir (directory);
  g_assert_false (oba_chart_save (chart, "/nonexistent/chart.png", 600, 300, &oba_chart_theme_print, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/charts/nice-range", test_nice_range);
  g_test_add_func ("/charts/draw-any-size", test_draw_any_size);
  g_test_add_func ("/charts/hit", test_hit_agrees_with_drawing);
  g_test_add_func ("/charts/words", test_words);
  g_test_add_func ("/charts/heat", test_heat);
  g_test_add_func ("/charts/rows", test_rows);
  g_test_add_func ("/charts/narrow", test_narrow);
  g_test_add_func ("/charts/shapes-any-size", test_shapes_any_size);
  g_test_add_func ("/charts/files", test_files);
  return g_test_run ();
}
