#include "oba-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-money.h"

#define NO_VALUE "\xe2\x80\x93"

static void
series_free (gpointer data)
{
  ObaChartSeries *series = data;

  g_free (series->name);
  g_free (series->values);
  g_free (series);
}

ObaChart *
oba_chart_new (const char *title, ObaChartValue value)
{
  ObaChart *self = g_new0 (ObaChart, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->title = g_strdup (title);
  self->value = value;
  self->series = g_ptr_array_new_with_free_func (series_free);
  return self;
}

ObaChart *
oba_chart_ref (ObaChart *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
oba_chart_unref (ObaChart *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->title);
  g_strfreev (self->labels);
  g_free (self->points_name);
  g_ptr_array_unref (self->series);
  g_free (self);
}

void
oba_chart_set_days (ObaChart *self, guint32 first_day, guint n)
{
  g_return_if_fail (self->series->len == 0 && g_date_valid_julian (first_day));

  self->first_day = first_day;
  self->n_points = n;
  g_clear_pointer (&self->labels, g_strfreev);
}

void
oba_chart_set_labels (ObaChart *self, const char *const *labels)
{
  g_return_if_fail (self->series->len == 0);

  g_strfreev (self->labels);
  self->labels = g_strdupv ((char **) labels);
  self->n_points = g_strv_length (self->labels);
  self->first_day = 0;
}

void
oba_chart_set_points_name (ObaChart *self, const char *name)
{
  g_free (self->points_name);
  self->points_name = g_strdup (name);
}

const char *
oba_chart_get_points_name (ObaChart *self)
{
  return self->points_name;
}

void
oba_chart_set_list (ObaChart *self)
{
  self->list = TRUE;
}

gboolean
oba_chart_is_list (ObaChart *self)
{
  return self->list;
}

void
oba_chart_add_series (ObaChart *self, const char *name, ObaChartKind kind, const double *values, guint n)
{
  ObaChartSeries *series;

  g_return_if_fail (n == self->n_points);

  series = g_new0 (ObaChartSeries, 1);
  series->name = g_strdup (name);
  series->kind = kind;
  series->values = g_memdup2 (values, n * sizeof *values);
  g_ptr_array_add (self->series, series);
}

guint
oba_chart_get_n_points (ObaChart *self)
{
  return self->n_points;
}

guint
oba_chart_get_n_series (ObaChart *self)
{
  return self->series->len;
}

const char *
oba_chart_get_title (ObaChart *self)
{
  return self->title;
}

ObaChartSeries *
oba_chart_get_series (ObaChart *self, guint series)
{
  return g_ptr_array_index (self->series, series);
}

ObaChartKind
oba_chart_get_shape (ObaChart *self)
{
  ObaChartKind kind = self->series->len > 0 ? oba_chart_get_series (self, 0)->kind : OBA_CHART_LINE;

  return kind == OBA_CHART_ROWS || kind == OBA_CHART_HEAT ? kind : OBA_CHART_LINE;
}

const char *
oba_chart_get_series_name (ObaChart *self, guint series)
{
  g_return_val_if_fail (series < self->series->len, NULL);

  return oba_chart_get_series (self, series)->name;
}

double
oba_chart_get_value (ObaChart *self, guint series, guint point)
{
  g_return_val_if_fail (series < self->series->len && point < self->n_points, NAN);

  return oba_chart_get_series (self, series)->values[point];
}

char *
oba_chart_format_point (ObaChart *self, guint point)
{
  g_autoptr (GDateTime) day = NULL;
  GDate date;

  g_return_val_if_fail (point < self->n_points, NULL);

  if (self->labels != NULL)
    return g_strdup (self->labels[point]);
  g_date_clear (&date, 1);
  g_date_set_julian (&date, self->first_day + point);
  day = g_date_time_new_utc (g_date_get_year (&date), (int) g_date_get_month (&date), g_date_get_day (&date), 0, 0, 0);
  /* Translators: a day under the pointer of a chart, "Mon 16 Nov 2026"; see g_date_time_format(). */
  return g_date_time_format (day, C_ ("day of a chart", "%a %-d %b %Y"));
}

char *
oba_chart_format_axis (ObaChart *self, double value)
{
  if (self->value == OBA_CHART_VALUE_SHARE)
    return oba_share_format (value, value != 0 && fabs (value) < 0.0095 ? 1 : 0);
  return self->value == OBA_CHART_VALUE_MONEY ? oba_money_format_short (llround (value)) : oba_number_format (llround (value));
}

char *
oba_chart_format_value (ObaChart *self, guint series, guint point)
{
  double value = oba_chart_get_value (self, series, point);

  if (isnan (value))
    return g_strdup (NO_VALUE);
  if (self->value == OBA_CHART_VALUE_SHARE)
    return oba_share_format (value, 1);
  return self->value == OBA_CHART_VALUE_MONEY ? oba_money_format (llround (value)) : oba_number_format (llround (value));
}

/* ---- in words */

/* The place of the highest and lowest value among all series, or of the first only. */
static gboolean
find_extremes (ObaChart *self, guint n_series, guint highest[2], guint lowest[2])
{
  gboolean found = FALSE;

  for (guint s = 0; s < n_series; s++)
    for (guint i = 0; i < self->n_points; i++)
      {
        double value = oba_chart_get_value (self, s, i);

        if (isnan (value))
          continue;
        if (!found || value > oba_chart_get_value (self, highest[0], highest[1]))
          highest[0] = s, highest[1] = i;
        if (!found || value < oba_chart_get_value (self, lowest[0], lowest[1]))
          lowest[0] = s, lowest[1] = i;
        found = TRUE;
      }
  return found;
}

static void
describe_heat (ObaChart *self, GString *text, const guint highest[2])
{
  g_autofree char *point = oba_chart_format_point (self, highest[1]);
  g_autofree char *value = oba_chart_format_value (self, highest[0], highest[1]);

  /* Translators: a map of numbers told in words: the row and column of the highest, "Fri", "18", and how much it is. */
  g_string_append_printf (text, _("Most: %s, %s: %s."), oba_chart_get_series_name (self, highest[0]), point, value);
}

static void
describe_list (ObaChart *self, GString *text, const guint highest[2], const guint lowest[2])
{
  g_autofree char *highest_point = oba_chart_format_point (self, highest[1]);
  g_autofree char *highest_value = oba_chart_format_value (self, 0, highest[1]);
  g_autofree char *lowest_point = oba_chart_format_point (self, lowest[1]);
  g_autofree char *lowest_value = oba_chart_format_value (self, 0, lowest[1]);

  /* Translators: a list told in words: what has the highest value, and it; what has the lowest, and it. */
  g_string_append_printf (text, _("Highest: %s, %s. Lowest: %s, %s."), highest_point, highest_value, lowest_point, lowest_value);
}

static void
describe_times (ObaChart *self, GString *text, const guint highest[2], const guint lowest[2])
{
  g_autofree char *first_point = oba_chart_format_point (self, 0);
  g_autofree char *highest_point = oba_chart_format_point (self, highest[1]);
  g_autofree char *highest_value = oba_chart_format_value (self, 0, highest[1]);
  g_autofree char *lowest_point = oba_chart_format_point (self, lowest[1]);
  g_autofree char *lowest_value = oba_chart_format_value (self, 0, lowest[1]);
  g_autofree char *last_point = NULL;
  g_autofree char *last_value = NULL;
  guint last = self->n_points - 1;

  while (isnan (oba_chart_get_value (self, 0, last)))
    last--;
  last_point = oba_chart_format_point (self, last);
  last_value = oba_chart_format_value (self, 0, last);
  /* Translators: a chart told in words: first and last day, last value, highest value and its day, lowest value and its day. */
  g_string_append_printf (text, _("From %s to %s. Last: %s. Highest: %s on %s. Lowest: %s on %s."), first_point, last_point, last_value,
                          highest_value, highest_point, lowest_value, lowest_point);
}

char *
oba_chart_describe (ObaChart *self)
{
  GString *text = g_string_new (self->title);
  gboolean heat = oba_chart_get_shape (self) == OBA_CHART_HEAT;
  guint highest[2] = { 0, 0 }, lowest[2] = { 0, 0 };

  g_string_append (text, ". ");
  if (!find_extremes (self, heat ? self->series->len : MIN (self->series->len, 1), highest, lowest))
    g_string_append (text, _("There are no values yet."));
  else if (heat)
    describe_heat (self, text, highest);
  else if (self->list)
    describe_list (self, text, highest, lowest);
  else
    describe_times (self, text, highest, lowest);
  return g_string_free (text, FALSE);
}
