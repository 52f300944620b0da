#include "oba-money.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <math.h>
#include <string.h>

#include "oba-error.h"

#define NO_BREAK_SPACE "\xc2\xa0"
#define MANAT "\xe2\x82\xbc"

/* More than any chain turns over in a century, and far from overflow when sums are made of it. */
#define MAX_QEPIK G_GINT64_CONSTANT (100000000000000000)

static const char *
thousands_separator (void)
{
  const char *separator = nl_langinfo (THOUSEP);

  /* The C locale and some others have none, and byte separators of old charsets are not UTF-8. */
  if (separator == NULL || *separator == '\0' || !g_utf8_validate (separator, -1, NULL))
    return NO_BREAK_SPACE;
  return g_str_equal (separator, " ") ? NO_BREAK_SPACE : separator;
}

static const char *
decimal_separator (void)
{
  const char *radix = nl_langinfo (RADIXCHAR);

  return radix != NULL && *radix != '\0' ? radix : ".";
}

static void
append_grouped (GString *text, guint64 number)
{
  char digits[24];
  int length = g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, number);

  for (int i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append (text, thousands_separator ());
      g_string_append_c (text, digits[i]);
    }
}

static guint64
magnitude (gint64 number)
{
  return number < 0 ? (guint64) 0 - (guint64) number : (guint64) number;
}

/**
 * oba_share_format:
 *
 * @share (0 to 1, or more) in per cent with @decimals. Returns: (transfer full)
 */
char *
oba_share_format (double share, int decimals)
{
  g_autofree char *number = g_strdup_printf ("%.*f", decimals, share * 100.0);

  /* Translators: a percentage, with a space that does not break, or without one, as your language writes it. */
  return g_strdup_printf (_("%s %%"), number);
}

/**
 * oba_number_format:
 *
 * @number with the current locale's grouping of digits. Returns: (transfer full)
 */
char *
oba_number_format (gint64 number)
{
  GString *text = g_string_new (number < 0 ? "\xe2\x88\x92" : NULL);

  append_grouped (text, magnitude (number));
  return g_string_free (text, FALSE);
}

/**
 * oba_money_format:
 *
 * @qepik as people read it in the current locale, "1 234,50 ₼". Returns: (transfer full)
 */
char *
oba_money_format (gint64 qepik)
{
  GString *text = g_string_new (qepik < 0 ? "\xe2\x88\x92" : NULL);

  append_grouped (text, magnitude (qepik) / 100);
  g_string_append_printf (text, "%s%02u" NO_BREAK_SPACE MANAT, decimal_separator (), (guint) (magnitude (qepik) % 100));
  return g_string_free (text, FALSE);
}

/**
 * oba_money_format_plain:
 *
 * @qepik as machines read it, "1234.50", whatever the locale. Returns: (transfer full)
 */
char *
oba_money_format_plain (gint64 qepik)
{
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%02u", qepik < 0 ? "-" : "", magnitude (qepik) / 100,
                          (guint) (magnitude (qepik) % 100));
}

/**
 * oba_money_format_short:
 *
 * @qepik with three significant digits and a word, "1,23 mln ₼": for axes and tiles. Returns: (transfer full)
 */
char *
oba_money_format_short (gint64 qepik)
{
  double manat = (double) qepik / 100.0;
  double size = fabs (manat);
  int decimals;
  const char *unit;

  if (size >= 999500000.0)
    {
      manat /= 1e9;
      /* Translators: short for "billion", after an amount. */
      unit = _("bn");
    }
  else if (size >= 999500.0)
    {
      manat /= 1e6;
      /* Translators: short for "million", after an amount. */
      unit = _("m");
    }
  else if (size >= 9995.0)
    {
      manat /= 1e3;
      /* Translators: short for "thousand", after an amount. */
      unit = _("k");
    }
  else
    {
      GString *text = g_string_new (qepik < 0 ? "\xe2\x88\x92" : NULL);

      append_grouped (text, (guint64) llround (size));
      g_string_append (text, NO_BREAK_SPACE MANAT);
      return g_string_free (text, FALSE);
    }

  size = fabs (manat);
  decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  {
    g_autofree char *number = g_strdup_printf ("%.*f", decimals, size);

    /* Round tens need no zeros behind the point. */
    if (decimals > 0)
      {
        char *end = number + strlen (number);

        while (end[-1] == '0')
          *--end = '\0';
        if (!g_ascii_isdigit (end[-1]))
          end[-1] = '\0';
      }
    return g_strdup_printf ("%s%s" NO_BREAK_SPACE "%s" NO_BREAK_SPACE MANAT, manat < 0 ? "\xe2\x88\x92" : "", number, unit);
  }
}

/* Digits may be grouped by spaces or, when a decimal separator follows, by the other of '.' and ','. */
static gboolean
split_amount (const char *text, GString *whole, GString *fraction)
{
  const char *dot = strrchr (text, '.');
  const char *comma = strrchr (text, ',');
  const char *radix = dot == NULL ? comma : comma == NULL ? dot : MAX (dot, comma);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (p == radix)
        continue;
      else if (g_ascii_isdigit (*p))
        g_string_append_c (radix != NULL && p > radix ? fraction : whole, *p);
      else if (*p == ' ' && (radix == NULL || p < radix))
        continue;
      else if ((*p == '.' || *p == ',') && radix != NULL && p < radix && *p != *radix)
        continue;
      else
        return FALSE;
    }
  return whole->len + fraction->len > 0;
}

/**
 * oba_money_parse:
 * @text: what a person typed: "12", "12,5", "1 234.50", "12,50 ₼", "-3"
 * @qepik: (out)
 *
 * Returns: FALSE with OBA_ERROR_INVALID_INPUT when it is no amount, has parts of a qəpik or is out of range
 */
gboolean
oba_money_parse (const char *text, gint64 *qepik, GError **error)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) fraction = g_string_new (NULL);
  g_autofree char *plain = NULL;
  gboolean negative = FALSE;
  const char *start;
  gint64 value;

  if (strlen (text) < 64 && g_utf8_validate (text, -1, NULL))
    {
      g_autoptr (GString) scratch = g_string_new (text);

      g_string_replace (scratch, NO_BREAK_SPACE, " ", 0);
      g_string_replace (scratch, "\xe2\x80\xaf", " ", 0);
      g_string_replace (scratch, "\xe2\x88\x92", "-", 0);
      g_string_replace (scratch, MANAT, "", 0);
      plain = g_strstrip (g_string_free (g_steal_pointer (&scratch), FALSE));
    }
  start = plain;
  if (start != NULL && *start == '-')
    {
      negative = TRUE;
      start++;
    }

  if (start == NULL || !split_amount (start, whole, fraction))
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This is not an amount of money. Write it like 12.50"));
      return FALSE;
    }
  while (fraction->len > 2 && fraction->str[fraction->len - 1] == '0')
    g_string_truncate (fraction, fraction->len - 1);
  if (fraction->len > 2)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("An amount has at most two digits behind the point"));
      return FALSE;
    }
  if (whole->len > 15 || (value = (whole->len > 0 ? g_ascii_strtoll (whole->str, NULL, 10) : 0) * 100) > MAX_QEPIK)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This amount is too large"));
      return FALSE;
    }

  while (fraction->len < 2)
    g_string_append_c (fraction, '0');
  value += g_ascii_strtoll (fraction->str, NULL, 10);
  *qepik = negative ? -value : value;
  return TRUE;
}
