#include "oba-chart-private.h"

#include <math.h>

/* The faintest shade of what is not nothing. */
#define FAINTEST 0.14

void
oba_chart_heat_measure (ObaChart *self, cairo_t *cr, double width, double height, const ObaChartTheme *theme, ObaChartLayout *layout)
{
  double em = theme->font_size, widest = 0;

  layout->high = 0;
  for (guint s = 0; s < self->series->len; s++)
    {
      widest = MAX (widest, oba_chart_text_width (cr, theme, oba_chart_get_series_name (self, s)));
      for (guint i = 0; i < self->n_points; i++)
        if (oba_chart_get_value (self, s, i) > layout->high)
          layout->high = oba_chart_get_value (self, s, i);
    }
  layout->high = layout->high > 0 ? layout->high : 1;
  layout->low = 0;
  layout->step = layout->high;
  layout->top = em * 0.4;
  layout->bottom = MAX (height - em * 2.0, layout->top + 1);
  layout->left = ceil (MIN (widest, width * 0.4) + em * 0.8);
  layout->right = MAX (width - em * 0.4, layout->left + 1);
}

static void
draw_cell (cairo_t *cr, const ObaChartTheme *theme, double value, double highest, double x, double y, double width, double height)
{
  double gap = width > 6 && height > 6 ? 2 : 0;

  if (isnan (value) || value <= 0)
    oba_chart_set_color (cr, &theme->grid, 0.6);
  else
    oba_chart_set_color (cr, &theme->series[0], FAINTEST + (1 - FAINTEST) * value / highest);
  cairo_rectangle (cr, x, y, MAX (width - gap, 0.5), MAX (height - gap, 0.5));
  cairo_fill (cr);
}

static void
draw_points (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout)
{
  double column = (layout->right - layout->left) / MAX (self->n_points, 1);
  guint every = (guint) MAX (ceil (theme->font_size * 2.2 / column), 1);

  for (guint i = 0; i < self->n_points; i += every)
    {
      g_autofree char *text = oba_chart_format_point (self, i);

      oba_chart_show_text (cr, theme, &theme->dim_text, text, layout->left + column * (i + 0.5), 0.5, layout->bottom + theme->font_size, 0);
    }
}

void
oba_chart_heat_draw (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout)
{
  double column = (layout->right - layout->left) / MAX (self->n_points, 1);
  double row = (layout->bottom - layout->top) / MAX (self->series->len, 1);

  for (guint s = 0; s < self->series->len; s++)
    {
      double y = layout->top + row * s;

      oba_chart_show_text (cr, theme, &theme->dim_text, oba_chart_get_series_name (self, s), 0, 0, y + row / 2, layout->left - theme->font_size * 0.6);
      for (guint i = 0; i < self->n_points; i++)
        draw_cell (cr, theme, oba_chart_get_value (self, s, i), layout->high, layout->left + column * i, y, column, row);
    }
  draw_points (self, cr, theme, layout);
}
