#include "oba-chart-private.h"

#include <math.h>

void
oba_chart_nice_range (double low, double high, guint ticks, double *nice_low, double *nice_high, double *step)
{
  static const double steps[] = { 1, 2, 2.5, 5, 10 };
  double rough, power;

  if (high <= low)
    high = low + 1;
  rough = (high - low) / MAX (ticks, 1);
  power = pow (10, floor (log10 (rough)));
  *step = 10 * power;
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (rough <= steps[i] * power * (1 + 1e-9))
        {
          *step = steps[i] * power;
          break;
        }
    }
  *nice_low = floor (low / *step + 1e-9) * *step;
  *nice_high = ceil (high / *step - 1e-9) * *step;
}

PangoLayout *
oba_chart_create_text (cairo_t *cr, const ObaChartTheme *theme, double scale, const char *text)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();

  pango_font_description_set_family_static (font, theme->font_family);
  pango_font_description_set_absolute_size (font, theme->font_size * scale * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

void
oba_chart_set_color (cairo_t *cr, const ObaChartColor *color, double strength)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * strength);
}

void
oba_chart_show_text (cairo_t *cr, const ObaChartTheme *theme, const ObaChartColor *color, const char *text, double x, double align, double y, double room)
{
  g_autoptr (PangoLayout) layout = oba_chart_create_text (cr, theme, 1, text);
  int width, height;

  if (room > 0)
    {
      pango_layout_set_width (layout, (int) (room * PANGO_SCALE));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    }
  pango_layout_get_pixel_size (layout, &width, &height);
  oba_chart_set_color (cr, color, 1);
  cairo_move_to (cr, x - width * align, y - height / 2.0);
  pango_cairo_show_layout (cr, layout);
}

double
oba_chart_text_width (cairo_t *cr, const ObaChartTheme *theme, const char *text)
{
  g_autoptr (PangoLayout) layout = oba_chart_create_text (cr, theme, 1, text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

double
oba_chart_stack_below (ObaChart *self, guint series, guint point)
{
  double sum = 0;

  for (guint s = 0; s < MIN (series, self->series->len); s++)
    {
      const ObaChartSeries *below = oba_chart_get_series (self, s);

      if (below->kind == OBA_CHART_STACK && !isnan (below->values[point]))
        sum += below->values[point];
    }
  return sum;
}

static gboolean
value_range (ObaChart *self, double *low, double *high)
{
  gboolean found = FALSE;

  /* The axis holds zero: a bar or an area that does not start at zero lies about sizes. */
  *low = 0;
  *high = 0;
  for (guint s = 0; s < self->series->len; s++)
    {
      const double *values = oba_chart_get_series (self, s)->values;

      for (guint i = 0; i < self->n_points; i++)
        {
          if (isnan (values[i]))
            continue;
          *low = MIN (*low, values[i]);
          *high = MAX (*high, values[i]);
          found = TRUE;
        }
    }
  for (guint i = 0; i < self->n_points; i++)
    *high = MAX (*high, oba_chart_stack_below (self, self->series->len, i));
  return found;
}

static double
widest_tick (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout)
{
  double widest = 0;

  for (double v = layout->low; v <= layout->high + layout->step / 2; v += layout->step)
    {
      g_autofree char *text = oba_chart_format_axis (self, v);
      g_autoptr (PangoLayout) label = oba_chart_create_text (cr, theme, 1, text);
      int width;

      pango_layout_get_pixel_size (label, &width, NULL);
      widest = MAX (widest, width);
    }
  return widest;
}

void
oba_chart_measure (ObaChart *self, cairo_t *cr, double width, double height, const ObaChartTheme *theme, ObaChartLayout *layout)
{
  double low, high, em = theme->font_size;
  gboolean legend = self->series->len > 1;

  layout->width = width;
  layout->is_brief = FALSE;
  if (oba_chart_get_shape (self) == OBA_CHART_ROWS)
    {
      oba_chart_rows_measure (self, cr, width, height, theme, layout);
      return;
    }
  if (oba_chart_get_shape (self) == OBA_CHART_HEAT)
    {
      oba_chart_heat_measure (self, cr, width, height, theme, layout);
      return;
    }
  value_range (self, &low, &high);
  layout->top = em * (legend ? 2.4 : 0.9);
  layout->bottom = MAX (height - em * 2.0, layout->top + 1);
  oba_chart_nice_range (low, high, (guint) CLAMP ((layout->bottom - layout->top) / (em * 4), 2, 8), &layout->low, &layout->high, &layout->step);
  /* Counts have no halves. */
  if (self->value == OBA_CHART_VALUE_NUMBER && layout->step < 1)
    oba_chart_nice_range (layout->low, MAX (layout->high, 1), 1, &layout->low, &layout->high, &layout->step);
  layout->left = ceil (widest_tick (self, cr, theme, layout) + em * 0.9);
  layout->right = MAX (width - em * 0.7, layout->left + 1);
}

double
oba_chart_point_x (ObaChart *self, const ObaChartLayout *layout, guint point)
{
  /* A point stands in the middle of its slot, so that bars fit and lines of the same data agree with them. */
  return layout->left + (layout->right - layout->left) * (point + 0.5) / MAX (self->n_points, 1);
}

double
oba_chart_value_y (const ObaChartLayout *layout, double value)
{
  return layout->bottom - (layout->bottom - layout->top) * (value - layout->low) / (layout->high - layout->low);
}
