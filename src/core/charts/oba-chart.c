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
  return self->value == OBA_CHART_VALUE_MONEY ? oba_money_format_short (llround (value)) : oba_number_format (llround (value));
}

char *
oba_chart_format_value (ObaChart *self, guint series, guint point)
{
  double value = oba_chart_get_value (self, series, point);

  if (isnan (value))
    return g_strdup (NO_VALUE);
  return self->value == OBA_CHART_VALUE_MONEY ? oba_money_format (llround (value)) : oba_number_format (llround (value));
}

char *
oba_chart_describe (ObaChart *self)
{
  GString *text = g_string_new (self->title);
  ObaChartSeries *series;
  guint highest = 0, lowest = 0, last = 0;
  gboolean found = FALSE;

  if (self->series->len > 0)
    {
      series = oba_chart_get_series (self, 0);
      for (guint i = 0; i < self->n_points; i++)
        {
          if (isnan (series->values[i]))
            continue;
          if (!found || series->values[i] > series->values[highest])
            highest = i;
          if (!found || series->values[i] < series->values[lowest])
            lowest = i;
          last = i;
          found = TRUE;
        }
    }
  if (!found)
    {
      g_string_append_printf (text, ". %s", _("There are no values yet."));
    }
  else
    {
      g_autofree char *first_point = oba_chart_format_point (self, 0);
      g_autofree char *last_point = oba_chart_format_point (self, last);
      g_autofree char *last_value = oba_chart_format_value (self, 0, last);
      g_autofree char *highest_point = oba_chart_format_point (self, highest);
      g_autofree char *highest_value = oba_chart_format_value (self, 0, highest);
      g_autofree char *lowest_point = oba_chart_format_point (self, lowest);
      g_autofree char *lowest_value = oba_chart_format_value (self, 0, lowest);

      g_string_append (text, ". ");
      /* Translators: a chart told in words: first and last day, last value, highest value and its day, lowest value and its day. */
      g_string_append_printf (text, _("From %s to %s. Last: %s. Highest: %s on %s. Lowest: %s on %s."), first_point, last_point, last_value,
                              highest_value, highest_point, lowest_value, lowest_point);
    }
  return g_string_free (text, FALSE);
}
