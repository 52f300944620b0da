#include "oba-chart-private.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>

static void
draw_value_axis (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout)
{
  cairo_set_line_width (cr, 1);
  for (double v = layout->low; v <= layout->high + layout->step / 2; v += layout->step)
    {
      g_autofree char *text = oba_chart_format_axis (self, v);
      double y = floor (oba_chart_value_y (layout, v)) + 0.5;

      oba_chart_set_color (cr, &theme->grid, fabs (v) < layout->step / 2 ? 2 : 1);
      cairo_move_to (cr, layout->left, y);
      cairo_line_to (cr, layout->right, y);
      cairo_stroke (cr);
      oba_chart_show_text (cr, theme, &theme->dim_text, text, layout->left - theme->font_size * 0.5, 1, y, 0);
    }
}

static char *
format_day_tick (guint32 julian, guint n_points)
{
  g_autoptr (GDateTime) day = NULL;
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, julian);
  day = g_date_time_new_utc (g_date_get_year (&date), (int) g_date_get_month (&date), g_date_get_day (&date), 0, 0, 0);
  if (n_points > 400)
    /* Translators: a month on the axis of a chart of years, "Nov 2026". */
    return g_date_time_format (day, C_ ("month of an axis", "%b %Y"));
  /* Translators: a day on the axis of a chart, "16 Nov". */
  return g_date_time_format (day, C_ ("day of an axis", "%-d %b"));
}

/* Days: Mondays for weeks, firsts for months, as many as fit without touching. Labels: every k-th. */
static gboolean
is_point_tick (ObaChart *self, guint point, guint every)
{
  GDate date;

  if (self->labels != NULL)
    return point % every == 0;
  if (every <= 1)
    return TRUE;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, self->first_day + point);
  if (every <= 7)
    return g_date_get_weekday (&date) == G_DATE_MONDAY;
  if (every <= 14)
    return g_date_get_weekday (&date) == G_DATE_MONDAY && (self->first_day + point) / 7 % 2 == 0;
  if (every <= 31)
    return g_date_get_day (&date) == 1;
  if (every <= 92)
    return g_date_get_day (&date) == 1 && (g_date_get_month (&date) - 1) % 3 == 0;
  return g_date_get_day (&date) == 1 && g_date_get_month (&date) == G_DATE_JANUARY;
}

static void
draw_point_axis (ObaChart *self, cairo_t *cr, double width, const ObaChartTheme *theme, const ObaChartLayout *layout)
{
  static const guint day_steps[] = { 1, 7, 14, 31, 92, 366 };
  double room = theme->font_size * (self->labels != NULL ? 4.5 : self->n_points > 400 ? 6 : 5);
  guint fit = (guint) MAX ((layout->right - layout->left) / room, 1);
  guint every = MAX ((self->n_points + fit - 1) / fit, 1);
  double last_end = -1;

  for (guint i = 0; self->labels == NULL && i < G_N_ELEMENTS (day_steps); i++)
    {
      if (day_steps[i] >= every)
        {
          every = day_steps[i];
          break;
        }
    }
  for (guint i = 0; i < self->n_points; i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (PangoLayout) label = NULL;
      double x = oba_chart_point_x (self, layout, i);
      int text_width, text_height;

      if (!is_point_tick (self, i, every))
        continue;
      text = self->labels != NULL ? g_strdup (self->labels[i]) : format_day_tick (self->first_day + i, self->n_points);
      label = oba_chart_create_text (cr, theme, 1, text);
      pango_layout_get_pixel_size (label, &text_width, &text_height);
      if (x - text_width / 2.0 < last_end || x + text_width / 2.0 > width)
        continue;
      last_end = x + text_width / 2.0 + theme->font_size * 0.5;
      oba_chart_show_text (cr, theme, &theme->dim_text, text, x, 0.5, layout->bottom + theme->font_size, 0);
    }
}

static double
sum_up_to (const double *widths, guint n, double most)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += MIN (widths[i], most);
  return sum;
}

/* How wide a name may be so that all of them take @room at most: short ones leave theirs to the long ones. */
static double
share_room (const double *widths, guint n, double room)
{
  double most = room / n;

  for (guint i = 0; i < n; i++)
    most += MAX (room - sum_up_to (widths, n, most), 0) / n;
  return most;
}

/* It begins over the plot; what is too long for that at the edge, closer together, and then with shorter names. */
void
oba_chart_draw_legend (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout)
{
  guint n = self->series->len;
  g_autofree double *widths = g_new (double, n);
  double x = layout->left, em = theme->font_size, gap = em * 1.8, most = 0, texts;

  for (guint s = 0; s < n; s++)
    {
      widths[s] = oba_chart_text_width (cr, theme, oba_chart_get_series (self, s)->name);
      most = MAX (most, widths[s]);
    }
  texts = sum_up_to (widths, n, most);
  if (x + texts + n * em * 1.2 + (n - 1) * gap > layout->width)
    {
      x = 0;
      gap = em * 0.8;
    }
  if (x + texts + n * em * 1.2 + (n - 1) * gap > layout->width)
    most = share_room (widths, n, MAX (layout->width - n * em * 1.2 - (n - 1) * gap, n * em));
  for (guint s = 0; s < n; s++)
    {
      oba_chart_set_color (cr, &theme->series[s % G_N_ELEMENTS (theme->series)], 1);
      cairo_rectangle (cr, x, em * 0.55, em * 0.8, em * 0.8);
      cairo_fill (cr);
      oba_chart_show_text (cr, theme, &theme->text, oba_chart_get_series (self, s)->name, x + em * 1.2, 0, em * 0.95, widths[s] > most ? most : 0);
      x += em * 1.2 + MIN (widths[s], most) + gap;
    }
}

static void
draw_bars (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout, guint s, guint n_bars, guint bar)
{
  ObaChartSeries *series = oba_chart_get_series (self, s);
  double slot = (layout->right - layout->left) / MAX (self->n_points, 1);
  double group = MIN (slot * 0.8, theme->font_size * 4 * n_bars);
  double width = group / n_bars;

  oba_chart_set_color (cr, &theme->series[s % G_N_ELEMENTS (theme->series)], 0.9);
  for (guint i = 0; i < self->n_points; i++)
    {
      double x, y, zero = oba_chart_value_y (layout, 0);

      if (isnan (series->values[i]))
        continue;
      x = oba_chart_point_x (self, layout, i) - group / 2 + width * bar;
      y = oba_chart_value_y (layout, series->values[i]);
      cairo_rectangle (cr, x, MIN (y, zero), MAX (width - (slot > 4 ? 1 : 0), 0.5), fabs (zero - y));
    }
  cairo_fill (cr);
}

static void
draw_stack (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout, guint s)
{
  ObaChartSeries *series = oba_chart_get_series (self, s);
  double slot = (layout->right - layout->left) / MAX (self->n_points, 1);
  double width = MIN (slot * 0.8, theme->font_size * 4);

  oba_chart_set_color (cr, &theme->series[s % G_N_ELEMENTS (theme->series)], 0.9);
  for (guint i = 0; i < self->n_points; i++)
    {
      double below = oba_chart_stack_below (self, s, i);
      double y = oba_chart_value_y (layout, below);

      if (!isnan (series->values[i]))
        cairo_rectangle (cr, oba_chart_point_x (self, layout, i) - width / 2, y, width, oba_chart_value_y (layout, below + series->values[i]) - y);
    }
  cairo_fill (cr);
}

/* More points than pixels: each pixel column keeps its lowest and highest, so that no peak is lost and no time on hidden lines. */
static void
trace_line (ObaChart *self, cairo_t *cr, const ObaChartLayout *layout, const double *values, guint from, guint to)
{
  double columns = layout->right - layout->left;
  guint stride = (guint) MAX (1, floor ((to - from) / MAX (columns, 1)));

  for (guint i = from; i < to; i += stride)
    {
      guint end = MIN (i + stride, to), low = i, high = i;

      for (guint j = i; j < end; j++)
        {
          if (values[j] < values[low])
            low = j;
          if (values[j] > values[high])
            high = j;
        }
      cairo_line_to (cr, oba_chart_point_x (self, layout, MIN (low, high)), oba_chart_value_y (layout, values[MIN (low, high)]));
      if (low != high)
        cairo_line_to (cr, oba_chart_point_x (self, layout, MAX (low, high)), oba_chart_value_y (layout, values[MAX (low, high)]));
    }
}

static void
draw_line (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout, guint s)
{
  ObaChartSeries *series = oba_chart_get_series (self, s);
  const ObaChartColor *color = &theme->series[s % G_N_ELEMENTS (theme->series)];
  guint i = 0;

  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  while (i < self->n_points)
    {
      guint from;

      while (i < self->n_points && isnan (series->values[i]))
        i++;
      from = i;
      while (i < self->n_points && !isnan (series->values[i]))
        i++;
      if (from == i)
        break;
      if (series->kind == OBA_CHART_AREA)
        {
          cairo_move_to (cr, oba_chart_point_x (self, layout, from), oba_chart_value_y (layout, 0));
          trace_line (self, cr, layout, series->values, from, i);
          cairo_line_to (cr, oba_chart_point_x (self, layout, i - 1), oba_chart_value_y (layout, 0));
          oba_chart_set_color (cr, color, 0.15);
          cairo_fill (cr);
        }
      cairo_new_sub_path (cr);
      trace_line (self, cr, layout, series->values, from, i);
      oba_chart_set_color (cr, color, 1);
      cairo_set_line_width (cr, theme->font_size / 6);
      cairo_stroke (cr);
      if (i - from == 1)
        {
          cairo_arc (cr, oba_chart_point_x (self, layout, from), oba_chart_value_y (layout, series->values[from]), theme->font_size / 4, 0, 2 * G_PI);
          cairo_fill (cr);
        }
    }
}

/* Values over points that stand in a row. */
static void
draw_plot (ObaChart *self, cairo_t *cr, double width, const ObaChartTheme *theme, const ObaChartLayout *layout)
{
  guint n_bars = 0, bar = 0;

  draw_value_axis (self, cr, theme, layout);
  draw_point_axis (self, cr, width, theme, layout);
  if (self->series->len > 1)
    oba_chart_draw_legend (self, cr, theme, layout);

  for (guint s = 0; s < self->series->len; s++)
    n_bars += oba_chart_get_series (self, s)->kind == OBA_CHART_BARS;
  for (guint s = 0; s < self->series->len; s++)
    {
      if (oba_chart_get_series (self, s)->kind == OBA_CHART_BARS)
        draw_bars (self, cr, theme, layout, s, n_bars, bar++);
      else if (oba_chart_get_series (self, s)->kind == OBA_CHART_STACK)
        draw_stack (self, cr, theme, layout, s);
    }
  for (guint s = 0; s < self->series->len; s++)
    {
      if (oba_chart_get_series (self, s)->kind == OBA_CHART_LINE || oba_chart_get_series (self, s)->kind == OBA_CHART_AREA)
        draw_line (self, cr, theme, layout, s);
    }
}

void
oba_chart_draw (ObaChart *self, cairo_t *cr, double width, double height, const ObaChartTheme *theme)
{
  ObaChartLayout layout;

  cairo_save (cr);
  if (theme->background.alpha > 0)
    {
      oba_chart_set_color (cr, &theme->background, 1);
      cairo_rectangle (cr, 0, 0, width, height);
      cairo_fill (cr);
    }
  oba_chart_measure (self, cr, width, height, theme, &layout);
  if (oba_chart_get_shape (self) == OBA_CHART_ROWS)
    oba_chart_rows_draw (self, cr, theme, &layout);
  else if (oba_chart_get_shape (self) == OBA_CHART_HEAT)
    oba_chart_heat_draw (self, cr, theme, &layout);
  else
    draw_plot (self, cr, width, theme, &layout);
  cairo_restore (cr);
}

int
oba_chart_hit (ObaChart *self, double width, double height, const ObaChartTheme *theme, double x, double y, double *point_x)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  ObaChartLayout layout;
  int point = -1;

  oba_chart_measure (self, cr, width, height, theme, &layout);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  if (oba_chart_get_shape (self) == OBA_CHART_ROWS)
    {
      if (self->n_points > 0 && y >= layout.top && y < layout.bottom && x >= 0 && x <= width)
        point = (int) MIN ((y - layout.top) / (layout.bottom - layout.top) * self->n_points, self->n_points - 1);
      if (point >= 0 && point_x != NULL)
        *point_x = layout.left;
    }
  else if (self->n_points > 0 && x >= layout.left && x < layout.right && y >= 0 && y <= height)
    {
      point = (int) MIN ((x - layout.left) / (layout.right - layout.left) * self->n_points, self->n_points - 1);
      if (point_x != NULL)
        *point_x = oba_chart_point_x (self, &layout, (guint) point);
    }
  return point;
}

static void
rounded_rectangle (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static char *
hover_text (ObaChart *self, guint point)
{
  GString *text = g_string_new (NULL);
  g_autofree char *name = oba_chart_format_point (self, point);

  g_string_append (text, name);
  for (guint s = 0; s < self->series->len; s++)
    {
      g_autofree char *value = oba_chart_format_value (self, s, point);

      if (self->series->len > 1)
        g_string_append_printf (text, "\n%s: %s", oba_chart_get_series_name (self, s), value);
      else
        g_string_append_printf (text, "\n%s", value);
    }
  return g_string_free (text, FALSE);
}

/* The line, and the dots on it, of a point of a plot. */
static void
mark_point (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout, guint point, double x)
{
  oba_chart_set_color (cr, &theme->dim_text, 1);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, floor (x) + 0.5, layout->top);
  cairo_line_to (cr, floor (x) + 0.5, layout->bottom);
  cairo_stroke (cr);
  for (guint s = 0; s < self->series->len; s++)
    {
      double value = oba_chart_get_value (self, s, point);

      if (isnan (value) || (oba_chart_get_series (self, s)->kind != OBA_CHART_LINE && oba_chart_get_series (self, s)->kind != OBA_CHART_AREA))
        continue;
      oba_chart_set_color (cr, &theme->series[s % G_N_ELEMENTS (theme->series)], 1);
      cairo_arc (cr, x, oba_chart_value_y (layout, value), theme->font_size / 3, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

/* The row or the column of a chart of fields. */
static void
mark_field (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout, guint point)
{
  double n = MAX (self->n_points, 1);

  oba_chart_set_color (cr, &theme->dim_text, 1);
  cairo_set_line_width (cr, 1);
  if (oba_chart_get_shape (self) == OBA_CHART_ROWS)
    cairo_rectangle (cr, 0.5, layout->top + (layout->bottom - layout->top) * point / n, layout->right - 1, (layout->bottom - layout->top) / n);
  else
    cairo_rectangle (cr, layout->left + (layout->right - layout->left) * point / n, layout->top, (layout->right - layout->left) / n, layout->bottom - layout->top);
  cairo_stroke (cr);
}

void
oba_chart_draw_hover (ObaChart *self, cairo_t *cr, double width, double height, const ObaChartTheme *theme, guint point)
{
  g_autofree char *text = hover_text (self, point);
  g_autoptr (PangoLayout) label = oba_chart_create_text (cr, theme, 1, text);
  ObaChartKind shape = oba_chart_get_shape (self);
  ObaChartLayout layout;
  double x, left, top, pad = theme->font_size * 0.7;
  int label_width, label_height;

  g_return_if_fail (point < self->n_points);

  oba_chart_measure (self, cr, width, height, theme, &layout);
  x = shape == OBA_CHART_ROWS ? width : oba_chart_point_x (self, &layout, point);
  top = shape == OBA_CHART_ROWS ? layout.top + (layout.bottom - layout.top) * (point + 1) / self->n_points : layout.top;
  pango_layout_get_pixel_size (label, &label_width, &label_height);

  cairo_save (cr);
  if (shape == OBA_CHART_LINE)
    mark_point (self, cr, theme, &layout, point, x);
  else
    mark_field (self, cr, theme, &layout, point);

  /* The card stands beside the line, on the side that has room; below or above a row. */
  left = x + pad;
  if (left + label_width + 2 * pad > width)
    left = MAX (x - pad - label_width - 2 * pad, 0);
  if (top + label_height + 2 * pad > height)
    top = MAX (shape == OBA_CHART_ROWS ? top - (layout.bottom - layout.top) / self->n_points - label_height - 2 * pad : height - label_height - 2 * pad, 0);
  rounded_rectangle (cr, left, top, label_width + 2 * pad, label_height + 2 * pad, theme->font_size / 2);
  cairo_set_source_rgba (cr, 0.12, 0.12, 0.14, 0.94);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_move_to (cr, left + pad, top + pad);
  pango_cairo_show_layout (cr, label);
  cairo_restore (cr);
}

gboolean
oba_chart_save (ObaChart *self, const char *filename, double width, double height, const ObaChartTheme *theme, GError **error)
{
  cairo_surface_t *surface;
  cairo_t *cr;
  cairo_status_t status;
  gboolean png = FALSE;

  if (g_str_has_suffix (filename, ".svg"))
    surface = cairo_svg_surface_create (filename, width, height);
  else if (g_str_has_suffix (filename, ".pdf"))
    surface = cairo_pdf_surface_create (filename, width, height);
  else
    {
      surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) ceil (width), (int) ceil (height));
      png = TRUE;
    }
  cr = cairo_create (surface);
  oba_chart_draw (self, cr, width, height, theme);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && png)
    status = cairo_surface_write_to_png (surface, filename);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The chart could not be saved to %s: %s"), filename, cairo_status_to_string (status));
      return FALSE;
    }
  return TRUE;
}
