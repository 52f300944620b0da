#include "oba-import-value.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DIGITS 60
#define MAX_GROUPS 20
#define MAX_EXPONENT 40

/* A number taken apart, before it is decided which mark is the decimal one. */
typedef struct
{
  gboolean negative;
  char     digits[MAX_DIGITS];
  guint    n_digits;
  char     marks[MAX_GROUPS];      /* '.', ',' or ' ' for any other grouping */
  guint    at[MAX_GROUPS];         /* digits before each */
  guint    n_marks;
  int      exponent;
} Number;

static gboolean
is_space_or_apostrophe (gunichar c)
{
  return c == ' ' || c == 0xa0 || c == 0x202f || c == 0x2009 || c == '\'' || c == 0x2019;
}

static gboolean
take_exponent (const char *p, int *exponent)
{
  char *end;
  long n;

  if (!g_ascii_isdigit (*p) && !((*p == '-' || *p == '+') && g_ascii_isdigit (p[1])))
    return FALSE;
  if (strlen (p) > 6)
    return FALSE;
  n = strtol (p, &end, 10);
  *exponent = (int) n;
  return *end == '\0' && n >= -MAX_EXPONENT && n <= MAX_EXPONENT;
}

static const char *
take_sign (const char *p, Number *number)
{
  if (*p == '-' || *p == '+')
    {
      number->negative = *p == '-';
      return p + 1;
    }
  if (g_str_has_prefix (p, "−"))
    {
      number->negative = TRUE;
      return p + strlen ("−");
    }
  return p;
}

static gboolean
take_apart (const char *text, Number *number)
{
  const char *p = take_sign (text, number);

  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_ascii_isdigit (*p))
        {
          if (number->n_digits == MAX_DIGITS)
            return FALSE;
          number->digits[number->n_digits++] = *p;
        }
      else if (c == '.' || c == ',' || is_space_or_apostrophe (c))
        {
          if (number->n_marks == MAX_GROUPS)
            return FALSE;
          number->at[number->n_marks] = number->n_digits;
          number->marks[number->n_marks++] = c == '.' || c == ',' ? (char) c : ' ';
        }
      else if ((c == 'e' || c == 'E') && number->n_digits > 0)
        return take_exponent (p + 1, &number->exponent);
      else
        return FALSE;
    }
  return number->n_digits > 0;
}

/* Marks up to @n keep groups of three apart, and are all the same. */
static gboolean
are_groups (const Number *number, guint n, guint end)
{
  for (guint i = 0; i < n; i++)
    if (number->marks[i] != number->marks[0] || (i == 0 && (number->at[0] < 1 || number->at[0] > 3))
        || (i + 1 < n ? number->at[i + 1] : end) - number->at[i] != 3)
      return FALSE;
  return TRUE;
}

/* How many digits stand before the decimal mark. */
static ObaValueStatus
find_point (const Number *number, ObaDecimalMark mark, guint *point)
{
  guint n = number->n_marks;
  char last = n > 0 ? number->marks[n - 1] : 0;
  guint at = n > 0 ? number->at[n - 1] : 0;
  gboolean single = n == 1 || (n > 1 && number->marks[n - 2] != last);

  *point = number->n_digits;
  if (n == 0)
    return OBA_VALUE_OK;
  if (mark == OBA_DECIMAL_POINT || mark == OBA_DECIMAL_COMMA)
    {
      gboolean decimal = last == (mark == OBA_DECIMAL_POINT ? '.' : ',');

      if (decimal)
        *point = at;
      return are_groups (number, decimal ? n - 1 : n, *point) ? OBA_VALUE_OK : OBA_VALUE_BAD;
    }
  if (last == ' ' || !single)
    return are_groups (number, n, number->n_digits) ? OBA_VALUE_OK : OBA_VALUE_BAD;
  /* "1,234" alone: a thousand or one and a bit? */
  if (n == 1 && number->n_digits - at == 3 && at >= 1 && at <= 3 && number->digits[0] != '0'
      && number->exponent == 0 && !(last == '.' && mark == OBA_DECIMAL_AUTO_POINT))
    return OBA_VALUE_AMBIGUOUS;
  *point = at;
  return are_groups (number, n - 1, at) ? OBA_VALUE_OK : OBA_VALUE_BAD;
}

ObaValueStatus
oba_import_parse_decimal (const char *text, ObaDecimalMark mark, guint scale, gint64 limit, gint64 *value)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  Number number = { 0 };
  ObaValueStatus status;
  guint point;
  int whole;
  gint64 sum = 0;
  double rest = 0.0, weight = 0.1;

  if (strlen (trimmed) > 2 * MAX_DIGITS || !take_apart (trimmed, &number))
    return OBA_VALUE_BAD;
  status = find_point (&number, mark, &point);
  if (status != OBA_VALUE_OK)
    return status;

  whole = (int) point + number.exponent + (int) scale;
  for (int i = 0; i < whole; i++)
    {
      int digit = i < (int) number.n_digits ? number.digits[i] - '0' : 0;

      if (sum > (G_MAXINT64 - digit) / 10)
        return OBA_VALUE_RANGE;
      sum = sum * 10 + digit;
    }
  for (int i = whole; i < (int) number.n_digits; i++, weight /= 10)
    if (i >= 0)
      rest += (number.digits[i] - '0') * weight;
  if (rest >= 0.5)
    sum++;
  if (sum > limit)
    return OBA_VALUE_RANGE;
  *value = number.negative ? -sum : sum;
  /* A ten-thousandth of the last unit is noise. */
  return rest > 1e-4 && rest < 1 - 1e-4 ? OBA_VALUE_ROUNDED : OBA_VALUE_OK;
}

/* Exactly @n digits, or up to @n when @least is less. */
static gboolean
take_number (const char **p, guint least, guint n, int *number)
{
  guint i;

  *number = 0;
  for (i = 0; i < n && g_ascii_isdigit (**p); i++)
    *number = *number * 10 + *(*p)++ - '0';
  return i >= least;
}

static gboolean
take_char (const char **p, char c)
{
  if (**p != c)
    return FALSE;
  ++*p;
  return TRUE;
}

static gboolean
take_day (const char **p, ObaImportTime *time)
{
  const char *start = *p;

  if (take_number (p, 4, 4, &time->year) && take_char (p, '-') && take_number (p, 2, 2, &time->month)
      && take_char (p, '-') && take_number (p, 2, 2, &time->day))
    return TRUE;
  *p = start;
  return take_number (p, 1, 2, &time->day) && take_char (p, '.') && take_number (p, 1, 2, &time->month)
         && take_char (p, '.') && take_number (p, 4, 4, &time->year);
}

static gboolean
take_zone (const char **p, ObaImportTime *time)
{
  int sign, hours, minutes = 0;

  if (**p == '\0')
    return TRUE;
  time->has_zone = TRUE;
  if (take_char (p, 'Z'))
    return TRUE;
  sign = **p == '-' ? -1 : 1;
  if (!take_char (p, '+') && !take_char (p, '-'))
    return FALSE;
  if (!take_number (p, 2, 2, &hours))
    return FALSE;
  take_char (p, ':');
  if (**p != '\0' && !take_number (p, 2, 2, &minutes))
    return FALSE;
  time->zone = sign * (hours * 60 + minutes);
  return hours <= 14 && minutes < 60;
}

static gboolean
take_clock (const char **p, ObaImportTime *time)
{
  time->has_time = TRUE;
  if (!take_number (p, 1, 2, &time->hour) || !take_char (p, ':') || !take_number (p, 2, 2, &time->minute))
    return FALSE;
  if (take_char (p, ':') && !take_number (p, 2, 2, &time->second))
    return FALSE;
  if (take_char (p, '.'))
    {
      int digit, unit = 100000;

      if (!g_ascii_isdigit (**p))
        return FALSE;
      for (; g_ascii_isdigit (**p); unit /= 10)
        {
          take_number (p, 1, 1, &digit);
          time->microsecond += digit * unit;
        }
    }
  return time->hour < 24 && time->minute < 60 && time->second < 60;
}

gboolean
oba_import_parse_time (const char *text, ObaImportTime *time)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  const char *p = trimmed;

  memset (time, 0, sizeof *time);
  if (strlen (trimmed) > 40 || !take_day (&p, time))
    return FALSE;
  if (time->year < 1900 || time->year > 2999 || time->month < 1 || time->month > 12
      || !g_date_valid_dmy ((GDateDay) time->day, (GDateMonth) time->month, (GDateYear) time->year))
    return FALSE;
  if (*p == '\0')
    return TRUE;
  if (!take_char (&p, 'T') && !take_char (&p, ' '))
    return FALSE;
  while (*p == ' ')
    p++;
  if (!take_clock (&p, time))
    return FALSE;
  while (*p == ' ')
    p++;
  return take_zone (&p, time) && *p == '\0';
}

void
oba_import_time_append (const ObaImportTime *time, gboolean date_only, GString *to)
{
  g_string_append_printf (to, "%04d-%02d-%02d", time->year, time->month, time->day);
  if (date_only)
    return;
  g_string_append_printf (to, " %02d:%02d:%02d", time->hour, time->minute, time->second);
  if (time->microsecond != 0)
    g_string_append_printf (to, ".%06d", time->microsecond);
  if (time->has_zone)
    g_string_append_printf (to, "%c%02d:%02d", time->zone < 0 ? '-' : '+', ABS (time->zone) / 60,
                            ABS (time->zone) % 60);
}

void
oba_import_time_append_business_day (const ObaImportTime *time, GString *to)
{
  g_autoptr (GTimeZone) there = NULL, baku = NULL;
  g_autoptr (GDateTime) given = NULL, local = NULL;

  if (!time->has_zone)
    {
      g_string_append_printf (to, "%04d%02d%02d", time->year, time->month, time->day);
      return;
    }
  there = g_time_zone_new_offset (time->zone * 60);
  baku = g_time_zone_new_identifier ("Asia/Baku");
  given = g_date_time_new (there, time->year, time->month, time->day, time->hour, time->minute, time->second);
  local = g_date_time_to_timezone (given, baku != NULL ? baku : there);
  g_string_append_printf (to, "%04d%02d%02d", g_date_time_get_year (local), g_date_time_get_month (local),
                          g_date_time_get_day_of_month (local));
}
