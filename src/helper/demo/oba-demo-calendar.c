#include "oba-demo-calendar.h"

#include "oba-demo-data-catalogue.h"
#include "oba-demo-random.h"

#include <math.h>

#define OPENS 8

/* The moon's feasts, as they were or are announced. */
typedef struct
{
  guint16 year;
  guint8 month, day; /* first day of Ramazan */
  guint8 length;
  guint8 qurban_month, qurban_day;
} Feasts;

static const Feasts feasts[] = {
  { 2019, 5, 6, 29, 8, 11 },  { 2020, 4, 24, 30, 7, 31 }, { 2021, 4, 13, 30, 7, 20 }, { 2022, 4, 2, 30, 7, 9 },
  { 2023, 3, 23, 29, 6, 28 }, { 2024, 3, 11, 30, 6, 16 }, { 2025, 3, 1, 29, 6, 6 },   { 2026, 2, 19, 29, 5, 27 },
  { 2027, 2, 8, 30, 5, 16 },  { 2028, 1, 28, 29, 5, 5 },  { 2029, 1, 16, 29, 4, 24 }, { 2030, 1, 6, 29, 4, 13 },
};

static const double hour_weights[OBA_DEMO_N_HOURS][24 - OPENS] = {
  [OBA_DEMO_HOURS_WEEKDAY] = { 2.2, 3.3, 4.3, 4.9, 5.6, 6.0, 5.5, 5.3, 6.1, 8.0, 10.6, 12.0, 10.4, 7.6, 4.3, 0.0 },
  [OBA_DEMO_HOURS_WEEKEND] = { 1.4, 2.9, 4.9, 6.5, 7.3, 7.2, 6.7, 6.7, 7.4, 8.4, 9.6, 10.0, 8.8, 6.7, 4.0, 0.0 },
  [OBA_DEMO_HOURS_RAMAZAN] = { 1.2, 2.2, 3.5, 4.6, 5.2, 5.5, 6.2, 7.7, 10.0, 12.4, 6.0, 4.4, 8.8, 10.4, 8.2, 0.0 },
  [OBA_DEMO_HOURS_EVE] = { 3.2, 5.6, 7.6, 9.0, 9.8, 9.8, 9.6, 9.6, 10.0, 10.0, 8.6, 5.6, 2.6, 1.0, 0.4, 0.0 },
  [OBA_DEMO_HOURS_LAZY] = { 0.2, 0.6, 1.6, 3.4, 5.6, 7.4, 8.2, 8.8, 9.4, 9.8, 10.6, 10.8, 9.4, 6.8, 3.6, 0.0 },
};

static const double weekday_factors[] = { 0, 0.93, 0.91, 0.92, 0.95, 1.04, 1.17, 1.11 };

static double
bump (int distance, double width)
{
  return exp (-0.5 * distance * distance / (width * width));
}

static int
days_from (const GDate *date, int year, int month, int day)
{
  GDate other;

  g_date_clear (&other, 1);
  g_date_set_dmy (&other, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return g_date_days_between (&other, date);
}

static double *
season (ObaDemoDay *day, ObaDemoTrait trait)
{
  return &day->season[__builtin_ctz (trait)];
}

static void
set_seasons_of_the_year (ObaDemoDay *day, const GDate *date)
{
  double angle = 2.0 * G_PI * ((int) g_date_get_day_of_year (date) - 200) / 365.25; /* 0 in the third week of July */
  double heat = cos (angle);
  double autumn = cos (angle - 2.0 * G_PI * 85 / 365.25);
  double spring = cos (angle + 2.0 * G_PI * 80 / 365.25);

  *season (day, OBA_DEMO_SUMMER) = exp (0.95 * heat - 0.15);
  *season (day, OBA_DEMO_WINTER) = exp (-0.5 * heat);
  *season (day, OBA_DEMO_AUTUMN) = exp (1.0 * autumn - 0.3);
  *season (day, OBA_DEMO_SPRING) = exp (0.8 * spring - 0.2);
  *season (day, OBA_DEMO_PICNIC) = exp (0.45 * heat) * (day->weekday >= 6 ? 1.9 : day->weekday == 5 ? 1.25 : 0.8);
}

static void
set_novruz (ObaDemoDay *day, const GDate *date)
{
  /* 1 March to 26 March: the shopping grows up to the eve, then the country is at home and visiting. */
  static const double demand[] = { 1.00, 1.00, 1.01, 1.01, 1.02, 1.03, 1.05, 1.06, 1.07, 1.09, 1.11, 1.14, 1.18,
                                   1.24, 1.32, 1.42, 1.52, 1.64, 1.74, 1.42, 0.82, 0.74, 0.78, 0.84, 0.92, 0.97 };
  int n = days_from (date, g_date_get_year (date), 3, 1);

  *season (day, OBA_DEMO_NOVRUZ) = 1.0;
  if (n < 0 || n >= (int) G_N_ELEMENTS (demand))
    return;
  day->demand *= demand[n];
  *season (day, OBA_DEMO_NOVRUZ) = 1.0 + 4.0 * (n <= 19 ? bump (n - 18, 5.0) : bump (n - 19, 1.6));
  day->basket *= 1.0 + 0.35 * (n <= 19 ? bump (n - 18, 4.0) : 0.0);
  if (n == 19)
    day->hours = OBA_DEMO_HOURS_EVE;
  else if (n >= 20 && n <= 23)
    {
      day->hours = OBA_DEMO_HOURS_WEEKEND;
      *season (day, OBA_DEMO_PICNIC) *= 1.7;
    }
}

static void
set_new_year (ObaDemoDay *day, const GDate *date)
{
  static const double before[] = {
    1.05, 1.06, 1.08, 1.10, 1.13, 1.18, 1.25, 1.34, 1.46, 1.62, 1.86, 1.92
  }; /* 20-31 December */
  static const double after[] = { 0.42, 0.68, 0.82, 0.88, 0.92, 0.95 };
  int n = days_from (date, g_date_get_year (date), 12, 20);
  guint day_of_year = g_date_get_day_of_year (date);

  *season (day, OBA_DEMO_NEW_YEAR) = 1.0;
  if (n >= 0)
    {
      day->demand *= before[n];
      *season (day, OBA_DEMO_NEW_YEAR) = 1.0 + 3.6 * bump (n - 11, 4.0);
      day->basket *= 1.0 + 0.3 * bump (n - 11, 3.0);
      if (n == 11)
        day->hours = OBA_DEMO_HOURS_EVE;
    }
  else if (day_of_year <= G_N_ELEMENTS (after))
    {
      day->demand *= after[day_of_year - 1];
      if (day_of_year == 1)
        day->hours = OBA_DEMO_HOURS_LAZY;
    }
}

static void
set_moon_feasts (ObaDemoDay *day, const GDate *date)
{
  *season (day, OBA_DEMO_RAMAZAN) = 1.0;
  for (guint i = 0; i < G_N_ELEMENTS (feasts); i++)
    {
      const Feasts *f = &feasts[i];
      int n = days_from (date, f->year, f->month, f->day);
      int q = days_from (date, f->year, f->qurban_month, f->qurban_day);

      if (n >= -3 && n < 0)
        day->demand *= 1.08;
      if (n >= -3 && n < f->length)
        *season (day, OBA_DEMO_RAMAZAN) = n < 0 ? 1.8 : 2.7;
      if (n >= 0 && n < f->length)
        {
          day->ramazan = TRUE;
          day->demand *= n >= f->length - 3 ? 1.16 : 1.03;
          if (day->hours == OBA_DEMO_HOURS_WEEKDAY || day->hours == OBA_DEMO_HOURS_WEEKEND)
            day->hours = OBA_DEMO_HOURS_RAMAZAN;
        }
      if (n == f->length || n == f->length + 1)
        day->demand *= 0.9;
      if (q == -2 || q == -1)
        day->demand *= 1.2;
      else if (q == 0)
        day->demand *= 0.8;
    }
}

static void
set_small_feasts (ObaDemoDay *day, const GDate *date)
{
  int month = g_date_get_month (date), of_month = g_date_get_day (date);
  int school = days_from (date, g_date_get_year (date), 9, 13);
  int march8 = days_from (date, g_date_get_year (date), 3, 8);
  gboolean holidays = (month == 6 && of_month > 10) || month == 7 || (month == 8 && of_month < 22);

  *season (day, OBA_DEMO_SCHOOL) =
      holidays ? 0.75 : 1.0 + 4.0 * (school <= 0 ? bump (school, 8.0) : bump (school, 4.0));
  *season (day, OBA_DEMO_MARCH8) = march8 <= 0 ? 1.0 + 6.0 * bump (march8, 0.8) : 1.0;
  if (march8 == 0 || march8 == -1)
    day->demand *= 1.08;
  if (school <= 0 && school > -12)
    day->demand *= 1.04;
  if ((month == 5 && (of_month == 9 || of_month == 28)) || (month == 6 && (of_month == 15 || of_month == 26)) ||
      (month == 11 && (of_month == 8 || of_month == 9)))
    {
      day->demand *= day->weekday >= 6 ? 1.02 : 1.10;
      *season (day, OBA_DEMO_PICNIC) *= 1.5;
    }
  if (month == 1 && of_month == 20)
    day->demand *= 0.88;
}

static double
payday (const GDate *date)
{
  guint d = g_date_get_day (date);

  return d <= 5               ? 1.055 - 0.006 * (d - 1)
         : d >= 13 && d <= 16 ? 1.02
         : d >= 20 && d <= 27 ? 0.965
         : d >= 29            ? 1.03
                              : 1.0;
}

static void
set_day (ObaDemoDay *day, const GDate *date)
{
  double heat = cos (2.0 * G_PI * ((int) g_date_get_day_of_year (date) - 215) / 365.25);

  day->weekday = (guint) g_date_get_weekday (date);
  day->hours = day->weekday >= 6 ? OBA_DEMO_HOURS_WEEKEND : OBA_DEMO_HOURS_WEEKDAY;
  day->basket = day->weekday >= 6 ? 1.12 : 0.96;
  day->demand =
      weekday_factors[day->weekday] * payday (date) * (1.0 - 0.035 * heat); /* August: the sea and the villages */
  set_seasons_of_the_year (day, date);
  set_novruz (day, date);
  set_new_year (day, date);
  set_moon_feasts (day, date);
  set_small_feasts (day, date);
}

ObaDemoCalendar *
oba_demo_calendar_new (const GDate *until, guint n_days, guint64 seed, guint last_second)
{
  ObaDemoCalendar *self = g_new0 (ObaDemoCalendar, 1);
  ObaDemoRandom random;
  double weather = 0.0;

  self->n_days = n_days;
  self->first_julian = g_date_get_julian (until) - n_days + 1;
  self->days = g_new0 (ObaDemoDay, n_days);
  self->clock = g_new0 (double, n_days + 1);
  self->last_second = last_second;
  oba_demo_random_init (&random, seed, 1);
  for (guint i = 0; i < n_days; i++)
    {
      ObaDemoDay *day = &self->days[i];
      GDate date;

      oba_demo_calendar_get_date (self, (int) i, &date);
      set_day (day, &date);
      /* Rain lasts longer than a day: the noise remembers. */
      weather = 0.72 * weather + 0.034 * oba_demo_random_normal (&random);
      day->demand *= exp (weather);
      if (i == n_days - 1)
        day->demand *= oba_demo_hours_share (day->hours, last_second);
      self->clock[i + 1] = self->clock[i] + day->demand;
    }
  return self;
}

void
oba_demo_calendar_free (ObaDemoCalendar *self)
{
  g_free (self->days);
  g_free (self->clock);
  g_free (self);
}

void
oba_demo_calendar_get_date (const ObaDemoCalendar *self, int day, GDate *date)
{
  g_date_clear (date, 1);
  g_date_set_julian (date, (guint32) ((int) self->first_julian + day));
}

static double
curve_sum (ObaDemoHours hours)
{
  double sum = 0.0;

  for (guint i = 0; i < 24 - OPENS; i++)
    sum += hour_weights[hours][i];
  return sum;
}

double
oba_demo_hours_share (ObaDemoHours hours, guint second)
{
  double share = 0.0;

  for (guint i = 0; i < 24 - OPENS; i++)
    share += hour_weights[hours][i] * CLAMP (((double) second - (OPENS + i) * 3600.0) / 3600.0, 0.0, 1.0);
  return share / curve_sum (hours);
}

guint
oba_demo_hours_pick (ObaDemoHours hours, gboolean night, double unit)
{
  double left;

  /* A shop that never closes sells 6 of 100 receipts at night. */
  if (night && unit < 0.06)
    {
      guint second = (guint) (unit / 0.06 * 9 * 3600);

      return second < 3600 ? 23 * 3600 + second : second - 3600;
    }
  left = (night ? (unit - 0.06) / 0.94 : unit) * curve_sum (hours);
  for (guint i = 0; i < 24 - OPENS; i++)
    {
      double weight = hour_weights[hours][i];

      if (left < weight)
        return (OPENS + i) * 3600 + (guint) (left / weight * 3600.0);
      left -= weight;
    }
  return 23 * 3600 - 1;
}
