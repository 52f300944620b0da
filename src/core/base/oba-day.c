#include "oba-day.h"

#define FIRST_YEAR 1900
#define LAST_YEAR 2200

/* Up to @max digits at *@text, which goes on behind them. Returns: -1 when there are none */
static int
oba_day_number (const char **text,
                guint        max)
{
  const char *p = *text;
  int number = 0;

  while (g_ascii_isdigit (*p) && (guint) (p - *text) < max)
    number = number * 10 + (*p++ - '0');
  if (p == *text)
    return -1;
  *text = p;
  return number;
}

/* Three numbers with the same sign between them. */
static gboolean
oba_day_split (const char *text,
               int         numbers[3],
               char       *sign)
{
  numbers[0] = oba_day_number (&text, 4);
  *sign = *text;
  if (numbers[0] < 0 || (*sign != '.' && *sign != '/' && *sign != '-'))
    return FALSE;
  text++;
  numbers[1] = oba_day_number (&text, 2);
  if (numbers[1] < 0 || *text != *sign)
    return FALSE;
  text++;
  numbers[2] = oba_day_number (&text, 4);
  return numbers[2] >= 0 && *text == '\0';
}

gboolean
oba_day_parse (const char *text,
               GDate      *day)
{
  g_autofree char *own = g_strstrip (g_strdup (text));
  int numbers[3];
  char sign;
  int year;
  int date;

  if (!oba_day_split (own, numbers, &sign))
    return FALSE;
  year = numbers[0] > 31 ? numbers[0] : numbers[2];
  date = numbers[0] > 31 ? numbers[2] : numbers[0];
  if (year < FIRST_YEAR || year > LAST_YEAR || date > 31 || !g_date_valid_dmy ((GDateDay) date, (GDateMonth) numbers[1], (GDateYear) year))
    return FALSE;
  g_date_set_dmy (day, (GDateDay) date, (GDateMonth) numbers[1], (GDateYear) year);
  return TRUE;
}

char *
oba_day_format (const GDate *day)
{
  if (!g_date_valid (day))
    return g_strdup ("");
  return g_strdup_printf ("%02u.%02u.%04u", g_date_get_day (day), (guint) g_date_get_month (day), g_date_get_year (day));
}

/* Made once: GLib reads the zone's file each time it is asked. */
GTimeZone *
oba_day_zone (void)
{
  static GTimeZone *zone;

  if (g_once_init_enter (&zone))
    {
      GTimeZone *baku = g_time_zone_new_identifier ("Asia/Baku");

      g_once_init_leave (&zone, baku != NULL ? baku : g_time_zone_new_offset (4 * 3600));
    }
  return zone;
}

GDateTime *
oba_day_at (gint64 seconds)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);

  return utc != NULL ? g_date_time_to_timezone (utc, oba_day_zone ()) : NULL;
}

GDateTime *
oba_day_now (void)
{
  return g_date_time_new_now (oba_day_zone ());
}

void
oba_day_today (GDate *day)
{
  g_autoptr (GDateTime) now = oba_day_now ();

  g_date_clear (day, 1);
  g_date_set_dmy (day, (GDateDay) g_date_time_get_day_of_month (now), (GDateMonth) g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));
}
