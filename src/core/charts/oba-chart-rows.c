#include "oba-chart-private.h"

#include <math.h>

/* Names take at most this share of the width, and bars at least that. */
#define NAMES 0.42
#define BARS 0.3

static double
highest_value (ObaChart *self)
{
  double highest = 0;

  for (guint s = 0; s < self->series->len; s++)
    for (guint i = 0; i < self->n_points; i++)
      if (oba_chart_get_value (self, s, i) > highest)
        highest = oba_chart_get_value (self, s, i);
  return highest > 0 ? highest : 1;
}

static double
widest_name (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme)
{
  double widest = 0;

  for (guint i = 0; i < self->n_points; i++)
    {
      g_autofree char *name = oba_chart_format_point (self, i);

      widest = MAX (widest, oba_chart_text_width (cr, theme, name));
    }
  return widest;
}

static double
widest_value (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme)
{
  double widest = 0;

  for (guint s = 0; s < self->series->len; s++)
    for (guint i = 0; i < self->n_points; i++)
      {
        g_autofree char *text = oba_chart_format_value (self, s, i);

        widest = MAX (widest, oba_chart_text_width (cr, theme, text));
      }
  return widest;
}

/* How thick a bar is; @slot: the height that a row has. */
static double
bar_height (ObaChart *self, const ObaChartTheme *theme, double slot)
{
  return MIN (slot * 0.86, theme->font_size * 1.3 * self->series->len) / self->series->len;
}

/* Bars that are thinner than letters say their values together, behind the longest of them. */
static gboolean
are_thin (ObaChart *self, const ObaChartTheme *theme, double slot)
{
  return self->series->len > 1 && bar_height (self, theme, slot) < theme->font_size;
}

static double
get_slot (ObaChart *self, const ObaChartLayout *layout)
{
  return (layout->bottom - layout->top) / MAX (self->n_points, 1);
}

void
oba_chart_rows_measure (ObaChart *self, cairo_t *cr, double width, double height, const ObaChartTheme *theme, ObaChartLayout *layout)
{
  double em = theme->font_size;
  double values = widest_value (self, cr, theme);

  layout->top = em * (self->series->len > 1 ? 2.4 : 0.4);
  layout->bottom = MAX (height - em * 0.4, layout->top + 1);
  layout->left = ceil (MIN (widest_name (self, cr, theme), width * NAMES) + em);
  if (are_thin (self, theme, get_slot (self, layout)))
    {
      double together = (values + em) * self->series->len;

      layout->is_brief = width - em * 0.7 - together - layout->left < width * BARS;
      values = layout->is_brief ? values : together;
    }
  layout->right = MAX (width - em * 0.7 - values, layout->left + 1);
  layout->low = 0;
  layout->high = highest_value (self);
  layout->step = layout->high;
}

static double
length_of (ObaChart *self, const ObaChartLayout *layout, guint series, guint point)
{
  double value = oba_chart_get_value (self, series, point);

  return isnan (value) || value < 0 ? 0 : (layout->right - layout->left) * value / layout->high;
}

static void
draw_values_together (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout, guint point, double y)
{
  g_autoptr (GString) text = g_string_new (NULL);
  double longest = 0;

  for (guint s = 0; s < self->series->len; s++)
    {
      g_autofree char *value = oba_chart_format_value (self, s, point);

      if (s == 0 || !layout->is_brief)
        g_string_append_printf (text, "%s%s", s > 0 ? " · " : "", value);
      longest = MAX (longest, length_of (self, layout, s, point));
    }
  /* The value of one series has its colour: it may stand behind another one's bar. */
  oba_chart_show_text (cr, theme, layout->is_brief ? &theme->series[0] : &theme->text, text->str, layout->left + longest + theme->font_size * 0.4, 0, y, 0);
}

static void
draw_row (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout, guint point, double top, double slot)
{
  double em = theme->font_size;
  double bar = bar_height (self, theme, slot);
  gboolean thin = are_thin (self, theme, slot);
  g_autofree char *name = oba_chart_format_point (self, point);

  oba_chart_show_text (cr, theme, &theme->text, name, 0, 0, top + slot / 2, layout->left - em * 0.8);
  for (guint s = 0; s < self->series->len; s++)
    {
      double length = length_of (self, layout, s, point);
      double y = top + (slot - bar * self->series->len) / 2 + bar * s;
      g_autofree char *text = oba_chart_format_value (self, s, point);

      oba_chart_set_color (cr, &theme->series[s % G_N_ELEMENTS (theme->series)], 0.9);
      cairo_rectangle (cr, layout->left, y, MAX (length, 1), MAX (bar - 1, 0.5));
      cairo_fill (cr);
      if (!thin)
        oba_chart_show_text (cr, theme, s == 0 ? &theme->text : &theme->dim_text, text, layout->left + length + em * 0.4, 0, y + bar / 2, 0);
    }
  if (thin)
    draw_values_together (self, cr, theme, layout, point, top + slot / 2);
}

void
oba_chart_rows_draw (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout)
{
  ObaChartLayout legend = *layout;
  double slot = get_slot (self, layout);

  legend.left = 0;
  if (self->series->len > 1)
    oba_chart_draw_legend (self, cr, theme, &legend);
  for (guint i = 0; i < self->n_points; i++)
    draw_row (self, cr, theme, layout, i, layout->top + slot * i, slot);
}
