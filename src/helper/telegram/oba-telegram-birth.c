#include "oba-telegram-birth.h"

#include <string.h>

#define MAX_TEXT 60
#define FIRST_YEAR 1900

/* How the names of the months begin, in three languages, folded; what begins another one comes later. */
static const struct
{
  const char *start;
  int month;
} months[] = {
  { "yan", 1 }, { "янв", 1 }, { "jan", 1 },
  { "fev", 2 }, { "фев", 2 }, { "feb", 2 },
  { "mar", 3 }, { "мар", 3 },
  { "apr", 4 }, { "апр", 4 },
  { "may", 5 }, { "май", 5 }, { "мая", 5 },
  { "iyun", 6 }, { "июн", 6 }, { "jun", 6 },
  { "iyul", 7 }, { "июл", 7 }, { "jul", 7 },
  { "avq", 8 }, { "авг", 8 }, { "aug", 8 },
  { "sen", 9 }, { "сен", 9 }, { "sep", 9 },
  { "okt", 10 }, { "окт", 10 }, { "oct", 10 },
  { "noy", 11 }, { "ноя", 11 }, { "nov", 11 },
  { "dek", 12 }, { "дек", 12 }, { "dec", 12 },
};

typedef struct
{
  int numbers[3];
  int digits[3]; /* how many each has */
  guint n;
  int month;     /* 0: not named */
} Parts;

static int
find_month (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (months); i++)
    if (g_str_has_prefix (word, months[i].start))
      return months[i].month;
  return 0;
}

/* Returns: the end of the number; NULL when there are too many, or it is too long */
static const char *
take_number (Parts *parts, const char *at)
{
  int value = 0, digits = 0;

  for (; g_unichar_isdigit (g_utf8_get_char (at)); at = g_utf8_next_char (at), digits++)
    {
      if (digits == 8)
        return NULL;
      value = value * 10 + g_unichar_digit_value (g_utf8_get_char (at));
    }
  if (parts->n == G_N_ELEMENTS (parts->numbers))
    return NULL;
  parts->numbers[parts->n] = value;
  parts->digits[parts->n++] = digits;
  return at;
}

static const char *
take_word (Parts *parts, const char *at)
{
  const char *end = at;
  g_autofree char *word = NULL;
  int month;

  while (g_unichar_isalpha (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  word = g_strndup (at, (gsize) (end - at));
  month = find_month (word);
  if (month != 0 && parts->month != 0)
    return NULL;
  if (month != 0)
    parts->month = month; /* other words ("г.", "il") say nothing */
  return end;
}

static gboolean
take_parts (const char *text, Parts *parts)
{
  for (const char *at = text; at != NULL && *at != '\0';)
    {
      gunichar letter = g_utf8_get_char (at);

      if (g_unichar_isdigit (letter))
        at = take_number (parts, at);
      else if (g_unichar_isalpha (letter))
        at = take_word (parts, at);
      else
        at = g_utf8_next_char (at);
      if (at == NULL)
        return FALSE;
    }
  return TRUE;
}

/* "31121970" or "19701231" */
static void
split_eight (Parts *parts)
{
  int all = parts->numbers[0];
  gboolean year_first = all / 10000 >= FIRST_YEAR && all / 10000 <= 2100 && all % 10000 / 100 <= 12;

  *parts = year_first ? (Parts) { { all / 10000, all / 100 % 100, all % 100 }, { 4, 2, 2 }, 3, 0 }
                      : (Parts) { { all / 1000000, all / 10000 % 100, all % 10000 }, { 2, 2, 4 }, 3, 0 };
}

/* Returns: FALSE when it is not a day, a month and a year */
static gboolean
order_parts (const Parts *parts, int *day, int *month, int *year, int *year_digits)
{
  gboolean year_first = parts->digits[0] == 4;
  guint last = parts->n - 1;

  if (parts->n != (parts->month != 0 ? 2 : 3))
    return FALSE;
  *year = parts->numbers[year_first ? 0 : last];
  *year_digits = parts->digits[year_first ? 0 : last];
  *day = parts->numbers[year_first ? last : 0];
  *month = parts->month != 0 ? parts->month : parts->numbers[1];
  return (*year_digits == 2 || *year_digits == 4) && parts->digits[year_first ? last : 0] <= 2 && (parts->month != 0 || parts->digits[1] <= 2);
}

ObaTelegramBirth
oba_telegram_birth_parse (const char *text, const GDate *today, GDate *birth)
{
  Parts parts = { { 0 }, { 0 }, 0, 0 };
  g_autofree char *folded = NULL;
  int day, month, year, year_digits;

  if (g_utf8_strlen (text, -1) > MAX_TEXT)
    return OBA_TELEGRAM_BIRTH_UNREADABLE;
  folded = g_utf8_strdown (text, -1);
  if (!take_parts (folded, &parts))
    return OBA_TELEGRAM_BIRTH_UNREADABLE;
  if (parts.n == 1 && parts.month == 0 && parts.digits[0] == 8)
    split_eight (&parts);
  if (!order_parts (&parts, &day, &month, &year, &year_digits))
    return OBA_TELEGRAM_BIRTH_UNREADABLE;
  if (year_digits == 2)
    year += year <= g_date_get_year (today) % 100 ? 2000 : 1900;
  if (year < FIRST_YEAR || month < 1 || month > 12 || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return OBA_TELEGRAM_BIRTH_IMPOSSIBLE;
  g_date_set_dmy (birth, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return g_date_compare (birth, today) <= 0 ? OBA_TELEGRAM_BIRTH_READ : OBA_TELEGRAM_BIRTH_IMPOSSIBLE;
}
